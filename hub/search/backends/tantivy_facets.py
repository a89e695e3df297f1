"""Facets as aggregations of the embedded index."""

from typing import Any, Final

from hub.search.backends.tantivy_queries import DAY
from hub.search.backends.tantivy_schema import VALUE_FIELDS
from hub.search.port import FACET_VALUES, FRESHNESS, Facet

_ALL_VALUES: Final = 65_000
"""Values of a facet that each segment counts: enough to be exact."""


def _edges(today: int) -> dict[str, int]:
    return {
        name: max(place, (today - days) * DAY)
        for place, (name, days) in enumerate(FRESHNESS.items(), start=1)
    }


def aggregation(facet: Facet, today: int) -> dict[str, Any]:
    """What to ask for one facet."""
    if facet in VALUE_FIELDS:
        return {"terms": {"field": facet, "size": FACET_VALUES, "segment_size": _ALL_VALUES}}
    edges = _edges(today)
    bounds = [{"to": edges["year"]}, {"from": edges["year"], "to": edges["month"]}]
    bounds += [{"from": edges["month"], "to": edges["week"]}, {"from": edges["week"]}]
    return {"range": {"field": facet, "ranges": bounds}}


def counts_of(facet: Facet, buckets: list[dict[str, Any]]) -> tuple[tuple[str, int], ...]:
    """The counts in the buckets of its answer, the most frequent first; those of `freshness` add up."""
    if facet in VALUE_FIELDS:
        counted = [(str(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets]
        return tuple(sorted(counted, key=lambda item: (-item[1], item[0])))
    older, year, month, week = (
        int(bucket["doc_count"]) for bucket in sorted(buckets, key=lambda b: b.get("from", 0))
    )
    named = {"week": week, "month": week + month, "year": week + month + year, "older": older}
    return tuple((name, number) for name, number in named.items() if number)
