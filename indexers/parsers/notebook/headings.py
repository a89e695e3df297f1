"""Headings of Markdown, as plain text."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

LIMIT: Final = 200
"""Headings of one notebook, and characters of one heading."""

_REMEMBERED: Final = 4096
_LINE = re.compile(
    r"\n {0,3}(?:(?P<fence>`{3,}|~{3,})|#{1,6}[ \t]+(?P<atx>[^\n]*)|(?P<rule>=+|--+)[ \t]*(?=\n|\Z))"
)
_HTML = re.compile(r"<h[1-6]\b[^>]{0,500}>(?P<html>(?:[^<]|<(?!/?h[1-6])){1,500}+)</h[1-6]>", re.IGNORECASE)
_CLOSING = re.compile(r"[ \t]+#+[ \t]*$")
_LINK = re.compile(r"!?\[([^\[\]]{0,500})\](?:\([^()\s]{0,1000}(?:\s[^()]{0,200})?\)|\[[^\[\]]{0,200}\])")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_EMPHASIS = re.compile(r"(\*{1,3}|_{2,3}|`+)(?=\S)(.{1,500}?)(?<=\S)\1")
_ATTRIBUTES = re.compile(r"\s*\{[#.][^{}]{0,200}\}\s*$")


def headings(markdown: str) -> tuple[str, ...]:
    """Headings in their order, of any level, without markup; those inside fenced code are none.

    Versions of a notebook share most cells, so short ones are remembered.
    """
    return _remembered(markdown) if len(markdown) <= _REMEMBERED else _found(markdown)


def _found(markdown: str) -> tuple[str, ...]:
    markdown = f"\n{markdown}"
    marks: Iterable[re.Match[str]] = _LINE.finditer(markdown)
    if "<h" in markdown or "<H" in markdown:
        marks = sorted((*marks, *_HTML.finditer(markdown)), key=re.Match.start)
    found: list[str] = []
    fence = ""
    for match in marks:
        groups = match.groupdict("")
        if mark := groups.get("fence"):
            fence = "" if fence and mark.startswith(fence) else fence or mark
        elif not fence and len(found) < LIMIT and (text := plain(_text(groups, markdown, match.start()))):
            found.append(text)
    return tuple(found)


_remembered = lru_cache(maxsize=4096)(_found)


def plain(text: str) -> str:
    """One line of Markdown without links, emphasis and tags, at most `LIMIT` characters."""
    text = _ATTRIBUTES.sub("", _CLOSING.sub("", text[: 4 * LIMIT]))
    text = _EMPHASIS.sub(r"\2", _TAG.sub("", _LINK.sub(r"\1", text)))
    return " ".join(text.split())[:LIMIT]


def _text(groups: Mapping[str, str], markdown: str, at: int) -> str:
    if not groups.get("rule"):
        return groups.get("atx") or groups.get("html") or ""
    line = markdown[markdown.rfind("\n", 0, at) + 1 : at]
    is_text = line.strip() and not line.lstrip().startswith(("#", "|", "-", ">", "=", "*"))
    return line if is_text and not line.startswith("    ") else ""
