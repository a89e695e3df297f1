"""Terminal text: colours as classes, carriage returns as a terminal shows them, all else taken out."""

import re
from collections.abc import Iterator
from html import escape
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from hub.web.rendering.clean import readable

_COLOURS: Final = (
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
)
_BRIGHT: Final = ("gray", *_COLOURS[1:])
_ESCAPE: Final = re.compile(
    r"\x1b\[(?P<sgr>[0-9;]{0,40})m"  # ECMA-48 SGR: the only sequence with a meaning here
    r"|\x1b\[[0-?]*[ -/]*[@-~]"  # any other control sequence
    r"|\x1b[\]PX^_].*?(?:\x07|\x1b\\|\Z)"  # operating system commands and the like, with their text
    r"|\x1b[()*+][0-9A-Za-z]"  # character sets
    r"|\x1b[@-Z\\-_]?"
    r"|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]",
    re.DOTALL,
)


def ansi(text: str) -> SafeString:
    """`text` with spans of class a-b, a-i, a-u and a-<colour>; progress bars keep their last state."""
    lines = readable(text).replace("\r\n", "\n").split("\n")
    # A terminal goes back to the start of the line and writes over it.
    tidy = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines)
    return mark_safe("".join(_spans(tidy)))  # noqa: S308  all text is escaped


def _spans(text: str) -> Iterator[str]:
    state: dict[str, str] = {}
    position = 0
    for match in _ESCAPE.finditer(text):
        yield _span(state, text[position : match.start()])
        position = match.end()
        if match["sgr"] is not None:
            _apply(state, [int(code or 0) for code in match["sgr"].split(";")])
    yield _span(state, text[position:])


def _span(state: dict[str, str], text: str) -> str:
    if not text:
        return ""
    classes = " ".join(name for name in state.values() if name)
    return (
        f'<span class="{classes}">{escape(text, quote=False)}</span>'
        if classes
        else escape(text, quote=False)
    )


def _apply(state: dict[str, str], codes: list[int]) -> None:
    index = 0
    while index < len(codes):
        code = codes[index]
        if code in {38, 48}:  # 256 and true colours have no theme-safe class: skipped with their arguments
            index += {5: 3, 2: 5}.get(codes[index + 1] if index + 1 < len(codes) else 0, 1)
            continue
        if code == 0:
            state.clear()
        elif code in _STYLES:
            part, name = _STYLES[code]
            state[part] = name
        index += 1


_STYLES: Final = (
    {
        1: ("weight", "a-b"),
        3: ("slope", "a-i"),
        4: ("line", "a-u"),
        22: ("weight", ""),
        23: ("slope", ""),
    }
    | {24: ("line", ""), 39: ("colour", "")}
    | {30 + n: ("colour", f"a-{name}") for n, name in enumerate(_COLOURS)}
    | {90 + n: ("colour", f"a-{name}") for n, name in enumerate(_BRIGHT)}
)
