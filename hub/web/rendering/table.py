"""Tables from outputs, as tables of ours: scoped headers, right-aligned numbers, a limit on rows."""

import re
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from hub.web.rendering.clean import TABLE_TAGS, Rewriter, bounded, clean, first_pass

_MAX_CHARACTERS: Final = 2_000_000
_NUMBER: Final = re.compile(r"[-+−]?[\d,.  ]*\d(?:[eE][-+]?\d+)?\s?%?\Z|nan\Z|NaN\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A safe table with how many of its body rows are shown."""

    html: SafeString
    rows: int
    shown: int


def table(html: str, *, max_rows: int = 200) -> Table | None:
    """The first table in `html`, or None where there is none. Cells keep their text only."""
    rewriter = _TableRewriter(max_rows)
    rewritten = rewriter.rewritten(first_pass(bounded(html, _MAX_CHARACTERS), TABLE_TAGS))
    if not rewriter.found:
        return None
    safe = mark_safe(clean(rewritten, TABLE_TAGS))  # noqa: S308  the sanitizer has the last word
    return Table(html=safe, rows=rewriter.rows, shown=min(rewriter.rows, max_rows))


class _TableRewriter(Rewriter):
    """Keeps one table, drops what stands round it, and gives cells their scope and alignment."""

    def __init__(self, max_rows: int) -> None:
        super().__init__()
        self.max_rows = max_rows
        self.found = False
        self.rows = 0
        self._depth = 0
        self._done = False
        self._part = "tbody"
        self._cell: tuple[str, list[tuple[str, str | None]]] | None = None
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._open_table()
        elif self._depth != 1 or self._done:
            return
        elif tag in {"td", "th"}:
            self._cell, self._text = (tag, attrs), []
        elif tag == "caption":
            self._cell, self._text = ("caption", []), []
        else:
            self._open_row_or_part(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._depth -= 1
            if self._depth == 0 and not self._done:
                self._done = True
                self.parts.append("</table>")
        elif self._depth != 1 or self._done:
            return
        elif tag in {"td", "th", "caption"}:
            self._close_cell()
        elif self._shown():
            self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._done:
            self._text.append(data)

    def _open_table(self) -> None:
        self._depth += 1
        if self._depth == 1 and not self._done:
            self.found = True
            self.parts.append('<table class="table">')

    def _open_row_or_part(self, tag: str) -> None:
        if tag in {"thead", "tbody", "tfoot"}:
            self._part = tag
        elif tag == "tr" and self._part == "tbody":
            self.rows += 1
        if self._shown() or tag != "tr":
            self.parts.append(f"<{tag}>")

    def _shown(self) -> bool:
        return self._part != "tbody" or self.rows <= self.max_rows

    def _close_cell(self) -> None:
        if self._cell is None or not self._shown():
            self._cell = None
            return
        tag, attributes = self._cell
        text = " ".join("".join(self._text).split())
        self._cell = None
        if tag == "th" and not text:
            tag = "td"  # a header without words says nothing to a screen reader: the corner of a data frame
        kept = [(name, value) for name, value in attributes if name in {"colspan", "rowspan"}]
        if tag == "th":
            kept.append(("scope", "col" if self._part == "thead" else "row"))
        if tag == "td" and _NUMBER.match(text):
            kept.append(("class", "num"))
        super().handle_starttag(tag, kept)
        super().handle_data(text)
        super().handle_endtag(tag)
