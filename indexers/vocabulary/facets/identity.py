"""That an entity exists, as one writer says: ingestion makes it from an `EntityFact`."""

from dataclasses import dataclass

from indexers.vocabulary.facets.base import Facet, facet


@facet("identity", version=1)
@dataclass(frozen=True, slots=True, kw_only=True)
class Identity(Facet):
    """`path` is the place in the container (file path in the repository), empty where there is none."""

    name: str
    platform: str = ""
    path: str = ""
