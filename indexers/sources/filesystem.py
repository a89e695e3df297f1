"""The source for folders that are no repository: notebooks, code and tables as they lie there."""

import dataclasses
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, Final, Self

from indexers.facts import (
    EntityFact,
    FacetFact,
    Fact,
    Fault,
    Json,
    Outcome,
    ScopeEnd,
    ScopeMode,
    ScopeStart,
    Unchanged,
    urn,
)
from indexers.guarded import Broken, Guard, Task
from indexers.registry import Crawl, SourceIdentity, SourceUnreadable, source
from indexers.sources.datasets import Dataset, group, platform_of
from indexers.sources.files.categories import KIND_OF, Category, by_name_only, categories, kinds, may_matter
from indexers.sources.files.items import Item, ItemFacts
from indexers.sources.files.reading import FileReading, read_file
from indexers.sources.folder_walk import Found, walk
from indexers.sources.git.location import is_repository, name_of
from indexers.sources.tables import TableReading, read_delta, read_parquet, read_text_table
from indexers.vocabulary.facets import Documentation, Schema, Storage
from indexers.vocabulary.facets.base import Facet
from indexers.vocabulary.facets.schema import Column

FORMAT: Final = 1
SCOPE: Final = "files"


@source("folder")
@dataclass(frozen=True, slots=True)
class FolderSource:
    """Reads below `root` only; links and nested repositories are named and left alone."""

    kind: ClassVar[str]
    root: Path

    @classmethod
    def accepts(cls, location: str) -> bool:
        """See `Source`."""
        try:
            path = Path(location).expanduser()
            return path.is_dir() and not is_repository(path)
        except (OSError, ValueError, RuntimeError):
            return False

    @classmethod
    def at(cls, location: str) -> Self:
        """See `Source`. Raises SourceUnreadable when there is no such folder."""
        path = Path(location).expanduser()
        if not path.is_dir():
            raise SourceUnreadable("folder_missing", f"{location} is not a folder.")
        return cls(root=path.resolve())

    def identify(self, crawl: Crawl) -> SourceIdentity:  # noqa: ARG002  # the protocol's signature
        """A folder is known by its path."""
        return SourceIdentity(key=f"folder:{self.root}", name=name_of(str(self.root)))

    def contains(self, version: str, crawl: Crawl) -> bool:  # noqa: ARG002  # the protocol's signature
        """A folder has no history."""
        return False

    def crawl(self, crawl: Crawl) -> Iterator[Fact]:
        """One scope, `files`, `Unchanged` while no name, size or time below the root changed."""
        name = crawl.name or name_of(str(self.root))
        mark: Json = {"format": FORMAT, "name": name, "digest": self._digest()}
        if crawl.checkpoints.get(SCOPE) == mark:
            yield Unchanged(scope=SCOPE)
            return
        yield from _Look(self.root, name, crawl).facts(mark)

    def _digest(self) -> str:
        digest = hashlib.sha256()
        try:
            for found in walk(self.root):
                digest.update(repr(_mark(found)).encode("utf-8", "surrogateescape"))
        except OSError as error:
            raise _unreadable(self.root, error) from error
        return digest.hexdigest()


class _Look:
    """One look at a folder."""

    def __init__(self, root: Path, name: str, crawl: Crawl) -> None:
        self._root = root
        self._name = name
        self._limit = crawl.limits.item_bytes
        self._pixels = crawl.limits.picture_pixels
        self._guard = Guard(seconds=crawl.limits.idle_seconds / 2, answer_bytes=max(4 * self._limit, 2**24))

    def facts(self, mark: Json) -> Iterator[Fact]:
        """The whole scope. Raises SourceUnreadable when the root went."""
        try:
            found = list(walk(self._root))
        except OSError as error:
            raise _unreadable(self._root, error) from error
        faults = [one for one in found if isinstance(one, Fault)]
        files = [one for one in found if isinstance(one, Found)]
        yield ScopeStart(scope=SCOPE, mode=ScopeMode.SNAPSHOT, expected=len(files))
        yield from (fault for fault in faults if _matters(fault))
        tables = [one for one in files if one.is_delta or platform_of(one.path)]
        names: set[str] = set()
        for dataset in sorted(group(tables), key=lambda one: (one.path, one.platform)):
            name = dataset.dotted if dataset.dotted not in names else dataset.path.replace("/", ".")
            names.add(name)
            yield from self._dataset(dataset, name)
        yield from self._files([one for one in files if not one.is_delta and not platform_of(one.path)])
        hidden = any(fault.code == "folder_unreadable" for fault in faults)
        yield ScopeEnd(scope=SCOPE, outcome=Outcome.PARTIAL if hidden else Outcome.COMPLETE, checkpoint=mark)

    def _files(self, files: list[Found]) -> Iterator[Fact]:
        wanted = [one for one in files if may_matter(one.path, one.size)]
        facts = ItemFacts(name=self._name, platform="file", paths={one.path for one in files})
        told: dict[str, tuple[Category, ...]] = {}
        for (found, asked, fault), answer in self._guard.each(read_file, self._tasks(wanted)):
            reading = answer if isinstance(answer, FileReading) else FileReading()
            if isinstance(answer, Broken):
                fault = Fault(code=answer.code, place=found.path, message=answer.message)  # noqa: PLW2901  # the later one counts
            if fault is not None:
                reading = dataclasses.replace(reading, faults=(*reading.faults, fault))
            told[found.path] = asked
            yield from facts.of(Item(path=found.path, time=_time(found)), asked, reading)
        yield from facts.imports(lambda path: tuple(KIND_OF[one] for one in told.get(path, ())))

    def _tasks(self, files: list[Found]) -> Iterator[Task[tuple[Found, tuple[Category, ...], Fault | None]]]:
        for found in files:
            data = _content(found.place, self._limit)
            if isinstance(data, tuple):
                code, message = data
                named = by_name_only(found.path)
                fault = Fault(code=code, place=found.path, message=message) if named else None
                yield Task(subject=(found, named, fault), arguments=(found.path, b"", (), 0), size=0)
            else:
                asked = categories(found.path, data)
                yield Task(
                    subject=(found, asked, None),
                    arguments=(found.path, data, asked, self._pixels),
                    size=len(data),
                )

    def _dataset(self, dataset: Dataset, dotted: str) -> Iterator[Fact]:
        readings, faults = [], []
        for found in dataset.files:
            reading = self._table(dataset, found)
            if reading.problem:
                message = f"The table could not be read: {reading.problem.rstrip('.')}. Write it again."
                faults.append(Fault(code=f"{dataset.platform}_unreadable", place=found.path, message=message))
            else:
                readings.append(reading)
        name = urn("dataset", self._name, dotted)
        yield EntityFact(
            urn=name,
            kind="dataset",
            name=dotted,
            platform=dataset.platform,
            path=dataset.path,
            aliases=dataset.aliases(self._root.name),
        )
        time = max((_time(found) for found in dataset.files), default=None)
        version = readings[-1].version if readings else ""
        for value in _facets(dataset, readings, str(self._root / dataset.path)):
            yield FacetFact(urn=name, value=value, source_version=version, source_time=time)
        yield from faults

    def _table(self, dataset: Dataset, found: Found) -> TableReading:
        readers = {"delta": read_delta, "parquet": read_parquet, "csv": read_text_table}
        answer = self._guard.run(readers[dataset.platform], str(found.place))
        return TableReading(problem=answer.message) if isinstance(answer, Broken) else answer


def _facets(dataset: Dataset, readings: list[TableReading], location: str) -> Iterator[Facet]:
    if not readings:
        return
    columns: dict[str, Column] = {}
    for reading in readings:
        columns |= {column.name: column for column in reading.columns}
    partitions = readings[-1].partition_columns or dataset.partition_columns
    columns = {key: Column(name=key, type="string") for key in partitions if key not in columns} | columns
    rows = [reading.rows for reading in readings]
    size = readings[-1].bytes if dataset.platform == "delta" else sum(found.size for found in dataset.files)
    storage = Storage(
        format=dataset.platform,
        location=location,
        rows=sum(count or 0 for count in rows) if None not in rows else None,
        bytes=size,
        files=readings[-1].files if dataset.platform == "delta" else len(dataset.files),
    )
    schema = Schema(columns=tuple(columns.values()), partition_columns=partitions)
    yield schema
    yield storage
    if readings[-1].description:
        yield Documentation(summary=readings[-1].description[:300], text=readings[-1].description)


def _content(place: Path, limit: int) -> bytes | tuple[str, str]:
    """A file's bytes, or (code, sentence) of why not. Links and pipes are not read."""
    try:
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        return (
            "file_unreadable",
            f"It could not be opened ({error.strerror}): give the hub's user the right to read it.",
        )
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode) or about.st_size > limit:
            return "blob_too_large", "It is larger than the limit for one file and was not read."
        try:
            return file.read(limit)
        except OSError as error:
            return "file_unreadable", f"It could not be read ({error.strerror}). Look at the disk."


def _matters(fault: Fault) -> bool:
    if fault.code not in ("symlink_not_followed", "path_not_utf8", "path_control_characters"):
        return True
    return bool(platform_of(fault.place)) or (may_matter(fault.place, 0) and bool(kinds(fault.place, b"")))


def _mark(found: Found | Fault) -> tuple[object, ...]:
    return (found.code, found.place) if isinstance(found, Fault) else (found.path, found.size, found.changed)


def _time(found: Found) -> datetime:
    return datetime.fromtimestamp(max(found.changed, 0) / 1e9, UTC)


def _unreadable(root: Path, error: OSError) -> SourceUnreadable:
    return SourceUnreadable("folder_unreadable", f"The folder {root} cannot be listed: {error.strerror}.")
