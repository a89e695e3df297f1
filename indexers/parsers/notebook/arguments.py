"""Text that the arguments of one call hold, as far as it can be known without running it."""

import ast
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from indexers.parsers.notebook.grammar import Grammar

Lookup = Callable[[str], str | None]
UNKNOWN: Final = "\0"
"""Stands in a text for what a variable would give."""

_CALL_LIMIT: Final = 50_000
_QUOTES: Final = "\"'"
_KEYWORD = re.compile(r"(\w+)\s*=\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """Texts by position and by keyword; None where an argument is no text that can be known."""

    positional: tuple[str | None, ...] = ()
    keywords: tuple[tuple[str, str | None], ...] = ()

    def first(self, keywords: Sequence[str], *, at: int = 0) -> str | None:
        """The positional argument `at`, else the first of these keywords that is there."""
        if at < len(self.positional):
            return self.positional[at]
        given = dict(self.keywords)
        return next((given[name] for name in keywords if given.get(name)), None)


def call_end(source: str, start: int, grammar: Grammar) -> int:
    """Where the bracket that opens at `start` is closed (exclusive), the end of the text if it is not."""
    depth = 0
    for match in grammar.token.finditer(source, start, min(len(source), start + _CALL_LIMIT)):
        bracket = match[0]
        if bracket in ("(", "[", "{"):
            depth += 1
        elif bracket in (")", "]", "}"):
            depth -= 1
            if depth == 0:
                return match.end()
    return min(len(source), start + _CALL_LIMIT)


def python_arguments(call: str, lookup: Lookup) -> Arguments:
    """Arguments of a Python call, given as `(…)`; none where Python cannot read it."""
    try:
        parsed = ast.parse(f"f{call}", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Arguments()
    if not isinstance(parsed, ast.Call):
        return Arguments()
    return Arguments(
        positional=tuple(_text(argument, lookup) for argument in parsed.args),
        keywords=tuple((item.arg, _text(item.value, lookup)) for item in parsed.keywords if item.arg),
    )


def text_arguments(call: str, grammar: Grammar) -> Arguments:
    """Literal texts among the arguments of a call in any language; other arguments count as absent.

    R and Spark put the data first and the file second as often as not: the first text is the name.
    """
    positional: list[str | None] = []
    keywords: list[tuple[str, str | None]] = []
    depth = 0
    for match in grammar.token.finditer(call):
        token = match[0]
        if token in ("(", "[", "{"):
            depth += 1
        elif token in (")", "]", "}"):
            depth -= 1
        elif depth == 1 and token[:1] in _QUOTES:
            text = token.strip(token[0])
            keyword = _KEYWORD.search(call[max(0, match.start() - 60) : match.start()])
            if keyword:
                keywords.append((keyword[1], text))
            else:
                positional.append(text)
    return Arguments(positional=tuple(positional), keywords=tuple(keywords))


def _text(node: ast.expr, lookup: Lookup) -> str | None:
    match node:
        case ast.Constant(value=str(value)):
            return value
        case ast.Name(id=name):
            return lookup(name)
        case ast.JoinedStr(values=values):
            return "".join(_part(value, lookup) for value in values)
        case ast.BinOp(left=left, op=ast.Add() | ast.Div() as operator, right=right):
            return _combined([left, right], "/" if isinstance(operator, ast.Div) else "", lookup)
        case ast.Call(func=ast.Attribute(attr="join"), args=parts) if len(parts) > 1:
            return _combined(parts, "/", lookup)
        case ast.Call(func=ast.Name(id="Path" | "str") | ast.Attribute(attr="Path"), args=[only]):
            return _text(only, lookup)
        case _:
            return None


def _part(node: ast.expr, lookup: Lookup) -> str:
    inner = node.value if isinstance(node, ast.FormattedValue) else node
    return _text(inner, lookup) or UNKNOWN


def _combined(nodes: Sequence[ast.expr], separator: str, lookup: Lookup) -> str | None:
    """The whole where all parts are known; the last part alone would name another file."""
    parts = [_text(node, lookup) for node in nodes]
    if any(part is None for part in parts):
        return None
    texts = [part for part in parts if part is not None]
    return separator.join([*(text.rstrip("/") if separator else text for text in texts[:-1]), texts[-1]])
