"""`boxwood index --hub URL`: have a hub elsewhere crawl what it can reach."""

import os
import time
from typing import Any

import click

from boxwood.remote import HubRefused, RemoteHub
from hub.commands.showing import shown_progress


def crawl_elsewhere(address: str, location: str, *, name: str, team: str, quiet: bool) -> dict[str, Any]:
    """The report of `boxwood index`, of a crawl that the hub at `address` carried out."""
    token = os.environ.get("BOXWOOD_TOKEN", "")
    if not token:
        raise click.UsageError("Put a token of that hub into BOXWOOD_TOKEN: make one on its page Me.")
    started = time.monotonic()
    try:
        with shown_progress(location, quiet=quiet) as show:
            run = RemoteHub(address, token).crawl(location, name=name, team=team, report=show)
    except HubRefused as error:
        raise click.UsageError(str(error)) from error
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{address} could not be asked: {error}") from error
    held = run["report"] or {}
    return {
        "source": run["source"],
        "status": run["state"] if run["state"] in ("complete", "partial") else "failed",
        "seconds": round(time.monotonic() - started, 3),
        "peak_memory_mb": held.get("peak_memory_mb"),
        "facets_written": held.get("facets_written", 0),
        "warning": held.get("warning", ""),
        "entities": held.get("entities", {}),
        "versions": held.get("versions", {}),
        "faults": run["faults"]["items"],
    }
