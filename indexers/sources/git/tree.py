"""The files of a commit, and what changed between two commits."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from indexers.sources.git.wrapper import Git, split_records

SYMLINK: Final = "120000"
GITLINK: Final = "160000"
MOST_FILES: Final = 1_000_000
"""A tree that names itself again and again has more files than fit any memory: no more are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file in a tree. `path` are git's own bytes; `size` in bytes, -1 where the object is missing."""

    path: bytes
    mode: str
    object_id: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How a path differs between two trees; object ids are empty where the path is not there.

    `status` is A(dded), M(odified), D(eleted), R(enamed, `old_path` is where from) or T(ype changed).
    """

    status: Literal["A", "M", "D", "R", "T"]
    path: bytes
    old_path: bytes
    old_mode: str
    old_object: str
    mode: str
    object_id: str


def list_tree(git: Git, commit: str) -> Iterator[Entry]:
    """Every file of a commit in git's order (bytes of the path). Raises GitFailed."""
    for record in split_records(git.stream("ls-tree", "-r", "-z", "-l", "--full-tree", commit)):
        if record:
            about, _, path = record.partition(b"\t")
            mode, _, object_id, size = about.decode("ascii").split()
            yield Entry(
                path=path,
                mode=mode,
                object_id=object_id,
                size=int(size) if size.isdigit() else -1,
            )


def compare_trees(git: Git, old: str, new: str) -> Iterator[Difference]:
    """What differs, renames paired by likeness. Raises GitFailed."""
    records = split_records(git.stream("diff-tree", "-r", "-z", "-M", "--raw", "--no-abbrev", old, new))
    for about in records:
        old_mode, mode, old_object, object_id, status = about.decode("ascii").lstrip(":").split(" ")
        old_path = next(records)
        path = next(records) if status[0] in "RC" else old_path
        yield Difference(
            status=_status(status),
            path=path,
            old_path=old_path,
            old_mode=old_mode,
            old_object=_or_empty(old_object),
            mode=mode,
            object_id=_or_empty(object_id),
        )


def _status(letters: str) -> Literal["A", "M", "D", "R", "T"]:
    for known in ("A", "M", "D", "R", "T"):
        if letters.startswith(known):
            return known
    return "M"


def _or_empty(object_id: str) -> str:
    return object_id if object_id.strip("0") else ""
