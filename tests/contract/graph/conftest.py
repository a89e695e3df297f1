"""The graph stores that the suite runs against, each a real database with committed transactions."""

from collections.abc import Iterator
from pathlib import Path as Folder
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoDbBlocker

from hub.graph.backends.sql import SqlGraph
from hub.graph.port import Graph
from tests.servers import database_settings, postgres_database


def _sqlite(folder: Folder) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": folder / "graph.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL",
        },
    }


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[SqlGraph]:
    """A migrated database of its own, outside the test transaction: threads and real commits count here."""
    alias = f"graph_{request.param}"
    on_sqlite = request.param == "sqlite"
    database: dict[str, Any] = (
        _sqlite(tmp_path_factory.mktemp(alias)) if on_sqlite else database_settings(postgres_database())
    )
    connections.databases[alias] = connections.configure_settings({"default": {}, alias: database})[alias]
    with django_db_blocker.unblock():
        call_command("migrate", "graph", database=alias, verbosity=0)
    yield SqlGraph(using=alias)
    with django_db_blocker.unblock():
        connections[alias].close()
    del connections[alias]  # it remembers the database: the next one of this name is another
    del connections.databases[alias]


@pytest.fixture
def graph(store: SqlGraph, django_db_blocker: DjangoDbBlocker) -> Iterator[Graph]:
    with django_db_blocker.unblock():
        store.rebuild(nodes=(), links=(), sequence=0)
        yield store
