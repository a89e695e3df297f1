"""Every failure is a problem document that says what is wrong, and no more."""

import pytest
from django.core.cache import cache

from hub.catalogue import queries
from hub.core.errors import Unavailable
from tests.hub.api.hubs import Hub, make_hub

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


@pytest.fixture
def hub() -> Hub:
    cache.clear()
    return make_hub()


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("search?sort=best&sot=newest", "sot"),
        ("search?kind=book", "kind.0"),
        ("search?sort=random", "sort"),
        ("search?page=0", "page"),
        ("search?page=99999", "page"),
        ("search?q=a%00b", "q"),
        ("search?freshness=decade", "freshness.0"),
        ("suggest?limit=1000", "limit"),
        ("entities?per_page=201", "per_page"),
        ("entities?page=1.5", "page"),
        ("entities?page=99999999999999999999", "page"),
        ("entities?as_of=yesterday", "as_of"),
        ("entities?as_of=0001-01-01T00:00:00%2B14:00", "as_of"),
        ("entities/repository:demand?source_time=12-10-2026", "source_time"),
        ("runs?state=sleeping", "state"),
    ],
)
def test_a_wrong_parameter_is_named(hub: Hub, address: str, field: str) -> None:
    answer = hub.get("member", address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, PROBLEM)
    problem = answer.json()
    assert (problem["status"], problem["code"], problem["field"]) == (422, "invalid", field)
    assert problem["errors"][0]["detail"] in problem["detail"]


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b'{"name": "Rain", "query": ', "application/json", 400, "malformed"),
        (b"name=Rain", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (b"[]", "application/json", 422, "invalid"),
        (b"{}", "application/json", 422, "invalid"),
        (b'{"name": " ", "query": "q=rain"}', "application/json", 422, "invalid"),
        (b'{"name": ["Rain"], "query": {}}', "application/json", 422, "invalid"),
        (b'{"name": "Rain", "query": "q=rain", "owner": "me"}', "application/json", 422, "invalid"),
        (b'{"name": "Ra\\u0000in", "query": "q"}', "application/json", 422, "invalid"),
        (b"\xff\xfe", "application/json", 400, "malformed"),
    ],
)
def test_a_wrong_body_is_a_problem_and_writes_nothing(
    hub: Hub, body: bytes, kind: str, status: int, code: str
) -> None:
    answer = hub.clients["member"].post("/api/v1/saved-searches", body, content_type=kind)
    assert (answer.status_code, answer.headers["Content-Type"], answer.json()["code"]) == (
        status,
        PROBLEM,
        code,
    )
    assert hub.get("member", "saved-searches").json()["total"] == 0


def test_a_method_that_is_none_names_those_that_are(hub: Hub) -> None:
    answer = hub.clients["member"].delete("/api/v1/entities")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_an_answer_that_nobody_makes_is_refused(hub: Hub) -> None:
    answer = hub.clients["member"].get("/api/v1/entities", HTTP_ACCEPT="text/csv")
    assert (answer.status_code, answer.headers["Content-Type"]) == (406, PROBLEM)


def test_a_broken_program_says_a_reference_and_nothing_of_its_inside(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr(queries, "listing", broken)
    answer = hub.get("member", "entities")
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (500, "server_error")
    assert b"hunter2" not in answer.content
    assert problem["reference"] in caplog.text
    assert "hunter2" in caplog.text


def test_a_store_that_is_away_may_be_asked_again(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise Unavailable("The search index is being rebuilt. Try again in a minute.")

    monkeypatch.setattr(queries, "listing", away)
    answer = hub.get("member", "entities")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


def test_a_problem_document_has_the_members_of_rfc_9457(hub: Hub) -> None:
    assert hub.get("member", "entities/file:demand/none.py").json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing here that you may see. It may have moved or never existed.",
        "code": "not_found",
    }
