"""The one sanitizer: which tags, attributes and addresses may reach a page."""

import re
from collections.abc import Callable
from functools import cache
from html import escape
from html.parser import HTMLParser
from typing import Final

import nh3

Destination = Callable[[str], str]
"""Where an address written by a stranger leads here: an own path beginning with "/", or "" for nowhere."""

CODE_CLASSES: Final = frozenset({"kw", "st", "cm", "nu", "fn"})
HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
TABLE_TAGS: Final = frozenset({"table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption"})
PROSE_TAGS: Final = (
    TABLE_TAGS
    | frozenset(HEADINGS)
    | frozenset(
        [
            "a",
            "abbr",
            "b",
            "blockquote",
            "br",
            "code",
            "dd",
            "del",
            "details",
            "div",
            "dl",
            "dt",
            "em",
            "hr",
            "i",
            "img",
            "ins",
            "kbd",
            "li",
            "mark",
            "ol",
            "p",
            "pre",
            "q",
            "s",
            "samp",
            "small",
            "span",
            "strike",
            "strong",
            "sub",
            "summary",
            "sup",
            "u",
            "ul",
            "var",
            "center",
        ]
    )
)
_GONE_WITH_CONTENT: Final = frozenset(
    [
        "script",
        "style",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "template",
        "noscript",
        "title",
        "textarea",
        "select",
        "xmp",
        "noembed",
        "noframes",
    ]
)
_ATTRIBUTES: Final = {
    "a": frozenset({"href"}),
    "abbr": frozenset({"title"}),
    "img": frozenset({"src", "alt", "width", "height"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan", "scope"}),
    "ol": frozenset({"start"}),
    "details": frozenset({"open"}),
} | {heading: frozenset({"id"}) for heading in HEADINGS}
_CLASSES: Final = {
    "span": CODE_CLASSES | {"left-out"},
    "code": frozenset({"math"}),
    "td": frozenset({"num"}),
    "th": frozenset({"num"}),
    "table": frozenset({"table"}),
}
_OWN_PATH: Final = re.compile(r"/(?![/\\])[^\\\s]*\Z")
_OWN_ANCHOR: Final = re.compile(r"md-[a-z0-9-]+\Z")
_INLINE_PICTURE: Final = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+\Z")
_NUMBER: Final = re.compile(r"\d{1,4}\Z")
_MAX_TAGS: Final = 5_000
_MAX_REFERENCES: Final = 20_000
_VOID: Final = frozenset({"br", "hr", "img"})


def readable(text: str) -> str:
    """`text` as it can be sent: halves of characters, which JSON can hold, become question marks."""
    return text.encode("utf-8", "replace").decode()


def bounded(html: str, characters: int) -> str:
    """`html` up to a number of characters and of tags, so that no stranger's output takes seconds."""
    cut = readable(html[:characters])
    if cut.count("&") > _MAX_REFERENCES:
        cut = "&".join(cut.split("&", _MAX_REFERENCES)[:-1])
    if cut.count("<") <= _MAX_TAGS:
        return cut
    return "<".join(cut.split("<", _MAX_TAGS)[:-1])


def nowhere(address: str) -> str:
    """The destination of every address until a page knows better."""
    del address
    return ""


def clean(html: str, tags: frozenset[str]) -> str:
    """Only `tags` with their harmless attributes; pictures only from here or inline."""
    return _cleaner(tags, final=True).clean(html)


def first_pass(html: str, tags: frozenset[str]) -> str:
    """Well-formed and harmless, but with addresses still as they were written, for `Rewriter` to resolve."""
    return _cleaner(tags, final=False).clean(html)


@cache
def _cleaner(tags: frozenset[str], *, final: bool) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=tags,
        clean_content_tags=_GONE_WITH_CONTENT,
        attributes={tag: names for tag, names in _ATTRIBUTES.items() if tag in tags},
        allowed_classes={tag: names for tag, names in _CLASSES.items() if tag in tags},
        attribute_filter=_final_attribute if final else None,
        url_schemes={"http", "https", "mailto", "data", "attachment"},
        link_rel="noopener noreferrer nofollow",
    )


def _final_attribute(_tag: str, name: str, value: str) -> str | None:
    if name == "src":
        return value if _OWN_PATH.match(value) or _INLINE_PICTURE.match(value) else None
    if name == "href":
        outside = value.lower().startswith(("http://", "https://", "mailto:"))
        return value if outside or value.startswith("#md-") or _OWN_PATH.match(value) else None
    if name == "id":
        return value if _OWN_ANCHOR.match(value) else None
    if name in {"width", "height", "colspan", "rowspan", "start"}:
        return value if _NUMBER.match(value) else None
    if name == "scope":
        return value if value in {"col", "row"} else None
    return value


class Rewriter(HTMLParser):
    """Writes well-formed HTML again, tag by tag; a subclass changes some. Its result is cleaned once more."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def rewritten(self, html: str) -> str:
        """`html` with this rewriter's changes."""
        self.feed(html)
        self.close()
        return "".join(self.parts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        written = "".join(f' {name}="{escape(value or "")}"' for name, value in attrs)
        self.parts.append(f"<{tag}{written}>")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(escape(data, quote=False))
