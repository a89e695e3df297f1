"""`boxwood verify` and `boxwood rebuild`: are the projections what the catalogue says, and make them so."""

import json
import sys
import time

import click

from hub.commands.starting import with_hub


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@with_hub
def verify(*, as_json: bool) -> None:
    """Compare the catalogue with each projection. Exit code 1 if they differ."""
    from hub.commands.working import worker_lock
    from hub.projections import services  # after Django started

    lock = worker_lock()
    if lock.acquire():
        services.follow_all()
    else:
        _wait_for_worker()
    differences = {name: services.verify(name) for name in services.PROJECTIONS}
    lock.release()
    if as_json:
        click.echo(json.dumps({"differences": differences}))
    else:
        for name, found in differences.items():
            click.echo(f"{name}: {len(found)} differences")
            for sentence in found[:20]:
                click.echo(f"  {sentence}")
    if any(differences.values()):
        sys.exit(1)


@click.command()
@click.argument("projection", type=click.Choice(["search", "graph"]))
@with_hub
def rebuild(projection: str) -> None:
    """Make a projection anew from the catalogue while the old one serves."""
    from hub.commands.working import worker_lock
    from hub.projections import services  # after Django started

    lock = worker_lock()
    if lock.acquire():
        held = services.rebuild(projection)
        lock.release()
        click.echo(f"{projection}: rebuilt, {held:,} entries")
        return
    services.request_rebuild(projection)
    while services.rebuild_pending(projection):
        time.sleep(0.3)
    click.echo(f"{projection}: rebuilt by the server's worker")


def _wait_for_worker() -> None:
    """The server's worker moves the projections; a minute of patience, then compare what there is."""
    from hub.projections import services  # after Django started

    for _ in range(200):
        if not any(services.lag(name) for name in services.PROJECTIONS):
            return
        time.sleep(0.3)
