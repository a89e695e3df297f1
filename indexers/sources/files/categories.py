"""What a file is to the catalogue, told by its name and its first bytes."""

import posixpath
from typing import Final, Literal

from indexers.parsers.code import language_of
from indexers.parsers.environment import is_environment
from indexers.parsers.notebook import is_notebook
from indexers.vocabulary.kinds import Kind

Category = Literal["notebook", "code", "environment", "text"]

HEAD_BYTES: Final = 4096
LFS_POINTER: Final = b"version https://git-lfs.github.com/spec/"
LFS_POINTER_BYTES: Final = 1024

KIND_OF: Final[dict[Category, Kind]] = {
    "notebook": "notebook",
    "code": "file",
    "environment": "environment",
    "text": "file",
}
TEXT_LIMITS: Final = {
    **dict.fromkeys((".md", ".markdown", ".rst", ".txt", ".adoc"), 4 * 2**20),
    **dict.fromkeys((".yaml", ".yml", ".toml", ".cfg", ".ini"), 2**20),
    ".json": 256 * 1024,
    ".html": 128 * 1024,
    ".csv": 2**40,
    ".tsv": 2**40,
}
"""Endings of files that are read as text, with the most bytes that such a file may have."""

_TEXT_NAMES: Final = (
    "readme",
    "license",
    "licence",
    "copying",
    "changelog",
    "contributing",
    "authors",
    "notice",
)
_CODE_ENDINGS: Final = frozenset(
    (
        ".py", ".pyw", ".pyi", ".r", ".rmd", ".rmarkdown", ".qmd", ".scala", ".sc", ".java", ".sql",
        ".sh", ".bash", ".zsh", ".ipynb", ".zpln",
    )
)  # fmt: skip
_SCRIPT_BYTES: Final = 256 * 1024


def may_matter(path: str, size: int) -> bool:
    """Whether the content decides or adds anything; `size` in bytes, -1 where it is unknown."""
    name = posixpath.basename(path).casefold()
    ending = posixpath.splitext(name)[1]
    if ending in _CODE_ENDINGS or is_environment(path) or language_of(path, b""):
        return True
    if ending in TEXT_LIMITS:
        return size <= TEXT_LIMITS[ending]
    if name.startswith(_TEXT_NAMES):
        return size <= _SCRIPT_BYTES
    return not ending and size <= _SCRIPT_BYTES  # perhaps a script: its first line says so


def categories(path: str, head: bytes) -> tuple[Category, ...]:
    """What the file is, the main thing first; empty for files that the catalogue does not list."""
    found: list[Category] = []
    if is_notebook(path, head[:HEAD_BYTES]):
        found.append("notebook")
    elif language_of(path, head[:HEAD_BYTES]):
        found.append("code")
    if is_environment(path):
        found.append("environment")
    if not found and _is_text(path, head):
        found.append("text")
    return tuple(found)


def kinds(path: str, head: bytes) -> tuple[Kind, ...]:
    """The kinds of entity that the file makes."""
    return tuple(KIND_OF[category] for category in categories(path, head))


def by_name_only(path: str) -> tuple[Category, ...]:
    """`categories` for a file whose content cannot be read: what its name promises."""
    return tuple(category for category in categories(path, b"") if category != "text")


def is_lfs_pointer(data: bytes) -> bool:
    """Whether the blob only stands for a file in Git LFS."""
    return len(data) <= LFS_POINTER_BYTES and data.startswith(LFS_POINTER)


def _is_text(path: str, head: bytes) -> bool:
    name = posixpath.basename(path).casefold()
    if b"\0" in head[:HEAD_BYTES]:
        return False
    return posixpath.splitext(name)[1] in TEXT_LIMITS or name.startswith(_TEXT_NAMES)
