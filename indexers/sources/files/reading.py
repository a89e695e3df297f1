"""Read one file: runs in a child process, so that what hurts is only that file."""

import csv
import dataclasses
import hashlib
import io
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from indexers.facts import Blob, Fault
from indexers.parsers import code, environment, notebook
from indexers.sources.files.categories import Category, is_lfs_pointer
from indexers.vocabulary.facets import Code, Documentation, Environment, Notebook
from indexers.vocabulary.facets.base import Facet

_TEXT_BYTES: Final = 64 * 1024
_SUMMARY_LETTERS: Final = 300
_MARKUP: Final = {".md": "markdown", ".markdown": "markdown", ".rst": "rst"}
_PARAGRAPHS: Final = 40
_NO_PROSE: Final = re.compile(r"[#=~`<\-!\[|+*]|\.\. |:[\w-]+:")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReading:
    """What a file gave: facets by category, bytes to keep, what went wrong, which cell uses what data."""

    facets: tuple[tuple[Category, Facet], ...] = ()
    blobs: tuple[Blob, ...] = ()
    faults: tuple[Fault, ...] = ()
    uses: tuple[notebook.DataUse, ...] = ()


def read_file(path: str, data: bytes, wanted: tuple[Category, ...], picture_pixels: int) -> FileReading:
    """The facets of a file in the categories `wanted`.

    Thumbnails are made of pictures up to `picture_pixels`; a past version gets none, which 0 says.
    """
    if is_lfs_pointer(data):
        message = "Its content lies in Git LFS, which is not fetched: only the pointer was found."
        return FileReading(faults=(Fault(code="lfs_pointer", place=path, message=message),))
    facets: list[tuple[Category, Facet]] = []
    blobs: list[Blob] = []
    faults: list[Fault] = []
    uses: list[notebook.DataUse] = []
    for category in wanted:
        reading = _READERS[category](path, data, picture_pixels)
        facets += reading.facets
        blobs += reading.blobs
        faults += reading.faults
        uses += reading.uses
    return FileReading(facets=tuple(facets), blobs=tuple(blobs), faults=tuple(faults), uses=tuple(uses))


def _notebook(path: str, data: bytes, picture_pixels: int) -> FileReading:
    parsed = notebook.parse(path, data)
    if picture_pixels:
        parsed = notebook.with_thumbnails(path, parsed, max_pixels=picture_pixels)
    return FileReading(
        facets=_one("notebook", parsed.summary), blobs=parsed.blobs, faults=parsed.faults, uses=parsed.data
    )


def _code(path: str, data: bytes, picture_pixels: int) -> FileReading:  # noqa: ARG001  # the one shape of readers
    parsed = code.parse(path, data)
    if parsed.facet is None:
        return FileReading(faults=parsed.faults)
    text = parsed.text.encode("utf-8", "replace")
    blob = Blob(digest=hashlib.sha256(text).hexdigest(), media_type="text/plain", data=text)
    facet = dataclasses.replace(parsed.facet, content=blob.digest)
    return FileReading(facets=_one("code", facet), blobs=(blob,), faults=parsed.faults)


def _environment(path: str, data: bytes, picture_pixels: int) -> FileReading:  # noqa: ARG001  # the one shape of readers
    parsed = environment.parse(path, data)
    facets = _one("environment", parsed.facet) if parsed.facet else ()
    return FileReading(facets=facets, faults=parsed.faults)


def _text(path: str, data: bytes, picture_pixels: int) -> FileReading:  # noqa: ARG001  # the one shape of readers
    ending = posixpath.splitext(path.casefold())[1]
    faults: tuple[Fault, ...] = ()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        message = "It is not UTF-8; the letters that could not be read are shown as a question mark."
        faults = (Fault(code="text_not_utf8", place=path, message=message),)
    text = text.replace("\0", "")
    if ending in (".csv", ".tsv"):
        facet = Documentation(summary=_header(text, "\t" if ending == ".tsv" else ","))
        return FileReading(facets=_one("text", facet), faults=faults)
    shortened = text.encode("utf-8", "replace")[:_TEXT_BYTES].decode("utf-8", "ignore")
    markup = _MARKUP.get(ending, "plain")
    facet = Documentation(summary=_summary(shortened, markup), text=shortened, markup=markup)
    return FileReading(facets=_one("text", facet), faults=faults)


def _one(
    category: Category, value: Notebook | Code | Environment | Documentation
) -> tuple[tuple[Category, Facet], ...]:
    return ((category, value),)


def _header(text: str, delimiter: str) -> str:
    """The column names of a table in text, as one line."""
    try:
        row = next(csv.reader(io.StringIO(text[:_TEXT_BYTES]), delimiter=delimiter), [])
    except csv.Error:
        return ""
    return ", ".join(name.strip() for name in row)[:_SUMMARY_LETTERS]


def _summary(text: str, markup: str) -> str:
    """The first sentence of prose; nothing for data such as YAML."""
    if markup == "plain":
        return ""
    for paragraph in re.split(r"\n[ \t]*\n", text[:_TEXT_BYTES], maxsplit=_PARAGRAPHS)[:_PARAGRAPHS]:
        words = " ".join(paragraph.split())
        if words and not _NO_PROSE.match(words):
            sentence = re.match(r"(.+?[.!?])(?= |$)", words[: 4 * _SUMMARY_LETTERS])
            return (sentence[1] if sentence else words)[:_SUMMARY_LETTERS]
    return ""


_READERS: Final[dict[Category, Callable[[str, bytes, int], FileReading]]] = {
    "notebook": _notebook,
    "code": _code,
    "environment": _environment,
    "text": _text,
}
