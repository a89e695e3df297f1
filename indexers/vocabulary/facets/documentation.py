"""What somebody wrote about a thing."""

from dataclasses import dataclass

from indexers.vocabulary.facets.base import Facet, facet


@facet("documentation", version=1)
@dataclass(frozen=True, slots=True, kw_only=True)
class Documentation(Facet):
    """`summary` is one sentence of plain text; `text` the whole, `markup` one of plain, markdown, rst."""

    summary: str = ""
    text: str = ""
    markup: str = "plain"
