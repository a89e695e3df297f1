"""The history of a branch in one `git log --raw`: versions of the files at its head, renames followed.

The log is walked from the newest commit to the oldest. A path at the head owns its versions; when a
commit renamed it, the old name belongs to the same owner in all older commits. A path that was
deleted and came back keeps its owner. A merge counts where its result differs from all its parents.
"""

import contextlib
import marshal
import tempfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

from indexers.facts import Fault, Person
from indexers.sources.git.tree import MOST_FILES
from indexers.sources.git.wrapper import Git, GitFailed, split_records

_FORMAT: Final = "%x01%H%x00%ct%x00%aN%x00%aE%x00%s"
_SUBJECT_LETTERS: Final = 500
_LATEST_TIME: Final = 253_402_300_799
"""The last second of the year 9999: what a datetime can say."""

_CHANGES: Final = {b"A": "added", b"R": "renamed", b"C": "added"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit as its log line says. `level` is 1 for a root, else one more than the highest parent's.

    Levels never change when history grows, so they order versions the same in every crawl.
    """

    sha: str
    level: int
    time: datetime
    author: Person
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A blob that a commit put at `path`; `owner` is the path at the head that it belongs to."""

    owner: bytes
    path: bytes
    object_id: str
    change: str


class Change(NamedTuple):
    """A line of the raw log: no blob where the path was deleted, `old_paths` are names left behind.

    A tuple, not a dataclass: a long history makes millions of them.
    """

    path: bytes
    object_id: str
    change: str
    old_paths: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """The newest commit that changed a file."""

    sha: str
    time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ancestry:
    """The shape of a branch: its root commits, sorted, and every commit's level by its binary id."""

    roots: tuple[str, ...]
    levels: dict[bytes, int]


class History:
    """What one walk says of `paths`, the files at the head. Versions wait in a file in `scratch`.

    `latest` holds the newest change of each path, `older_names` the names it had before, newest
    first. `faults` says what could not be walked; `complete` is false when older commits are missing.
    """

    def __init__(self, git: Git, scratch: Path) -> None:
        self._git = git
        self._spool = tempfile.TemporaryFile(dir=scratch)  # noqa: SIM115  # closed by __exit__
        self.latest: dict[bytes, Touch] = {}
        self.older_names: dict[bytes, list[bytes]] = {}
        self.faults: list[Fault] = []
        self.complete = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._spool.close()

    def walk(
        self,
        paths: Collection[bytes],
        *,
        old: str,
        new: str,
        levels: dict[bytes, int],
        place: str,
    ) -> None:
        """Read the log of `old..new` (all of `new` where `old` is empty) once."""
        try:
            self._walk(paths, old=old, new=new, levels=levels, careful=False)
        except GitFailed:
            message = "Git could not compare its contents, so only renames without an edit were followed."
            self.faults.append(Fault(code="renames_not_followed", place=place, message=message))
            try:
                self._walk(paths, old=old, new=new, levels=levels, careful=True)
            except GitFailed as error:
                self.pass_over(place, str(error))

    def pass_over(self, place: str, why: str) -> None:
        """Say that older versions are missing, and why."""
        self.complete = False
        message = f"The history could be read only in part: {why.rstrip('.')}."
        self.faults.append(Fault(code="history_incomplete", place=place, message=message))

    def versions(self) -> Iterator[tuple[Commit, tuple[Version, ...]]]:
        """Commits with the versions they made, newest first."""
        self._spool.seek(0)
        while True:
            try:
                sha, level, time, name, email, subject, made = marshal.load(self._spool)  # noqa: S302  # our own file
            except EOFError:
                return
            author = Person(name=name, email=email)
            commit = Commit(sha=sha, level=level, time=_time(time), author=author, subject=subject)
            yield (
                commit,
                tuple(
                    Version(owner=owner, path=path, object_id=object_id, change=change)
                    for owner, path, object_id, change in made
                ),
            )

    def _walk(
        self,
        paths: Collection[bytes],
        *,
        old: str,
        new: str,
        levels: dict[bytes, int],
        careful: bool,
    ) -> None:
        self._spool.seek(0)
        self._spool.truncate()
        self.latest.clear()
        self.older_names.clear()
        owners = {path: path for path in paths}
        for sha, seconds, name, email, subject, changes in _log(self._git, old=old, new=new, careful=careful):
            made = self._attribute(owners, changes, Touch(sha=sha, time=_time(seconds)))
            if made:
                level = levels.get(bytes.fromhex(sha), 0)
                marshal.dump((sha, level, seconds, name, email, subject, made), self._spool)

    def _attribute(
        self, owners: dict[bytes, bytes], changes: list[Change], touch: Touch
    ) -> list[tuple[bytes, bytes, str, str]]:
        made, claims = [], dict[bytes, bytes]()
        for change in changes:
            owner = owners.get(change.path)
            if owner is None:
                continue
            if change.object_id:
                made.append((owner, change.path, change.object_id, change.change))
                self.latest.setdefault(owner, touch)
            for old_path in change.old_paths:
                claims[old_path] = owner
                self.older_names.setdefault(owner, []).append(old_path)
        owners.update(claims)  # after the whole commit: a -> b and b -> c may happen in one
        return made


def ancestry(git: Git, head: str) -> Ancestry:
    """Walk the commits only, without their changes; where some are missing, those that can be reached."""
    lines: Iterable[bytes]
    try:
        lines = split_records(
            git.stream("rev-list", "--parents", "--topo-order", "--reverse", head, "--"), b"\n"
        )
        return _ancestry(lines)
    except GitFailed:
        lines = []
        with contextlib.suppress(GitFailed):
            for line in split_records(git.stream("rev-list", "--parents", head, "--"), b"\n"):
                lines.append(line)  # what came before the failure counts
        return _ancestry(reversed(lines))


def _ancestry(oldest_first: Iterable[bytes]) -> Ancestry:
    levels, roots = dict[bytes, int](), list[str]()
    for line in oldest_first:
        commit, *parents = line.decode("ascii").split(" ")
        if not parents:
            roots.append(commit)
        known = (levels.get(bytes.fromhex(parent), 0) for parent in parents)
        levels[bytes.fromhex(commit)] = 1 + max(known, default=0)
    return Ancestry(roots=tuple(sorted(roots)), levels=levels)


def is_ancestor(git: Git, old: str, new: str) -> bool:
    """Whether `new` continues `old`; false also where `old` is not there any more."""
    try:
        git.run("merge-base", "--is-ancestor", old, new)
    except GitFailed:
        return False
    return True


def distinct_blobs(git: Git, suffix: bytes) -> int:
    """How many different blobs files with this suffix have had on any branch."""
    found = set()
    for _, _, _, _, _, changes in _log(git, old="", new="--branches", careful=True):
        found |= {change.object_id for change in changes if change.path.endswith(suffix)}
    return len(found - {""})


def _log(
    git: Git, *, old: str, new: str, careful: bool
) -> Iterator[tuple[str, int, str, str, str, list[Change]]]:
    span = [f"^{old}", new] if old else [new]
    order = () if careful else ("--topo-order",)
    shown = (
        "--raw",
        "-z",
        "-M100%" if careful else "-M50%",
        "-l1000",
        "-c",
        "--combined-all-paths",
        "--no-abbrev",
        "--no-ext-diff",
    )
    records = split_records(
        git.stream(
            "log",
            *order,
            "--use-mailmap",
            *shown,
            f"--format={_FORMAT}",
            *span,
            "--",
        )
    )
    header: tuple[str, int, str, str, str] | None = None
    changes: list[Change] = []
    for record in records:
        line = record.lstrip(b"\n")
        if line.startswith(b"\x01"):
            if header is not None:
                yield (*header, changes)
            header, changes = _header(line, records), []
        elif line.startswith(b":"):
            changes.append(_change(line, records))
            if len(changes) > MOST_FILES:
                raise GitFailed("git_output_too_large", "a commit changes more files than are looked at.")
    if header is not None:
        yield (*header, changes)


def _header(line: bytes, records: Iterator[bytes]) -> tuple[str, int, str, str, str]:
    seconds, name, email, subject = (next(records).decode("utf-8", "replace") for _ in range(4))
    return (
        line[1:].decode("ascii"),
        int(seconds or 0),
        name,
        email,
        subject[:_SUBJECT_LETTERS],
    )


def _change(line: bytes, records: Iterator[bytes]) -> Change:
    if line.startswith(b"::"):
        return _combined(line, records)
    _, mode, _, object_id, letters = line.split(b" ")
    path, left = next(records), b""
    if letters[:1] in b"RC":
        left, path = path if letters[:1] == b"R" else b"", next(records)
    old_paths = (left,) if left else ()
    return Change(path=path, object_id=_kept(mode, object_id), change=_word(letters), old_paths=old_paths)


def _combined(line: bytes, records: Iterator[bytes]) -> Change:
    """A merge that differs from all its parents: one colon, mode, object, letter and old path for each."""
    parents = len(line) - len(line.lstrip(b":"))
    fields = line[parents:].split(b" ")
    mode, object_id, letters = fields[parents], fields[2 * parents + 1], fields[2 * parents + 2]
    *before, path = [next(records) for _ in range(parents + 1)]
    left = tuple(dict.fromkeys(name for name in before if name != path)) if b"R" in letters else ()
    everywhere = letters[:1] if set(letters) == {letters[0]} else b"M"
    return Change(path=path, object_id=_kept(mode, object_id), change=_word(everywhere), old_paths=left)


def _kept(mode: bytes, object_id: bytes) -> str:
    """The blob of a plain file, nothing for deleted ones, links and submodules."""
    return object_id.decode("ascii") if mode.startswith(b"100") else ""


def _word(letters: bytes) -> str:
    return _CHANGES.get(letters[:1], "modified")


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(min(max(seconds, 0), _LATEST_TIME), UTC)
