"""The only code that writes the catalogue: scopes of facts, people's edits, visibility."""

from hub.catalogue.services.generations import open_generation, publish
from hub.catalogue.services.people import record_authors, state_facet, state_visibility
from hub.catalogue.services.scopes import Applicable, ScopeWrite, Written
from hub.catalogue.services.writers import writer_for

__all__ = [
    "Applicable",
    "ScopeWrite",
    "Written",
    "open_generation",
    "publish",
    "record_authors",
    "state_facet",
    "state_visibility",
    "writer_for",
]
