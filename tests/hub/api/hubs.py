"""A small hub for the tests of the API: two teams, an open, a requestable and a hidden source."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rest_framework.test import APIClient

from hub.accounts.models import Principal, Space, User
from hub.accounts.services import add_person, add_space, create_token
from hub.catalogue.models import Entity
from hub.catalogue.services import ScopeWrite, writer_for
from hub.core import clock
from hub.ingestion.models import CrawlRun, RunFault, RunScope, Source
from hub.projections import services as projections
from indexers.facts import (
    CodeAnchor,
    EdgeFact,
    EntityFact,
    FacetFact,
    Outcome,
    Person,
    ScopeMode,
    VersionFact,
    named_dataset_urn,
    urn,
)
from indexers.vocabulary.facets import Code, Documentation, Notebook, Ownership, Repository

Facts = list[EntityFact | FacetFact | EdgeFact | VersionFact]
INES = Person(name="Ines Moreau", email="ines@rondo.example")
COMMIT = "c0ffee0" * 5


@dataclass(frozen=True, kw_only=True)
class Hub:
    """People by role, and a client for each that sends a token. `nobody` sends none."""

    demand: Space
    people: Mapping[str, User]
    clients: Mapping[str, APIClient]
    source: Source
    run: CrawlRun

    def get(self, who: str, address: str) -> Any:
        return self.clients[who].get(f"/api/v1/{address}")


def repository_facts(name: str, *, files: int = 2) -> Facts:
    """A repository with files and one notebook, each of which reads `raw.trips`."""
    home, table = urn("repository", name), named_dataset_urn("raw.trips")
    facts: Facts = [
        EntityFact(urn=home, kind="repository", name=name, platform="git"),
        FacetFact(urn=home, value=Repository(location=f"/srv/git/{name}", licence="MIT", commits=3)),
        FacetFact(urn=home, value=Ownership(people=(), teams=("Demand",))),
        EntityFact(urn=table, kind="dataset", name="raw.trips"),
    ]
    for path in [*(f"load_{number}.py" for number in range(files)), "study.ipynb"]:
        kind = "notebook" if path.endswith("ipynb") else "file"
        code = urn(kind, name, path)  # type: ignore[arg-type]  # one of two kinds
        facts += [
            EntityFact(urn=code, kind=kind, name=path, platform="git", parent=home, path=path),  # type: ignore[arg-type]
            FacetFact(urn=code, value=Documentation(summary=f"About {name} trips", text="Rain and rides")),
            FacetFact(urn=code, value=_value(kind), source_version=COMMIT),
            VersionFact(
                urn=code,
                source_version=COMMIT,
                position=1,
                source_time=datetime(2026, 1, 1, tzinfo=UTC),
                author=INES,
                subject="Start",
                path=path,
                content="blob",
            ),
            EdgeFact(
                source=code,
                relation="reads",
                target=table,
                evidence="parsed",
                columns=(("rides", "rides"),),
                anchor=CodeAnchor(repository=name, commit=COMMIT, path=path, first_line=3, last_line=3),
            ),
        ]
    return facts


def _value(kind: str) -> Code | Notebook:
    if kind == "file":
        return Code(language="python", lines=9, imports=("pandas",))
    return Notebook(format="ipynb", cells=3, outputs=(("picture", 1),), thumbnails=(("a", "f" * 64),))


def lake_facts() -> Facts:
    """The table that the code names, as a lake has it."""
    return [
        EntityFact(
            urn=urn("dataset", "lake", "raw.trips"),
            kind="dataset",
            name="raw.trips",
            platform="delta",
            aliases=("raw.trips",),
        )
    ]


def publish(facts: Facts, source: str, *, space: Space | None, discoverability: str) -> None:
    """One complete crawl of one scope, with the rights of its team, followed by the search index."""
    writer = writer_for(source=source, scope="heads", space=space, discoverability=discoverability)
    write = ScopeWrite(writer=writer, mode=ScopeMode.SNAPSHOT)
    write.apply(facts)
    write.finish(Outcome.COMPLETE, removal_confirmed=True)


def make_hub() -> Hub:
    """Demand's requestable repository beside an open lake; Olga is of another team."""
    demand, growth = add_space(name="Demand"), add_space(name="Growth")
    people = {
        "outsider": _person("olga", spaces=[growth]),
        "member": _person("ines", spaces=[demand]),
        "owner": _person("piet", installation_owner=True),
    }
    clients = {"nobody": APIClient()} | {who: client_of(user) for who, user in people.items()}
    publish(lake_facts(), "folder:lake", space=growth, discoverability="open")
    publish(repository_facts("demand"), "git:demand", space=demand, discoverability="requestable")
    source = make_source("demand", demand, "requestable")
    return Hub(
        demand=demand,
        people=people,
        clients=clients,
        source=source,
        run=make_run(source, people["member"].principal),
    )


def hide_something(hub: Hub) -> Source:
    """A hidden repository of Demand's, with a source and a run of its own."""
    publish(repository_facts("secret"), "git:secret", space=hub.demand, discoverability="hidden")
    source = make_source("secret", hub.demand, "hidden")
    make_run(source, hub.people["member"].principal)
    return source


def make_source(name: str, space: Space, discoverability: str) -> Source:
    return Source.objects.create(
        name=name,
        kind="git",
        location=f"https://bot:hunter2@git.rondo.example/{name}.git",
        space=space,
        discoverability=discoverability,
        every_minutes=60,
        added_at=clock.now(),
    )


def make_run(source: Source, by: Principal) -> CrawlRun:
    """A run that ended with one scope and three faults."""
    run = CrawlRun.objects.create(
        source=source,
        state="partial",
        requested_by=by,
        requested_at=clock.now(),
        finished_at=clock.now(),
        doing="publishing heads",
        entities={"file": 2},
    )
    RunScope.objects.create(run=run, scope="heads", outcome="partial", seen=12, changed=3)
    RunFault.objects.bulk_create(
        RunFault(
            run=run, code="notebook_not_json", place=f"study/{number}.ipynb", message="Not JSON at line 1."
        )
        for number in range(3)
    )
    return run


def client_of(user: User) -> APIClient:
    """A client that signs in with a token."""
    _, secret = create_token(actor=user, name="tests", days=1)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def index() -> None:
    """Make the search index from the catalogue as it is in this test."""
    projections.rebuild("search")


def id_of(name: str) -> str:
    return str(Entity.objects.get(urn=name).pk)


def _person(name: str, **more: Any) -> User:
    return add_person(email=f"{name}@rondo.example", name=name.title(), password=None, **more)
