"""Who answers for a thing."""

from dataclasses import dataclass

from indexers.vocabulary.facets.base import Facet, facet


@facet("ownership", version=1)
@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership(Facet):
    """No personal text: people are SHA-256 digests of their lower-cased addresses, teams are names."""

    people: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
