"""What the code of a notebook imports, calls, reads and writes: taken in cell by cell, in its order."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from indexers.parsers.notebook.arguments import UNKNOWN
from indexers.parsers.notebook.datasets import Direction, data_uses, touches_data
from indexers.parsers.notebook.grammar import PYTHON, SCALA, Grammar, R, words
from indexers.parsers.notebook.languages import without_magic
from indexers.parsers.notebook.python_names import python_names, without_magics
from indexers.parsers.notebook.sql_names import sql_tables

LIMIT: Final = 200
"""Names kept of each sort in one notebook."""

SOURCE_LIMIT: Final = 1_000_000
"""Characters of one cell that are scanned."""

_CONSTANT = re.compile(
    r"""^([A-Za-z_]\w*+)[ \t]*+=[ \t]*+([rRfF]?)"""
    r"""(?:\"{3}([^"\\]*+)\"{3}|"([^"\\\n]*+)"|'([^'\\\n]*+)')[ \t]*+(?:#|$)""",
    re.MULTILINE,
)
_FIELD = re.compile(r"\{[^{}]*\}")
_SQL_LINE = re.compile(r"^[^\n#%]*%sql\b([^\n]*)", re.MULTILINE)
_R_LIBRARY = re.compile(
    r"""\b(?:library|require|requireNamespace|loadNamespace)[ \t]*\([ \t]*["']?([A-Za-z][\w.]*)["']?"""
)
_R_PACKAGE = re.compile(r"\b([A-Za-z][\w.]*):::?[A-Za-z.]")
_R_COMMON: Final = words("if for while function return c list print cat library require invisible")
_SCALA_IMPORT = re.compile(r"^[ \t]*import[ \t]+([\w.]+)", re.MULTILINE)
_SCALA_COMMON: Final = words("if for while match case def print println catch")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataUse:
    """A cell (by its index, from 0) reads or writes a table or file, named as the code names it."""

    cell: int
    direction: Direction
    name: str


@dataclass(slots=True)
class Usage:
    """Names in the order they appear, each once, at most `LIMIT` of a sort."""

    imports: dict[str, None] = field(default_factory=dict)
    data: dict[DataUse, None] = field(default_factory=dict)
    _cell: int = 0
    _calls: dict[str, None] = field(default_factory=dict)
    _aliases: dict[str, str] = field(default_factory=dict)
    _constants: dict[str, str] = field(default_factory=dict)
    _unread: list[str] = field(default_factory=list)

    def scan(self, cell: int, language: str, source: str) -> None:
        """Take in the code cell of this index; a language that is not known adds nothing."""
        self._cell = cell
        scan = _SCANS.get(language)
        if scan is not None:
            scan(self, source[:SOURCE_LIMIT])

    def calls(self) -> tuple[str, ...]:
        """Called names; Python's resolved by the imports of the whole notebook: `pandas.read_csv`."""
        resolved: dict[str, None] = {}
        for name in self._calls:
            head, dot, rest = name.partition(".")
            resolved[self._aliases.get(head, head) + dot + rest] = None
        return tuple(resolved)[:LIMIT]

    def names(self, direction: Direction) -> tuple[str, ...]:
        """Tables and files that some cell reads, or writes."""
        return tuple(dict.fromkeys(use.name for use in self.data if use.direction == direction))[:LIMIT]

    def _python(self, source: str) -> None:
        if "%sql" in source:
            self._sql("\n;\n".join(_SQL_LINE.findall(source)))
        names = python_names(source)
        _add(self.imports, names.imports)
        _add(self._calls, names.calls, 2 * LIMIT)
        self._aliases.update(names.bindings)
        self._unread.append(source)
        if names.touches_data:
            self._data(without_magics(source), PYTHON)

    def _r(self, source: str) -> None:
        source = without_magic(source)
        code = R.noise.sub(_kept_short, source)
        _add(self.imports, _R_LIBRARY.findall(code))
        _add(self.imports, _R_PACKAGE.findall(code))
        self._named_calls(code, R, _R_COMMON)
        if any(map(touches_data, R.call.findall(code))):
            self._data(source, R)

    def _scala(self, source: str) -> None:
        source = without_magic(source)
        code = SCALA.noise.sub('""', source)
        _add(self.imports, (name.rstrip("._") for name in _SCALA_IMPORT.findall(code)))
        self._named_calls(code, SCALA, _SCALA_COMMON)
        if any(map(touches_data, SCALA.call.findall(code))):
            self._data(source, SCALA)

    def _sql(self, source: str) -> None:
        reads, writes = sql_tables(without_magic(source))
        for name in reads:
            self._use("read", name)
        for name in writes:
            self._use("write", name)

    def _named_calls(self, code: str, grammar: Grammar, common: frozenset[str]) -> None:
        names = (name.strip(".:") for name in grammar.call.findall(code))
        _add(
            self._calls, (name for name in names if name not in common and not name[:1].isdigit()), 2 * LIMIT
        )

    def _data(self, source: str, grammar: Grammar) -> None:
        for direction, name in data_uses(source, grammar, self._constant):
            self._use(direction, name)

    def _use(self, direction: Direction, name: str) -> None:
        if len(self.data) < 4 * LIMIT:
            self.data[DataUse(cell=self._cell, direction=direction, name=name)] = None

    def _constant(self, name: str) -> str | None:
        """The text last assigned to a name at the left margin of a cell so far."""
        for source in self._unread:
            self._constants.update(map(_constant, _CONSTANT.finditer(source)))
        self._unread.clear()
        return self._constants.get(name)


def _add(names: dict[str, None], found: Iterable[str], limit: int = LIMIT) -> None:
    for name in found:
        if name and len(names) < limit:
            names[name] = None


def _constant(match: re.Match[str]) -> tuple[str, str]:
    text = match[3] or match[4] or match[5] or ""
    return match[1], _FIELD.sub(UNKNOWN, text) if match[2] in ("f", "F") else text


def _kept_short(match: re.Match[str]) -> str:
    """Short texts stay: R names packages in quotes."""
    return match[0] if match[0][0] != "#" and len(match[0]) < 40 and "(" not in match[0] else '""'


_SCANS: Final[dict[str, Callable[[Usage, str], None]]] = {
    "python": Usage._python,  # noqa: SLF001  # the table of this class's own methods
    "r": Usage._r,  # noqa: SLF001
    "scala": Usage._scala,  # noqa: SLF001
    "sql": Usage._sql,  # noqa: SLF001
}
