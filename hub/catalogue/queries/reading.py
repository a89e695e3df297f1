"""Reads of the catalogue. Every one takes who asks; what they may not see is not there."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeVar

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from hub.catalogue.models import Author, Change, Content, Edge, Entity, Facet, Version
from hub.catalogue.policies import (
    Plane,
    audience_ids,
    known_writer,
    open_at,
    planes_of,
    readable,
    sequence_at,
    visible_to,
    without_derived,
)
from hub.core import files
from hub.core.asker import Asker
from hub.core.errors import NotFound
from indexers.vocabulary.facets import Code, Documentation, FacetInvalid, from_json
from indexers.vocabulary.facets import Facet as FacetValue

Direction = Literal["out", "in"]
F = TypeVar("F", bound=FacetValue)


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetRow:
    """The facet that counts for its entity, with where it comes from."""

    value: FacetValue
    source_version: str
    source_time: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityRead:
    """An entity as somebody may see it, today or as of a moment.

    `facets` is empty without the right to its description.
    """

    entity: Entity
    describable: bool
    derivable: bool
    facets: dict[str, FacetRow]
    as_of: datetime | None = None

    def facet(self, kind: type[F]) -> F | None:
        """The facet of this type, if it is stated and may be read."""
        row = self.facets.get(kind.facet)
        return row.value if row and isinstance(row.value, kind) else None


def find(
    asker: Asker, urns: Sequence[str], *, as_of: datetime | None = None, source_time: datetime | None = None
) -> EntityRead:
    """The first of the urns that means something the asker may see, aliases included. NotFound else.

    At most 6 queries.
    """
    sequence = sequence_at(as_of)
    candidates = readable(asker, sequence=sequence).select_related("space", "parent")
    by_urn = {entity.urn: entity for entity in candidates.filter(urn__in=urns)}
    entity = next((by_urn[urn] for urn in urns if urn in by_urn), None)
    if entity is None:
        entity = candidates.filter(aliases__key__in=urns).order_by("urn").first()
    if entity is None:
        raise NotFound
    read = _read(asker, entity, sequence=sequence, source_time=source_time)
    return replace(read, as_of=as_of)


def by_id(
    asker: Asker,
    entity_id: uuid.UUID,
    *,
    as_of: datetime | None = None,
    source_time: datetime | None = None,
) -> EntityRead:
    """The entity behind a permanent link. NotFound when the asker may not see it."""
    sequence = sequence_at(as_of)
    candidates = readable(asker, sequence=sequence).select_related("space", "parent")
    entity = candidates.filter(pk=entity_id).first()
    if entity is None:
        raise NotFound
    read = _read(asker, entity, sequence=sequence, source_time=source_time)
    return replace(read, as_of=as_of)


def _read(asker: Asker, entity: Entity, *, sequence: int | None, source_time: datetime | None) -> EntityRead:
    without_hidden_parents(asker, [entity])
    planes = planes_of(asker, entity)
    derivable = planes >= {Plane.DESCRIBE, Plane.DERIVED}
    facets = (
        _facets([entity.pk], sequence=sequence, source_time=source_time) if Plane.DESCRIBE in planes else {}
    )
    return EntityRead(
        entity=entity,
        describable=Plane.DESCRIBE in planes,
        derivable=derivable,
        facets={
            name: replace(row, value=row.value if derivable else without_derived(row.value))
            for name, row in facets.get(entity.pk, {}).items()
        },
    )


def without_hidden_parents(asker: Asker, entities: Iterable[Entity]) -> None:
    """Takes the container off those of the entities that lie in one which the asker may not see.

    For entities read to be shown, with their parents loaded. At most one query.
    """
    elsewhere = [one for one in entities if one.parent and one.parent.audience_id != one.audience_id]
    known = audience_ids(asker, Plane.EXISTS) if elsewhere else frozenset()
    for entity in elsewhere:
        if entity.parent and entity.parent.audience_id not in known:
            entity.parent = None


def facets_of(
    entity_ids: Iterable[uuid.UUID],
    *,
    names: Sequence[str] = (),
    as_of: datetime | None = None,
    source_time: datetime | None = None,
) -> dict[uuid.UUID, dict[str, FacetRow]]:
    """The facets that count, whole, by entity and name; one query. Only for entities already found visible.

    A person's statement counts before a rule's, a rule's before a source's; of equal rank the latest.
    With `source_time` the version that was true at the source then, as known at `as_of`.
    """
    return _facets(entity_ids, names=names, sequence=sequence_at(as_of), source_time=source_time)


def _facets(
    entity_ids: Iterable[uuid.UUID],
    *,
    names: Sequence[str] = (),
    sequence: int | None,
    source_time: datetime | None,
) -> dict[uuid.UUID, dict[str, FacetRow]]:
    rows = Facet.objects.filter(open_at(sequence), entity__in=list(entity_ids)).exclude(facet="identity")
    if names:
        rows = rows.filter(facet__in=names)
    if source_time is None:
        rows = rows.filter(historic=False).order_by("writer__rank", "opened__sequence", "pk")
    else:
        rows = rows.filter(Q(source_time__lte=source_time) | Q(source_time=None)).order_by(
            "writer__rank", "source_time", "historic", "pk"
        )
    found: dict[uuid.UUID, dict[str, FacetRow]] = {}
    for row in rows:
        value = value_of(row)
        if value is not None:
            found.setdefault(row.entity_id, {})[row.facet] = FacetRow(
                value=value, source_version=row.source_version, source_time=row.source_time
            )
    return found


def value_of(row: Facet) -> FacetValue | None:
    """The typed value; None when a newer program wrote a shape that this one does not know."""
    try:
        return from_json(row.facet, row.payload)
    except FacetInvalid:
        return None


def listing(asker: Asker, *, kinds: Sequence[str] = (), as_of: datetime | None = None) -> QuerySet[Entity]:
    """All that the asker may know of, by kind and name."""
    rows = readable(asker, sequence=sequence_at(as_of))
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return rows.order_by("kind", "name", "pk")


def children(
    asker: Asker, parent: Entity, *, kinds: Sequence[str] = (), as_of: datetime | None = None
) -> QuerySet[Entity]:
    """What lies in the parent, by path and name."""
    rows = readable(asker, sequence=sequence_at(as_of)).filter(parent=parent)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return rows.order_by("path", "name", "pk")


def edges(
    asker: Asker,
    entity: Entity,
    direction: Direction,
    *,
    relations: Sequence[str] = (),
    as_of: datetime | None = None,
) -> QuerySet[Edge]:
    """Edges from or to the entity whose other end the asker may see; the other end is loaded with it."""
    here, there = ("source", "target") if direction == "out" else ("target", "source")
    rows = Edge.objects.filter(
        open_at(sequence_at(as_of)), visible_to(asker, path=f"{there}__"), **{here: entity}
    )
    if relations:
        rows = rows.filter(relation__in=relations)
    return rows.select_related(there, f"{there}__space").order_by("relation", f"{there}__urn", "pk")


def readable_anchors(asker: Asker, rows: Iterable[Edge]) -> set[int]:
    """Keys of those of the edges whose code the asker may read; others are shown without it.

    No query where the code is the edge's own source, and that is loaded; else one for all.
    """
    described = audience_ids(asker, Plane.DESCRIBE)
    known: set[int] = set()
    elsewhere: dict[int, set[str]] = {}
    for row in rows:
        if not row.anchor:
            continue
        place = f"{row.anchor['repository']}/{row.anchor['path']}"
        if Edge.source.is_cached(row) and row.source.urn.partition(":")[2] == place:
            known.update([row.pk] if row.source.audience_id in described else [])
        else:
            elsewhere[row.pk] = {f"{kind}:{place}" for kind in ("file", "notebook")}
    if elsewhere:
        urns = set[str]().union(*elsewhere.values())
        code = readable(asker, plane=Plane.DESCRIBE).filter(Q(urn__in=urns) | Q(aliases__key__in=urns))
        names = {name for pair in code.values_list("urn", "aliases__key") for name in pair if name}
        known.update(key for key, wanted in elsewhere.items() if wanted & names)
    return known


def edges_shown(asker: Asker, entity: Entity, direction: Direction) -> list[Edge]:
    """`edges` as a page may show them: without the place in code that the asker may not read. 2 queries."""
    rows = list(edges(asker, entity, direction))
    anchored = readable_anchors(asker, rows) if rows else set()
    for row in rows:
        if row.pk not in anchored:
            row.anchor = None
    return rows


def used_by(asker: Asker, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[str, int]]:
    """How many things of each kind that the asker may see depend on each of these. One query.

    What a thing lies in, and what writes it, does not depend on it.
    """
    rows = Edge.objects.filter(
        open_at(None), visible_to(asker, path="source__"), target__in=list(ids)
    ).exclude(relation__in=("contains", "writes"))
    users: dict[uuid.UUID, dict[str, int]] = {}
    counted = rows.values_list("target", "source__kind").annotate(Count("source", distinct=True))
    for target, kind, count in counted.order_by("target", "source__kind"):
        users.setdefault(target, {})[kind] = count
    return users


def versions(entity: Entity, *, as_of: datetime | None = None) -> QuerySet[Version]:
    """Versions at the source, newest first. Only for an entity already found describable."""
    return (
        entity.versions.filter(_published_by(as_of, "opened__sequence"))
        .select_related("author", "author__principal")
        .order_by("-position", "-pk")
    )


def changes(asker: Asker, entity: Entity, *, as_of: datetime | None = None) -> QuerySet[Change]:
    """What the hub saw change, newest first. Only for an entity already found describable.

    A change of an edge is there only while the asker may see the other end, and what a hidden source
    saw of a thing that others know too is for those inside.
    """
    edge = Edge.objects.filter(
        visible_to(asker, path="target__"), pk=Coalesce(OuterRef("after"), OuterRef("before"))
    )
    return (
        entity.changes.filter(
            _published_by(as_of, "generation__sequence"), known_writer(asker, path="generation__writer__")
        )
        .exclude(~Exists(edge), subject__startswith="edge:")
        .select_related("generation", "generation__actor")
        .order_by("-generation__sequence", "-pk")
    )


def _published_by(as_of: datetime | None, path: str) -> Q:
    sequence = sequence_at(as_of)
    return Q(**{f"{path}__isnull": False}) if sequence is None else Q(**{f"{path}__lte": sequence})


def author_names(digests: Iterable[str]) -> dict[str, str]:
    """The names behind digests of people, without those who have none (any more)."""
    return dict(Author.objects.filter(pk__in=set(digests)).exclude(name="").values_list("pk", "name"))


def content(digest: str) -> tuple[bytes, str]:
    """Bytes and media type from the content store. Only for a digest read from something visible."""
    row = Content.objects.filter(digest=digest).first()
    if row is None:
        raise NotFound
    return files.get(digest, row.media_type), row.media_type


def counts_by_kind(asker: Asker) -> dict[str, int]:
    """How many things of each kind the asker may see."""
    rows = readable(asker).values_list("kind").annotate(Count("pk")).order_by("kind")
    return dict(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """How much a source has in the catalogue now, by kind."""

    entities: dict[str, int]
    versions: dict[str, int]


def held_by_source(source: str) -> Holding:
    """Entities that the source asserts and their versions, for the report of a crawl."""
    asserted = Entity.objects.filter(
        Exists(
            Facet.objects.filter(
                open_at(None), entity=OuterRef("pk"), facet="identity", writer__source=source
            )
        )
    )
    entities = asserted.values_list("kind").annotate(Count("pk")).order_by("kind")
    versions = (
        Version.objects.filter(entity__in=asserted, writer__source=source, opened__sequence__isnull=False)
        .values_list("entity__kind")
        .annotate(Count("pk"))
        .order_by("entity__kind")
    )
    return Holding(entities=dict(entities), versions=dict(versions))


def text_of(read: EntityRead) -> str:
    """The kept text of a file, empty where none is kept or it may not be read."""
    code, prose = read.facet(Code), read.facet(Documentation)
    if code and code.content:
        return content(code.content)[0].decode(errors="replace")
    return prose.text if prose else ""


def column_notes(dataset: Entity) -> dict[str, str]:
    """What is said of each column, by its name. Only for a dataset already found describable. One query."""
    rows = Facet.objects.filter(
        open_at(None), entity__parent=dataset, entity__kind="column", facet="documentation", historic=False
    ).order_by("writer__rank", "opened__sequence", "pk")
    return {name: summary or "" for name, summary in rows.values_list("entity__name", "payload__summary")}


def readme_of(inside: Sequence[Entity]) -> Documentation | None:
    """The readme at the top of a repository whose visible things are given. One query."""
    readmes = [one for one in inside if one.path.casefold().partition(".")[0] == "readme"]
    facets = facets_of([one.pk for one in readmes[:1]], names=["documentation"])
    row = facets[readmes[0].pk].get("documentation") if readmes and readmes[0].pk in facets else None
    return row.value if row and isinstance(row.value, Documentation) else None


def authors_in(repository: Entity, *, limit: int = 8) -> list[str]:
    """Who changed most in a repository, by name. Only for a repository already found describable."""
    rows = (
        Version.objects.filter(entity__parent=repository, opened__sequence__isnull=False)
        .exclude(author__name="")
        .values_list("author__name")
        .annotate(changes=Count("pk"))
        .order_by("-changes", "author__name")
    )
    return [name for name, _ in rows[:limit]]
