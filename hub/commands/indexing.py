"""`boxwood index`: crawl a path or URL into the hub of the data folder."""

import json
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from hub.commands.elsewhere import crawl_elsewhere
from hub.commands.showing import shown_progress
from hub.commands.starting import with_hub
from hub.web.kinds import words_of

if TYPE_CHECKING:
    from hub.ingestion.models import CrawlRun


@click.command()
@click.argument("sources", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON document a source on standard output.")
@click.option("--name", default="", help="What the source is called in the hub; for a single source.")
@click.option("--team", default="", help="The team whose space it belongs to.")
@click.option("--confirm-removal", is_flag=True, help="Close what the last crawl withheld.")
@click.option("--hub", "address", default="", help="A hub elsewhere; its token in BOXWOOD_TOKEN.")
def index(
    sources: tuple[str, ...], *, as_json: bool, name: str, team: str, confirm_removal: bool, address: str
) -> None:
    """Crawl SOURCES (Git repositories, bundles, folders, URLs) into the hub of the data folder."""
    if name and len(sources) > 1:
        raise click.UsageError("--name goes with a single source")
    if address and confirm_removal:
        raise click.UsageError("Confirm removals on the run's page of that hub")
    failed = False
    for location in sources:
        report = (
            crawl_elsewhere(address, location, name=name, team=team, quiet=as_json)
            if address
            else _crawl_here(location, name=name, team=team, confirm_removal=confirm_removal, quiet=as_json)
        )
        failed = failed or report["status"] == "failed"
        if as_json:
            click.echo(json.dumps(report))
        else:
            _tell(report)
    if failed:
        sys.exit(1)


@with_hub
def _crawl_here(location: str, *, name: str, team: str, confirm_removal: bool, quiet: bool) -> dict[str, Any]:
    started = time.monotonic()
    run = _crawl(location, name=name, team=team, confirm_removal=confirm_removal, quiet=quiet)
    return _report(run, time.monotonic() - started)


def _crawl(location: str, *, name: str, team: str, confirm_removal: bool, quiet: bool) -> "CrawlRun":
    from hub.accounts.models import Space  # after Django started
    from hub.commands.working import carry_out
    from hub.core.errors import Invalid
    from hub.ingestion import services
    from hub.ingestion.services.sources import known_source

    space = (
        Space.objects.filter(slug=team).first() or Space.objects.filter(name=team).first() if team else None
    )
    if team and space is None:
        raise Invalid(f"There is no team {team}", field="team")
    source = known_source(location) or services.add_source(
        actor=None, location=location, name=name, space=space
    )
    run = (
        services.confirm_removal(actor=None, source=source)
        if confirm_removal
        else services.request_crawl(actor=None, source=source)
    )
    with shown_progress(source.name, quiet=quiet) as show:
        return carry_out(run, lambda now: show(now.scope, now.done, now.expected))


def _report(run: "CrawlRun", seconds: float) -> dict[str, Any]:
    """The document of `--json`: see the table of commands in the documentation."""
    statuses = {"complete": "complete", "partial": "partial"}
    return {
        "source": run.source.name,
        "status": statuses.get(run.state, "failed"),
        "seconds": round(seconds, 3),
        "peak_memory_mb": run.peak_memory_mb,
        "facets_written": run.facets_written,
        "warning": run.warning,
        "entities": run.entities,
        "versions": run.versions,
        "faults": [
            {"code": fault.code, "place": fault.place, "message": fault.message}
            for fault in run.faults.order_by("pk")
        ],
    }


def _tell(report: dict[str, Any]) -> None:
    click.echo(
        f"{report['source']}: {report['status']} in {report['seconds']:.1f} s. "
        f"{_held(report['entities']) or 'Nothing found'}."
    )
    if report["warning"]:
        click.echo(f"  {report['warning']}")
    for fault in report["faults"][:20]:
        click.echo(f"  {fault['code']} at {fault['place']}: {fault['message']}")
    if len(report["faults"]) > 20:
        click.echo(f"  and {len(report['faults']) - 20} more faults: see the run's page or --json")


def describe_run(run: "CrawlRun") -> str:
    """A run in one line: how it ended, how long it took, what the source holds."""
    seconds = (run.finished_at - run.started_at).total_seconds() if run.finished_at and run.started_at else 0
    faults = run.faults.count()
    told = f" {faults} fault{'' if faults == 1 else 's'}." if faults else ""
    held = _held(run.entities) or "Nothing found"
    return f"{run.source.name}: {run.state} in {seconds:.1f} s. {held}.{told}"


def _held(entities: dict[str, int]) -> str:
    return ", ".join(
        f"{count:,} {words_of(kind).one.lower() if count == 1 else words_of(kind).many.lower()}"
        for kind, count in entities.items()
    )
