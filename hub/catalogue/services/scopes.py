"""Apply one scope of facts: write what changed, close what is gone, append the change log.

Facts come in batches, each its own transaction under the writer's open generation; nothing of it is
visible before `finish` published it. An interrupted scope is simply applied again: rows that the open
generation already wrote count as written.
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Model, QuerySet

from hub.catalogue.models import (
    Alias,
    Change,
    Content,
    Edge,
    Entity,
    Facet,
    Generation,
    Version,
    Writer,
)
from hub.catalogue.services.edges import EdgeWrite, edge_key, edge_row
from hub.catalogue.services.entities import EntityIndex, Naming
from hub.catalogue.services.facets import FacetWrite, Statement
from hub.catalogue.services.generations import open_generation, publish
from hub.catalogue.services.people import record_authors, spread_visibility
from hub.catalogue.services.writers import settle_visibility
from hub.core import files
from indexers.facts import (
    Blob,
    EdgeFact,
    EntityFact,
    FacetFact,
    Fault,
    Outcome,
    Renamed,
    ScopeMode,
    Tombstone,
    VersionFact,
    column_urn,
)
from indexers.vocabulary.facets import Identity, Schema

Applicable = EntityFact | FacetFact | EdgeFact | VersionFact | Blob | Tombstone | Renamed


@dataclass(slots=True)
class Written:
    """Rows written by one scope, by table. An unchanged scope leaves all of them at 0."""

    entities: int = 0
    aliases: int = 0
    facets: int = 0
    edges: int = 0
    versions: int = 0
    closed: int = 0
    withheld: int = 0
    faults: list[Fault] = field(default_factory=list)
    generation: Generation | None = None


class ScopeWrite:
    """One scope on its way into the catalogue. Call `apply` for each batch, then `finish` once."""

    def __init__(self, *, writer: Writer, mode: ScopeMode, run: uuid.UUID | None = None) -> None:
        self._generation = open_generation(writer=writer, run=run)
        self._mode = mode
        self._index = EntityIndex(self._generation)
        self._facets = FacetWrite(self._generation)
        self._edges = EdgeWrite(self._generation)
        self._restated: set[uuid.UUID] = set()
        self._entity_facts = 0
        self.written = Written()

    @transaction.atomic
    def apply(self, batch: Sequence[Applicable]) -> None:
        """Write one batch. Facts about an entity that the scope never stated become faults."""
        self._keep([fact for fact in batch if isinstance(fact, Blob)])
        for fact in batch:
            if isinstance(fact, Renamed) and not self._index.rename(fact):
                self._fault("rename_not_applied", fact.urn, f"{fact.new_urn} is another thing already")
        self._apply_entities([fact for fact in batch if isinstance(fact, EntityFact)])
        self._apply_entities(list(_columns(batch)))
        self._index.load(_urns(batch))
        self._apply_facets([fact for fact in batch if isinstance(fact, FacetFact)])
        self._apply_edges([fact for fact in batch if isinstance(fact, EdgeFact)])
        self._apply_versions([fact for fact in batch if isinstance(fact, VersionFact)])
        for fact in batch:
            if isinstance(fact, Tombstone) and (entity_id := self._index.id_of(fact.urn)):
                self._restated.add(entity_id)

    def finish(self, outcome: Outcome, *, removal_confirmed: bool = False) -> Written:
        """Close what a complete scope no longer states, publish, and say what was written.

        Nothing is closed after a partial or failed scope, when a snapshot stated nothing, or when
        more than half of it would go and nobody confirmed that: `withheld` counts what stayed.
        """
        if outcome is Outcome.COMPLETE:
            self._close_absent(removal_confirmed=removal_confirmed)
        with transaction.atomic():
            self._merge()
            self._settle()
            for naming in self._index.namings:
                self._rename(naming)
            self.written.facets = self._facets.written
            self.written.edges = self._edges.written
            self.written.generation = publish(self._generation)
        return self.written

    def _keep(self, blobs: Sequence[Blob]) -> None:
        for blob in blobs:
            files.put(blob.digest, blob.media_type, blob.data)
        Content.objects.bulk_create(
            (Content(digest=blob.digest, media_type=blob.media_type, size=len(blob.data)) for blob in blobs),
            ignore_conflicts=True,
        )

    def _apply_entities(self, facts: Sequence[EntityFact]) -> None:
        entities, aliases = self._index.ensure(facts)
        self.written.entities += entities
        self.written.aliases += aliases
        self._entity_facts += len(facts)
        identities = []
        for fact in facts:
            entity_id = self._index.id_of(fact.urn)
            if entity_id is not None:
                self._restated.add(entity_id)
                value = Identity(name=fact.name, platform=fact.platform, path=fact.path)
                identities.append(Statement(entity_id=entity_id, value=value))
        self._facets.write(identities)

    def _apply_facets(self, facts: Sequence[FacetFact]) -> None:
        statements = []
        for fact in facts:
            entity_id = self._resolved(fact.urn, f"facet {fact.value.facet}")
            if entity_id is not None:
                statements.append(
                    Statement(
                        entity_id=entity_id,
                        value=fact.value,
                        source_version=fact.source_version,
                        source_time=fact.source_time,
                        current=fact.current,
                    )
                )
        self._facets.write(statements)

    def _apply_edges(self, facts: Sequence[EdgeFact]) -> None:
        assertions = []
        for fact in facts:
            source = self._resolved(fact.source, f"edge {fact.relation}")
            target = self._resolved(fact.target, f"edge {fact.relation}")
            if source is not None and target is not None:
                assertions.append(edge_row(source, target, fact))
        self._edges.write(assertions)

    def _apply_versions(self, facts: Sequence[VersionFact]) -> None:
        wanted = {}
        for fact in facts:
            entity_id = self._resolved(fact.urn, "version")
            if entity_id is not None:
                wanted[(entity_id, fact.source_version, fact.path)] = fact
        known = set(
            Version.objects.filter(entity_id__in={key[0] for key in wanted}).values_list(
                "entity_id", "source_version", "path"
            )
        )
        new = {key: fact for key, fact in wanted.items() if key not in known}
        authors = record_authors({fact.author for fact in new.values()})
        Version.objects.bulk_create(
            (
                Version(
                    entity_id=key[0],
                    writer_id=self._generation.writer_id,
                    source_version=fact.source_version,
                    position=fact.position,
                    source_time=fact.source_time,
                    author_id=authors[fact.author],
                    subject=fact.subject[:500],
                    path=fact.path,
                    content=fact.content,
                    change=fact.change[:10],
                    opened=self._generation,
                )
                for key, fact in new.items()
            ),
            batch_size=500,
        )
        self._log({key[0] for key in new}, "version", Change.Class.ADDED)
        self.written.versions += len(new)

    def _close_absent(self, *, removal_confirmed: bool) -> None:
        if self._mode is ScopeMode.DELTA:
            self._restated |= self._columns_of(sorted(self._restated))
        facets = Facet.objects.filter(writer=self._generation.writer_id, closed=None, historic=False)
        edges = Edge.objects.filter(writer=self._generation.writer_id, closed=None)
        gone_facets = self._absent(facets.values_list("pk", "entity_id", "facet"), self._facets.seen)
        gone_edges = self._absent(edges.values_list("pk", "source_id", "relation"), self._edges.seen)
        gone_entities = sum(1 for row in gone_facets if row[2] == "identity")
        if self._mode is ScopeMode.SNAPSHOT and not removal_confirmed and gone_entities:
            stated = facets.filter(facet="identity").exclude(opened=self._generation).count()
            if self._entity_facts == 0 or gone_entities * 2 > stated:
                self.written.withheld = gone_entities
                self._fault(
                    "removal_withheld",
                    str(self._generation.writer),
                    f"{gone_entities} of {stated} things would go. "
                    "Nothing was removed until somebody confirms it.",
                )
                return
        self._close(Facet.objects.all(), gone_facets, "facet")
        self._close(Edge.objects.all(), gone_edges, "edge")
        self._close_orphans([row[0] for row in gone_edges])

    def _columns_of(self, datasets: Sequence[uuid.UUID]) -> set[uuid.UUID]:
        """Columns are restated with their dataset."""
        columns = Entity.objects.filter(kind="column")
        return {
            column
            for start in range(0, len(datasets), 500)
            for column in columns.filter(parent__in=datasets[start : start + 500]).values_list(
                "pk", flat=True
            )
        }

    def _absent(
        self, rows: "QuerySet[Model, tuple[int, uuid.UUID, str]]", seen: set[int]
    ) -> list[tuple[int, uuid.UUID, str]]:
        """Open rows that the scope did not state: a delta's only of the entities that it restated."""
        snapshot = self._mode is ScopeMode.SNAPSHOT
        return [
            row
            for row in rows.iterator(chunk_size=5000)
            if row[0] not in seen and (snapshot or row[1] in self._restated)
        ]

    def _close(
        self, table: "QuerySet[Facet] | QuerySet[Edge]", rows: Sequence[tuple[int, uuid.UUID, str]], what: str
    ) -> None:
        for start in range(0, len(rows), 500):
            part = rows[start : start + 500]
            with transaction.atomic():
                table.filter(pk__in=[row[0] for row in part]).update(closed=self._generation)
                Change.objects.bulk_create(
                    Change(
                        generation=self._generation,
                        entity_id=entity_id,
                        subject="entity" if name == "identity" else f"{what}:{name}",
                        change=Change.Class.REMOVED,
                        before=pk,
                    )
                    for pk, entity_id, name in part
                )
        self.written.closed += len(rows)
        self._facets.asserted.update(row[1] for row in rows if row[2] == "identity")

    def _close_orphans(self, closed_edges: Sequence[int]) -> None:
        """A dataset that this writer only named goes with the last code that named it."""
        if self._mode is ScopeMode.SNAPSHOT:
            return
        writer = self._generation.writer_id
        targets = {
            target
            for start in range(0, len(closed_edges), 500)
            for target in Edge.objects.filter(pk__in=closed_edges[start : start + 500]).values_list(
                "target_id", flat=True
            )
        }
        named = Entity.objects.filter(pk__in=targets, kind="dataset", parent=None)
        still = Edge.objects.filter(target__in=named, writer=writer, closed=None).values("target_id")
        rows = Facet.objects.filter(
            entity__in=named.exclude(pk__in=still), writer=writer, closed=None, facet="identity"
        ).values_list("pk", "entity_id", "facet")
        self._close(Facet.objects.all(), list(rows), "facet")

    def _merge(self) -> None:
        """Two names of one thing turned out to be one: edges and aliases move to it."""
        for loser_id, winner_id in self._index.merges:
            for side in ("source_id", "target_id"):
                for edge in Edge.objects.filter(**{side: loser_id}, closed=None):
                    self._move(edge, side, winner_id)
            Alias.objects.filter(entity=loser_id).exclude(
                key__in=Alias.objects.filter(entity=winner_id).values("key")
            ).update(entity=winner_id)
            loser = Entity.objects.get(pk=loser_id)
            Alias.objects.get_or_create(
                entity_id=winner_id, key=loser.urn, defaults={"opened": self._generation}
            )
            loser.urn = f"{loser.urn}~{loser_id.hex[:8]}"
            loser.save(update_fields=["urn"])
            identities = Facet.objects.filter(entity=loser_id, facet="identity", closed=None)
            self._restate_identities(list(identities), winner_id)

    def _move(self, edge: Edge, side: str, winner_id: uuid.UUID) -> None:
        Edge.objects.filter(pk=edge.pk).update(closed=self._generation)
        moved = Edge(
            source_id=edge.source_id,
            relation=edge.relation,
            target_id=edge.target_id,
            columns=edge.columns,
            direct=edge.direct,
            writer_id=edge.writer_id,
            evidence=edge.evidence,
            anchor=edge.anchor,
            opened=self._generation,
        )
        setattr(moved, side, winner_id)
        moved.key = edge_key(moved)
        moved.save()
        self._log({edge.source_id, moved.source_id}, f"edge:{edge.relation}", Change.Class.COMPATIBLE)

    def _restate_identities(self, rows: Iterable[Facet], winner_id: uuid.UUID) -> None:
        for row in rows:
            Facet.objects.filter(pk=row.pk).update(closed=self._generation)
            self._log({row.entity_id}, "entity", Change.Class.REMOVED)
            if not Facet.objects.filter(
                entity=winner_id, facet="identity", writer=row.writer_id, closed=None
            ).exists():
                row.pk = None
                row.entity_id = winner_id
                row.opened, row.closed = self._generation, None
                row.save(force_insert=True)

    def _settle(self) -> None:
        asserted = sorted(self._facets.asserted)
        for start in range(0, len(asserted), 500):
            older = Entity.objects.filter(pk__in=asserted[start : start + 500], parent=None)
            settled = settle_visibility(older.exclude(created=self._generation))
            children = [child for entity in settled for child in spread_visibility(entity)]
            self._log({entity.pk for entity in (*settled, *children)}, "visibility", Change.Class.COMPATIBLE)

    def _rename(self, naming: Naming) -> None:
        entity = Entity.objects.get(pk=naming.entity_id)
        taken = Entity.objects.filter(urn=naming.urn).exclude(pk=naming.entity_id).exists()
        if taken:
            self._fault("rename_not_applied", entity.urn, f"{naming.urn} is another thing already")
            return
        if entity.urn != naming.urn:
            Alias.objects.get_or_create(entity=entity, key=entity.urn, defaults={"opened": self._generation})
            self._log({entity.pk}, "name", Change.Class.COMPATIBLE)
        entity.urn, entity.name = naming.urn, naming.name
        entity.platform, entity.path = naming.platform, naming.path
        entity.save(update_fields=["urn", "name", "platform", "path"])

    def _log(self, entity_ids: Iterable[uuid.UUID], subject: str, change: str) -> None:
        Change.objects.bulk_create(
            Change(generation=self._generation, entity_id=entity_id, subject=subject, change=change)
            for entity_id in sorted(entity_ids)
        )

    def _resolved(self, name: str, what: str) -> uuid.UUID | None:
        entity_id = self._index.id_of(name)
        if entity_id is None:
            self._fault("entity_not_stated", name, f"The source states a {what} of something it never named.")
        return entity_id

    def _fault(self, code: str, place: str, message: str) -> None:
        self.written.faults.append(Fault(code=code, place=place, message=message))


def _columns(batch: Iterable[Applicable]) -> Iterator[EntityFact]:
    """The columns of a stated schema, as things of their own under their dataset."""
    for fact in batch:
        if not (isinstance(fact, FacetFact) and isinstance(fact.value, Schema) and fact.current):
            continue
        for column in fact.value.columns:
            stable = f"field:{fact.urn}#{column.field_id}" if column.field_id is not None else ""
            yield EntityFact(
                urn=column_urn(fact.urn, column.name),
                kind="column",
                name=column.name,
                parent=fact.urn,
                aliases=(stable,) if stable else (),
            )


def _urns(batch: Iterable[Applicable]) -> Iterator[str]:
    for fact in batch:
        if isinstance(fact, EdgeFact):
            yield fact.source
            yield fact.target
        elif isinstance(fact, FacetFact | VersionFact | Tombstone):
            yield fact.urn
