"""A Git repository: its refs and what it is made of."""

from dataclasses import dataclass

from indexers.vocabulary.facets.base import Facet, facet


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """A branch or tag and the commit it points at (40 or 64 hex digits)."""

    name: str
    commit: str


@facet("repository", version=1)
@dataclass(frozen=True, slots=True, kw_only=True)
class Repository(Facet):
    """`languages` are (language, files) pairs, most files first; `licence` an SPDX identifier or empty.

    `roots` are the root commits of the default branch, sorted: they identify the repository whatever
    its address. `location` never holds credentials.
    """

    location: str
    default_branch: str = ""
    head: str = ""
    branches: tuple[Ref, ...] = ()
    tags: tuple[Ref, ...] = ()
    roots: tuple[str, ...] = ()
    commits: int = 0
    licence: str = ""
    languages: tuple[tuple[str, int], ...] = ()
