"""`boxwood facts SOURCE`: what an indexer says of a place, without a hub."""

import sys

import click


@click.command()
@click.argument("source")
def facts(source: str) -> None:
    """Print the facts of SOURCE (a path or URL) as JSON lines."""
    try:
        from indexers.facts_json import lines  # an extra
        from indexers.registry import SourceUnknown, SourceUnreadable
    except ImportError as error:
        message = "`boxwood facts` needs the indexers: install `boxwood[indexers]`."
        raise click.ClickException(message) from error
    try:
        for line in lines(source):
            sys.stdout.buffer.write(line + b"\n")
    except (SourceUnknown, SourceUnreadable) as error:
        raise click.ClickException(str(error)) from error
