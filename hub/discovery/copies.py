"""Copies among results: what has the same name and says the same is folded under what was there first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Min

from hub.catalogue.models import Version
from hub.discovery.queries import FoundHit


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """Hits without the copies; `copies` by the id of the hit that they lie under."""

    hits: tuple[FoundHit, ...]
    copies: Mapping[str, tuple[FoundHit, ...]]


def fold(hits: Sequence[FoundHit]) -> Folded:
    """Fold the copies on one page of a result. The oldest stands where the best ranked of them stood.

    Notebooks are alike by name and title, cells by the name of their notebook, number and matching
    lines; only what the asker may read about is compared. At most one query.
    """
    groups: dict[object, list[FoundHit]] = {}
    for hit in hits:
        groups.setdefault(_likeness(hit), []).append(hit)
    alike = [hit.entity_id for group in groups.values() if len(group) > 1 for hit in group]
    first = _first_versions(alike) if alike else {}
    shown = []
    copies = {}
    for group in groups.values():
        dated = [hit for hit in group if hit.entity_id in first]
        original = min(dated, key=lambda hit: first[hit.entity_id]) if dated else group[0]
        shown.append(original)
        if len(group) > 1:
            copies[original.id] = tuple(hit for hit in group if hit is not original)
    return Folded(hits=tuple(shown), copies=copies)


def _likeness(hit: FoundHit) -> object:
    """What two copies have in common, and else nobody."""
    details = hit.details
    name = hit.path.rpartition("/")[2]
    if hit.kind == "notebook" and name and details.title:
        return "notebook", hit.tier, name, details.title
    if hit.kind == "cell" and name and hit.highlights:
        return "cell", hit.tier, name, details.number, hit.highlights[0].text
    return hit.id


def _first_versions(entities: Sequence[UUID]) -> dict[UUID, datetime]:
    rows = Version.objects.filter(entity__in=entities).values_list("entity")
    return dict(rows.annotate(Min("source_time")))
