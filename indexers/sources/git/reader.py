"""From blobs to readings: one cat-file, child processes that parse, each distinct blob parsed once."""

import dataclasses
import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from indexers.facts import Fault
from indexers.guarded import Broken, Guard, Task
from indexers.parsers.environment import is_environment
from indexers.sources.files.categories import Category, by_name_only, categories
from indexers.sources.files.reading import FileReading, read_file
from indexers.sources.git.objects import Found, Objects

T = TypeVar("T")
Key = tuple[str, str]

_SENTENCES: Final = {
    "too-large": ("blob_too_large", "It is larger than the limit for one file and was not read."),
    "missing": (
        "blob_missing",
        "Its content is not in the repository (a partial clone?). Fetch it and crawl again.",
    ),
    "damaged": (
        "blob_damaged",
        "Its content in the repository is damaged. Repair the repository with `git fsck`.",
    ),
    "not-a-blob": ("blob_damaged", "The repository has something else where its content should be."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted(Generic[T]):
    """A blob to read as the file `path`; `subject` comes back with the reading. `current`: not of the past.

    What is known to be `too_large` is not asked of git.
    """

    subject: T
    path: str
    object_id: str
    current: bool = True
    too_large: bool = False

    @property
    def key(self) -> Key:
        """Equal where the reading is: the same bytes under a name that means the same."""
        name = posixpath.basename(self.path)
        return self.object_id, name if is_environment(self.path) else posixpath.splitext(name.casefold())[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(Generic[T]):
    """A reading of `wanted`; `repeated` where the blob was read before, so that its blobs are known."""

    wanted: Wanted[T]
    categories: tuple[Category, ...]
    reading: FileReading
    size: int = 0
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    path: str
    categories: tuple[Category, ...]
    reading: FileReading
    size: int


class Reader:
    """Reads files in the order asked. Keeps the facets of a blob only while `expect` says it comes again."""

    def __init__(self, objects: Objects, guard: Guard, *, picture_pixels: int) -> None:
        self._objects = objects
        self._pixels = picture_pixels
        self._guard = guard
        self._uses: Counter[Key] = Counter()
        self._notebook_uses: Counter[Key] = Counter()
        self._kept: dict[Key, _Kept] = {}

    def expect(self, keys: Iterable[Key]) -> None:
        """These blobs will be asked for, each as often as it is named here."""
        self._uses.update(keys)

    def expect_notebooks(self, keys: Iterable[Key]) -> None:
        """These will be asked for later, if they turn out to be notebooks: until `settle_notebooks`."""
        self._notebook_uses.update(keys)

    def settle_notebooks(self) -> None:
        """All that will be asked for is in `expect` now; what was kept for nothing is dropped."""
        self._notebook_uses.clear()
        self._kept = {key: kept for key, kept in self._kept.items() if self._uses[key] > 0}

    def heads(self, wanted: Iterable[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
        """(path, content) of (path, object id) pairs, what cannot be read left out: to tell kinds."""
        pairs = list(wanted)
        for (path, _), found in zip(pairs, self._objects.read(pair[1] for pair in pairs), strict=True):
            if found.state == "read":
                yield path, found.data

    def read(self, wanted: Iterable[Wanted[T]]) -> Iterator[Read[T]]:
        """Each wanted file read, in order. Raises GitFailed."""
        for task, answer in self._guard.each(read_file, self._tasks(wanted)):
            yield self._settle(task, answer)

    def _tasks(self, wanted: Iterable[Wanted[T]]) -> Iterator[Task["_Asked[T]"]]:
        asked: set[Key] = set(self._kept)
        fresh: list[Wanted[T]] = []
        order: list[tuple[Wanted[T], bool]] = []
        for one in wanted:
            repeated = one.key in asked and self._comes_again(one.key)
            asked.add(one.key)
            order.append((one, repeated))
            if not repeated:
                fresh.append(one)
            if len(order) >= 64:  # enough to keep git's pipe full, few enough to hold
                yield from self._batch(order, fresh)
                order, fresh = [], []
        yield from self._batch(order, fresh)

    def _batch(
        self, order: list[tuple[Wanted[T], bool]], fresh: list[Wanted[T]]
    ) -> Iterator[Task["_Asked[T]"]]:
        contents = self._objects.read(one.object_id for one in fresh if not one.too_large)
        for one, repeated in order:
            if repeated:
                yield Task(subject=_Asked(wanted=one), arguments=(one.path, b"", (), 0), size=0)
            elif one.too_large:
                yield self._task(one, Found(object_id=one.object_id, state="too-large"))
            else:
                yield self._task(one, next(contents))
        next(contents, None)  # lets it end in order

    def _task(self, one: Wanted[T], found: Found) -> Task["_Asked[T]"]:
        if found.state != "read":
            code, message = _SENTENCES[found.state]
            fault = Fault(code=code, place=one.path, message=message)
            named = by_name_only(one.path)
            asked = _Asked(wanted=one, fresh=True, fault=fault if named else None, categories=named)
            return Task(subject=asked, arguments=(one.path, b"", (), 0), size=0)
        told = categories(one.path, found.data)
        asked = _Asked(wanted=one, fresh=True, categories=told, size=found.size)
        return Task(
            subject=asked,
            arguments=(one.path, found.data if told else b"", told, self._pixels if one.current else 0),
            size=found.size,
        )

    def _comes_again(self, key: Key) -> bool:
        return key in self._kept or self._uses[key] + self._notebook_uses[key] > 0

    def _settle(self, asked: "_Asked[T]", answer: FileReading | Broken) -> Read[T]:
        key = asked.wanted.key
        self._uses[key] -= 1
        if not asked.fresh:
            return self._again(asked.wanted, key)
        reading = answer if isinstance(answer, FileReading) else FileReading()
        if isinstance(answer, Broken):
            asked = dataclasses.replace(
                asked, fault=Fault(code=answer.code, place=asked.wanted.path, message=answer.message)
            )
        if asked.fault is not None:
            reading = FileReading(faults=(asked.fault,))
        told, path = asked.categories, asked.wanted.path
        if self._uses[key] > 0 or ("notebook" in told and self._notebook_uses[key] > 0):
            slim = dataclasses.replace(reading, blobs=())
            self._kept[key] = _Kept(path=path, categories=told, reading=slim, size=asked.size)
        return Read(wanted=asked.wanted, categories=told, reading=reading, size=asked.size)

    def _again(self, wanted: Wanted[T], key: Key) -> Read[T]:
        kept = self._kept[key]
        faults = tuple(
            dataclasses.replace(fault, place=wanted.path + fault.place.removeprefix(kept.path))
            for fault in kept.reading.faults
        )
        if self._uses[key] <= 0 and self._notebook_uses[key] <= 0:
            del self._kept[key]
        reading = dataclasses.replace(kept.reading, faults=faults)
        return Read(wanted=wanted, categories=kept.categories, reading=reading, size=kept.size, repeated=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked(Generic[T]):
    wanted: Wanted[T]
    fresh: bool = False
    fault: Fault | None = None
    categories: tuple[Category, ...] = ()
    size: int = 0
