"""Sign in, be somebody of the sample organisation, make a token: as a browser posts it."""

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from hub.accounts.models import ApiToken, User
from hub.accounts.services import add_person

pytestmark = pytest.mark.django_db
PASSWORD = "rondo-lends-bicycles"


@pytest.fixture
def mira() -> User:
    cache.clear()  # attempts of other tests
    return add_person(email="mira.sato@rondo.example", name="Mira Sato", password=PASSWORD)


def test_a_right_password_leads_to_where_somebody_wanted_to_go(client: Client, mira: User) -> None:
    asked = client.get("/search?q=rain")
    assert asked.headers["Location"] == "/sign-in?next=/search%3Fq%3Drain"
    answer = client.post(
        "/sign-in", {"email": "MIRA.SATO@rondo.example", "password": PASSWORD, "next": "/runs"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/runs")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere_after_signing_in(client: Client, mira: User, target: str) -> None:
    answer = client.post("/sign-in", {"email": mira.email, "password": PASSWORD, "next": target})
    assert answer.headers["Location"] == "/"


def test_a_wrong_password_and_an_unknown_address_look_the_same(client: Client, mira: User) -> None:
    wrong = client.post("/sign-in", {"email": mira.email, "password": "something else"})
    unknown = client.post("/sign-in", {"email": "nobody@rondo.example", "password": PASSWORD})
    assert wrong.status_code == unknown.status_code == 422
    assert b"do not belong together" in wrong.content
    assert b"do not belong together" in unknown.content


def test_the_door_closes_after_many_attempts(client: Client, mira: User) -> None:
    answers = [
        client.post("/sign-in", {"email": mira.email, "password": "wrong"}).status_code for _ in range(11)
    ]
    assert answers == [422] * 10 + [429]


def test_anybody_may_be_somebody_of_the_sample_organisation_alone(
    client: Client, mira: User, settings: Settings
) -> None:
    settings.DEMO = []
    assert client.post("/demo/person", {"person": str(mira.principal_id)}).status_code == 404
    settings.DEMO = [mira.email]
    assert client.post("/demo/person", {"person": str(mira.principal_id)}).headers["Location"] == "/"
    assert client.get("/").status_code == 200


def test_a_token_is_shown_once_and_can_be_revoked(client: Client, mira: User) -> None:
    client.force_login(mira)
    made = client.post("/settings/me", {"token_name": "nightly"}).content.decode()
    assert "boxwood_" in made
    assert "boxwood_" not in client.get("/settings/me").content.decode()
    client.post(f"/settings/me/tokens/{ApiToken.objects.get().pk}/revoke")
    assert not ApiToken.objects.exists()


def test_signing_out_ends_the_session(client: Client, mira: User) -> None:
    client.force_login(mira)
    client.post("/sign-out")
    assert client.get("/").status_code == 302
