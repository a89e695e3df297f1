"""Where and how large the data of a dataset is."""

from dataclasses import dataclass

from indexers.vocabulary.facets.base import Facet, facet


@facet("storage", version=1)
@dataclass(frozen=True, slots=True, kw_only=True)
class Storage(Facet):
    """`rows` and `bytes` are None where the format does not say without reading the data."""

    format: str
    location: str
    rows: int | None = None
    bytes: int | None = None
    files: int | None = None
