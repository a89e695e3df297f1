"""One pass over the words of SQL that open and close lists of tables; `sql_tables` is the way in."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from indexers.parsers.code.sql_names import Named, name_at, plain
from indexers.parsers.code.sql_text import BRANCH, HOLE, SqlText, looks_like_sql, prepared

_CREATE = re.compile(
    r"\s+(?:or\s+(?:replace|alter)\s+)?"
    r"(?P<modifiers>(?:(?:temp|temporary|external|materialized|snapshot|unlogged|global|local|transient|volatile|"
    r"secure|force|recursive|virtual|aggregate|multiset|dynamic|live|streaming|incremental|private)\s+)*)"
    r"(?P<kind>table\s+function|table|view|function|procedure|model|macro)\s+(?:if\s+not\s+exists\s+)?",
    re.IGNORECASE,
)
_COPIED = re.compile(r"\s*\(?\s*(?:like|clone|copy)\s+", re.IGNORECASE)
_INSERT = re.compile(
    r"\s+(?:or\s+\w+\s+)?(?:(?:overwrite|ignore|all)\s+)*(?:into\s+)?(?:table\s+)?(?!directory\b)",
    re.IGNORECASE,
)
_INTO = re.compile(r"\s+(?:into\s+)?", re.IGNORECASE)
_FROM = re.compile(r"\s+(?:from\s+)?", re.IGNORECASE)
_TABLE = re.compile(r"\s+(?:table\s+)?", re.IGNORECASE)
_CTE = re.compile(
    rf"(?:(?P<with>\bwith\b(?:\s+recursive\b)?)|[,{BRANCH}{HOLE}])\s*"
    rf"(?P<name>`[^`]+`|\"[^\"]+\"|[A-Za-z_][\w{HOLE}]*)\s*(?:\([^()]*\)\s*)?\bas\s*(?:not\s+)?(?:materialized\s*)?\(",
    re.IGNORECASE,
)
_EXECUTED = re.compile(
    r"\s+immediate\s+(?:format\s*\(\s*|concat\s*\(\s*)?[rRbB]?(\"{3}|'{3}|\"|')", re.IGNORECASE
)
_COPY_END = re.compile(r"\s*(?:\([^()]*\)\s*)?(from|to)\b\s*(?:'([^'\n]*)')?", re.IGNORECASE)
_FILE_FUNCTION = re.compile(
    r"(?:read_csv|read_csv_auto|read_parquet|parquet_scan|read_json|read_json_auto|delta_scan|iceberg_scan)"
    r"\s*\(\s*'([^'\n]+)'",
    re.IGNORECASE,
)
_WORD = re.compile(
    rf"[();,{BRANCH}]|\|>|(?<![\w.@$#:])(?:select|with|from|join|using|into|update|merge|create|insert|delete|table|"
    r"where|group|order|having|window|qualify|limit|union|intersect|except|set|values|truncate|execute|copy|"
    r"grant|revoke)(?![\w$.])",
    re.IGNORECASE,
)
_POSITION = re.compile(r"\s+(?:offset|ordinality)\b", re.IGNORECASE)
_EXPANDED_CTE = re.compile(
    rf"(?:\bwith\s+|[,)]\s*){HOLE}+\s*(?:,\s*[`\w]+\s+as\s*\(|\bselect\b)", re.IGNORECASE
)
_BEFORE = re.compile(r"(\w+|[^\w\s])\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """A `CREATE` statement: kind is table, view, function, procedure or model; offsets into the text."""

    kind: str
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Names as written, unquoted, in order of first appearance; `temporary` exist in the session only.

    `balanced` is false where a parenthesis, string or comment is left open.
    """

    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    temporary: tuple[str, ...] = ()
    created: tuple[Created, ...] = ()
    balanced: bool = True


@dataclass(slots=True)
class _Level:
    """One pair of parentheses: whether it holds a query and whether its list of tables is open."""

    query: bool = False
    listing: bool = False
    named: bool = False
    source: bool = False
    cte: str = ""


@dataclass(slots=True)
class _Statement:
    """What holds within one statement: its aliases, its CTEs that are complete so far, its tables."""

    start: int = 0
    reads: list[tuple[Named, bool]] = field(default_factory=list)
    writes: list[Named] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    implicit: set[str] = field(default_factory=set)
    ctes: set[str] = field(default_factory=set)
    recursive: bool = False
    rights: bool = False
    executes: bool = False
    created: tuple[str, str, int] | None = None


class Scan:
    """One pass over the words that open or close a list of tables."""

    def __init__(self, sql: SqlText) -> None:
        self.sql = sql
        self.levels = [_Level()]
        self.statement = _Statement()
        self.reads: dict[str, None] = {}
        self.writes: dict[str, None] = {}
        self.temporary: dict[str, None] = {}
        self.created: list[Created] = []
        self.balanced = sql.closed
        self.expanded = HOLE in sql.masked and _EXPANDED_CTE.search(sql.masked) is not None
        self.handlers: dict[str, Callable[[int, int], int]] = {
            "(": self._open,
            ")": self._shut,
            ",": self._comma,
            ";": self._semicolon,
            BRANCH: self._branch,
            "select": self._select,
            "with": self._with,
            "from": self._from,
            "join": self._join,
            "using": self._using,
            "into": self._into,
            "update": self._update,
            "merge": self._merge,
            "insert": self._insert,
            "delete": self._delete,
            "truncate": self._truncate,
            "table": self._table,
            "create": self._create,
            "copy": self._copy,
            "execute": self._execute,
            "grant": self._rights,
            "revoke": self._rights,
        }
        self.ctes = {found.end() - 1: found for found in _CTE.finditer(sql.masked)}

    def run(self) -> Tables:
        at = 0
        while found := _WORD.search(self.sql.masked, at):
            word = found.group().casefold()
            handler = self.handlers.get(word, self._close_list)
            level = self.levels[-1]
            named, level.named = level.named, False
            if word == BRANCH and not named:
                at = found.end()
                continue
            at = max(handler(found.start(), found.end()), found.end())
        self._end_statement(len(self.sql.masked), 0)
        hidden = {name.casefold() for name in self.temporary}
        return Tables(
            reads=tuple(name for name in self.reads if name.casefold() not in hidden),
            writes=tuple(name for name in self.writes if name.casefold() not in hidden),
            temporary=tuple(self.temporary),
            created=tuple(self.created),
            balanced=self.balanced,
        )

    def _before(self, at: int) -> str:
        found = _BEFORE.search(self.sql.masked[max(0, at - 80) : at])
        return found.group(1).casefold() if found else ""

    def _read(self, at: int, *, listed: bool = False) -> int:
        """Take the table at `at`; a parenthesis opens a nested list or query instead."""
        level = self.levels[-1]
        named = name_at(self.sql, at)
        level.source = self.sql.masked.startswith("(", named.start)
        if named.name and named.function:
            if file := _FILE_FUNCTION.match(self.sql.names, named.start):
                self.statement.reads.append((Named(name=file.group(1), start=at, end=at, exact=True), False))
        elif named.name and not (self._is_cte(named) or named.first == "_session"):
            self.statement.reads.append((named, listed))
        if named.alias:
            self.statement.aliases[named.alias] = named.name
        elif named.name:
            self.statement.implicit.add(named.last)
        level.named = bool(named.end > named.start) and not named.function
        return named.end

    def _is_cte(self, named: Named) -> bool:
        if named.exact or named.dotted:
            return False
        return self.expanded or named.name.casefold() in self.statement.ctes

    def _write(self, at: int) -> int:
        named = name_at(self.sql, at)
        if named.name and not self._is_cte(named):
            self.statement.writes.append(named)
        if named.alias:
            self.statement.aliases.setdefault(named.alias, named.name)
        return named.end

    def _open(self, start: int, end: int) -> int:
        outer = self.levels[-1]
        level = _Level(listing=outer.source)
        outer.source = False
        if cte := self.ctes.get(start):
            name = plain(self.sql.names[slice(*cte.span("name"))]).casefold()
            self.statement.recursive |= "recursive" in (cte.group("with") or "").casefold()
            if self.statement.recursive:
                self.statement.ctes.add(name)
            level.cte = name
        self.levels.append(level)
        if not level.listing:
            return end
        return self._read(end)

    def _shut(self, _start: int, end: int) -> int:
        if len(self.levels) == 1:
            self.balanced = False
            return end
        level = self.levels.pop()
        if level.cte:
            self.statement.ctes.add(level.cte)
        return end

    def _comma(self, _start: int, end: int) -> int:
        level = self.levels[-1]
        return self._read(end, listed=True) if level.listing else end

    def _branch(self, _start: int, end: int) -> int:
        return self._read(end)

    def _semicolon(self, start: int, end: int) -> int:
        self._end_statement(start, end)
        return end

    def _select(self, _start: int, end: int) -> int:
        level = self.levels[-1]
        level.query, level.listing, level.source = True, False, False
        return end

    def _with(self, start: int, end: int) -> int:
        return end if _POSITION.match(self.sql.masked, end) else self._close_list(start, end)

    def _from(self, start: int, end: int) -> int:
        level = self.levels[-1]
        before = self._before(start)
        first = before in ("", "(", ";", "as") and not level.query
        if self.statement.rights or before == "distinct" or not (level.query or first):
            return end
        level.query = level.listing = True
        return self._read(end)

    def _join(self, _start: int, end: int) -> int:
        self.levels[-1].listing = True
        return self._read(end, listed=True)

    def _using(self, _start: int, end: int) -> int:
        level = self.levels[-1]
        if level.query or level.listing or not self.statement.writes:
            return end
        level.query = True
        return self._read(end)

    def _into(self, start: int, end: int) -> int:
        before = self._before(start)
        if before in ("copy", "data", "replace") or (self.levels[-1].query and not self.statement.executes):
            return self._write(end)
        return end

    def _update(self, start: int, end: int) -> int:
        if self._before(start) in (
            "do",
            "for",
            "then",
            "on",
            "key",
            "before",
            "after",
            "or",
            ",",
            "grant",
            ".",
        ):
            return self._close_list(start, end)
        at = self._write(end)
        self.levels[-1].query = True
        return at

    def _merge(self, start: int, end: int) -> int:
        if self._before(start) not in ("", ";", ")", "begin", "then", "else", "do", "as"):
            return end
        into = _INTO.match(self.sql.masked, end)
        return self._write(into.end()) if into else end

    def _insert(self, start: int, end: int) -> int:
        into = _INSERT.match(self.sql.masked, end)
        before = self._before(start)
        if (
            into is None
            or (before == "then" and "into" not in into.group().casefold())
            or before in (",", "or")
        ):
            return end
        return self._write(into.end())

    def _delete(self, start: int, end: int) -> int:
        target = _FROM.match(self.sql.masked, end)
        if target is None or self._before(start) in ("on", "then", "or", ","):
            return end
        at = self._write(target.end())
        if "from" not in target.group().casefold():
            self.levels[-1].query = True
        return at

    def _truncate(self, _start: int, end: int) -> int:
        target = _TABLE.match(self.sql.masked, end)
        return self._write(target.end()) if target else end

    def _table(self, start: int, end: int) -> int:
        return self._read(end) if self._before(start) in ("(", ",") else end

    def _create(self, start: int, end: int) -> int:
        found = _CREATE.match(self.sql.masked, end)
        if found is None:
            return end
        named = name_at(self.sql, found.end())
        kind = found.group("kind").casefold()
        modifiers = found.group("modifiers").casefold()
        if not named.name:
            return named.end
        self.statement.created = ("function" if kind == "table function" else kind, named.name, start)
        if "temp" in modifiers or "local" in modifiers:
            self.temporary[named.name] = None
        elif kind in ("table", "view"):
            self.statement.writes.append(named)
        copied = _COPIED.match(self.sql.masked, named.end) if kind == "table" else None
        return self._read(copied.end()) if copied else named.end

    def _copy(self, start: int, end: int) -> int:
        if self._before(start) not in ("", ";"):
            return end
        named = name_at(self.sql, end)
        direction = _COPY_END.match(self.sql.names, named.end) if named.name else None
        if direction is None:
            return end
        loads = direction.group(1).casefold() == "from"
        file = direction.group(2) or ""
        (self.writes if loads else self.reads)[named.name] = None
        if "." in file:
            (self.reads if loads else self.writes)[file] = None
        return direction.end()

    def _execute(self, _start: int, end: int) -> int:
        """SQL inside the string of `EXECUTE IMMEDIATE` is SQL as well, one level deep."""
        self.statement.executes = True
        found = _EXECUTED.match(self.sql.names, end)
        if found is None:
            return end
        quote = found.group(1)
        close = self.sql.names.find(quote, found.end())
        inner = self.sql.names[found.end() : close if close >= 0 else None]
        if looks_like_sql(inner) and not re.search(r"\bexecute\b", inner, re.IGNORECASE):
            tables = Scan(prepared(inner)).run()
            self.reads |= dict.fromkeys(tables.reads)
            self.writes |= dict.fromkeys(tables.writes)
            self.temporary |= dict.fromkeys(tables.temporary)
        return end

    def _rights(self, start: int, end: int) -> int:
        self.statement.rights = self._before(start) in ("", ";")
        return end

    def _close_list(self, _start: int, end: int) -> int:
        level = self.levels[-1]
        level.listing = level.source = False
        return end

    def _end_statement(self, at: int, begin: int) -> None:
        statement = self.statement
        for named, listed in statement.reads:
            if not _is_path(named, listed, statement):
                self.reads[named.name] = None
        for named in statement.writes:
            target = statement.aliases.get(named.name.casefold(), "") if not named.dotted else ""
            self.writes[target or named.name] = None
        if statement.created:
            kind, name, start = statement.created
            self.created.append(Created(kind=kind, name=name, start=start, end=at))
        if len(self.levels) > 1:
            self.balanced = False
        self.levels = [_Level()]
        self.statement = _Statement(start=begin)


def _is_path(named: Named, listed: bool, statement: _Statement) -> bool:
    """Whether a dotted name is an array of a table in the list (`FROM trips AS t, t.stops`)."""
    if named.exact or not named.dotted or (named.quoted and named.name.count(".") > 1):
        return False
    if named.first in statement.aliases or named.first in statement.ctes:
        return True
    return listed and named.first in statement.implicit and not named.quoted
