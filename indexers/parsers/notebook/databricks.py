"""Databricks notebooks in source form: code files whose comments mark the cells."""

import re
from typing import Final

from indexers.parsers.notebook.cells import CellList
from indexers.parsers.notebook.document import CellKind, NotebookDocument
from indexers.parsers.notebook.languages import COMMENTS, language_name, path_language
from indexers.parsers.notebook.reading import Reading

HEADER = re.compile(r"\ufeff?(#|--|//) Databricks notebook source[ \t\r]*(?:\n|$)")
_MAGIC = re.compile(r"[ \t]*%([a-z_]+)[ \t]*(.*)", re.DOTALL)
_LANGUAGES: Final = ("python", "sql", "scala", "r", "md", "sh", "markdown")


def read_databricks(reading: Reading, text: str) -> NotebookDocument | None:
    """The document of a text that starts with the header."""
    header = HEADER.match(text)
    if header is None:
        return None
    comment = header[1]
    language = path_language(reading.path)
    if COMMENTS.get(language) != comment:
        language = {"#": "python", "--": "sql", "//": "scala"}[comment]
    cells = CellList(reading, language)
    separator = re.compile(rf"^{re.escape(comment)} COMMAND -+[ \t\r]*$", re.MULTILINE)
    for chunk in separator.split(text[header.end() :]):
        if cells.full():
            break
        _read_chunk(cells, chunk, comment)
    return NotebookDocument(format="databricks", language=language, cells=tuple(cells.cells))


def _read_chunk(cells: CellList, chunk: str, comment: str) -> None:
    title, lines, magic_lines = "", [], []
    for line in chunk.split("\n"):
        if line.startswith(f"{comment} DBTITLE "):
            title = line.partition(",")[2].strip()[:200]
        elif line.startswith(f"{comment} MAGIC"):
            magic_lines.append(line[len(comment) + 6 :].removeprefix(" "))
        else:
            lines.append(line)
    code = "\n".join(lines).strip("\r\n")
    if magic_lines:
        _add_magic(cells, "\n".join(magic_lines), title)
        title = ""
    if code.strip():
        cells.add("code", code, title=title)


def _add_magic(cells: CellList, source: str, title: str) -> None:
    """A cell in another language: `%md`, `%sql` …; other magics (`%run`, `%pip`) stay with the notebook's."""
    magic = _MAGIC.match(source)
    name = magic[1] if magic else ""
    if magic is None or name not in _LANGUAGES:
        cells.add("code", source, title=title)
        return
    kind: CellKind = "markdown" if name in ("md", "markdown") else "code"
    body = (
        magic[2].strip("\r\n") if kind == "code" else re.sub(r"^-sandbox\b[ \t]*", "", magic[2]).strip("\r\n")
    )
    cells.add(kind, body, language=language_name(name), title=title)
