"""Imports, aliases and calls of Python, by regular expressions on text without strings and comments.

Python's own parser would cost more than all the rest of reading a notebook, and cannot read a cell
with magics, Python 2 or a half-typed line; on code that it can read, both give the same names.
"""

import builtins
import keyword
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from indexers.parsers.notebook.datasets import touches_data
from indexers.parsers.notebook.grammar import PYTHON

_MAGIC_LINE = re.compile(
    r"^[ \t]*+(?:%(?!%?(?:time|timeit|prun|memit|lprun)\b)%?[A-Za-z][^\n]*+|![^\n]*+|\?[^\n]*+)"
    r"|^[^\n\"'#=]*+=[ \t]*+[%!](?=[ \t]*+[A-Za-z])[^\n]*+",
    re.MULTILINE,
)
_DEFINED = re.compile(r"\b(?:def|class)[ \t]+\w+")
_FROM = re.compile(r"\bfrom[ \t]+(\.*+[\w.]*+)[ \t]+import[ \t]*+(\([^)]*+\)?|(?:[^\n;\\]|\\\n)*+)")
_IMPORT = re.compile(r"(?:^|[;:])[ \t]*+import[ \t]+((?:[^\n;\\]|\\\n)*+)", re.MULTILINE)
_ITEM = re.compile(r"([^\W\d][\w.]*)(?:\s+as\s+([^\W\d]\w*))?")
_REMEMBERED: Final = 4096
"""Characters of a cell that is remembered: at most some 20 MB in all."""

_COMMON: Final = frozenset(dir(builtins)) | frozenset(keyword.kwlist) | {"print", "exec", "xrange", "unicode"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonNames:
    """Names in one piece of Python.

    `bindings` are (name, dotted name it stands for) of its imports. `calls` are dotted names as
    written, a method of an expression by its bare name; `touches_data` says whether one of them may
    read or write data.
    """

    imports: tuple[str, ...] = ()
    bindings: tuple[tuple[str, str], ...] = ()
    calls: tuple[str, ...] = ()
    touches_data: bool = False


def python_names(source: str) -> PythonNames:
    """The names in a cell; versions of a notebook share most cells, so short ones are remembered."""
    return _remembered(source) if len(source) <= _REMEMBERED else _scanned(source)


def without_magics(source: str) -> str:
    """The cell without lines that are IPython's or the shell's; what `%timeit` runs stays."""
    if "%" in source or "!" in source or "?" in source:
        return _MAGIC_LINE.sub("", source)
    return source


def _scanned(source: str) -> PythonNames:
    code = PYTHON.noise.sub('""', without_magics(source))
    imports = list(_imports(code)) if "import" in code else []
    if "def " in code or "class " in code:
        code = _DEFINED.sub("", code)
    calls = tuple(dict.fromkeys(PYTHON.call.findall(code)))
    return PythonNames(
        imports=tuple(module for module, _ in imports),
        bindings=tuple(binding for _, bindings in imports for binding in bindings),
        calls=tuple(_kept(calls)),
        touches_data=any(map(touches_data, calls)),
    )


_remembered = lru_cache(maxsize=4096)(_scanned)


def _kept(calls: Iterable[str]) -> Iterator[str]:
    for name in calls:
        plain = name.rpartition(".")[2] if name[0] == "." else name
        if plain not in _COMMON and not plain[:1].isdigit():
            yield plain


def _imports(code: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for match in _IMPORT.finditer(code):
        for item in _ITEM.finditer(_plain(match[1])):
            module, alias = item[1].strip("."), item[2]
            head = module.partition(".")[0]
            yield module, [(alias, module) if alias else (head, head)]
    for match in _FROM.finditer(code):
        module = match[1]
        if not module.strip("."):
            continue
        yield (
            module,
            [(item[2] or item[1], f"{module}.{item[1]}") for item in _ITEM.finditer(_plain(match[2]))],
        )


def _plain(items: str) -> str:
    return items.replace("\\\n", " ").replace('""', "").strip("()")
