"""The facts of one file as it is now: entities, facets, what it reads, writes and imports."""

import dataclasses
import posixpath
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from indexers.facts import (
    NAMED,
    CodeAnchor,
    EdgeFact,
    EntityFact,
    FacetFact,
    Fact,
    named_dataset_urn,
)
from indexers.sources.files.categories import KIND_OF, Category
from indexers.sources.files.imports import resolve_import
from indexers.sources.files.names import item_urn
from indexers.sources.files.reading import FileReading
from indexers.vocabulary.facets import Code, Notebook
from indexers.vocabulary.facets.base import Facet
from indexers.vocabulary.kinds import Kind
from indexers.vocabulary.relations import Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A file, the commit that last changed it (empty outside of Git) and when that was."""

    path: str
    commit: str = ""
    time: datetime | None = None


@dataclass(slots=True, kw_only=True)
class ItemFacts:
    """Turns readings into facts of the source `name`; remembers what it has said once already.

    `container` is the urn of the repository that holds the files, empty where there is none; `paths`
    are all files there are.
    """

    name: str
    platform: str
    paths: Collection[str]
    container: str = ""
    _blobs: set[bytes] = field(default_factory=set)
    _datasets: set[str] = field(default_factory=set)
    _imports: list[tuple[str, CodeAnchor, str]] = field(default_factory=list)

    def of(self, item: Item, categories: tuple[Category, ...], reading: FileReading) -> Iterator[Fact]:
        """Everything about one file, its blobs before the facets that name them."""
        for category in categories:
            kind = KIND_OF[category]
            urn = item_urn(kind, self.name, item.path)
            yield EntityFact(
                urn=urn,
                kind=kind,
                name=posixpath.basename(item.path),
                platform=self.platform,
                parent=self.container,
                path=item.path,
            )
        yield from self.blobs(reading)
        for category, facet in reading.facets:
            urn = item_urn(KIND_OF[category], self.name, item.path)
            yield FacetFact(urn=urn, value=facet, source_version=item.commit, source_time=item.time)
            yield from self._edges(urn, item, facet, reading)
        yield from reading.faults

    def blobs(self, reading: FileReading) -> Iterator[Fact]:
        """The blobs of a reading that were not yielded before."""
        for blob in reading.blobs:
            digest = bytes.fromhex(blob.digest)
            if digest not in self._blobs:
                self._blobs.add(digest)
                yield blob

    def imports(self, kinds_of: Callable[[str], tuple[Kind, ...]]) -> Iterator[Fact]:
        """Who imports whom in this source; asked last, when it is known what the files are."""
        for urn, anchor, path in self._imports:
            for kind in kinds_of(path)[:1]:
                target = item_urn(kind, self.name, path)
                yield EdgeFact(
                    source=urn, relation="imports", target=target, evidence="parsed", anchor=anchor
                )

    def _edges(self, urn: str, item: Item, facet: Facet, reading: FileReading) -> Iterator[Fact]:
        if not isinstance(facet, Code | Notebook):
            return
        anchor = CodeAnchor(repository=self.name, commit=item.commit, path=item.path)
        if isinstance(facet, Notebook):
            for use in reading.uses:
                at = dataclasses.replace(anchor, cell=use.cell)
                yield from self._dataset_edge(
                    urn, "reads" if use.direction == "read" else "writes", use.name, at
                )
        else:
            for name in facet.reads:
                yield from self._dataset_edge(urn, "reads", name, anchor)
            for name in facet.writes:
                yield from self._dataset_edge(urn, "writes", name, anchor)
        targets = {resolve_import(module, item.path, self.paths) for module in facet.imports}
        self._imports += [(urn, anchor, path) for path in sorted(targets - {""})]

    def _dataset_edge(self, urn: str, relation: Relation, name: str, anchor: CodeAnchor) -> Iterator[Fact]:
        dataset = named_dataset_urn(name)
        named = dataset.removeprefix(f"dataset:{NAMED}/")
        if not named:
            return
        if dataset not in self._datasets:
            self._datasets.add(dataset)
            yield EntityFact(urn=dataset, kind="dataset", name=named)
        yield EdgeFact(source=urn, relation=relation, target=dataset, evidence="parsed", anchor=anchor)
