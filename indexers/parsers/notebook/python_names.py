"""Imports, aliases and calls of Python, by regular expressions on text without strings and comments.

Python's own parser would cost more than all the rest of reading a notebook, and cannot read a cell
with magics, Python 2 or a half-typed line; on code that it can read, both give the same names.
"""

import builtins
import keyword
import re
from collections.abc import Iterator
from typing import Final

from indexers.parsers.notebook.grammar import PYTHON

_MAGIC_LINE = re.compile(
    r"^[ \t]*+(?:%(?!%?(?:time|timeit|prun|memit|lprun)\b)%?[A-Za-z][^\n]*+|![^\n]*+|\?[^\n]*+)"
    r"|=[ \t]*+[%!](?=[ \t]*+[A-Za-z])[^\n]*+",
    re.MULTILINE,
)
_DEFINED = re.compile(r"\b(?:def|class)[ \t]+\w+")
_FROM = re.compile(r"\bfrom[ \t]+(\.*+[\w.]*+)[ \t]+import[ \t]*+(\([^)]*+\)?|(?:[^\n;\\]|\\\n)*+)")
_IMPORT = re.compile(r"(?:^|[;:])[ \t]*+import[ \t]+((?:[^\n;\\]|\\\n)*+)", re.MULTILINE)
_ITEM = re.compile(r"([^\W\d][\w.]*)(?:\s+as\s+([^\W\d]\w*))?")
_COMMON: Final = frozenset(dir(builtins)) | frozenset(keyword.kwlist) | {"print", "exec", "xrange", "unicode"}


def without_magics(source: str) -> str:
    """The cell without lines that are IPython's or the shell's; what `%timeit` runs stays."""
    if "%" in source or "!" in source or "?" in source:
        return _MAGIC_LINE.sub("", source)
    return source


def python_code(source: str) -> str:
    """The cell with every string replaced by an empty one and comments gone."""
    return PYTHON.noise.sub('""', source)


def python_calls(code: str) -> Iterator[str]:
    """Dotted names that are called, as written; a method of an expression is its bare name."""
    if "def " in code or "class " in code:
        code = _DEFINED.sub("", code)
    for name in dict.fromkeys(PYTHON.call.findall(code)):
        plain = name.strip(".")
        if plain not in _COMMON and not plain[:1].isdigit():
            yield plain


def python_imports(code: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Modules as imported, each with the names it binds: alias to dotted name."""
    if "import" not in code:
        return
    for match in _IMPORT.finditer(code):
        for item in _ITEM.finditer(_plain(match[1])):
            module, alias = item[1].strip("."), item[2]
            head = module.partition(".")[0]
            yield module, {alias: module} if alias else {head: head}
    for match in _FROM.finditer(code):
        module = match[1]
        if not module:
            continue
        names = {item[2] or item[1]: _member(module, item[1]) for item in _ITEM.finditer(_plain(match[2]))}
        yield module, names


def _plain(items: str) -> str:
    return items.replace("\\\n", " ").replace('""', "").strip("()")


def _member(module: str, name: str) -> str:
    return f"{module}{name}" if module.endswith(".") else f"{module}.{name}"
