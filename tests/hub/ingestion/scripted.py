"""A source that says what a test tells it to."""

from collections.abc import Callable, Iterator
from typing import ClassVar, Self

from indexers.facts import EntityFact, Fact, Outcome, ScopeEnd, ScopeMode, ScopeStart, urn
from indexers.registry import SOURCES, Crawl, SourceIdentity, source

Script = Callable[[Crawl], Iterator[Fact]]
SCRIPTS: dict[str, Script] = {}
HEADS: dict[str, tuple[str, str, frozenset[str]]] = {}
"""Location to (key, head, commits it contains)."""

if "scripted" not in SOURCES:

    @source("scripted")
    class Scripted:
        """Facts from `SCRIPTS`, identity from `HEADS`."""

        kind: ClassVar[str]

        def __init__(self, location: str) -> None:
            self._location = location

        @classmethod
        def accepts(cls, location: str) -> bool:
            return location.startswith("scripted://")

        @classmethod
        def at(cls, location: str) -> Self:
            return cls(location)

        def identify(self, crawl: Crawl) -> SourceIdentity:
            key, head, _ = HEADS.get(self._location, (self._location, "", frozenset()))
            return SourceIdentity(key=key, name=crawl.name, head=head)

        def contains(self, version: str, crawl: Crawl) -> bool:
            del crawl
            return version in HEADS[self._location][2]

        def crawl(self, crawl: Crawl) -> Iterator[Fact]:
            return SCRIPTS[self._location](crawl)


def files(*names: str, outcome: Outcome = Outcome.COMPLETE) -> Script:
    """A repository of these files, in one snapshot."""

    def script(crawl: Crawl) -> Iterator[Fact]:
        home = urn("repository", crawl.name)
        yield ScopeStart(scope="heads", mode=ScopeMode.SNAPSHOT)
        yield EntityFact(urn=home, kind="repository", name=crawl.name, platform="git")
        for name in names:
            yield EntityFact(
                urn=urn("file", crawl.name, name), kind="file", name=name, parent=home, path=name
            )
        yield ScopeEnd(scope="heads", outcome=outcome, checkpoint=list(names))

    return script
