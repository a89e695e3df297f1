"""Packages that a project asks for or has pinned."""

from dataclasses import dataclass

from indexers.vocabulary.facets.base import Facet, facet


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """`constraint` as written (`>=2,<3`), `pinned` the exact version where the file fixes one.

    `group` is the extra, scope or section (`dev`, `test`), empty for what is always installed.
    """

    name: str
    constraint: str = ""
    pinned: str = ""
    group: str = ""


@facet("environment", version=1)
@dataclass(frozen=True, slots=True, kw_only=True)
class Environment(Facet):
    """`manager` names the file's format (requirements, pyproject, conda, poetry.lock, renv.lock …).

    `base` is a base image or the language's version, as written. `ecosystem` is pypi, conda, cran,
    maven or system.
    """

    manager: str
    ecosystem: str
    base: str = ""
    packages: tuple[Package, ...] = ()
