"""Is a file a notebook, and of which format? Judged by the path and the first bytes only.

Strictly: a plain script or Markdown file is none.
"""

import re
from typing import Final, Literal

from indexers.parsers.notebook.databricks import HEADER
from indexers.parsers.notebook.languages import COMMENTS, path_language

Format = Literal[
    "ipynb",
    "zeppelin",
    "databricks",
    "percent",
    "light",
    "jupytext",
    "markdown",
    "myst",
    "rmarkdown",
    "quarto",
]
"""`jupytext` is a script in another of its formats (spin, nomarker, sphinx)."""

HEAD_BYTES: Final = 4096
"""How many first bytes are enough."""

_BY_EXTENSION: Final[dict[str, Format]] = {
    "ipynb": "ipynb",
    "zpln": "zeppelin",
    "rmd": "rmarkdown",
    "rmarkdown": "rmarkdown",
    "qmd": "quarto",
}
_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
_MARKDOWN_KEY = re.compile(r"^(?:jupyter|jupytext|kernelspec)[ \t]*:", re.MULTILINE)
_MYST = re.compile(r"format_name:[ \t]*['\"]?myst|^kernelspec:|^(?:```|:::)\{code-cell\}", re.MULTILINE)
_FORMAT_NAME = re.compile(r"format_name:[ \t]*['\"]?([\w-]+)")
_SCRIPT_HEADER: Final = {
    comment: re.compile(
        rf"(?:\ufeff|#![^\n]*\n|{mark}[^\n]*coding[:=][^\n]*\n)*{mark}[ ]---[ \t]*\n(?:{mark}[^\n]*\n)*?"
        rf"{mark}[ ](?:jupyter|jupytext)[ \t]*:"
    )
    for comment in set(COMMENTS.values())
    if (mark := re.escape(comment))
}
_CELL_MARK: Final = {
    comment: re.compile(rf"^{re.escape(comment)} ?%%(?:$|[ %])", re.MULTILINE)
    for comment in set(COMMENTS.values())
}


def is_notebook(path: str, head: bytes) -> bool:
    """Whether the file is a notebook; `head` are its first `HEAD_BYTES` bytes (all of a shorter file)."""
    return detect(path, head) is not None


def detect(path: str, head: bytes) -> Format | None:
    """The format of a notebook, None for anything else. A broken or empty `.ipynb` is still one."""
    name = path.rpartition("/")[2].casefold()
    extension = name.rpartition(".")[2]
    if found := _BY_EXTENSION.get(extension):
        return found
    if name == "note.json":
        return "zeppelin" if b'"paragraphs"' in head[:HEAD_BYTES] else None
    language = path_language(path)
    if not language and extension not in ("md", "markdown"):
        return None
    text = head[:HEAD_BYTES].decode("utf-8", "ignore").replace("\r\n", "\n")
    return _script(text, language) if language else _markdown(text)


def _markdown(text: str) -> Format | None:
    front = _FRONT_MATTER.match(text)
    if front is None or not _MARKDOWN_KEY.search(front[1]):
        return None
    return "myst" if _MYST.search(front[1]) or _MYST.search(text, front.end()) else "markdown"


def _script(text: str, language: str) -> Format | None:
    if HEADER.match(text):
        return "databricks"
    comment = COMMENTS.get(language)
    if comment is None:
        return None
    if header := _SCRIPT_HEADER[comment].match(text):
        name = _FORMAT_NAME.search(text, header.start())
        return _script_format(name[1] if name else "", text, comment)
    return "percent" if len(_CELL_MARK[comment].findall(text)) >= 2 else None


def _script_format(name: str, text: str, comment: str) -> Format:
    match name:
        case "percent" | "hydrogen":
            return "percent"
        case "light":
            return "light"
        case "":
            return "percent" if _CELL_MARK[comment].search(text) else "light"
        case _:
            return "jupytext"
