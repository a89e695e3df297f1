"""Pages of things, as somebody of the team reads them."""

from datetime import timedelta

import pytest
from django.test import Client

from hub.accounts.services import add_person
from hub.catalogue.models import Entity, Generation
from hub.core import clock
from indexers.facts import EntityFact, FacetFact, urn
from indexers.vocabulary.facets import Column, Schema
from tests.hub.catalogue.worlds import Facts, apply

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client: Client) -> Client:
    client.force_login(
        add_person(email="olga@rondo.example", name="Olga", password=None, installation_owner=True)
    )
    return client


def table(*columns: str) -> Facts:
    name = urn("dataset", "lake", "mart.hourly")
    schema = Schema(columns=tuple(Column(name=column, type="int") for column in columns))
    return [
        EntityFact(urn=name, kind="dataset", name="mart.hourly", platform="delta"),
        FacetFact(urn=name, value=schema),
    ]


def test_a_table_as_of_a_moment_is_the_table_that_was_there(owner: Client) -> None:
    apply(table("rides", "zone_id"), "folder:lake")
    then = clock.now() - timedelta(days=10)
    Generation.objects.update(published_at=then)
    apply(table("rides"), "folder:lake")
    today = owner.get("/tables/lake/mart/hourly").content.decode()
    past = owner.get("/tables/lake/mart/hourly", {"at": f"{then:%Y-%m-%d}"}).content.decode()
    assert ("zone_id" in past, "zone_id" in today) == (True, False)
    assert f"{then:%-d %b %Y}" in past


def test_a_date_that_is_none_says_how_to_write_one(owner: Client) -> None:
    apply(table("rides"), "folder:lake")
    answer = owner.get("/tables/lake/mart/hourly", {"at": "last week"})
    assert (answer.status_code, "2026-10-12" in answer.content.decode()) == (422, True)


def test_the_permanent_link_leads_to_todays_name(owner: Client) -> None:
    apply(table("rides"), "folder:lake")
    entity = Entity.objects.get(kind="dataset")
    assert owner.get(f"/e/{entity.pk}").headers["Location"] == "/tables/lake/mart/hourly"
