"""The hub's part of the `boxwood` command. Django starts when a command runs, not when it is listed."""

import click

from hub.commands.demo import demo
from hub.commands.indexing import index
from hub.commands.people import person
from hub.commands.searching import search
from hub.commands.serving import serve, work
from hub.commands.upkeep import rebuild, verify

commands: dict[str, click.Command] = {
    "demo": demo,
    "index": index,
    "person": person,
    "rebuild": rebuild,
    "search": search,
    "serve": serve,
    "verify": verify,
    "work": work,
}
