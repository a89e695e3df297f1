"""`boxwood demo`: the sample organisation, indexed and served."""

import shutil
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hub.commands.starting import sentences, start

if TYPE_CHECKING:
    from hub.accounts.models import Principal, Space, User

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
PASSWORD = "rondo-lends-bicycles"  # noqa: S105  # the sample organisation's, on this machine only


@click.command()
@click.option("--serve/--no-serve", "serving", default=True, help="Serve the pages afterwards.")
@click.option("--port", default=8000, show_default=True)
@click.option("--fresh", is_flag=True, help="Forget what was loaded before.")
@click.pass_context
def demo(context: click.Context, *, serving: bool, port: int, fresh: bool) -> None:
    """Load the sample organisation into the data folder, then serve it."""
    from hub.core.config import data_folder
    from hub.core.lock import ProcessLock

    home = data_folder()
    lock = ProcessLock(home / "worker.lock")
    if not lock.acquire():
        raise click.ClickException(f"{home} is being served already: stop that server first.")
    lock.release()
    if fresh:
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True)
    organisation = tomllib.loads((FIXTURES / "organisation.toml").read_text())
    people = [organisation["signs_in_as"], *organisation["others_to_be"]]
    (home / "demo").write_text("\n".join(people))
    start()
    with sentences():
        _load(organisation)
    click.echo(f"Sign in as mira.sato@rondo.example with the password {PASSWORD}")
    if serving:
        from hub.commands.serving import serve

        context.invoke(serve, port=port)


def _load(organisation: dict[str, Any]) -> None:
    """Teams, people, sources with their crawls, and what the data office says of the tables."""
    from hub.accounts.models import User

    spaces = {team["slug"]: _space(team) for team in organisation["teams"]}
    people = {one["email"]: _person(one, spaces) for one in organisation["people"]}
    for source in organisation["sources"]:
        _crawl(source, spaces)
    steward = User.objects.get(email="piet.devos@rondo.example").principal
    for dataset in organisation["datasets"]:
        _describe(dataset, spaces, people, steward)
    from hub.projections.services import follow_all

    follow_all()


def _space(team: dict[str, Any]) -> "Space":
    from hub.accounts.models import Space
    from hub.accounts.services import add_space

    return Space.objects.filter(slug=team["slug"]).first() or add_space(
        name=team["name"], slug=team["slug"], discoverability=team["discoverability"]
    )


def _person(person: dict[str, Any], spaces: "dict[str, Space]") -> "User":
    from hub.accounts.models import User
    from hub.accounts.services import add_person

    return User.objects.filter(email=person["email"]).first() or add_person(
        email=person["email"],
        name=person["name"],
        password=PASSWORD,
        job=person["job"],
        spaces=[spaces[slug] for slug in person["roles"]],
    )


def _crawl(source: dict[str, Any], spaces: "dict[str, Space]") -> None:
    from hub.commands.indexing import describe_run
    from hub.commands.working import carry_out
    from hub.core.errors import Invalid
    from hub.ingestion import services
    from hub.ingestion.services.sources import known_source

    location = str(FIXTURES / source["path"])
    kind = {"lake": "folder"}.get(source["kind"], source["kind"])
    try:
        found = known_source(location) or services.add_source(
            actor=None,
            location=location,
            name=source["name"],
            kind=kind,
            space=spaces[source["team"]],
            discoverability=source["discoverability"],
        )
    except Invalid:
        click.echo(f"{source['name']}: no source reads {source['kind']} stores yet")
        return
    run = carry_out(services.request_crawl(actor=None, source=found), lambda _: None)
    click.echo(describe_run(run))


def _describe(
    dataset: dict[str, Any],
    spaces: "dict[str, Space]",
    people: "dict[str, User]",
    steward: "Principal",
) -> None:
    """State what the data office says of a table: its words, its owners, who may see it."""
    from hub.catalogue.queries import find
    from hub.catalogue.services import state_facet, state_visibility
    from hub.core.asker import INSTALLATION_OWNER
    from hub.core.digests import person_digest
    from hub.core.errors import NotFound
    from indexers.facts import column_urn, urn
    from indexers.vocabulary.facets import Documentation, Ownership

    try:
        entity = find(INSTALLATION_OWNER, [urn("dataset", "lake", dataset["name"])]).entity
    except NotFound:
        return
    state_facet(actor=steward, entity=entity, value=Documentation(summary=dataset["about"]))
    for column, said in dataset.get("columns", {}).items():
        try:
            part = find(INSTALLATION_OWNER, [column_urn(entity.urn, column)]).entity
        except NotFound:
            continue
        state_facet(actor=steward, entity=part, value=Documentation(summary=said))
    owners = tuple(person_digest(email) for email in dataset["owners"] if email in people)
    state_facet(actor=steward, entity=entity, value=Ownership(people=owners))
    space = spaces.get(dataset.get("team", ""))
    if (entity.stated_discoverability, entity.space) != (dataset["discoverability"], space):
        state_visibility(
            actor=steward, entity=entity, discoverability=dataset["discoverability"], space=space
        )
