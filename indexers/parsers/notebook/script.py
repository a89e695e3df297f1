"""Scripts in Jupytext's other formats (light, spin, …), read by Jupytext itself."""

from typing import Any, Final

from indexers.parsers.notebook.cells import CellList
from indexers.parsers.notebook.detect import Format
from indexers.parsers.notebook.document import NotebookDocument
from indexers.parsers.notebook.ipynb import read_ipynb
from indexers.parsers.notebook.languages import COMMENTS, path_language
from indexers.parsers.notebook.percent import commented_front_matter
from indexers.parsers.notebook.reading import Reading

LIMIT: Final = 10_000
"""Lines that are given to Jupytext, whose readers take seconds for more."""


def read_script(reading: Reading, text: str, format_name: Format) -> NotebookDocument:
    """The document of a script with a Jupytext header; one that Jupytext cannot read is one code cell."""
    raw = _read_by_jupytext(reading, text, format_name)
    document = read_ipynb(reading, raw, format_name) if raw is not None else None
    return document or _as_one_cell(reading, text, format_name)


def _read_by_jupytext(reading: Reading, text: str, format_name: Format) -> dict[str, Any] | None:
    extension = "." + reading.path.rpartition(".")[2]
    wanted = {"extension": extension} | ({"format_name": "light"} if format_name == "light" else {})
    if text.count("\n") > LIMIT:
        reading.fault(
            "notebook_too_large",
            f"The script has more than {LIMIT:,} lines; it is shown as one cell. Split it.",
        )
        return None
    try:
        import jupytext  # noqa: PLC0415  # half a second that most crawls need not spend

        raw: dict[str, Any] = jupytext.reads(text, wanted)
        for cell in raw["cells"]:
            cell.pop("id", None)
    except Exception as error:  # noqa: BLE001  # a header from strangers makes Jupytext raise anything
        reading.fault(
            "notebook_text_unreadable",
            f"Jupytext cannot read the script ({type(error).__name__}); it is shown as one cell. Mend it.",
            line=1,
        )
        return None
    raw["nbformat_minor"] = 4  # no ids: Jupytext's are random
    raw["metadata"].setdefault("language_info", {"name": path_language(reading.path)})
    return raw


def _as_one_cell(reading: Reading, text: str, format_name: Format) -> NotebookDocument:
    language = path_language(reading.path)
    header, start = commented_front_matter(reading, text, COMMENTS.get(language, "#"))
    cells = CellList(reading, header.language or language)
    cells.add("code", text[start:].strip())
    return NotebookDocument(
        format=format_name,
        title=header.title,
        language=cells.language,
        kernel=header.kernel,
        cells=tuple(cells.cells),
    )
