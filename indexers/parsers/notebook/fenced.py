"""Notebooks written as Markdown with fenced code: R Markdown, Quarto, MyST and Jupytext's Markdown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from indexers.parsers.notebook.cells import CellList
from indexers.parsers.notebook.detect import Format
from indexers.parsers.notebook.document import NotebookDocument
from indexers.parsers.notebook.front_matter import front_matter
from indexers.parsers.notebook.grammar import words
from indexers.parsers.notebook.languages import language_name
from indexers.parsers.notebook.percent import with_magics
from indexers.parsers.notebook.reading import Reading

_FENCE = re.compile(r"(`{3,}|~{3,}|:{3,})[ \t]*([^`\n]*?)[ \t\r]*")
_CHUNK = re.compile(r"\{\{?\s*([A-Za-z][\w+-]*)\s*([^}]*)\}\}?")
_LABEL = re.compile(r"[ ,]*([A-Za-z][\w.-]*)(?=[ ,]*(?:,|$))(?!\s*=)")
_MYST_CELL = re.compile(r"\{code(?:-cell)?\}[ \t]*([\w+-]*)")
_MYST_CODE: Final = "{code-cell}"
_BREAK = re.compile(r"\+\+\+(?:[ \t].*)?\s*")
_REGION = re.compile(r"\s*<!--\s*#(?:end)?(?:region|md|raw|endmd|endraw|endregion)\b.*?-->\s*")
_CODE_WORDS: Final = words(
    "python python2 python3 ipython ipython3 r julia scala sql bash sh shell javascript js perl ruby"
)
_TAGS = re.compile(r"^:?tags:\s*\[([^\]\n]*)\]", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chunk:
    """A run of Markdown (`language` None) or a fenced piece of code; `line` counts from 1."""

    lines: list[str]
    line: int
    language: str | None = None
    label: str = ""


def read_fenced(reading: Reading, text: str, format_name: Format) -> NotebookDocument:
    """The document of a text; a fence that is never closed is a fault and runs to the end."""
    header = front_matter(reading, text)
    first_line = text.count("\n", 0, header.end) + 1
    chunks = list(_chunks(reading, text[header.end :].split("\n"), first_line, format_name))
    language = header.language or _main_language(chunks, format_name)
    cells = CellList(reading, language)
    if header.source and format_name in ("rmarkdown", "quarto"):
        cells.add("raw", header.source)
    for chunk in chunks:
        if cells.full():
            break
        _add(cells, chunk, format_name)
    return NotebookDocument(
        format=format_name,
        title=header.title,
        language=language,
        kernel=header.kernel,
        cells=tuple(cells.cells),
    )


def _main_language(chunks: list[_Chunk], format_name: Format) -> str:
    """That of the first chunk that names one; R Markdown without code is R's."""
    first = next((chunk.language for chunk in chunks if chunk.language), "")
    return first or ("r" if format_name == "rmarkdown" else "python")


def _chunks(reading: Reading, lines: list[str], first_line: int, format_name: Format) -> Iterator[_Chunk]:
    prose: list[str] = []
    prose_line, at = first_line, 0
    while at < len(lines):
        fence = _FENCE.fullmatch(lines[at]) if lines[at][:3] in ("```", "~~~", ":::") else None
        if fence is None:
            prose.append(lines[at])
            at += 1
            continue
        opening = _opening(fence[2], format_name)
        end = _closing(lines, at, fence[1]) if opening or fence[1][0] != ":" else at
        if opening is None:
            prose += lines[at : end + 1]
            at = end + 1
            continue
        yield _Chunk(lines=prose, line=prose_line)
        if end == len(lines):
            reading.fault(
                "notebook_fence_open",
                f"The code that starts at line {first_line + at} is never closed; all after counts as code.",
                line=first_line + at,
            )
        language, label = opening
        yield _Chunk(lines=lines[at + 1 : end], line=first_line + at, language=language, label=label)
        prose, prose_line, at = [], first_line + end + 1, end + 1
    yield _Chunk(lines=prose, line=prose_line)


def _closing(lines: list[str], at: int, fence: str) -> int:
    """The line that closes the fence opened at `at`, the number of lines where none does."""
    for end in range(at + 1, len(lines)):
        if lines[end].startswith(fence) and not lines[end].strip().strip(fence[0]):
            return end
    return len(lines)


def _opening(info: str, format_name: Format) -> tuple[str, str] | None:
    """Language (empty: the notebook's) and label of a code chunk; None for a fence that is only shown."""
    if format_name == "myst":
        found = _MYST_CELL.fullmatch(info)
        return (language_name(found[1]), "") if found and info.startswith(_MYST_CODE) else None
    if format_name == "markdown":
        word = info.partition(" ")[0].casefold()
        return (language_name(word), "") if word in _CODE_WORDS and ".noeval" not in info else None
    chunk = _CHUNK.fullmatch(info)
    if chunk is None or info.startswith("{{"):
        return None
    label = _LABEL.match(chunk[2])
    return language_name(chunk[1]), label[1][:200] if label else ""


def _add(cells: CellList, chunk: _Chunk, format_name: Format) -> None:
    if chunk.language is None:
        for part in _prose_cells(chunk.lines, format_name):
            cells.add("markdown", part)
        return
    lines, tags = chunk.lines, tuple[str, ...]()
    if format_name == "myst":
        lines, tags = _without_myst_options(lines)
    source = "\n".join(lines).strip("\r\n")
    if format_name == "rmarkdown":
        source = with_magics(source, "#")
    cells.add("code", source, language=chunk.language, title=chunk.label, tags=tags)


def _prose_cells(lines: list[str], format_name: Format) -> Iterator[str]:
    """Markdown between two chunks, cut where the format marks a break (`+++`, two blank lines)."""
    part: list[str] = []
    for at, line in enumerate(lines):
        blank_pair = format_name != "myst" and not line.strip() and at > 0 and not lines[at - 1].strip()
        if blank_pair or (format_name == "myst" and _BREAK.fullmatch(line)) or _REGION.fullmatch(line):
            if text := "\n".join(part).strip():
                yield text
            part = []
        else:
            part.append(line)
    if text := "\n".join(part).strip():
        yield text


def _without_myst_options(lines: list[str]) -> tuple[list[str], tuple[str, ...]]:
    at = 0
    if lines and lines[0].strip() == "---":
        at = next((end + 1 for end in range(1, len(lines)) if lines[end].strip() == "---"), 0)
    else:
        while at < len(lines) and re.match(r":[\w-]+:", lines[at]):
            at += 1
    tags = _TAGS.search("\n".join(lines[:at]).replace(":tags:", "tags:"))
    return lines[at:], tuple(tag.strip(" '\"")[:100] for tag in tags[1].split(",")) if tags else ()
