"""What every command of the hub does first."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

import click

P = ParamSpec("P")
R = TypeVar("R")


def start() -> None:
    """Start Django on the data folder, and bring its database to this program's shape."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    import django  # only a command that runs needs it

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    settings.HOME.mkdir(parents=True, exist_ok=True)
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def with_hub(function: Callable[P, R]) -> Callable[P, R]:
    """Start the hub before the command, and say its errors as one sentence."""

    @wraps(function)
    def command(*args: P.args, **kwargs: P.kwargs) -> R:
        start()
        with sentences():
            return function(*args, **kwargs)

    return command


@contextmanager
def sentences() -> Iterator[None]:
    """Turn an error of the hub into the command line's own: one sentence, exit code 2."""
    from hub.core.errors import HubError  # after Django started

    try:
        yield
    except HubError as error:
        raise click.UsageError(error.message) from error
