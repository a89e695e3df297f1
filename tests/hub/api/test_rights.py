"""Who gets which answer from which endpoint, and that what is hidden cannot be told from what is not."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import get_resolver
from rest_framework.test import APIClient

from hub import api_urls
from hub.access.policies import ROUTES
from hub.accounts.models import ApiToken
from hub.core import clock
from hub.ingestion.models import CrawlRun
from tests.hub.api.hubs import Hub, hide_something, id_of, index, make_hub

pytestmark = pytest.mark.django_db
WHO = ("nobody", "outsider", "member", "owner")
TABLE = "dataset:lake/raw.trips"


@pytest.fixture
def hub() -> Hub:
    cache.clear()
    return make_hub()


def _named(template: str, hub: Hub) -> str:
    return template.format(
        file=id_of("file:demand/load_0.py"), secret=id_of("file:secret/load_0.py"), run=hub.run.pk
    )


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("schema", (401, 200, 200, 200)),
        ("search?q=trips", (401, 200, 200, 200)),
        ("suggest?q=tri", (401, 200, 200, 200)),
        ("entities", (401, 200, 200, 200)),
        ("entities?parent=repository:demand", (401, 200, 200, 200)),
        ("entities?parent=repository:secret", (401, 404, 200, 200)),
        ("entities/{file}", (401, 200, 200, 200)),
        ("entities/file:demand/load_0.py", (401, 200, 200, 200)),
        ("entities/{secret}", (401, 404, 200, 200)),
        ("entities/file:secret/load_0.py", (401, 404, 200, 200)),
        ("entities/{file}/versions", (401, 403, 200, 200)),
        ("entities/{file}/edges", (401, 403, 200, 200)),
        ("entities/{file}/changes", (401, 403, 200, 200)),
        ("entities/{secret}/versions", (401, 404, 200, 200)),
        ("entities/{secret}/edges", (401, 404, 200, 200)),
        ("entities/{secret}/changes", (401, 404, 200, 200)),
        ("sources", (401, 200, 200, 200)),
        ("sources/demand", (401, 200, 200, 200)),
        ("sources/secret", (401, 404, 200, 200)),
        ("runs", (401, 200, 200, 200)),
        ("runs/{run}", (401, 200, 200, 200)),
        ("saved-searches", (401, 200, 200, 200)),
        ("tokens", (401, 200, 200, 200)),
        ("no/such/thing", (401, 404, 404, 404)),
    ],
)
def test_reads_answer_each_identity_as_the_table_says(
    hub: Hub, address: str, expected: tuple[int, ...]
) -> None:
    hide_something(hub)
    index()
    answers = [hub.get(who, _named(address, hub)) for who in WHO]
    assert tuple(answer.status_code for answer in answers) == expected
    for answer in answers:
        problem = answer.status_code >= 400
        assert answer.headers["Content-Type"] == (
            "application/problem+json" if problem else "application/json"
        )
        assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("address", "body", "expected"),
    [
        ("sources/demand/crawl", {}, (401, 403, 202, 202)),
        ("sources/secret/crawl", {}, (401, 404, 202, 202)),
        ("sources", {"location": "https://git.rondo.example/new.git"}, (401, 403, 403, 201)),
        (
            "sources",
            {"location": "https://git.rondo.example/new.git", "team": "demand"},
            (401, 422, 201, 409),
        ),
        ("saved-searches", {"name": "Rain", "query": "q=rain"}, (401, 201, 201, 201)),
        ("tokens", {"name": "another"}, (401, 403, 403, 403)),
    ],
)
def test_writes_answer_each_identity_as_the_table_says(
    hub: Hub, address: str, body: dict[str, str], expected: tuple[int, ...]
) -> None:
    hide_something(hub)
    sent = [hub.clients[who].post(f"/api/v1/{address}", body, format="json") for who in WHO]
    assert tuple(answer.status_code for answer in sent) == expected


def _expire(hub: Hub) -> None:
    ApiToken.objects.update(expiry=clock.now() - timedelta(seconds=1))


def _revoke(hub: Hub) -> None:
    ApiToken.objects.all().delete()


def _deactivate(hub: Hub) -> None:
    hub.people["owner"].principal.active = False
    hub.people["owner"].principal.save()


@pytest.mark.parametrize("end", [_expire, _revoke, _deactivate])
def test_a_token_that_ended_opens_nothing_and_says_no_more_than_one_that_never_was(
    hub: Hub, end: Callable[[Hub], None]
) -> None:
    unknown = APIClient()
    unknown.credentials(HTTP_AUTHORIZATION="Bearer boxwood_0123456789abcdef")
    end(hub)
    for address in ("search?q=trips", "entities", f"runs/{hub.run.pk}", "no/such/thing"):
        answer, expected = hub.get("owner", address), unknown.get(f"/api/v1/{address}")
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Boxwood"'
        assert answer.content == expected.content


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer a b", "Bearer \xff\xfe", "Basic eDp5", "x" * 9000]
)
def test_any_authorization_header_is_answered_with_401(hub: Hub, header: str) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header)
    assert client.get("/api/v1/entities").status_code == 401


def test_a_session_signs_in_too_and_writes_only_with_its_csrf_token(hub: Hub) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(hub.people["member"])
    assert client.get("/api/v1/entities").json() == hub.get("member", "entities").json()
    refused = client.post("/api/v1/saved-searches", {"name": "Rain", "query": "q=rain"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")


def test_what_is_hidden_cannot_be_told_from_what_never_existed(hub: Hub) -> None:
    source = hide_something(hub)
    index()
    hidden_run = CrawlRun.objects.get(source=source).pk
    for hidden, absent in (
        (f"entities/{id_of('file:secret/load_0.py')}", f"entities/{uuid.uuid4()}"),
        (f"entities/{id_of('file:secret/load_0.py')}/edges", f"entities/{uuid.uuid4()}/edges"),
        ("entities/file:secret/load_0.py", "entities/file:secret/load_7.py"),
        ("entities?parent=repository:secret", "entities?parent=repository:none"),
        ("sources/secret", "sources/none"),
        (f"runs/{hidden_run}", f"runs/{uuid.uuid4()}"),
    ):
        one, other = hub.get("outsider", hidden), hub.get("outsider", absent)
        assert (one.status_code, one.content, one.headers) == (404, other.content, other.headers)


def test_adding_something_hidden_changes_no_byte_that_an_outsider_gets(hub: Hub) -> None:
    index()
    addresses = [
        "search?q=trips",
        "search?q=secret",
        "search?q=load",
        "suggest?q=load",
        "suggest?q=secr",
        "entities",
        f"entities/{TABLE}",
        f"entities/{id_of(TABLE)}/edges?direction=in",
        f"entities/{id_of(TABLE)}/changes",
        f"entities/{id_of(TABLE)}/versions",
        "sources",
        "runs",
        "runs?source=secret",
    ]
    before = {address: hub.get("outsider", address) for address in addresses}
    hide_something(hub)
    index()
    for address, answer in before.items():
        after = hub.get("outsider", address)
        assert (address, after.content, after.headers) == (address, answer.content, answer.headers)
    assert b"secret" in hub.get("member", "entities").content


def test_every_route_of_the_api_stands_in_the_policy_table() -> None:
    names = {pattern.name for pattern in api_urls.urlpatterns}
    assert names <= ROUTES.keys()
    assert {name for name in ROUTES if name.startswith("api-")} == names
    assert {name for name in names if name} == names
    assert get_resolver().resolve("/api/v1/anything").view_name == "api-absent"
