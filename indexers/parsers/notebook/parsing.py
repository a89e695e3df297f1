"""Bytes of a notebook file of any format to its document, summary, blobs and faults."""

from dataclasses import dataclass
from typing import Final

from indexers.facts import Blob, Fault
from indexers.parsers.notebook.databricks import read_databricks
from indexers.parsers.notebook.detect import HEAD_BYTES, Format, detect
from indexers.parsers.notebook.document import MEDIA_TYPE, NotebookDocument, to_json
from indexers.parsers.notebook.encoding import decoded
from indexers.parsers.notebook.fenced import read_fenced
from indexers.parsers.notebook.ipynb import read_ipynb
from indexers.parsers.notebook.merge import conflict_line, sides
from indexers.parsers.notebook.percent import read_percent
from indexers.parsers.notebook.reading import Reading
from indexers.parsers.notebook.recovery import load
from indexers.parsers.notebook.script import read_script
from indexers.parsers.notebook.summary import summarise, usage_of
from indexers.parsers.notebook.usage import DataUse
from indexers.parsers.notebook.zeppelin import read_zeppelin, without_comment
from indexers.vocabulary.facets import Notebook

MAX_BYTES: Final = 64 * 2**20
MAX_TEXT_BYTES: Final = 8 * 2**20
"""Text notebooks hold no outputs: one above this is a data file under a wrong name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedNotebook:
    """`document` is None where nothing could be read; the faults say why.

    `blobs` are what the document names by digest, and the document itself in JSON (`summary.content`).
    `data` says which cell reads and writes what; `summary.reads` and `summary.writes` are all together.
    """

    document: NotebookDocument | None
    summary: Notebook
    blobs: tuple[Blob, ...] = ()
    faults: tuple[Fault, ...] = ()
    data: tuple[DataUse, ...] = ()


def parse(path: str, data: bytes, *, max_bytes: int = MAX_BYTES) -> ParsedNotebook:
    """Read a notebook. Never raises: what is wrong with it is in the faults, what could be read beside them.

    `path` decides the format, together with the first bytes (see `detect`), and stands in the faults' place.
    """
    reading = Reading(path)
    format_name = detect(path, data[:HEAD_BYTES])
    if format_name is None:
        reading.fault(
            "notebook_format_unknown",
            "The file is no notebook of a known format: a script needs a Jupytext header or two cell marks.",
        )
        return _without_document(reading, "", data)
    limit = max_bytes if format_name in ("ipynb", "zeppelin") else min(max_bytes, MAX_TEXT_BYTES)
    if len(data) > limit:
        reading.fault(
            "notebook_too_large",
            f"The notebook has {len(data) / 2**20:.1f} MB, the limit is {limit / 2**20:.0f} MB; "
            "clear its outputs or keep its data elsewhere.",
        )
        return _without_document(reading, format_name, data)
    try:
        document = _document(reading, format_name, data)
        if document is not None:
            return _with_document(reading, document, data)
    except Exception as error:  # noqa: BLE001  # the last line of defence: one notebook must not end a crawl
        reading.fault(
            "notebook_parser_failed",
            f"The parser failed on this notebook ({type(error).__name__}); please report it with the file.",
        )
    return _without_document(reading, format_name, data)


def _document(reading: Reading, format_name: Format, data: bytes) -> NotebookDocument | None:
    if format_name in ("ipynb", "zeppelin"):
        zeppelin = format_name == "zeppelin"
        raw = load(reading, without_comment(data) if zeppelin else data)
        if raw is None and reading.faults:  # without a fault, the file says `null`
            return None
        return read_zeppelin(reading, raw) if zeppelin else read_ipynb(reading, raw)
    text = _text(reading, data)
    if text is None:
        return None
    match format_name:
        case "databricks":
            return read_databricks(reading, text)
        case "percent":
            return read_percent(reading, text)
        case "rmarkdown" | "quarto" | "markdown" | "myst":
            return read_fenced(reading, text, format_name)
        case _:
            return read_script(reading, text, format_name)


def _text(reading: Reading, data: bytes) -> str | None:
    """The text of a text notebook, lines ending in a line feed; of an open merge, the first side."""
    text = decoded(reading, data)
    if text is None:
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    if (line := conflict_line(text)) is None:
        return text
    reading.fault(
        "notebook_merge_conflict",
        f'A merge was left open at line {line} ("<<<<<<<"); the cells shown are those of the first side. '
        "Settle the conflict and commit the notebook again.",
        line=line,
    )
    return sides(text)[0]


def _with_document(reading: Reading, document: NotebookDocument, data: bytes) -> ParsedNotebook:
    content = reading.keep(to_json(document), MEDIA_TYPE)
    usage = usage_of(document)
    return ParsedNotebook(
        document=document,
        summary=summarise(document, usage, size=len(data), content=content),
        blobs=reading.blobs(),
        faults=reading.all_faults(),
        data=tuple(usage.data),
    )


def _without_document(reading: Reading, format_name: str, data: bytes) -> ParsedNotebook:
    return ParsedNotebook(
        document=None,
        summary=Notebook(format=format_name, bytes=len(data)),
        faults=reading.all_faults(),
    )
