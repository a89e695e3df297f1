"""The one visibility rule, as filters: who asks decides which audiences, an audience decides the rest."""

from dataclasses import replace
from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from hub.accounts.models import Discoverability
from hub.catalogue.models import AudienceToken, Entity, Facet, Generation
from hub.core.asker import OWNER, Asker
from indexers.vocabulary.facets import Facet as FacetValue
from indexers.vocabulary.facets import Notebook, Repository

Plane = AudienceToken.Plane


def audiences_by_plane(asker: Asker) -> dict[str, frozenset[int]]:
    """Ids of the asker's audiences on every plane, for SQL and for stores that filter by themselves.

    One query; none the second time for an asker of one request, whose tokens cannot change any more.
    """
    if asker.memory is not None and asker.memory:
        return asker.memory
    held: dict[str, set[int]] = {plane: set() for plane in Plane.values}
    rows = AudienceToken.objects.filter(token__in=asker.tokens)
    for plane, audience in rows.values_list("plane", "audience"):
        held[plane].add(audience)
    found = {plane: frozenset(ids) for plane, ids in held.items()}
    if asker.memory is not None:
        asker.memory.update(found)
    return found


def audience_ids(asker: Asker, plane: str) -> frozenset[int]:
    """The ids of one plane."""
    return audiences_by_plane(asker)[plane]


def visible_to(asker: Asker, plane: str = Plane.EXISTS, *, path: str = "") -> Q:
    """Condition on an entity (or on what `path` leads to, as `source__`): the asker has this plane of it."""
    return Q(**{f"{path}audience__in": audience_ids(asker, plane)})


def known_writer(asker: Asker, *, path: str) -> Q:
    """Condition on what `path` leads to, as `generation__writer__`: the asker may know of that writer."""
    if OWNER in asker.tokens:
        return Q()
    spaces = [token.removeprefix("space:") for token in asker.tokens if token.startswith("space:")]
    return ~Q(**{f"{path}discoverability": Discoverability.HIDDEN}) | Q(**{f"{path}space__in": spaces})


def planes_of(asker: Asker, entity: Entity) -> frozenset[str]:
    """The planes that the asker has of a thing."""
    held = audiences_by_plane(asker)
    return frozenset(plane for plane, ids in held.items() if entity.audience_id in ids)


def without_derived(value: FacetValue) -> FacetValue:
    """The facet as those see it who may read about the thing, but not what was made of its data.

    Pictures of outputs are data; where a repository was read from is for those inside.
    """
    if isinstance(value, Notebook):
        return replace(value, thumbnails=())
    if isinstance(value, Repository):
        return replace(value, location="")
    return value


def sequence_at(moment: datetime | None) -> int | None:
    """The newest sequence that readers saw at that moment; None for now, 0 before the first."""
    if moment is None:
        return None
    published = Generation.objects.filter(published_at__lte=moment)
    return published.aggregate(newest=Max("sequence"))["newest"] or 0


def open_at(sequence: int | None, *, path: str = "") -> Q:
    """Condition on rows with `opened` and `closed`: true for readers at this sequence (None: now)."""
    opened, closed = f"{path}opened__sequence", f"{path}closed__sequence"
    unclosed = Q(**{f"{closed}__isnull": True})
    if sequence is None:
        return Q(**{f"{opened}__isnull": False}) & unclosed
    return Q(**{f"{opened}__lte": sequence}) & (unclosed | Q(**{f"{closed}__gt": sequence}))


def existing_at(sequence: int | None) -> Exists:
    """Condition on entities: somebody asserts them at this sequence."""
    identities = Facet.objects.filter(open_at(sequence), entity=OuterRef("pk"), facet="identity")
    return Exists(identities)


def readable(asker: Asker, *, plane: str = Plane.EXISTS, sequence: int | None = None) -> QuerySet[Entity]:
    """Entities that exist at the sequence and that the asker may see on the plane."""
    return Entity.objects.filter(visible_to(asker, plane), existing_at(sequence))
