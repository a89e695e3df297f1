"""Source code with five classes: keyword, string, comment, number, name of what is called or defined."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from html import escape
from itertools import groupby
from operator import itemgetter
from typing import Final

from django.utils.safestring import SafeString, mark_safe
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import (
    Comment,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    _TokenType,
    is_token_subtype,
)
from pygments.util import ClassNotFound

_MAX_HIGHLIGHTED: Final = 100_000
_CLASSES: Final = (
    (Comment, "cm"),
    (String, "st"),
    (Number, "nu"),
    (Operator.Word, "kw"),
    (Keyword, "kw"),
    (Name.Function, "fn"),
    (Name.Class, "fn"),
    (Name.Decorator, "fn"),
)
Piece = tuple[str, str]
"""A class (or "") and the text that has it."""


def code(source: str, language: str, *, words: Sequence[str] = ()) -> SafeString:
    """`source` as spans of class kw, st, cm, nu or fn, with `<mark>` round each of `words`, without case.

    A language that Pygments does not know, or more than 100,000 characters, gives plain text.
    """
    return mark_safe("".join(_written(_marked(_pieces(source, language), source, words))))  # all escaped


def code_lines(source: str, language: str) -> tuple[SafeString, ...]:
    """The lines of `source` as `code` gives them, each complete in itself."""
    lines: list[list[str]] = [[]]
    for name, text, _ in _marked(_pieces(source, language), source, ()):
        for index, part in enumerate(text.split("\n")):
            if index:
                lines.append([])
            if part:
                lines[-1].append(_span(name, part))
    if not lines[-1] and len(lines) > 1:
        lines.pop()
    return tuple(mark_safe("".join(line)) for line in lines)  # all escaped


@cache
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def _pieces(source: str, language: str) -> list[Piece]:
    lexer = _lexer(language.lower()) if language and len(source) <= _MAX_HIGHLIGHTED else None
    if lexer is None:
        return [("", source)]
    tokens = [(kind, text) for _, kind, text in lexer.get_tokens_unprocessed(source)]
    classes = [
        _class(kind, following) for (kind, _), following in zip(tokens, [*tokens[1:], None], strict=True)
    ]
    named = zip(classes, (text for _, text in tokens), strict=True)
    return [(name, "".join(text for _, text in run)) for name, run in groupby(named, key=itemgetter(0))]


def _class(kind: _TokenType, following: tuple[_TokenType, str] | None) -> str:
    for family, name in _CLASSES:
        if is_token_subtype(kind, family):
            return name
    called = (
        following is not None and is_token_subtype(following[0], Punctuation) and following[1].startswith("(")
    )
    return "fn" if called and is_token_subtype(kind, Name) else ""


def _marked(pieces: Iterable[Piece], source: str, words: Sequence[str]) -> Iterator[tuple[str, str, bool]]:
    """The pieces cut where a marked word begins or ends, with whether they lie in one."""
    cuts = _ranges(source, words)
    position = 0
    for name, text in pieces:
        end = position + len(text)
        inside = [(max(a, position), min(b, end)) for a, b in cuts if a < end and b > position]
        for start, stop in inside:
            if start > position:
                yield name, source[position:start], False
            yield name, source[start:stop], True
            position = stop
        if position < end:
            yield name, source[position:end], False
        position = end


def _ranges(source: str, words: Sequence[str]) -> list[tuple[int, int]]:
    wanted = [re.escape(word) for word in sorted(words, key=len, reverse=True) if word]
    if not wanted:
        return []
    return [match.span() for match in re.finditer("|".join(wanted), source, re.IGNORECASE)]


def _written(pieces: Iterable[tuple[str, str, bool]]) -> Iterator[str]:
    for name, text, marked in pieces:
        inner = f"<mark>{escape(text, quote=False)}</mark>" if marked else escape(text, quote=False)
        yield f'<span class="{name}">{inner}</span>' if name else inner


def _span(name: str, text: str) -> str:
    inner = escape(text, quote=False)
    return f'<span class="{name}">{inner}</span>' if name else inner
