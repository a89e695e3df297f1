"""Source code with five classes: keyword, string, comment, number, name of what is called or defined."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from html import escape
from itertools import groupby, zip_longest
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

from hub.web.rendering.clean import readable

_MAX_HIGHLIGHTED: Final = 50_000
_MAX_KEPT: Final = 4_000
"""Characters up to which a source is kept as it was rendered: cells are looked at again and again."""
# Some lexers take quadratic time over these; no code that people write has them.
_ENDLESS_OPERATOR: Final = re.compile(r"[^\w\s]{300}")
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

    A language that Pygments does not know, or more than 50,000 characters, gives plain text.
    """
    if len(source) > _MAX_KEPT:
        return _code(source, language, tuple(words))
    return _kept(source, language, tuple(words))


def code_lines(source: str, language: str) -> tuple[SafeString, ...]:
    """The lines of `source` as `code` gives them, each complete in itself."""
    lines: list[list[str]] = [[]]
    for name, text, _ in _marked(readable(source), language, ()):
        for index, part in enumerate(text.split("\n")):
            if index:
                lines.append([])
            if part:
                lines[-1].append(_span(name, part))
    if not lines[-1] and len(lines) > 1:
        lines.pop()
    return tuple(mark_safe("".join(line)) for line in lines)  # noqa: S308  all escaped


def _code(source: str, language: str, words: tuple[str, ...]) -> SafeString:
    return mark_safe("".join(_written(_marked(readable(source), language, words))))  # noqa: S308  all escaped


_kept = lru_cache(maxsize=4096)(_code)


@cache
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def _pieces(source: str, language: str) -> list[Piece]:
    plain = not language or len(source) > _MAX_HIGHLIGHTED or _ENDLESS_OPERATOR.search(source)
    lexer = None if plain else _lexer(language.lower())
    if lexer is None:
        return [("", source)]
    tokens = [(kind, text) for _, kind, text in lexer.get_tokens_unprocessed(source)]
    classes = [_class(kind, following) for (kind, _), following in zip_longest(tokens, tokens[1:])]
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


def _marked(source: str, language: str, words: Sequence[str]) -> Iterator[tuple[str, str, bool]]:
    """The pieces cut where a marked word begins or ends, with whether they lie in one."""
    edges = iter([edge for span in _ranges(source, words) for edge in span])
    edge, marked = next(edges, len(source) + 1), False
    position = 0
    for name, text in _pieces(source, language):
        end = position + len(text)
        while edge <= end:
            if edge > position:
                yield name, source[position:edge], marked
            position, marked = edge, not marked
            edge = next(edges, len(source) + 1)
        if position < end:
            yield name, source[position:end], marked
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
