"""Zeppelin notes: `.zpln` and the older `note.json`."""

import re
from collections.abc import Mapping
from html import escape
from typing import Final

from indexers.parsers.notebook.cells import MAX_CELLS, CellList, check_count
from indexers.parsers.notebook.document import CellKind, NotebookDocument, Output
from indexers.parsers.notebook.encoding import well_formed
from indexers.parsers.notebook.languages import language_name
from indexers.parsers.notebook.outputs import error_output, html_output, picture_output, text_output
from indexers.parsers.notebook.reading import Reading

_BEFORE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:(?:/\*.*?\*/|<!--.*?-->|//[^\n]*|#[^\n]*)\s*)+", re.DOTALL)
_COMMENT_LIMIT: Final = 64 * 1024
_TABLE_ROWS: Final = 500
_INTERPRETER = re.compile(r"\s*%([\w.-]+)(?:\([^)\n]*\))?[ \t]*\n?")
_LANGUAGES: Final = {
    "ipyspark": "python",
    "knitr": "r",
    "ir": "r",
    "shiny": "r",
    "jdbc": "sql",
    "hive": "sql",
    "psql": "sql",
    "dep": "scala",
    "angular": "html",
    "file": "text",
    "conf": "text",
}


def without_comment(data: bytes) -> bytes:
    """The file without the licence comment that some notes have before the JSON."""
    comment = _BEFORE.match(data[:_COMMENT_LIMIT])
    if comment is None or data[comment.end() : comment.end() + 1] != b"{":
        return data
    return data[comment.end() :]


def read_zeppelin(reading: Reading, raw: object) -> NotebookDocument | None:
    """The document of a note's JSON; None and a fault where it has no paragraphs."""
    paragraphs = raw.get("paragraphs") if isinstance(raw, dict) else None
    if not isinstance(raw, dict) or not isinstance(paragraphs, list):
        reading.fault(
            "notebook_wrong_shape",
            "The note has no list of paragraphs; export it from Zeppelin again.",
        )
        return None
    default = _default_language(raw)
    cells = CellList(reading, default)
    check_count(reading, len(paragraphs))
    for item in paragraphs[:MAX_CELLS]:
        if isinstance(item, dict):
            _read_paragraph(reading, cells, item)
        else:
            reading.fault(
                "notebook_cell_invalid",
                "A paragraph is not an object and was left out. Export the note again.",
                cell=cells.index,
            )
    name = raw.get("name")
    return NotebookDocument(
        format="zeppelin",
        title=name.rpartition("/")[2][:200] if isinstance(name, str) else "",
        language=default,
        kernel=_text(raw, "defaultInterpreterGroup")[:100],
        cells=tuple(cells.cells),
    )


def _default_language(raw: Mapping[str, object]) -> str:
    group = _text(raw, "defaultInterpreterGroup")
    return _language(group) if group else "scala"


def _language(interpreter: str) -> str:
    """`spark.pyspark` is python, `md` markdown, `sh` shell; `spark` alone is Scala."""
    last = interpreter.casefold().rpartition(".")[2]
    return _LANGUAGES.get(last) or language_name(last)


def _read_paragraph(reading: Reading, cells: CellList, item: Mapping[str, object]) -> None:
    index, text = cells.index, _text(item, "text")
    if "text" in item and not isinstance(item["text"], str | None):
        reading.fault(
            "notebook_cell_invalid",
            "The paragraph's text is not text; it is shown empty. Export the note again.",
            cell=index,
        )
    interpreter = _INTERPRETER.match(text)
    language = _language(interpreter[1]) if interpreter else cells.language
    kind: CellKind = "markdown" if language == "markdown" else "code"
    cells.add(
        kind,
        text[interpreter.end() :] if interpreter else text,
        own_id=_text(item, "id"),
        language=language,
        title=_text(item, "title")[:200],
        outputs=_outputs(reading, item, index) if kind == "code" else (),
    )


def _outputs(reading: Reading, item: Mapping[str, object], index: int) -> tuple[Output, ...]:
    results = item.get("results", item.get("result"))
    if not isinstance(results, dict):
        return ()
    messages = results.get("msg")
    if isinstance(messages, str):  # before Zeppelin 0.7 a result was one message
        messages = [{"type": results.get("type"), "data": messages}]
    failed = results.get("code") == "ERROR"
    found = []
    for message in messages if isinstance(messages, list) else ():
        output = _output(reading, message, index, failed=failed)
        if output is not None:
            found.append(output)
    return tuple(found)


def _output(reading: Reading, message: object, index: int, *, failed: bool) -> Output | None:
    data = message.get("data") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(data, str):
        reading.fault(
            "notebook_output_invalid",
            "A result of the paragraph has no data; it is shown without. Run the paragraph again.",
            cell=index,
        )
        return None
    match message.get("type"):
        case "TABLE":
            shown = text_output(data)
            return Output(
                kind="table",
                media_type="text/tab-separated-values",
                text=shown.text,
                truncated=shown.truncated,
                data=_table(shown.text),
                data_type="text/html",
            )
        case "HTML" | "ANGULAR":
            return html_output(reading, data)
        case "IMG":
            return picture_output(reading, index, data.partition("base64,")[2] or data, "image/png")
        case _ if failed:
            first = data.strip().partition("\n")[0]
            name, _, value = first.partition(":")
            return error_output(name.strip() or "Error", value.strip(), data)
        case _:
            return text_output(data)


def _table(text: str) -> str:
    rows = [line.split("\t") for line in text.strip("\n").split("\n")[:_TABLE_ROWS]]
    head = "".join(f"<th>{escape(name)}</th>" for name in rows[0])
    body = "".join(f"<tr>{''.join(f'<td>{escape(value)}</td>' for value in row)}</tr>" for row in rows[1:])
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _text(item: Mapping[str, object], key: str) -> str:
    value = item.get(key)
    return well_formed(value) if isinstance(value, str) else ""
