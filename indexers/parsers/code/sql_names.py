"""Table names in SQL text: where one stands, what it says without quotes, which alias follows."""

import re
from dataclasses import dataclass

from indexers.parsers.code.sql_text import BRANCH, HOLE, SqlText
from indexers.parsers.code.words import words

_PART = rf"(?:`[^`]*`|\"[^\"]*\"|\[[^\[\]\n]*\]|[\w$@#{HOLE}]+(?:-[\w{HOLE}]+)*)"
_NAME = re.compile(rf"{_PART}(?:\s*\.\s*{_PART})*")
_FILE = re.compile(r"'[^'\n]*'")
_SPACE = re.compile(rf"[\s{BRANCH}]*(?:(?:only|lateral)\b\s*)?", re.IGNORECASE)
_ALIAS = re.compile(r"\s+(?:as\s+)?(`[^`]+`|\"[^\"]+\"|[A-Za-z_]\w*)", re.IGNORECASE)
_OPEN = re.compile(r"[ \t]*\(")
_QUOTES = '`"[]'
_HOLES = re.compile(f"{HOLE}+")

RESERVED = words(
    "all and anti as asc asof assert begin between by call case cluster connect create cross cursor "
    "default delete desc distinct distribute dual each else end except exists fetch for force from "
    "full go group having if ignore immediate in inner insert intersect into is join lateral left "
    "like limit merge natural not null of offset on only or order outer output overlaps partition "
    "pivot qualify returning right row rows select semi set sort start stdin stdout straight_join "
    "table tablesample temporary then to union unnest unpivot update use using values view when "
    "where window with"
)
"""Words that are never a table or an alias unless quoted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A name at a place in the text. `name` is empty where the place holds no literal name.

    `exact` names cannot be a CTE or the path of an array: dbt references and files.
    """

    name: str
    start: int
    end: int
    alias: str = ""
    exact: bool = False
    quoted: bool = False
    function: bool = False

    @property
    def dotted(self) -> bool:
        return "." in self.name

    @property
    def first(self) -> str:
        return self.name.partition(".")[0].casefold()

    @property
    def last(self) -> str:
        return self.name.rpartition(".")[2].casefold()


def name_at(sql: SqlText, at: int) -> Named:
    """The name that starts at or after white space from `at`, with its alias; `end` is where it stops."""
    start = _SPACE.match(sql.masked, at).end()  # type: ignore[union-attr]  # matches the empty string too
    if file := _FILE.match(sql.masked, start):
        literal = sql.names[start + 1 : file.end() - 1]
        return Named(name=literal if "." in literal else "", start=start, end=file.end(), exact=True)
    found = _NAME.match(sql.masked, start)
    if found is None:
        return Named(name="", start=start, end=start)
    if found.group().casefold() in RESERVED:
        return Named(name="", start=start, end=start)
    end = found.end()
    alias = _alias(sql.masked, end)
    function = _OPEN.match(sql.masked, end) is not None
    reference = sql.references.get(start, "")
    if reference and not _HOLES.sub("", found.group()):
        return Named(name=reference, start=start, end=end, alias=alias, exact=True, function=function)
    raw = sql.names[start:end]
    return Named(
        name=plain(raw),
        start=start,
        end=end,
        alias=alias,
        quoted=raw[0] in _QUOTES,
        function=function,
    )


def plain(raw: str) -> str:
    """A name without quotes, `*` for a suffix that a template fills in; empty where it is no name.

    Parts before the last one that a template fills in whole are left out: `{{ project }}.mart.trips`
    is `mart.trips`.
    """
    if raw[0] in "@#" or "\n" in raw.strip():
        return ""
    bare = re.sub(r"\s*\.\s*", ".", re.sub(r"[`\"\[\]]", "", raw)).strip().replace(":", ".")
    bare = re.sub(r"%[sIt]|\{\w*\}", HOLE, bare).partition("$")[0]
    parts = bare.split(".")
    parts[-1] = _HOLES.sub("*", parts[-1]) if re.match(rf"[^{HOLE}]{{3,}}{HOLE}+$", parts[-1]) else parts[-1]
    if (
        HOLE in parts[-1]
        or not (re.search(r"[^\W\d]", parts[-1]) or (parts[-1] == "*" and len(parts) > 1))
        or len(bare) > 400
    ):
        return ""
    known: list[str] = []
    for part in reversed(parts):
        if HOLE in part or not part:
            break
        known.append(part)
    return "" if known == ["*"] else ".".join(reversed(known))


def _alias(masked: str, at: int) -> str:
    found = _ALIAS.match(masked, at)
    if found is None:
        return ""
    word = found.group(1).strip('`"').casefold()
    return "" if word in RESERVED or not word.strip() else word
