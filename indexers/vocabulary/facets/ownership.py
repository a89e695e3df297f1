"""Who answers for a thing."""

from dataclasses import dataclass

from indexers.vocabulary.facets.base import facet


@facet("ownership", version=1)
@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """Owners as digests of e-mail addresses (SHA-256 of the lower-cased address) or names of teams: no personal text."""

    people: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
