"""`boxwood search`: the same search as the pages, with the rights of the data folder's owner."""

import json
from typing import TYPE_CHECKING, Any, Final

import click

from hub.commands.starting import with_hub

_LOOKED_AT: Final = 5
"""Pages whose hits are looked at to fill one with different things."""

if TYPE_CHECKING:
    from hub.discovery.queries import FoundHit


@click.command()
@click.argument("query")
@click.option("--kind", multiple=True, help="Only this kind: notebook, cell, dataset, file, repository …")
@click.option("--limit", default=20, show_default=True, help="How many hits, at most 200.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@with_hub
def search(query: str, *, kind: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Find tables, notebooks, cells, code and models; each thing once before any comes again."""
    from hub.core.asker import INSTALLATION_OWNER  # after Django started
    from hub.discovery import queries
    from hub.search.port import MAX_LIMIT

    filters: queries.Filters = (("kind", kind),) if kind else ()
    window = min(_LOOKED_AT * limit, MAX_LIMIT) if limit <= MAX_LIMIT else limit
    found = queries.search(INSTALLATION_OWNER, query, filters=filters, limit=window)
    cells = queries.wants_cells(filters)
    hits = (found.hits if cells else queries.spread(found.hits, most=1))[:limit]
    if as_json:
        facets = {name: dict(values) for name, values in found.facets.items()}
        click.echo(json.dumps({"total": found.total, "hits": [_hit(hit) for hit in hits], "facets": facets}))
        return
    click.echo(f"{found.total:,} results in {found.milliseconds} ms")
    for hit in hits:
        click.echo(f"{hit.kind:<11} {hit.repository + '/' if hit.repository else ''}{hit.path or hit.name}")
        click.echo(f"            {' '.join(reason.sentence for reason in hit.why)}")
    if found.did_you_mean:
        click.echo(f"Did you mean {found.did_you_mean}?")


def _hit(hit: "FoundHit") -> dict[str, Any]:
    return {
        "urn": hit.urn,
        "kind": hit.kind,
        "name": hit.name,
        "repository": hit.repository or None,
        "path": hit.path or None,
        "tier": hit.tier,
        "why": " ".join(reason.sentence for reason in hit.why),
    }
