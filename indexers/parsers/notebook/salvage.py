"""Cells out of JSON that is broken somewhere: each object that is whole is read, the rest is named."""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from indexers.parsers.notebook.encoding import position
from indexers.parsers.notebook.reading import Reading

_LIST = re.compile(r'"(cells|paragraphs)"\s*:\s*\[')
_CELL = re.compile(
    r'\{\s*"(?:cell_type|attachments|id|execution_count|metadata|outputs|source|collapsed|input|text|title|config)"\s*:'
)
_GAP = re.compile(r"[\s,]*")
_VERSION = re.compile(r'"(nbformat|nbformat_minor)"\s*:\s*(\d{1,3})\b')
_METADATA = re.compile(r'"(kernelspec|language_info)"\s*:\s*(?=\{)')
_WORK: Final = 2**24
"""Characters to scan at most beyond four times the text: attempts at hostile text would cost its square."""


def salvaged(reading: Reading, text: str) -> object | None:
    """A notebook's JSON made of the cells in `text` that are whole; None where there are none."""
    start = _LIST.search(text)
    if start is None:
        return None
    cells = list(_cells(reading, text, start.end(), start[1]))
    if not cells:
        return None
    if start[1] == "paragraphs":
        return {"paragraphs": cells}
    found: dict[str, object] = {match[1]: int(match[2]) for match in _VERSION.finditer(text)}
    found["metadata"] = dict(_metadata(text))
    if '"worksheets"' in text[: start.start()]:
        return {"nbformat": 3, **found, "worksheets": [{"cells": cells}]}
    return {"nbformat": 4, **found, "cells": cells}


def _cells(reading: Reading, text: str, at: int, key: str) -> Iterator[object]:
    decoder = json.JSONDecoder(strict=False)
    budget, count, named = 4 * len(text) + _WORK, 0, False
    at = _after_gap(text, at)
    while at < len(text) and text[at] != "]":
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            stopped = error.pos if isinstance(error, json.JSONDecodeError) else at
            if not named:
                _name_broken(reading, text, stopped, count)
                named = True
            budget -= _cost(text, at, stopped, error)
            if budget < 0:
                _give_up(reading, text, at)
                return
            at = _next_cell(text, at + 1)
            continue
        budget -= end - at
        if isinstance(value, dict) and _is_cell(value, key):
            yield value
            count, named = count + 1, False
            at = _after_gap(text, end)
        else:
            at = _next_cell(text, end)


def _cost(text: str, at: int, stopped: int, error: Exception) -> int:
    """Characters that a failed attempt looked at; counting the lines before it costs a 16th each."""
    if isinstance(error, RecursionError):
        return len(text) // 4
    return stopped - at + stopped // 16 + 100


def _is_cell(value: dict[str, object], key: str) -> bool:
    return "cell_type" in value if key == "cells" else "text" in value or "config" in value


def _next_cell(text: str, at: int) -> int:
    found = _CELL.search(text, at)
    return found.start() if found else len(text)


def _after_gap(text: str, at: int) -> int:
    found = _GAP.match(text, at)
    return found.end() if found else at


def _name_broken(reading: Reading, text: str, at: int, index: int) -> None:
    line, column = position(text, at)
    reading.fault(
        "notebook_cell_unreadable",
        f"The cell is broken at line {line} and was left out; mend that line or take the cell from "
        "an older version.",
        line=line,
        column=column,
        cell=index,
    )


def _give_up(reading: Reading, text: str, at: int) -> None:
    line, column = position(text, at)
    reading.fault(
        "notebook_not_json",
        f"The file is broken in too many places; nothing after line {line} was read. Mend it by hand.",
        line=line,
        column=column,
    )


def _metadata(text: str) -> Iterator[tuple[str, object]]:
    decoder = json.JSONDecoder(strict=False)
    for match in islice(_METADATA.finditer(text), 10):
        try:
            yield match[1], decoder.raw_decode(text, match.end())[0]
        except (ValueError, RecursionError):
            continue
