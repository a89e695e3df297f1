"""Tokens over the API: made once with a session, listed without their secret, revoked by their owner."""

import pytest
from django.core.cache import cache
from django.test import RequestFactory
from rest_framework.test import APIClient

from hub.accounts.policies import TooOften, count_sign_in, forget_sign_ins
from hub.audit.models import AuditLine
from tests.hub.api.hubs import Hub, make_hub

pytestmark = pytest.mark.django_db
TOKENS = "/api/v1/tokens"


@pytest.fixture
def hub() -> Hub:
    cache.clear()
    return make_hub()


@pytest.fixture
def session(hub: Hub) -> APIClient:
    client = APIClient()
    client.force_login(hub.people["member"])
    return client


def test_a_new_token_works_until_it_is_revoked(hub: Hub, session: APIClient) -> None:
    made = session.post(TOKENS, {"name": "laptop", "days": 30}, format="json").json()
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {made['token']}")
    listed = client.get(TOKENS)
    assert [one["name"] for one in listed.json()["items"]] == ["laptop", "tests"]
    assert made["token"].encode() not in listed.content
    assert client.delete(f"{TOKENS}/{made['id']}").status_code == 204
    assert client.get(TOKENS).status_code == 401
    assert set(AuditLine.objects.values_list("action", flat=True)) >= {"token.created", "token.revoked"}


def test_nobody_revokes_the_token_of_another(hub: Hub) -> None:
    token = hub.get("owner", "tokens").json()["items"][0]["id"]
    assert hub.clients["member"].delete(f"{TOKENS}/{token}").status_code == 404
    assert hub.get("owner", "tokens").status_code == 200


@pytest.mark.parametrize(
    "body", [{"name": "x", "days": 0}, {"name": "x", "days": 366}, {"name": ""}, {"days": 1}]
)
def test_a_token_without_name_or_with_a_wrong_end_is_refused(
    session: APIClient, body: dict[str, object]
) -> None:
    assert session.post(TOKENS, body, format="json").status_code == 422


def test_making_tokens_slows_down(session: APIClient) -> None:
    answers = [session.post(TOKENS, {"name": f"n{number}"}, format="json") for number in range(21)]
    assert {answer.status_code for answer in answers[:20]} == {201}
    assert (answers[20].status_code, answers[20].json()["code"]) == (429, "throttled")
    assert int(answers[20].headers["Retry-After"]) > 0
    assert session.get(TOKENS).status_code == 200


def test_ten_wrong_passwords_close_one_door_for_a_while_and_a_right_one_forgets_them() -> None:
    cache.clear()
    request = RequestFactory().post("/sign-in")
    for _ in range(10):
        count_sign_in(request, "ines@rondo.example")
    with pytest.raises(TooOften):
        count_sign_in(request, "INES@rondo.example")
    count_sign_in(request, "olga@rondo.example")
    forget_sign_ins("Ines@rondo.example")
    count_sign_in(request, "ines@rondo.example")


def test_a_hundred_attempts_from_one_address_close_every_door() -> None:
    cache.clear()
    request = RequestFactory().post("/sign-in")
    for number in range(100):
        count_sign_in(request, f"person{number}@rondo.example")
    with pytest.raises(TooOften):
        count_sign_in(request, "olga@rondo.example")
