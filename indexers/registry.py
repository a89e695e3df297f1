"""The one door for sources: what a source is, how it registers, how a location finds its source."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import ClassVar, Protocol, Self, TypeVar

from indexers.facts import Fact, Json


class SourceUnknown(ValueError):
    """No registered source can read the location."""


class SourceUnreadable(Exception):  # named for what happened, like every error of the hub
    """The source as a whole cannot be read; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one crawl: bytes of a single item, seconds without progress, pixels of a picture."""

    item_bytes: int = 64 * 2**20
    idle_seconds: float = 120.0
    picture_pixels: int = 40_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceIdentity:
    """What makes a source the same source under another address.

    `key` is compared for equality (root commits of a repository, the resolved path of a folder);
    `name` is how people would call it, lower case, without `/`; `head` is the newest version.
    """

    key: str
    name: str
    head: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """One crawl: the `name` the hub gave the source, the checkpoints by scope that the last complete
    crawl left, and a scratch folder that belongs to this source (a mirror lives there).
    """

    name: str
    scratch: Path
    checkpoints: dict[str, Json]
    limits: Limits = Limits()  # frozen


class Source(Protocol):
    """A kind of place that facts come from. Reads only, runs nothing it reads."""

    kind: ClassVar[str]

    @classmethod
    def accepts(cls, location: str) -> bool:
        """Whether this source can read the location; looks at names only, never at the network."""
        ...

    @classmethod
    def at(cls, location: str) -> Self:
        """The source at a path or URL that `accepts` took."""
        ...

    def identify(self, crawl: Crawl) -> SourceIdentity:
        """Look at the source (a mirror may be fetched). Raises SourceUnreadable."""
        ...

    def contains(self, version: str, crawl: Crawl) -> bool:
        """Whether a version (a commit) is in this source's history: a second address or a fork."""
        ...

    def crawl(self, crawl: Crawl) -> Iterator[Fact]:
        """Yield facts scope by scope, deterministically, with memory bounded whatever the size.

        Raises SourceUnreadable when the source vanished as a whole; what broke in part is a Fault.
        """
        ...


S = TypeVar("S", bound="type[Source]")
SOURCES: dict[str, type[Source]] = {}


def source(kind: str) -> Callable[[S], S]:
    """Register a class as the source of this kind; a kind is registered once."""

    def register(cls: S) -> S:
        if kind in SOURCES:
            raise ValueError(f"source {kind} is registered twice")
        cls.kind = kind
        SOURCES[kind] = cls
        return cls

    return register


def load_sources() -> dict[str, type[Source]]:
    """All sources by kind: the built-in ones and those of the entry-point group `boxwood.sources`."""
    import_module("indexers.sources")

    for point in entry_points(group="boxwood.sources"):
        point.load()
    return SOURCES


def open_source(location: str, kind: str = "") -> Source:
    """The source that reads `location`, of the `kind` if one is given. Raises SourceUnknown."""
    known = load_sources()
    if kind:
        if kind not in known:
            raise SourceUnknown(f"there is no source of kind {kind}; known are {', '.join(sorted(known))}")
        return known[kind].at(location)
    for candidate in known.values():
        if candidate.accepts(location):
            return candidate.at(location)
    raise SourceUnknown(f"{location} is neither a repository nor a folder or URL that a source can read")
