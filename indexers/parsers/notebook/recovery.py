"""JSON from strangers: whole if it is, else what can still be read of it, with a fault where it broke."""

import json
import re
from typing import Final, cast

import orjson

from indexers.parsers.notebook.encoding import decoded, position
from indexers.parsers.notebook.merge import conflict_line, sides
from indexers.parsers.notebook.reading import Reading
from indexers.parsers.notebook.salvage import salvaged

MAX_VALUES: Final = 5_000_000
"""Brackets and commas: each is an object of up to 72 bytes, so this bounds memory to a few hundred MB."""

_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_ROOT_KEYS: Final = frozenset(("cells", "worksheets", "nbformat", "paragraphs"))


def load(reading: Reading, data: bytes) -> object | None:
    """The JSON value in `data`; None, with a fault, when nothing of it can be read."""
    if len(data) > MAX_VALUES and sum(map(data.count, (b"{", b"[", b","))) > MAX_VALUES:
        reading.fault(
            "notebook_too_many_values",
            f"The file holds more than {MAX_VALUES:,} JSON values and was not read; clear its outputs.",
        )
        return None
    try:
        return cast("object", orjson.loads(data))
    except orjson.JSONDecodeError:
        text = decoded(reading, data)
    if text is None:
        return None
    if (line := conflict_line(text)) is not None:
        return _load_conflict(reading, text, line)
    return _load_text(reading, _without_lone_surrogates(reading, text))


def _load_conflict(reading: Reading, text: str, line: int) -> object | None:
    reading.fault(
        "notebook_merge_conflict",
        f'A merge was left open at line {line} ("<<<<<<<"); the cells shown are those of the first side. '
        "Settle the conflict and commit the notebook again.",
        line=line,
    )
    ours, theirs = sides(text)
    for side in (ours, theirs):
        try:
            return _parsed(_without_lone_surrogates(reading, side))
        except (ValueError, RecursionError):
            continue
    return salvaged(reading, ours)


def _load_text(reading: Reading, text: str) -> object | None:
    try:
        return _parsed(text)
    except RecursionError:
        reading.fault(
            "notebook_nested_too_deep",
            "The JSON is nested deeper than a notebook can be; only cells without that were read. "
            "Clear its outputs.",
        )
        return salvaged(reading, text)
    except json.JSONDecodeError as error:
        return _repaired(reading, text, error)
    except ValueError as error:  # a number of more digits than Python reads
        reading.fault("notebook_not_json", f"The file holds a value that cannot be read: {str(error)[:100]}.")
        return salvaged(reading, text)


def _parsed(text: str) -> object:
    """What orjson reads, and what only Python's reader takes: NaN and Infinity, which Jupyter writes too."""
    try:
        return cast("object", orjson.loads(text))
    except orjson.JSONDecodeError:
        return cast("object", json.loads(text))


def _repaired(reading: Reading, text: str, error: json.JSONDecodeError) -> object | None:
    line, column = position(text, error.pos)
    if _ends_early(text, error):
        reading.fault(
            "notebook_truncated",
            f"The file ends in the middle of the notebook, at line {line}; the cells before that were read. "
            "Fetch or save it again.",
            line=line,
            column=column,
        )
        return salvaged(reading, text)
    if error.msg.startswith("Invalid control character"):
        return _with_control_characters(reading, text, line, column)
    if (found := _json_inside(reading, text)) is not None:
        return found
    reading.fault(
        "notebook_not_json",
        f"The file is not valid JSON at line {line} ({error.msg}); the cells that are whole were read. "
        "Mend that line or save the notebook again.",
        line=line,
        column=column,
    )
    return salvaged(reading, text)


def _ends_early(text: str, error: json.JSONDecodeError) -> bool:
    return error.msg.startswith("Unterminated string") or not text[error.pos :].strip()


def _with_control_characters(reading: Reading, text: str, line: int, column: int) -> object | None:
    reading.fault(
        "notebook_not_json",
        f"A text at line {line} holds a raw line break or control character, which JSON forbids; "
        "it was read as it stands. Save the notebook again with Jupyter.",
        line=line,
        column=column,
    )
    try:
        return cast("object", json.loads(text, strict=False))
    except (ValueError, RecursionError):
        return salvaged(reading, text)


def _json_inside(reading: Reading, text: str) -> object | None:
    """The notebook in a file that has other text before or after it."""
    start = text.find("{")
    if start < 0:
        return None
    try:
        value, end = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or value.keys().isdisjoint(_ROOT_KEYS):
        return None
    at = 0 if text[:start].strip() else end
    line, column = position(text, at + len(text[at:]) - len(text[at:].lstrip()))
    reading.fault(
        "notebook_text_around",
        f"There is text {'before' if at == 0 else 'after'} the notebook, at line {line}; the notebook itself "
        "was read. Remove that text, Jupyter cannot open the file with it.",
        line=line,
        column=column,
    )
    return value


def _without_lone_surrogates(reading: Reading, text: str) -> str:
    r"""The JSON text with halves of surrogate pairs (`\ud83d` alone) replaced by U+FFFD."""
    if not _SURROGATE.search(text):
        return text
    lone = next((match.start() for match in _ESCAPE.finditer(text) if match[1]), None)
    if lone is None:
        return text
    line, column = position(text, lone)
    reading.fault(
        "notebook_lone_surrogate",
        f"A text at line {line} holds half a character (a lone surrogate); it is shown as \ufffd.",
        line=line,
        column=column,
    )
    return _ESCAPE.sub(lambda match: "\\ufffd" if match[1] else match[0], text)
