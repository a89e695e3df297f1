"""Markdown and HTML outputs."""

import re
from dataclasses import dataclass
from html import escape
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from mdit_py_plugins.dollarmath import dollarmath_plugin

from hub.web.rendering.clean import (
    HEADINGS,
    PROSE_TAGS,
    Destination,
    Rewriter,
    bounded,
    clean,
    first_pass,
    nowhere,
    readable,
)
from hub.web.rendering.code import code

_MAX_CHARACTERS: Final = 1_000_000
_REACHABLE: Final = '<pre tabindex="0">'
_MAX_WORDS: Final = 100_000
_MAX_BRACKETS: Final = 2_000
_INLINE_PICTURE: Final = re.compile(r"data:image/[a-z+]{1,12};base64,[A-Za-z0-9+/=]+")
_DEEPEST: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading that was rendered: its level on the page (2 to 6), text and anchor."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """Rendered prose. `last_level` goes into the next call on the same page."""

    html: SafeString
    headings: tuple[Heading, ...] = ()
    last_level: int = 1


def markdown(
    text: str,
    *,
    anchor: str = "",
    after_level: int = 1,
    pictures: Destination = nowhere,
    links: Destination = nowhere,
) -> Prose:
    """CommonMark with tables, strike-through and dollar math (kept as source) as safe HTML.

    Headings move one level down and never skip one after `after_level`, so that a page of many cells
    keeps one outline; their anchors are `md-<anchor>-<n>`. `pictures` and `links` map relative
    addresses; what they do not know is left out and says so. Text that no person would write, of
    100,000 characters beside its pictures or of thousands of brackets, is shown as it is.
    """
    if _is_endless(text):
        return Prose(html=_as_written(text), last_level=after_level)
    return _finished(_MARKDOWN.render(readable(text[:_MAX_CHARACTERS])), anchor, after_level, pictures, links)


def fragment(
    html: str,
    *,
    anchor: str = "",
    after_level: int = 1,
    pictures: Destination = nowhere,
) -> Prose:
    """An HTML output as safe HTML, under the rules of `markdown`."""
    return _finished(html, anchor, after_level, pictures, nowhere)


def _is_endless(text: str) -> bool:
    words = _INLINE_PICTURE.sub("", text)
    return len(words) > _MAX_WORDS or words.count("[") > _MAX_BRACKETS


def _as_written(text: str) -> SafeString:
    return format_html("{}{}</pre>", mark_safe(_REACHABLE), readable(text[:_MAX_WORDS]))  # noqa: S308  ours


def _finished(html: str, anchor: str, after_level: int, pictures: Destination, links: Destination) -> Prose:
    rewriter = _ProseRewriter(anchor, after_level, pictures, links)
    rewritten = rewriter.rewritten(first_pass(bounded(html, _MAX_CHARACTERS), PROSE_TAGS))
    safe = clean(rewritten, PROSE_TAGS).replace("<pre>", _REACHABLE)  # a listing may scroll sideways
    return Prose(
        html=mark_safe(safe),  # noqa: S308  the sanitizer has the last word but for our own attribute
        headings=tuple(rewriter.headings),
        last_level=rewriter.level,
    )


class _ProseRewriter(Rewriter):
    """Levels and anchors of headings, destinations of links, and words for pictures that are left out."""

    def __init__(self, anchor: str, after_level: int, pictures: Destination, links: Destination) -> None:
        super().__init__()
        self.anchor, self.level, self.pictures, self.links = (
            anchor,
            after_level,
            pictures,
            links,
        )
        self.headings: list[Heading] = []
        self._open: tuple[int, str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in HEADINGS:
            self._start_heading(int(tag[1]))
        elif tag == "img":
            self._picture({name: value or "" for name, value in attrs})
        elif tag == "a":
            self._link({name: value or "" for name, value in attrs}.get("href", ""))
        elif tag == "th":
            super().handle_starttag(tag, [*attrs, ("scope", "col")] if "scope" not in dict(attrs) else attrs)
        else:
            super().handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in HEADINGS:
            self._end_heading()
        else:
            super().handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[2].append(data)
        super().handle_data(data)

    def _start_heading(self, written: int) -> None:
        self._end_heading()
        level = min(written + 1, self.level + 1, _DEEPEST)
        place = "-".join(part for part in ("md", _slug(self.anchor), str(len(self.headings) + 1)) if part)
        self._open = (level, place, [])
        self.level = level
        self.parts.append(f'<h{level} id="{place}">')

    def _end_heading(self) -> None:
        if self._open is None:
            return
        level, place, text = self._open
        self.headings.append(Heading(level=level, text=" ".join("".join(text).split()), anchor=place))
        self._open = None
        self.parts.append(f"</h{level}>")

    def _picture(self, attributes: dict[str, str]) -> None:
        source = attributes.get("src", "")
        if not source.startswith("data:"):
            source = self.pictures(source)
        words = attributes.get("alt", "").strip()
        if not source:
            said = f"Picture left out: {words}" if words else "Picture left out"
            self.parts.append(f'<span class="left-out">{escape(said)}</span>')
            return
        sizes = [(name, attributes[name]) for name in ("width", "height") if name in attributes]
        super().handle_starttag(
            "img",
            [
                ("src", source),
                ("alt", words or "Picture without a description"),
                *sizes,
            ],
        )

    def _link(self, address: str) -> None:
        outside = address.lower().startswith(("http:", "https:", "mailto:"))
        target = address if outside else self.links(address)
        super().handle_starttag("a", [("href", target)] if target else [])


def _slug(text: str) -> str:
    return "".join(
        character if character.isascii() and character.isalnum() else "-" for character in text.lower()
    )


def _fenced(source: str, language: str, _attributes: str) -> str:
    return code(source, language)


class _Renderer(RendererHTML):
    """Math stays as its author wrote it, set as code."""

    def math_inline(self, tokens: list, index: int, *_: object) -> str:  # type: ignore[type-arg]  # markdown-it's own
        return f'<code class="math">{escape(tokens[index].content)}</code>'

    def math_block(self, tokens: list, index: int, *_: object) -> str:  # type: ignore[type-arg]  # markdown-it's own
        return f'<pre><code class="math">{escape(tokens[index].content.strip())}</code></pre>'


def _parser() -> MarkdownIt:
    parser = MarkdownIt(
        "commonmark",
        {"html": True, "highlight": _fenced, "maxNesting": 30},
        renderer_cls=_Renderer,
    )
    parser.enable(["table", "strikethrough"]).use(dollarmath_plugin, double_inline=True)
    for rule in ("math_inline", "math_block"):
        parser.add_render_rule(rule, getattr(_Renderer, rule))
    return parser


_MARKDOWN: Final = _parser()
