"""The catalogue as projections read it: whole, without an asker, in chunks. No page calls these."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Count, Max, Q

from hub.catalogue.models import Alias, Change, Edge, Entity, Facet, Generation, Version
from hub.catalogue.policies import existing_at, open_at
from hub.catalogue.queries.reading import FacetRow, author_names, facets_of
from indexers.vocabulary.facets import Facet as FacetValue
from indexers.vocabulary.facets import Ownership, Repository

F = TypeVar("F", bound=FacetValue)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Entities that changed after `since`, up to and with `sequence`, in order of id."""

    since: int
    sequence: int
    entity_ids: list[uuid.UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityState:
    """All that today's catalogue says of an entity. `owners` and `licence` fall back on its repository's."""

    entity: Entity
    facets: dict[str, FacetRow]
    aliases: tuple[str, ...]
    owners: tuple[str, ...]
    licence: str
    changed_at: datetime | None
    commit: str
    popularity: int

    def facet(self, kind: type[F]) -> F | None:
        """The facet of this type, if it is stated."""
        row = self.facets.get(kind.facet)
        return row.value if row and isinstance(row.value, kind) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeState:
    id: uuid.UUID
    kind: str
    audience: int
    team: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeState:
    id: int
    source: uuid.UUID
    relation: str
    target: uuid.UUID
    direct: bool
    evidence: str


def newest_sequence() -> int:
    """The sequence of the last publication, 0 before the first."""
    return Generation.objects.aggregate(newest=Max("sequence"))["newest"] or 0


def changed_since(sequence: int, *, generations: int) -> Changed | None:
    """What the next so many generations changed; None when there are none.

    An edge changes both of its ends: who is used by whom is part of how they are found.
    """
    later = Generation.objects.filter(sequence__gt=sequence).order_by("sequence")
    taken = list(later.values_list("pk", "sequence")[:generations])
    newest = taken[-1][1] if taken else None
    if newest is None:
        return None
    changes = Change.objects.filter(generation__in=[pk for pk, _ in taken])
    ids = set(changes.values_list("entity_id", flat=True))
    linked = changes.filter(subject__startswith="edge:")
    for side in ("before", "after"):
        edges = Edge.objects.filter(pk__in=linked.filter(**{f"{side}__isnull": False}).values(side))
        ids.update(edges.values_list("target_id", flat=True))
    return Changed(since=sequence, sequence=newest, entity_ids=sorted(ids))


def all_ids(chunk: int) -> Iterator[list[uuid.UUID]]:
    """Ids of all entities that exist, by keyset, so many at a time."""
    last: uuid.UUID | None = None
    while True:
        rows = Entity.objects.filter(existing_at(None)).order_by("pk")
        if last is not None:
            rows = rows.filter(pk__gt=last)
        ids = list(rows.values_list("pk", flat=True)[:chunk])
        if not ids:
            return
        yield ids
        last = ids[-1]


def states(ids: Sequence[uuid.UUID]) -> list[EntityState]:
    """The states of those of the entities that exist, in the order given. About 8 queries."""
    found = Entity.objects.filter(existing_at(None), pk__in=ids).select_related("space")
    entities = {entity.pk: entity for entity in found}
    facets = facets_of(entities)
    aliases = defaultdict(list)
    for entity_id, key in (
        Alias.objects.filter(entity__in=entities).order_by("key").values_list("entity_id", "key")
    ):
        aliases[entity_id].append(key)
    histories = _histories(entities)
    repositories = facets_of(
        {entity.parent_id for entity in entities.values() if entity.parent_id}, names=["repository"]
    )
    popularity = dict(
        Edge.objects.filter(open_at(None), target__in=entities)
        .values_list("target")
        .annotate(Count("source", distinct=True))
    )
    people = _owner_names(facets)
    return [
        _state(entity, facets, aliases, histories, repositories, popularity, people)
        for entity in (entities[one] for one in ids if one in entities)
    ]


@dataclass(frozen=True, slots=True)
class _History:
    authors: tuple[str, ...]
    changed_at: datetime
    commit: str


def _state(
    entity: Entity,
    facets: dict[uuid.UUID, dict[str, FacetRow]],
    aliases: dict[uuid.UUID, list[str]],
    histories: dict[uuid.UUID, _History],
    repositories: dict[uuid.UUID, dict[str, FacetRow]],
    popularity: dict[uuid.UUID, int],
    people: dict[str, str],
) -> EntityState:
    own = facets.get(entity.pk, {})
    history = histories.get(entity.pk)
    stated = own["ownership"].value if "ownership" in own else None
    owners = (
        tuple(people[one] for one in stated.people if one in people) + stated.teams
        if isinstance(stated, Ownership)
        else ()
    )
    around = repositories.get(entity.parent_id, {}) if entity.parent_id else own
    repository = around["repository"].value if "repository" in around else None
    times = [row.source_time for row in own.values() if row.source_time]
    return EntityState(
        entity=entity,
        facets=own,
        aliases=tuple(aliases[entity.pk]) if entity.pk in aliases else (),
        owners=owners or (history.authors if history else ()),
        licence=repository.licence if isinstance(repository, Repository) else "",
        changed_at=history.changed_at if history else max(times, default=None),
        commit=history.commit if history else next((row.source_version for row in own.values()), ""),
        popularity=popularity.get(entity.pk, 0),
    )


def _histories(entities: dict[uuid.UUID, Entity]) -> dict[uuid.UUID, _History]:
    """Who changed each thing most (two names at most), and its last change."""
    counts: dict[uuid.UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    latest: dict[uuid.UUID, tuple[datetime, str]] = {}
    rows = Version.objects.filter(entity__in=entities, opened__sequence__isnull=False).order_by("position")
    for entity_id, author, moment, commit in rows.values_list(
        "entity_id", "author_id", "source_time", "source_version"
    ):
        counts[entity_id][author] += 1
        latest[entity_id] = (moment, commit)
    names = author_names({author for authors in counts.values() for author in authors})
    return {
        entity_id: _History(_most_active(authors, names), *latest[entity_id])
        for entity_id, authors in counts.items()
    }


def _most_active(authors: dict[str, int], names: dict[str, str]) -> tuple[str, ...]:
    """The two people who changed most; somebody with two addresses is one of them."""
    changes: dict[str, int] = defaultdict(int)
    for author, count in authors.items():
        if author in names:
            changes[names[author]] += count
    return tuple(sorted(changes, key=lambda name: (-changes[name], name))[:2])


def _owner_names(facets: dict[uuid.UUID, dict[str, FacetRow]]) -> dict[str, str]:
    digests = {
        digest
        for rows in facets.values()
        if "ownership" in rows and isinstance(owned := rows["ownership"].value, Ownership)
        for digest in owned.people
    }
    return author_names(digests)


def superseded_contents(ids: Sequence[uuid.UUID], since: int) -> list[tuple[uuid.UUID, str]]:
    """(notebook, content digest) of what was current at `since` or later and is no more."""
    rows = Facet.objects.filter(
        entity__in=ids, facet="notebook", historic=False, closed__sequence__gt=since
    ).values_list("entity_id", "payload__content")
    return [(entity_id, content) for entity_id, content in rows if content]


def nodes(ids: Sequence[uuid.UUID]) -> list[NodeState]:
    """Those of the entities that exist, as nodes."""
    rows = Entity.objects.filter(existing_at(None), pk__in=ids).order_by("pk")
    return [
        NodeState(id=pk, kind=kind, audience=audience, team=team or "", name=name)
        for pk, kind, audience, team, name in rows.values_list(
            "pk", "kind", "audience_id", "space__name", "name"
        )
    ]


def links(ids: Sequence[uuid.UUID]) -> list[EdgeState]:
    """Open edges that start at these entities."""
    rows = Edge.objects.filter(open_at(None), source__in=ids).order_by("pk")
    fields = ("pk", "source_id", "relation", "target_id", "direct", "evidence")
    return [
        EdgeState(id=pk, source=source, relation=relation, target=target, direct=direct, evidence=evidence)
        for pk, source, relation, target, direct, evidence in rows.values_list(*fields)
    ]


def closed_links(ids: Sequence[uuid.UUID]) -> list[int]:
    """Edges from these entities that were closed at some time."""
    closed = Edge.objects.filter(Q(closed__sequence__isnull=False), source__in=ids)
    return list(closed.order_by("pk").values_list("pk", flat=True))
