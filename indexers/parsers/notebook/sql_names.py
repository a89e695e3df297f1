"""Tables that SQL in a notebook names, by a light scan: notebooks mix dialects, templates and fragments."""

import re
from typing import Final

from indexers.parsers.notebook.grammar import words

_NOISE = re.compile(r"--[^\n]*+|/\*.*?(?:\*/|\Z)|'(?:[^'\\]|\\.|'')*+'?", re.DOTALL)
_IN_CALL = re.compile(r"\b(?:extract|trim|substring|overlay|position)\s*\([^()]*\)", re.IGNORECASE)
_QUOTED: Final = r'(?:`[^`\n]{1,200}`|"[^"\n]{1,200}"|\[[^\]\n]{1,200}\])'
_NAME: Final = rf"(?:{_QUOTED}|[^\W\d][\w$]*+)(?:\s*\.\s*(?:{_QUOTED}|[\w$-]++))*+"
_READ = re.compile(
    rf"\b(?:from|join)\s+(?:lateral\s+|only\s+)?(?P<first>{_NAME})(?!\s*\()"
    rf"(?P<more>(?:\s+(?:as\s+)?[^\W\d]\w*)?(?:\s*,\s*{_NAME}(?:\s+(?:as\s+)?[^\W\d]\w*)?)+)?",
    re.IGNORECASE,
)
_FILE = re.compile(r"\b(?:from|join)\s+'([^'\n]{1,300})'", re.IGNORECASE)
_WRITE = re.compile(
    rf"\b(?:insert\s+(?:into|overwrite)(?:\s+table)?|merge\s+into|update|delete\s+from|truncate\s+table|copy\s+into"
    rf"|create\s+(?:or\s+replace\s+)?(?:external\s+|transient\s+|materialized\s+)*(?:table|view)"
    rf"(?:\s+if\s+not\s+exists)?)\s+(?P<name>{_NAME})",
    re.IGNORECASE,
)
_LOCAL = re.compile(
    rf"(?:\bwith\s+(?:recursive\s+)?|,\s*)(?P<cte>{_NAME})\s*(?:\([^()]*\)\s*)?as\s*(?:not\s+materialized\s*)?\("
    rf"|\bcreate\s+(?:or\s+replace\s+)?(?:global\s+)?(?:temp|temporary)\s+(?:table|view)\s+"
    rf"(?:if\s+not\s+exists\s+)?(?P<temp>{_NAME})",
    re.IGNORECASE,
)
_DELETE = re.compile(r"\bdelete\s+(?=from\b)", re.IGNORECASE)
_WORDS: Final = words("select where set values unnest lateral table dual only as on using")
_UNQUOTE = re.compile(r'\s*\.\s*|[`"\[\]]')
LIMIT: Final = 200_000
"""Characters of SQL that are scanned in one cell."""


def sql_tables(sql: str) -> tuple[list[str], list[str]]:
    """Tables read and tables written, as named, without those that the text itself makes up (WITH, TEMP)."""
    sql = sql[:LIMIT]
    files = _FILE.findall(sql)
    sql = _IN_CALL.sub(" ", _NOISE.sub(" ", sql))
    local = {_plain(match["cte"] or match["temp"]).casefold() for match in _LOCAL.finditer(sql)}
    writes = [_plain(match["name"]) for match in _WRITE.finditer(sql)]
    reads = [
        name
        for match in _READ.finditer(_DELETE.sub("", sql) if not writes else _WRITE.sub(" ", sql))
        for name in _listed(match)
    ]
    return (
        [name for name in (*reads, *files) if _is_table(name, local)],
        [name for name in writes if _is_table(name, local)],
    )


def _listed(match: re.Match[str]) -> list[str]:
    more = match["more"] or ""
    names = [part.split()[0] for part in more.split(",")[1:] if part.split()]
    return [_plain(match["first"]), *map(_plain, names)]


def _plain(name: str) -> str:
    return _UNQUOTE.sub(lambda found: "." if "." in found[0] else "", name)


def _is_table(name: str, local: set[str]) -> bool:
    folded = name.casefold()
    return bool(name) and folded not in local and folded not in _WORDS and "\0" not in name
