"""Facets: typed, versioned statements about an entity. One module a facet, all listed here.

A facet is a frozen dataclass of plain values (str, int, float, bool, None, tuples of these, and
nested frozen dataclasses); `to_json` and `from_json` are exact inverses. A change of shape raises
`version` and adds an upgrader.
"""

from indexers.vocabulary.facets.base import FACETS, Facet, FacetInvalid, facet, from_json, to_json
from indexers.vocabulary.facets.code import Code, Definition
from indexers.vocabulary.facets.documentation import Documentation
from indexers.vocabulary.facets.environment import Environment, Package
from indexers.vocabulary.facets.identity import Identity
from indexers.vocabulary.facets.notebook import Notebook
from indexers.vocabulary.facets.ownership import Ownership
from indexers.vocabulary.facets.repository import Ref, Repository
from indexers.vocabulary.facets.schema import Column, Schema
from indexers.vocabulary.facets.storage import Storage

__all__ = [
    "FACETS",
    "Code",
    "Column",
    "Definition",
    "Documentation",
    "Environment",
    "Facet",
    "FacetInvalid",
    "Identity",
    "Notebook",
    "Ownership",
    "Package",
    "Ref",
    "Repository",
    "Schema",
    "Storage",
    "facet",
    "from_json",
    "to_json",
]
