"""Paths as people and URNs show them."""

import re
from dataclasses import dataclass
from typing import Final

from indexers.facts import Fault, urn
from indexers.vocabulary.kinds import Kind

_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A path as text; `fault` says so when its bytes could not stand as they are."""

    path: str
    fault: Fault | None = None


def shown(path: bytes) -> Shown:
    """UTF-8 as it is; any other byte, and control characters, as `%` and two hex digits."""
    text = path.decode("utf-8", "surrogateescape")
    escaped = _UNPRINTABLE.sub(_percent, text)
    if escaped == text:
        return Shown(path=text)
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        message = "Its name is not UTF-8; the bytes that are not are shown as %XX. Rename the file."
        return Shown(path=escaped, fault=Fault(code="path_not_utf8", place=escaped, message=message))
    message = "Its name has control characters, shown as %XX. Rename the file."
    return Shown(path=escaped, fault=Fault(code="path_control_characters", place=escaped, message=message))


def ref_text(name: str) -> str:
    """A branch's or tag's name as text that UTF-8 can hold."""
    return _UNPRINTABLE.sub(_percent, name)


def item_urn(kind: Kind, source: str, path: str) -> str:
    """The urn of a file, notebook or environment of a source."""
    return urn(kind, source, path)


def _percent(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"%{code - 0xDC00 if code >= 0xD800 else code:02X}"  # where surrogateescape puts bytes
