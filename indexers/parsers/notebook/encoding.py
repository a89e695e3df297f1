"""Bytes to text, and what is no notebook at all."""

import codecs
import re
from typing import Final

from indexers.parsers.notebook.reading import Reading

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HTML = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_LFS: Final = b"version https://git-lfs.github.com/spec/"
_PACKED: Final = {
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "a gzip file",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
}


def decoded(reading: Reading, data: bytes) -> str | None:
    """The text of a file; None, with a fault, for what is empty, a stand-in for the file, or no text."""
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf"):
        reading.fault("notebook_empty", "The file is empty; save the notebook again or remove it.")
        return None
    if data.startswith(_LFS):
        reading.fault(
            "notebook_is_lfs_pointer",
            "The file is a Git LFS pointer, the notebook itself is not in the repository; "
            "run `git lfs fetch --all` where it is crawled, or take notebooks out of LFS.",
        )
        return None
    if _HTML.match(data[:1000]):
        reading.fault(
            "notebook_is_html",
            "The file is a web page, most likely a sign-in or error page saved in place of the notebook; "
            "download it again.",
        )
        return None
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _text(reading, data[len(mark) :], encoding)
    for magic, what in _PACKED.items():
        if data.startswith(magic):
            reading.fault("notebook_not_json", f"The file is {what}, not a notebook; unpack or rename it.")
            return None
    return _text(reading, data, "utf-8")


def position(text: str, at: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def well_formed(text: str) -> str:
    """The text with lone surrogates replaced: what remains can be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def _text(reading: Reading, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reading.fault(
            "notebook_not_utf8",
            f"Line {line} holds bytes that are not {encoding.upper()}; they are shown as \ufffd. "
            "Save the file as UTF-8.",
            line=line,
        )
        return data.decode(encoding, "replace")
