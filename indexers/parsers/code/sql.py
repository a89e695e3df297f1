"""SQL in any dialect, with or without templates: see `sql_tables` for how tables are found."""

import re
from bisect import bisect_right

from indexers.parsers.code.data_access import Access, path_name
from indexers.parsers.code.language import Analysis, Language, analysis, first_paragraph
from indexers.parsers.code.sql_tables import Created, scanned
from indexers.parsers.code.sql_text import HOLE, SqlText, prepared
from indexers.parsers.code.words import words
from indexers.vocabulary.facets import Definition

_CALL = re.compile(
    r"(?<![\w.`@$])((?:[A-Za-z_]\w*|`[^`\n]+`)(?:\s?\.\s?(?:[A-Za-z_]\w*|`[^`\n]+`)){0,6})\s?\("
)
_NO_CALL = words(
    "all and any array as asc begin between by case check cluster columns create cross cube decimal "
    "delete desc distinct else end except exists filter for foreign from full group grouping having "
    "if in inner insert intersect interval into is join key lateral left like limit map materialized "
    "not null numeric offset on or order outer over partition pivot primary qualify range recursive "
    "references returns right rollup row rows select set sets some struct table tablesample then to "
    "union unique unnest unpivot update using values varchar when where window with within char "
    "bignumeric options"
)


def analyse(text: str) -> Analysis:
    """Created tables, views and routines, functions called, tables read and written."""
    sql = prepared(text)
    tables = scanned(sql)
    lines = [0, *(found.end() for found in re.finditer("\n", text))]
    return analysis(
        definitions=(_definition(created, sql, text, lines) for created in tables.created),
        imports=(),
        calls=_calls(sql, {created.name for created in tables.created}),
        accesses=[
            Access(
                reads=tuple(path_name(name) if "://" in name else name for name in tables.reads),
                writes=tables.writes,
                temporary=tables.temporary,
            )
        ],
        complete=tables.balanced,
    )


def _calls(sql: SqlText, created: set[str]) -> list[str]:
    """Functions in order: built-in ones in lower case, routines with a dot as written, without quotes."""
    found: dict[str, None] = {}
    for call in _CALL.finditer(sql.masked):
        name = re.sub(r"[`\s]", "", sql.names[slice(*call.span(1))])
        known = name if "." in name else name.casefold()
        if known not in _NO_CALL and name not in created and HOLE not in known:
            found[known] = None
    return list(found)


def _definition(created: Created, sql: SqlText, text: str, lines: list[int]) -> Definition:
    last = len(text[: created.end].rstrip())
    return Definition(
        kind=created.kind,
        name=created.name,
        first_line=bisect_right(lines, created.start),
        last_line=max(bisect_right(lines, created.start), bisect_right(lines, max(0, last - 1))),
        docstring=_comment_above(created.start, sql, text),
    )


def _comment_above(at: int, sql: SqlText, text: str) -> str:
    """The comments that end right above a statement; a licence above a gap is left out."""
    found: list[str] = []
    upper = bisect_right(sql.comments, (at, at))
    for start, end in reversed(sql.comments[max(0, upper - 100) : upper]):
        if text[end:at].strip() or text.count("\n", end, at) > 1:
            break
        found.append(re.sub(r"^(?:--+|#|/\*+)|\*/$", "", text[start:end]).strip(" \t"))
        at = start
    return first_paragraph("\n".join(reversed(found)))


SQL_LANGUAGE = Language(
    name="sql", suffixes=(".sql", ".hql", ".ddl", ".bqsql", ".psql"), analyse=analyse, tree=False
)
