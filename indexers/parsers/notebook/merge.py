"""Merge markers that Git left in a file."""

import re
from typing import Final

_OPEN = re.compile(r"^<{7}(?:[ \r]|$)", re.MULTILINE)
_BOTH, _OURS, _BASE, _THEIRS = range(4)
_MARKS: Final = {"<<<<<<<": _OURS, "|||||||": _BASE, "=======": _THEIRS, ">>>>>>>": _BOTH}


def conflict_line(text: str) -> int | None:
    """The line, from 1, of the first marker that opens a conflict."""
    found = _OPEN.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else None


def sides(text: str) -> tuple[str, str]:
    """The text as either side has it; lines of the other side are left empty, so line numbers hold."""
    state, ours, theirs = _BOTH, [], []
    for line in text.split("\n"):
        mark = _MARKS.get(line[:7]) if line[7:8] in ("", " ", "\r") else None
        if mark is not None and (mark == _OURS or state != _BOTH):
            state = mark
            ours.append("")
            theirs.append("")
            continue
        ours.append(line if state in (_BOTH, _OURS) else "")
        theirs.append(line if state in (_BOTH, _THEIRS) else "")
    return "\n".join(ours), "\n".join(theirs)
