"""`boxwood inspect PATH`: what can be known of one table, model or notebook, without a hub."""

import json

import click


@click.command()
@click.argument("path", type=click.Path(exists=True))
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@click.option("--history", is_flag=True, help="The versions of a notebook in its repository.")
def inspect(path: str, *, as_json: bool, history: bool) -> None:
    """Say what the file or table at PATH is: its columns, size, history, and what is wrong with it."""
    try:
        from indexers.inspection import inspected  # an extra
    except ImportError as error:
        raise click.ClickException(
            "`boxwood inspect` needs the indexers: install `boxwood[indexers]`."
        ) from error
    report = inspected(path, history=history)
    if as_json:
        click.echo(json.dumps(report))
        return
    for term, value in report.items():
        click.echo(f"{term}: {value if isinstance(value, str | int | None.__class__) else json.dumps(value)}")
