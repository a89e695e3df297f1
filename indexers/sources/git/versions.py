"""The scope `history`: every version of the notebooks and code files at the head, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from indexers.facts import FacetFact, Fact, Fault, VersionFact
from indexers.sources.files.names import item_urn, shown
from indexers.sources.git.heads import Heads
from indexers.sources.git.history import Commit, Version
from indexers.sources.git.reader import Key, Read, Wanted
from indexers.vocabulary.facets import Notebook
from indexers.vocabulary.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A version of a notebook that is not the newest one."""

    urn: str
    path: str
    commit: str
    time: datetime


@dataclass(slots=True, kw_only=True)
class Versions:
    """Facts about the versions that `heads.history` found."""

    heads: Heads

    def keys(self) -> Iterator[Key]:
        """The blobs of past versions that `notebooks` will read, those that are no notebooks included."""
        return (one.key for one in self._past(only=None))

    def all(self) -> Iterator[Fact]:
        """A VersionFact for each, then what past notebooks held; what `heads` states comes before."""
        owners = {version.owner for _, made in self.heads.history.versions() for version in made}
        self.heads.learn_kinds(sorted(owners))
        kinds = {owner: self.heads.kinds_of(shown(owner).path)[:1] for owner in sorted(owners)}
        for commit, made in self.heads.history.versions():
            for version in made:
                for kind in kinds[version.owner]:
                    if kind in ("notebook", "file"):
                        yield self._version(commit, version, kind)
        notebooks = {owner for owner, told in kinds.items() if "notebook" in told}
        yield from self._notebooks(notebooks)

    def _version(self, commit: Commit, version: Version, kind: Kind) -> VersionFact:
        return VersionFact(
            urn=item_urn(kind, self.heads.name, shown(version.owner).path),
            source_version=commit.sha,
            position=commit.level,
            source_time=commit.time,
            author=commit.author,
            subject=commit.subject,
            path=shown(version.path).path,
            content=version.object_id,
            change=version.change,
        )

    def _notebooks(self, owners: set[bytes]) -> Iterator[Fact]:
        reader = self.heads.reader
        reader.expect(one.key for one in self._past(only=owners))
        reader.settle_notebooks()
        for read in reader.read(self._past(only=owners)):
            past = read.wanted.subject
            yield from self.heads.facts.blobs(read.reading)
            for _, facet in read.reading.facets:
                if isinstance(facet, Notebook):
                    yield FacetFact(
                        urn=past.urn,
                        value=facet,
                        source_version=past.commit,
                        source_time=past.time,
                        current=False,
                    )
            if not read.repeated:
                yield from _in_the_past(read)

    def _past(self, only: set[bytes] | None) -> Iterator[Wanted[Past]]:
        newest = set[bytes]()
        for commit, made in self.heads.history.versions():
            for version in made:
                if only is not None and version.owner not in only:
                    continue
                if version.owner not in newest:
                    newest.add(version.owner)
                    continue
                path = shown(version.path).path
                urn = item_urn("notebook", self.heads.name, shown(version.owner).path)
                past = Past(urn=urn, path=path, commit=commit.sha, time=commit.time)
                yield Wanted(subject=past, path=path, object_id=version.object_id, current=False)


def _in_the_past(read: Read[Past]) -> Iterator[Fault]:
    past = read.wanted.subject
    for fault in read.reading.faults:
        rest = fault.place.removeprefix(past.path)
        place = f"{past.path} at {past.commit[:12]}{rest}"
        yield Fault(code=fault.code, place=place, message=fault.message)
