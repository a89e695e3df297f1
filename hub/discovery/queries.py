"""Search as people, the API and the command line ask it: one query behind all of them."""

import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson
from django.db.models import QuerySet

from hub.accounts.models import Principal
from hub.catalogue.models import Entity, Version
from hub.catalogue.policies import Plane, audiences_by_plane, readable
from hub.catalogue.queries import used_by, without_hidden_parents
from hub.core.asker import Asker
from hub.core.errors import Invalid
from hub.discovery.models import SavedSearch
from hub.notebooks.pages import CELLS
from hub.search.engine import engine
from hub.search.port import (
    FACETS,
    MAX_LIMIT,
    MAX_OFFSET,
    Facet,
    FacetCounts,
    Highlight,
    Hit,
    Reason,
    Rights,
    SearchRequest,
    Sort,
    Suggestion,
    Tier,
)
from hub.web.addresses import address_of

_CELLS_LOOKED_AT: Final = 40
_HITS_OF_ONE: Final = 2
"""Hits of one thing, such as cells of a notebook, that come before those of others."""

_Users = Mapping[uuid.UUID, Mapping[str, int]]
"""How many things of each kind depend on a thing."""

Filters = tuple[tuple[Facet, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HitDetails:
    """What shows a hit beside its name; empty where the asker may not read about the thing.

    `users` are the things that depend on it by kind, the most first; `used_by` is their sum.
    """

    summary: str = ""
    title: str = ""
    owners: tuple[str, ...] = ()
    changed: datetime | None = None
    used_by: int = 0
    users: tuple[tuple[str, int], ...] = ()
    language: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    rows: int | None = None
    unresolved: bool = False
    number: int = 0
    commit: str = ""
    thumbnail: str = ""
    outputs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundHit:
    """A hit, checked again in the catalogue. A cell has the urn of its notebook and `#cell-<id>`.

    `derivable` says whether outputs, and so the thumbnail, may be shown.
    """

    id: str
    entity_id: uuid.UUID
    urn: str
    kind: str
    name: str
    team: str
    repository: str
    path: str
    url: str
    tier: Tier
    why: tuple[Reason, ...]
    highlights: tuple[Highlight, ...]
    describable: bool
    derivable: bool
    details: HitDetails


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of a result. `withheld` counts hits of this page whose outputs are not shown."""

    total: int
    tiers: tuple[tuple[Tier, int], ...]
    hits: tuple[FoundHit, ...]
    facets: FacetCounts
    did_you_mean: str
    milliseconds: int
    filters: Filters = ()
    withheld: int = 0
    pictured: Mapping[uuid.UUID, FoundHit] = field(default_factory=dict)
    """For notebooks found by name, the best of their cells that hold the words and drew a picture."""


def rights_of(asker: Asker) -> Rights:
    """The audiences of the asker on each plane, for stores that filter by themselves. One query."""
    held = audiences_by_plane(asker)
    return Rights(exists=held["exists"], describe=held["describe"], derived=held["derived"])


def search(
    asker: Asker,
    text: str,
    *,
    filters: Filters = (),
    offset: int = 0,
    limit: int = 20,
    sort: Sort = "best",
    pictures: bool = False,
) -> Found:
    """A page of what the asker may find. Invalid for an unknown filter or a page out of range.

    4 queries of the catalogue and one of the engine, whatever is found; one more where a container is hidden.
    """
    started = time.perf_counter()
    rights = rights_of(asker)
    if not (0 <= limit <= MAX_LIMIT and 0 <= offset <= MAX_OFFSET):
        raise Invalid(f"Ask for at most {MAX_LIMIT} results, within the first {MAX_OFFSET:,}", field="page")
    if unknown := {name for name, _ in filters} - set(FACETS):
        raise Invalid(f"Unknown filter {min(unknown)}; known are {', '.join(FACETS)}", field="filters")
    result = engine().search(
        SearchRequest(text=text, rights=rights, filters=filters, offset=offset, limit=limit, sort=sort)
    )
    ids = {uuid.UUID(hit.entity) for hit in result.hits}
    seen = {one.pk: one for one in readable(asker).filter(pk__in=ids).select_related("parent", "space")}
    without_hidden_parents(asker, seen.values())
    users = used_by(asker, seen)
    hits = [
        _found(hit, seen[uuid.UUID(hit.entity)], rights, users)
        for hit in result.hits
        if uuid.UUID(hit.entity) in seen
    ]
    if sort == "best" and not wants_cells(filters):
        hits = spread(hits, most=_HITS_OF_ONE)
    return Found(
        total=result.total,
        tiers=result.tiers,
        hits=tuple(hits),
        facets=result.facets,
        did_you_mean=result.did_you_mean,
        milliseconds=round((time.perf_counter() - started) * 1000),
        filters=filters,
        withheld=sum(1 for hit in hits if hit.details.outputs and not hit.derivable),
        pictured=_pictured(text, rights, hits, seen) if pictures and text else {},
    )


def _pictured(
    text: str, rights: Rights, hits: Sequence[FoundHit], seen: Mapping[uuid.UUID, Entity]
) -> dict[uuid.UUID, FoundHit]:
    """One more question to the engine, and only where a notebook was found by its name."""
    named = {hit.entity_id for hit in hits if hit.kind == "notebook" and hit.tier != "text"}
    if not named:
        return {}
    request = SearchRequest(text=text, rights=rights, filters=(("kind", ("cell",)),), limit=_CELLS_LOOKED_AT)
    pictured: dict[uuid.UUID, FoundHit] = {}
    for hit in engine().search(request).hits:
        entity_id = uuid.UUID(hit.entity)
        if entity_id in named and entity_id not in pictured:
            found = _found(hit, seen[entity_id], rights, {})
            if found.details.thumbnail:
                pictured[entity_id] = found
    return pictured


def wants_cells(filters: Filters) -> bool:
    """Whether cells are asked for as such."""
    return any(name == "kind" and "cell" in values for name, values in filters)


def spread(hits: Iterable[FoundHit], *, most: int) -> list[FoundHit]:
    """The hits in their order, but those of one thing beyond `most` after all others."""
    first: list[FoundHit] = []
    rest: list[FoundHit] = []
    counts: dict[uuid.UUID, int] = {}
    for hit in hits:
        counts[hit.entity_id] = counts.get(hit.entity_id, 0) + 1
        (first if counts[hit.entity_id] <= most else rest).append(hit)
    return first + rest


def suggest(asker: Asker, prefix: str, *, limit: int = 8) -> tuple[Suggestion, ...]:
    """Names for type-ahead, only of what the asker may see."""
    return engine().suggest(prefix[:200], rights_of(asker), limit)


def saved_searches(principal: Principal | None) -> QuerySet[SavedSearch]:
    """The searches that somebody saved, by name."""
    return SavedSearch.objects.filter(principal=principal).order_by("name")


def _found(hit: Hit, entity: Entity, rights: Rights, users: _Users) -> FoundHit:
    shown: dict[str, Any] = orjson.loads(hit.details) if hit.details else {}
    urn, kind, name = entity.urn, entity.kind, entity.name
    url = address_of(entity.urn, str(entity.pk))
    if hit.kind == "cell":
        anchor = f"#cell-{hit.id.partition('#')[2]}"
        page = (shown.get("number", 1) - 1) // CELLS + 1
        urn, kind = f"{urn}{anchor}", "cell"
        url = f"{url}?page={page}{anchor}" if page > 1 else f"{url}{anchor}"
    describable = entity.audience_id in rights.describe
    return FoundHit(
        id=hit.id,
        entity_id=entity.pk,
        urn=urn,
        kind=kind,
        name=name,
        team=entity.space.name if entity.space else "",
        repository=entity.parent.name if entity.parent and entity.parent.kind == "repository" else "",
        path=entity.path,
        url=url,
        tier=hit.tier,
        why=hit.why,
        highlights=hit.highlights,
        describable=describable,
        derivable=describable and entity.audience_id in rights.derived,
        details=_details(shown, {} if kind == "cell" else users.get(entity.pk, {}))
        if describable
        else HitDetails(),
    )


def _details(shown: dict[str, Any], users: Mapping[str, int]) -> HitDetails:
    return HitDetails(
        summary=shown.get("summary", ""),
        title=shown.get("title", ""),
        owners=tuple(shown.get("owners", ())),
        changed=datetime.fromisoformat(shown["changed"]) if shown.get("changed") else None,
        used_by=sum(users.values()),
        users=tuple(sorted(users.items(), key=lambda counted: -counted[1])),
        language=shown.get("language", ""),
        columns=tuple((name, kind) for name, kind in shown.get("columns", ())),
        rows=shown.get("rows"),
        unresolved=shown.get("unresolved", False),
        number=shown.get("number", 0),
        commit=shown.get("commit", ""),
        thumbnail=shown.get("thumbnail", ""),
        outputs=shown.get("outputs", 0),
    )


def addresses(asker: Asker, ids: Sequence[str]) -> dict[str, str]:
    """The pages of those of the entities that the asker may see, by id. One query."""
    wanted = [uuid.UUID(one) for one in ids if "#" not in one]
    return {str(one.pk): address_of(one.urn, str(one.pk)) for one in readable(asker).filter(pk__in=wanted)}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentChange:
    """A thing that somebody changed lately, at its source."""

    entity: Entity
    author: str
    moment: datetime


def recent_changes(asker: Asker, *, limit: int = 8) -> list[RecentChange]:
    """The notebooks and files that changed last, each once, of what the asker may read about. One query."""
    rows = (
        Version.objects.filter(
            entity__in=readable(asker, plane=Plane.DESCRIBE).filter(kind="notebook"),
            opened__sequence__isnull=False,
        )
        .select_related("entity", "entity__parent", "author")
        .order_by("-source_time", "-pk")[: limit * 6]
    )
    latest: dict[uuid.UUID, RecentChange] = {}
    for row in rows:
        latest.setdefault(
            row.entity_id,
            RecentChange(entity=row.entity, author=row.author.name or "Somebody", moment=row.source_time),
        )
    return list(latest.values())[:limit]
