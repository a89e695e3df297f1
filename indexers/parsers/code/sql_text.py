"""SQL made safe to scan: comments, strings and templates blanked out, every offset kept."""

import re
from dataclasses import dataclass

HOLE = "\ufffc"
"""Stands, in SQL and in literals, for each character of a value that is known at run time only."""

BRANCH = "\ufffb"
"""Stands where a template chooses (`{% else %}`): what follows may replace what stood before."""

_TEMPLATE = re.compile(
    r"\{\{(?:(?!\{\{).)*?\}\}|\{%(?:(?!\{%).)*?%\}|\{#(?:(?!\{#).)*?#\}|\$\{[^{}\n]*\}|%\(\w+\)s", re.DOTALL
)
_BRANCH = re.compile(r"\{%[-+]?\s*(?:else|elif)\b")
_REFERENCE = re.compile(r"\b(ref|source)\s*\(([^()]*)\)")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")

_STARTS = re.compile(
    r"(?>[\s(]|--[^\n]*\n|/\*(?>.*?\*/))*+"
    r"(?:(?:select|with|insert|update|delete|merge|create|truncate|copy)\s|replace\s+into\s|"
    r"from\s+[\w.`\"'/-]+\s+(?:select|where|group|order|limit|\|>))",
    re.IGNORECASE | re.DOTALL,
)
_LITERAL = re.compile(
    r"""
      (?P<line>--[^\n]*|(?<![\w@#.\[`])\#(?=[\s!\#*-]|[A-Za-z]+\ )[^\n]*|(?m:^)\#[^\n]*)
    | (?P<block>/\*.*?(?:\*/|\Z))
    | (?P<triple>\"{3}(?:[^\\]|\\.)*?(?:\"{3}|\Z)|''''(?!')|'{3}(?!')(?:[^\\]|\\.)*?'{3})
    | (?P<single>'\\'(?=\s*[,);])|'(?:[^'\\]|\\.|'')*(?:'|\Z))
    | (?P<double>"(?:[^"\\]|\\.|"")*(?:"|\Z))
    | (?P<back>`[^`]*(?:`|\Z))
    | (?P<dollar>\$[A-Za-z_]*\$)
    """,
    re.VERBOSE | re.DOTALL,
)
_FOREIGN_BODY = re.compile(
    r"\blanguage\s+'?(?:plpython\w*|plv8|javascript|js|python|java|scala|plr|r)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlText:
    """`names` has templates replaced, `masked` also comments and the inside of quotes; both are as long
    as the text they come from. `references` are dbt's `ref` and `source` by the offset of their template.
    """

    names: str
    masked: str
    references: dict[int, str]
    comments: tuple[tuple[int, int], ...]
    closed: bool


def looks_like_sql(text: str) -> bool:
    """Whether the text starts as a statement that may name tables."""
    return _STARTS.match(text) is not None


def prepared(text: str) -> SqlText:
    """Blank out what is no SQL. Linear in the length of the text."""
    references: dict[int, str] = {}
    names = _TEMPLATE.sub(lambda found: _template(found, references), text)
    comments: list[tuple[int, int]] = []
    closed = True
    foreign = _FOREIGN_BODY.search(names) is not None
    pieces: list[str] = []
    at = 0
    while found := _LITERAL.search(names, at):
        pieces.append(names[at : found.start()])
        kind, literal = found.lastgroup, found.group()
        end = found.end()
        if kind in ("line", "block"):
            comments.append((found.start(), end))
            closed = closed and (kind == "line" or (literal.endswith("*/") and len(literal) >= 4))
            pieces.append(" " * len(literal))
        elif kind == "dollar":
            close = names.find(literal, end) if foreign else -1
            end = close + len(literal) if close >= 0 else end
            pieces.append(" " * (end - found.start()))
        else:
            quote = literal[0]
            closed = closed and len(literal) > 1 and literal.endswith(quote)
            pieces.append(quote + " " * (len(literal) - 2) + quote if len(literal) > 1 else " ")
        at = end
    pieces.append(names[at:])
    return SqlText(
        names=names, masked="".join(pieces), references=references, comments=tuple(comments), closed=closed
    )


def _template(found: re.Match[str], references: dict[int, str]) -> str:
    template = found.group()
    if template.startswith("{#"):
        return " " * len(template)
    if template.startswith("{%"):
        return (BRANCH if _BRANCH.match(template) else " ").ljust(len(template))
    if reference := _REFERENCE.search(template):
        parts = [one or two for one, two in _QUOTED.findall(reference.group(2))]
        if parts:
            references[found.start()] = ".".join(parts[-2:]) if reference.group(1) == "source" else parts[-1]
    return HOLE * len(template)
