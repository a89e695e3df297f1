"""Jupyter notebooks, nbformat 3 to 4.5, from their JSON."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, cast

from indexers.parsers.notebook import pictures
from indexers.parsers.notebook.cells import MAX_CELLS, CellList, check_count
from indexers.parsers.notebook.document import Attachment, CellKind, NotebookDocument
from indexers.parsers.notebook.encoding import well_formed
from indexers.parsers.notebook.languages import language_name
from indexers.parsers.notebook.outputs import joined, read_outputs
from indexers.parsers.notebook.reading import Reading

_KINDS: Final = ("code", "markdown", "raw")
_LARGEST: Final = 2**53
_SPACES = re.compile(r"\s+")

Json = Mapping[str, object]


def read_ipynb(reading: Reading, raw: object, format_name: str = "ipynb") -> NotebookDocument | None:
    """The document of a notebook's JSON; None and a fault where there are no cells to be found in it."""
    if not isinstance(raw, dict):
        _wrong_shape(reading, "the file is not a JSON object")
        return None
    version = _version(reading, raw)
    metadata = _mapping(reading, raw, "metadata")
    language, kernel = _kernel(metadata)
    items = _items(reading, raw)
    if items is None:
        return None
    cells = CellList(reading, language or _first_language(items))
    check_count(reading, len(items))
    for item in items[:MAX_CELLS]:
        _read_cell(reading, cells, item, version)
    return NotebookDocument(
        format=format_name,
        format_version=".".join(map(str, version)) if version != (0, 0) else "",
        title=_title(metadata),
        language=cells.language,
        kernel=kernel,
        cells=tuple(cells.cells),
    )


def _version(reading: Reading, raw: Json) -> tuple[int, int]:
    major, minor = raw.get("nbformat"), raw.get("nbformat_minor", 0)
    if type(major) is not int:
        reading.fault(
            "notebook_version_missing",
            "The notebook does not say its nbformat and was read by its shape. Save it with Jupyter.",
        )
        return (3, 0) if "worksheets" in raw else (4, 0)
    if not 2 <= major <= 4:
        reading.fault(
            "notebook_version_unknown",
            f"The notebook says format {str(major)[:20]}; known are 3 and 4. It was read by its shape.",
        )
        return (0, 0)
    return major, minor if type(minor) is int and 0 <= minor < 1000 else 0


def _kernel(metadata: Json) -> tuple[str, str]:
    """Language and kernel name; a notebook without either is one of Python, as Jupyter takes it."""
    kernelspec, info = metadata.get("kernelspec"), metadata.get("language_info")
    spec: Json = kernelspec if isinstance(kernelspec, dict) else {}
    about: Json = info if isinstance(info, dict) else {}
    kernel = _line(spec.get("name")) or _line(spec.get("display_name"))
    named = about.get("name") or spec.get("language") or metadata.get("language")
    if not isinstance(named, str) and (databricks := metadata.get("application/vnd.databricks.v1+notebook")):
        named = databricks.get("language") if isinstance(databricks, dict) else ""
    return language_name(_line(named)) or _kernel_language(kernel), kernel


def _kernel_language(kernel: str) -> str:
    if not kernel:
        return ""
    folded = kernel.casefold()
    return "r" if folded in ("ir", "irkernel") else "julia" if folded.startswith("julia") else "python"


def _first_language(items: list[object]) -> str:
    """The language of the cells: nbformat 3 kept it in each of them."""
    for item in items:
        if isinstance(item, dict) and isinstance(language := item.get("language"), str):
            return language_name(language)
    return "python"


def _items(reading: Reading, raw: Json) -> list[object] | None:
    cells, worksheets = raw.get("cells"), raw.get("worksheets")
    if isinstance(cells, list):
        return cells
    if isinstance(worksheets, list):
        return list(_sheet_cells(reading, worksheets))
    _wrong_shape(reading, "there is no list of cells in it")
    return None


def _sheet_cells(reading: Reading, worksheets: list[object]) -> Iterator[object]:
    for sheet in worksheets:
        cells = sheet.get("cells") if isinstance(sheet, dict) else None
        if isinstance(cells, list):
            yield from cells
        else:
            _wrong_shape(reading, "a worksheet has no list of cells")


def _read_cell(reading: Reading, cells: CellList, item: object, version: tuple[int, int]) -> None:
    index = cells.index
    if not isinstance(item, dict):
        _bad_cell(reading, index, "A cell is not an object and was left out")
        return
    kind, source = item.get("cell_type"), item.get("source", item.get("input"))
    text = source if isinstance(source, str) else joined(source)
    if text is None:
        _bad_cell(reading, index, "The cell has no source, or one that is not text; it is shown empty")
        text = ""
    if kind == "heading":
        kind, text = "markdown", _heading(item, text)
    elif kind not in _KINDS:
        _bad_cell(
            reading, index, "The cell does not say whether it is code or Markdown; it is shown as raw text"
        )
        kind = "raw"
    metadata = item.get("metadata")
    if not isinstance(metadata, dict) and version >= (4, 0):
        _bad_cell(reading, index, "The cell's metadata are missing or not an object; it is shown without")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    is_code = kind == "code"
    cells.add(
        cast("CellKind", kind),
        text,
        own_id=_own_id(reading, item, index, asks=version >= (4, 5)),
        language=_own_language(metadata) if is_code and isinstance(metadata, dict) else "",
        tags=tuple(tag[:100] for tag in tags[:50] if isinstance(tag, str)) if isinstance(tags, list) else (),
        execution_count=_count(reading, item, index) if is_code else None,
        outputs=read_outputs(reading, item.get("outputs"), index) if is_code else (),
        attachments=() if is_code or "attachments" not in item else _attachments(reading, item, index),
    )


def _own_id(reading: Reading, item: Json, index: int, *, asks: bool) -> str:
    """The id as the file has it; null, or none where the format asks for one, is a fault."""
    found = item.get("id")
    if isinstance(found, str) and found:
        return found
    if asks or "id" in item:
        reading.fault(
            "notebook_cell_id_invalid",
            "The cell has no id, or one that is null or empty; links to it use an id made of its content. "
            "Save the notebook with a current Jupyter.",
            cell=index,
        )
    return ""


def _own_language(metadata: Json) -> str:
    """The language that VS Code, Polyglot and jupytext write beside a single cell."""
    vscode, named = metadata.get("vscode"), metadata.get("language")
    if isinstance(vscode, dict) and not isinstance(named, str):
        named = vscode.get("languageId")
    return language_name(named) if isinstance(named, str) else ""


def _heading(item: Json, text: str) -> str:
    level = item.get("level")
    depth = level if type(level) is int and 1 <= level <= 6 else 1
    return f"{'#' * depth} {_SPACES.sub(' ', text).strip()}"


def _count(reading: Reading, item: Json, index: int) -> int | None:
    count = item.get("execution_count", item.get("prompt_number"))
    if count is None or (type(count) is int and 0 <= count < _LARGEST):
        return count
    _bad_cell(reading, index, "The cell's execution count is not a number; it counts as not run")
    return None


def _attachments(reading: Reading, item: Json, index: int) -> tuple[Attachment, ...]:
    raw = item["attachments"]
    if not isinstance(raw, dict):
        _bad_cell(reading, index, "The cell's attachments are not an object and were left out")
        return ()
    found: list[Attachment] = []
    for name, bundle in raw.items():
        for media_type, value in bundle.items() if isinstance(bundle, dict) else ():
            text = joined(value)
            if media_type not in (*pictures.RASTER, pictures.SVG) or text is None:
                continue
            try:
                data = text.encode() if media_type == pictures.SVG else pictures.decode(text)
            except pictures.PictureInvalid:
                _bad_cell(
                    reading, index, "A picture attached to the cell is not valid base64 and was left out"
                )
                continue
            found.append(
                Attachment(name=name[:200], media_type=media_type, digest=reading.keep(data, media_type))
            )
    return tuple(found)


def _title(metadata: Json) -> str:
    return _line(metadata.get("title"), 200)


def _line(value: object, limit: int = 100) -> str:
    return _SPACES.sub(" ", well_formed(value[:1000])).strip()[:limit] if isinstance(value, str) else ""


def _mapping(reading: Reading, raw: Json, key: str) -> Json:
    found = raw.get(key)
    if isinstance(found, dict):
        return found
    _wrong_shape(reading, f"its {key} are missing or not an object")
    return {}


def _wrong_shape(reading: Reading, what: str) -> None:
    reading.fault(
        "notebook_wrong_shape",
        f"The notebook is not built as the format says: {what}. Open and save it with Jupyter.",
    )


def _bad_cell(reading: Reading, index: int, what: str) -> None:
    reading.fault("notebook_cell_invalid", f"{what}. Open and save the notebook with Jupyter.", cell=index)
