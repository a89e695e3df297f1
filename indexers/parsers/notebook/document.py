"""A notebook as the hub keeps it: the JSON in the content store that pages, diff and search are made from.

Pictures and other large parts lie beside it as blobs of the content store, named by digest.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar, get_args

import orjson

CellKind = Literal["code", "markdown", "raw"]
OutputKind = Literal["text", "table", "picture", "plot", "html", "widget", "error"]

MEDIA_TYPE: Final = "application/vnd.boxwood.notebook+json"
VERSION: Final = 1


class DocumentInvalid(ValueError):
    """The bytes are not a stored notebook; the message names the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One output in its best representation: picture, then plot, HTML table, HTML, text.

    `text` is the plain text beside it, at most `outputs.TEXT_LIMIT` characters, `truncated` if it was
    longer. `digest` names the picture's blob, `width` and `height` are its pixels where the header
    says them. `data` is markup or a plot specification of type `data_type` as the notebook holds it:
    it comes from strangers and must be sanitised or framed. Where it is large, `data` is empty and
    `data_digest` names its blob. `name` is the stream (stdout, stderr) or the error's class. Only the
    `traceback` holds escape sequences, those of colours.
    """

    kind: OutputKind
    media_type: str = ""
    text: str = ""
    truncated: bool = False
    digest: str = ""
    width: int | None = None
    height: int | None = None
    data: str = ""
    data_type: str = ""
    data_digest: str = ""
    name: str = ""
    value: str = ""
    traceback: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A picture that a Markdown cell shows as `attachment:name`."""

    name: str
    media_type: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """`id` is unique in the notebook and stable for links; `index` counts all cells from 0.

    `language` is a lower-case word; for code it is what the cell's magic says, else the kernel's.
    """

    id: str
    index: int
    kind: CellKind
    language: str
    source: str
    title: str = ""
    tags: tuple[str, ...] = ()
    execution_count: int | None = None
    outputs: tuple[Output, ...] = ()
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookDocument:
    """`format` is one of `detect.Format`; `format_version` as the file says it (`4.5`), where it does."""

    format: str
    format_version: str = ""
    title: str = ""
    language: str = ""
    kernel: str = ""
    cells: tuple[Cell, ...] = ()
    version: int = VERSION


def to_json(document: NotebookDocument) -> bytes:
    """The same document always gives the same bytes. All text must be free of lone surrogates."""
    return orjson.dumps(document)


def from_json(data: bytes) -> NotebookDocument:
    """The inverse of `to_json`. Raises DocumentInvalid."""
    try:
        payload = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise DocumentInvalid(f"not JSON: {error}") from error
    document = _build(NotebookDocument, payload, "document")
    if document.version != VERSION:
        raise DocumentInvalid(f"document.version is {document.version}, not {VERSION}")
    return document


T = TypeVar("T")
Check = Callable[[Any, str], Any]


def _one_of(*types: type) -> Check:
    def check(value: object, place: str) -> object:
        if type(value) not in types:
            raise DocumentInvalid(f"{place} is {type(value).__name__}")
        return value

    return check


def _word(*words: str) -> Check:
    def check(value: object, place: str) -> object:
        if value not in words:
            raise DocumentInvalid(f"{place} is not one of {', '.join(words)}")
        return value

    return check


def _list_of(item: Check) -> Check:
    def check(value: object, place: str) -> object:
        if not isinstance(value, list):
            raise DocumentInvalid(f"{place} is not a list")
        return tuple(item(found, f"{place}[{at}]") for at, found in enumerate(value))

    return check


def _dataclass(cls: type[T]) -> Check:
    return lambda value, place: _build(cls, value, place)


_TEXT = _one_of(str)
_COUNT = _one_of(int, type(None))

_FIELDS: dict[type, Mapping[str, Check]] = {
    Output: {
        **dict.fromkeys(Output.__dataclass_fields__, _TEXT),
        "kind": _word(*get_args(OutputKind)),
        "truncated": _one_of(bool),
        "width": _COUNT,
        "height": _COUNT,
    },
    Attachment: dict.fromkeys(Attachment.__dataclass_fields__, _TEXT),
    Cell: {
        **dict.fromkeys(Cell.__dataclass_fields__, _TEXT),
        "index": _one_of(int),
        "kind": _word(*get_args(CellKind)),
        "tags": _list_of(_TEXT),
        "execution_count": _COUNT,
        "outputs": _list_of(_dataclass(Output)),
        "attachments": _list_of(_dataclass(Attachment)),
    },
    NotebookDocument: {
        **dict.fromkeys(NotebookDocument.__dataclass_fields__, _TEXT),
        "cells": _list_of(_dataclass(Cell)),
        "version": _one_of(int),
    },
}


def _build(cls: type[T], payload: object, place: str) -> T:
    if not isinstance(payload, dict):
        raise DocumentInvalid(f"{place} is not an object")
    checks = _FIELDS[cls]
    if unknown := payload.keys() - checks.keys():
        raise DocumentInvalid(f"{place} has unknown fields: {', '.join(sorted(unknown))}")
    values = {name: checks[name](value, f"{place}.{name}") for name, value in payload.items()}
    try:
        return cls(**values)
    except TypeError as error:
        raise DocumentInvalid(f"{place}: {error}") from error
