"""The embedded search engine: a tantivy index in the data folder, one writer, readers that reload."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final

from tantivy import DocAddress, Index, IndexWriter, Order, Query, Searcher
from tantivy import Document as Row
from tantivy import SearchResult as Rows

from hub.search import answer
from hub.search.backends.generations import Generations
from hub.search.backends.merge import Write, due, newest
from hub.search.backends.tantivy_facets import aggregation, counts_of
from hub.search.backends.tantivy_queries import Queries, all_of, any_of
from hub.search.backends.tantivy_schema import (
    LAYOUT,
    SEPARATOR,
    hashed,
    row_of,
    schema,
    tombstone_of,
)
from hub.search.entry import entry_of
from hub.search.port import (
    FACETS,
    OPEN_FACETS,
    Deletion,
    Document,
    Facet,
    FacetCounts,
    IndexDamaged,
    IndexOutdated,
    Rights,
    SearchRequest,
    SearchResult,
    Sort,
    Suggestion,
)
from hub.search.spelling import Vocabulary
from hub.search.stages import Filters, NameHolds, NameIs, Page, Stage, TextHolds

_SMALL_HEAP: Final = 30_000_000
_LARGE_HEAP: Final = 256_000_000
_LOOKED_UP: Final = 1_000
_ORDER_FIELD: Final[Mapping[Sort, str]] = {"best": "rank", "newest": "newest", "name": "by_name"}


@dataclass(slots=True, kw_only=True)
class _Snapshot:
    """One committed state of one generation."""

    stamp: tuple[str, int, int]
    index: Index
    searcher: Searcher
    vocabularies: dict[str, Vocabulary] = field(default_factory=dict)


class TantivySearch:
    """The search port on a tantivy index below `root`."""

    def __init__(self, root: Path, *, patience: float = 10.0) -> None:
        self._generations = Generations(root, LAYOUT, patience)
        self._snapshot: _Snapshot | None = None
        self._reading = threading.Lock()
        self._writing = threading.Lock()
        self._writer: IndexWriter | None = None

    def search(self, request: SearchRequest) -> SearchResult:
        return answer.answer(self, request)

    def suggest(self, prefix: str, rights: Rights, limit: int = 8) -> tuple[Suggestion, ...]:
        return answer.complete(self, prefix, rights, limit)

    @contextmanager
    def view(self, rights: Rights, today: int) -> Iterator["_View"]:
        yield _View(self._newest(), rights, today)

    def count(self) -> int:
        snapshot = self._newest()
        return 0 if snapshot is None else _count(_rows(snapshot.searcher, Query.exists_query("rank"), 1))

    def entries(self) -> Iterator[tuple[str, str]]:
        snapshot = self._newest()
        if snapshot is None:
            return
        for stamp, _ in snapshot.searcher.terms_with_prefix("stamp", "", Query.all_query()):
            id_, _, version = stamp.partition(SEPARATOR)
            yield id_, version

    def write(self, documents: Iterable[Document], deletions: Iterable[Deletion] = ()) -> None:
        writes = newest(documents, deletions)
        if not writes:
            return
        with self._writing:
            writer = self._ready_writer()
            changes = due(writes, self._held(writes))
            if not changes:
                return
            try:
                for change in changes:
                    writer.delete_documents_by_term("id", change.id)
                    writer.add_document(_row(change))
                writer.commit()
            except ValueError as error:  # what the binding makes of a full disk or a damaged file
                self._drop_writer()
                raise IndexDamaged(
                    f"The search index could not be written: {error}. Make room, or rebuild it."
                ) from error
            self._newest()

    def rebuild(self, documents: Iterable[Document]) -> int:
        with self._writing:
            self._generations.hold()
            self._drop_writer()
            with self._generations.next() as folder:
                _build(folder, documents)
            return self.count()

    def release(self) -> None:
        with self._writing:
            self._drop_writer()
            self._generations.release()

    def close(self) -> None:
        self.release()
        self._snapshot = None

    def _ready_writer(self) -> IndexWriter:
        self._generations.hold()
        if self._writer is not None:
            return self._writer
        current = self._generations.current()
        if current is None:
            with self._generations.next() as folder:
                Index(schema(), str(folder))
        snapshot = self._newest()
        if snapshot is None:
            raise IndexDamaged("The search index vanished. Rebuild it.")
        self._writer = snapshot.index.writer(_SMALL_HEAP, 1)
        return self._writer

    def _drop_writer(self) -> None:
        if self._writer is not None:
            with suppress(ValueError):
                self._writer.wait_merging_threads()
            self._writer = None

    def _held(self, writes: Mapping[str, Write]) -> dict[str, tuple[int, str]]:
        snapshot = self._newest()
        held: dict[str, tuple[int, str]] = {}
        if snapshot is None:
            return held
        ids = iter(writes)
        while some := list(islice(ids, _LOOKED_UP)):
            query = Query.term_set_query(snapshot.index.schema, "id", some)
            places = [place for _, place in _rows(snapshot.searcher, query, len(some)).hits]
            known = _numbers(snapshot.searcher, places)
            for id_ in some:
                if (found := known.get(hashed(id_))) is not None:
                    held[id_] = (found[0], _version_of(writes[id_], found[1]))
        return held

    def _newest(self) -> _Snapshot | None:
        """The newest committed state; None before the first write."""
        for _ in range(3):  # a rebuild may replace the generation between two steps
            folder = self._generations.current()
            if folder is None:
                return None
            if not self._generations.is_readable(folder):
                raise IndexOutdated(
                    "The search index has the layout of another version. Run `boxwood rebuild search`."
                )
            try:
                return self._at(folder)
            except (OSError, ValueError) as error:
                last = error
        raise IndexDamaged(
            f"The search index cannot be read: {last}. Run `boxwood rebuild search`."
        ) from last

    def _at(self, folder: Path) -> _Snapshot:
        status = (folder / "meta.json").stat()
        stamp = (folder.name, status.st_ino, status.st_mtime_ns)
        held = self._snapshot
        if held is not None and held.stamp == stamp:
            return held
        with self._reading:
            held = self._snapshot
            index = (
                held.index if held is not None and held.stamp[0] == folder.name else Index.open(str(folder))
            )
            if held is None or held.index is not index:
                index.config_reader("Manual")
            index.reload()
            self._snapshot = _Snapshot(stamp=stamp, index=index, searcher=index.searcher())
            return self._snapshot


class _View:
    """One state as one asker sees it; nothing at all before the first write."""

    def __init__(self, snapshot: _Snapshot | None, rights: Rights, today: int) -> None:
        self._snapshot = snapshot
        self._today = today
        self._empty: set[Stage] = set()
        """Stages that add nothing to those above them."""
        if snapshot is not None:
            self._queries = Queries(snapshot.searcher, snapshot.index.schema, rights, today)

    def page(self, stage: Stage, above: Sequence[Stage], filters: Filters, offset: int, limit: int) -> Page:
        if self._snapshot is None:
            return Page(count=0, sources=())
        ordered: dict[str, Any] = {"weight_by_field": "weight"}
        if not isinstance(stage, TextHolds):
            ordered = {"order_by_field": "rank", "order": Order.Asc}
        higher = [stage for stage in above if stage not in self._empty]
        matching = self._queries.matching(stage, scored=isinstance(stage, TextHolds) and limit > 0)
        query = self._queries.within(matching, higher, filters)
        searcher = self._snapshot.searcher
        count, rows = 0, None
        if limit and isinstance(stage, TextHolds | NameIs) and self._may_hold(stage):
            rows = searcher.search(query, limit, offset=offset, **ordered)
            count = _count(rows)
        elif self._may_hold(stage):  # an order costs more than a count, and the other stages are mostly empty
            count = _count(searcher.search(query, 1))
            if limit and offset < count:
                rows = searcher.search(query, limit, offset=offset, **ordered)
        if not (count or filters or stage in above):
            self._empty.add(stage)
        return Page(count=count, sources=self._sources(rows, limit) if rows is not None else ())

    def _may_hold(self, stage: Stage) -> bool:
        """False where the dictionary shows that no document, visible or not, is in the stage."""
        assert self._snapshot is not None
        searcher = self._snapshot.searcher
        match stage:
            case NameIs(keys=keys):
                return any(searcher.doc_freq(field, key) for field in ("keys", "paths") for key in keys)
            case NameHolds(words=words):
                return all(any(searcher.doc_freq("name", form) for form in word.forms) for word in words)
            case _:
                return True

    def ordered(
        self, stages: Sequence[Stage], filters: Filters, sort: Sort, offset: int, limit: int
    ) -> tuple[bytes, ...]:
        if self._snapshot is None or limit == 0:
            return ()
        if sort == "newest" and self._queries.only_knows is not None:
            return self._newest_first(stages, filters, offset, limit)
        query = self._united(stages, filters, readable=False)
        return self._sources(self._sorted(query, sort, offset, limit), limit)

    def facets(self, stages: Sequence[Stage], filters: Filters) -> FacetCounts:
        if self._snapshot is None:
            return {}
        counts: dict[Facet, tuple[tuple[str, int], ...]] = {}
        chosen = [facet for facet, _ in filters]
        rest = [facet for facet in FACETS if facet not in chosen]
        for facets in (rest, *([facet] for facet in chosen)):
            others = tuple(item for item in filters if item[0] not in facets)
            if self._queries.only_knows is None:
                counts |= self._counted(stages, others, facets, readable=True)
                continue
            open_facets = [facet for facet in facets if facet in OPEN_FACETS]
            counts |= self._counted(stages, others, open_facets, readable=False)
            closed = [facet for facet in facets if facet not in OPEN_FACETS]
            counts |= self._counted(stages, others, closed, readable=True)
        return {facet: counts[facet] for facet in FACETS if counts.get(facet)}

    def vocabulary(self, letter: str) -> Vocabulary:
        if self._snapshot is None:
            return Vocabulary(())
        held = self._snapshot.vocabularies.get(letter)
        if held is None:
            searcher = self._snapshot.searcher
            words = {
                word for name in ("public", "about") for word, _ in searcher.terms_with_prefix(name, letter)
            }
            held = self._snapshot.vocabularies[letter] = Vocabulary(words)
        return held

    def holding(self, word: str) -> int:
        if self._snapshot is None:
            return 0
        return _count(_rows(self._snapshot.searcher, self._queries.holding(word), 1))

    def _newest_first(
        self, stages: Sequence[Stage], filters: Filters, offset: int, limit: int
    ) -> tuple[bytes, ...]:
        """Those whose times the asker may know, then the others by name."""
        readable = self._united(stages, filters, readable=True)
        rows = self._sorted(readable, "newest", offset, limit)
        sources = self._sources(rows, limit)
        if len(sources) < limit and self._queries.only_knows is not None:
            known = all_of([self._queries.only_knows, self._united(stages, filters, readable=False)])
            rest = limit - len(sources)
            others = self._sorted(known, "name", max(0, offset - _count(rows)), rest)
            sources += self._sources(others, rest)
        return sources

    def _sorted(self, query: Query, sort: Sort, offset: int, limit: int) -> Rows:
        assert self._snapshot is not None
        return self._snapshot.searcher.search(
            query, max(1, limit), offset=offset, order_by_field=_ORDER_FIELD[sort], order=Order.Asc
        )

    def _united(self, stages: Sequence[Stage], filters: Filters, *, readable: bool) -> Query:
        found = any_of([self._queries.matching(stage, readable=readable) for stage in stages])
        return self._queries.within(found, (), filters)

    def _counted(
        self, stages: Sequence[Stage], filters: Filters, facets: Sequence[Facet], *, readable: bool
    ) -> dict[Facet, tuple[tuple[str, int], ...]]:
        assert self._snapshot is not None
        if not facets:
            return {}
        query = self._united(stages, filters, readable=readable)
        asked = {facet: aggregation(facet, self._today) for facet in facets}
        answers = self._snapshot.searcher.aggregate(query, asked)
        return {facet: counts_of(facet, answers[facet]["buckets"]) for facet in facets}

    def _sources(self, rows: Rows, limit: int) -> tuple[bytes, ...]:
        assert self._snapshot is not None
        searcher = self._snapshot.searcher
        return tuple(searcher.doc(place)["source"][0] for _, place in rows.hits[:limit])


def _build(folder: Path, documents: Iterable[Document]) -> None:
    """Write a whole index; of documents with one id the newest stays."""
    writer = Index(schema(), str(folder)).writer(_LARGE_HEAP, 2)
    try:
        _add_all(writer, documents)
    except BaseException:
        writer.rollback()
        writer.wait_merging_threads()  # its threads write files until then
        raise
    writer.commit()
    writer.wait_merging_threads()


def _add_all(writer: IndexWriter, documents: Iterable[Document]) -> None:
    sequences: dict[str, int] = {}
    for document in documents:
        held = sequences.get(document.id)
        if held is not None:
            if held > document.sequence:
                continue
            writer.delete_documents_by_term("id", document.id)
        sequences[document.id] = document.sequence
        writer.add_document(row_of(entry_of(document)))


def _row(write: Write) -> Row:
    return tombstone_of(write) if isinstance(write, Deletion) else row_of(entry_of(write))


def _rows(searcher: Searcher, query: Query, limit: int) -> Rows:
    return searcher.search(query, max(1, limit))


def _count(rows: Rows) -> int:
    return int(rows.count)  # type: ignore[attr-defined]  # missing in the binding's stub


def _numbers(searcher: Searcher, places: list[DocAddress]) -> dict[int, tuple[int, int]]:
    """Hash of the id → (sequence, hash of the version)."""
    columns = [searcher.fast_field_values(name, places) for name in ("id_hash", "sequence", "version_hash")]
    return {
        int(id_ or 0): (int(sequence or 0), int(version or 0))
        for id_, sequence, version in zip(*columns, strict=True)
    }


def _version_of(write: Write, held: int) -> str:
    """The version behind a hash: that of the write if it is the same, else one that no document has."""
    version = write.version if isinstance(write, Document) else ""
    return version if hashed(version) == held else f"?{held}"
