"""The files of a folder: nothing outside of it, no link followed, no repository entered."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexers.facts import Fault
from indexers.sources.files.names import shown

_PASSED_OVER: Final = frozenset({"node_modules", "__pycache__", "venv"})
"""Folders of tools; those whose name starts with a dot are passed over too."""

_DEEPEST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A plain file (or a Delta table's folder) below the root. `path` is relative, with `/`, as shown."""

    path: str
    place: Path
    size: int
    changed: int
    is_delta: bool = False


def walk(root: Path) -> Iterator[Found | Fault]:
    """Every file in the order of names, and what could not be entered. OSError: the root cannot be listed."""
    yield from _walk(root, "", 0)


def _walk(folder: Path, prefix: str, depth: int) -> Iterator[Found | Fault]:
    with os.scandir(os.fsencode(folder)) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        name = shown(entry.name)
        path = prefix + name.path
        if name.fault is not None:
            yield Fault(code=name.fault.code, place=path, message=name.fault.message)
        if entry.is_symlink():
            message = "It is a symbolic link and was not followed; what it names is read where it lies."
            yield Fault(code="symlink_not_followed", place=path, message=message)
        elif entry.is_dir(follow_symlinks=False):
            yield from _enter(Path(os.fsdecode(entry.path)), path, depth + 1)
        else:
            try:
                about = entry.stat(follow_symlinks=False)
            except OSError:
                continue  # it went between two looks
            if stat.S_ISREG(about.st_mode):
                place = Path(os.fsdecode(entry.path))
                yield Found(path=path, place=place, size=about.st_size, changed=about.st_mtime_ns)


def _enter(folder: Path, path: str, depth: int) -> Iterator[Found | Fault]:
    if folder.name.startswith(".") or folder.name in _PASSED_OVER:
        return
    if (folder / ".git").exists() or ((folder / "HEAD").is_file() and (folder / "objects").is_dir()):
        message = "It is a Git repository and was not entered: add it as a source of its own."
        yield Fault(code="repository_not_entered", place=path, message=message)
        return
    if depth > _DEEPEST:
        message = f"It lies more than {_DEEPEST} folders deep and was not entered: move it up."
        yield Fault(code="folder_unreadable", place=path[:1000], message=message)
        return
    try:
        if (folder / "_delta_log").is_dir():
            yield _delta(folder, path)
        else:
            yield from _walk(folder, path + "/", depth)
    except OSError as error:
        message = (
            f"The folder could not be read ({error.strerror}): give the hub's user the right to list it."
        )
        yield Fault(code="folder_unreadable", place=path, message=message)


def _delta(folder: Path, path: str) -> Found | Fault:
    """The newest change of a Delta table is the newest file of its log."""
    changed, size = 0, 0
    for entry in (folder / "_delta_log", *(folder / "_delta_log").iterdir()):
        about = entry.lstat()
        if stat.S_ISLNK(about.st_mode):
            message = "The log of this Delta table holds a symbolic link, so it was not read."
            return Fault(code="delta_unreadable", place=path, message=message)
        changed, size = max(changed, about.st_mtime_ns), size + about.st_size
    return Found(path=path, place=folder, size=size, changed=changed, is_delta=True)
