"""The `boxwood` command: its own commands, and those that a installed hub adds through entry points.

Exit codes: 0 done; 1 done, with something to look at (faults that stopped a part, differences found);
2 the call itself is wrong; 130 interrupted.
"""

import sys
from importlib.metadata import entry_points
from typing import Any

import click

from boxwood.commands.facts import facts
from boxwood.commands.inspect import inspect

OF_THE_HUB = ("demo", "index", "person", "rebuild", "search", "serve", "verify", "work")


class Commands(click.Group):
    """Commands of the client, then those of the entry-point group `boxwood.commands`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *OF_THE_HUB})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if found := super().get_command(ctx, cmd_name):
            return found
        for point in entry_points(group="boxwood.commands"):
            offered: dict[str, click.Command] = point.load()
            if cmd_name in offered:
                return offered[cmd_name]
        if cmd_name in OF_THE_HUB:
            return _missing(cmd_name)
        return None


def _missing(name: str) -> click.Command:
    @click.command(name, context_settings={"ignore_unknown_options": True})
    @click.argument("arguments", nargs=-1)
    def command(arguments: tuple[str, ...]) -> None:
        """Needs the hub."""
        del arguments
        raise click.ClickException(f"`boxwood {name}` needs the hub: install `boxwood[hub]`.")

    return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="boxwood")
def boxwood() -> None:
    """The hub where a data team's code, notebooks, data and models meet."""


boxwood.add_command(facts)
boxwood.add_command(inspect)


def main() -> Any:
    """Run the command line; Ctrl-C ends with one sentence instead of a traceback."""
    try:
        return boxwood(standalone_mode=True)
    except KeyboardInterrupt:
        click.echo("Interrupted. What was done is kept.", err=True)
        sys.exit(130)
