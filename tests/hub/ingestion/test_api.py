"""Sources and runs over the API: who adds, who crawls, who sees addresses and faults."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from hub.accounts.services import add_space
from hub.audit.models import AuditLine
from hub.ingestion.models import CrawlRun, Source
from tests.hub.api.hubs import Hub, make_hub, make_run, make_source

pytestmark = pytest.mark.django_db
SOURCES = "/api/v1/sources"
ADDRESS = "https://git.rondo.example/new.git"


@pytest.fixture
def hub() -> Hub:
    return make_hub()


def post(hub: Hub, who: str, address: str, body: object) -> Any:
    return hub.clients[who].post(address, body, format="json")


def test_an_address_is_for_those_inside_and_never_holds_credentials(hub: Hub) -> None:
    shown = {who: hub.get(who, "sources/demand").json() for who in ("outsider", "member", "owner")}
    assert [one["location"] for one in shown.values()] == [
        None,
        *["https://git.rondo.example/demand.git"] * 2,
    ]
    assert [one["inside"] for one in shown.values()] == [False, True, True]
    assert (shown["outsider"]["every_minutes"], shown["member"]["every_minutes"]) == (None, 60)
    for who, source in shown.items():
        assert b"hunter2" not in hub.get(who, "sources").content
        assert hub.get(who, "sources").json()["items"] == [source]


def test_a_new_source_is_the_teams_and_is_written_down(hub: Hub) -> None:
    body = {"location": ADDRESS, "team": "demand", "every_minutes": 60}
    made = post(hub, "member", SOURCES, body)
    assert (made.status_code, made.headers["Location"]) == (201, f"{SOURCES}/new")
    assert made.json() == hub.get("member", "sources/new").json()
    source = Source.objects.get(name="new")
    assert (source.kind, source.space, source.discoverability) == ("git", hub.demand, "requestable")
    assert AuditLine.objects.filter(action="source.added", actor=hub.people["member"].principal).count() == 1
    again = post(hub, "member", SOURCES, body)
    assert (again.status_code, again.json()["code"]) == (409, "source_exists")


@pytest.mark.parametrize(
    ("who", "body", "status", "field"),
    [
        ("member", {"location": ADDRESS}, 403, None),
        ("member", {"location": ADDRESS, "team": "growth"}, 422, "team"),
        ("member", {"location": "/etc", "team": "demand"}, 403, None),
        ("member", {"location": "file:///etc", "team": "demand"}, 403, None),
        ("member", {"location": "git@git.rondo.example:demand/new.git", "team": "demand"}, 403, None),
        ("owner", {"location": "/no/such/folder"}, 422, "location"),
        ("owner", {"location": "ext::sh -c true"}, 422, "location"),
        ("owner", {"location": ADDRESS, "every_minutes": 1}, 422, "every_minutes"),
        ("owner", {"location": ADDRESS, "every_minutes": 10**9}, 422, "every_minutes"),
        ("owner", {"location": ADDRESS, "name": "Not/a name"}, 422, "name"),
        ("owner", {"location": ADDRESS, "kind": "tape"}, 422, "location"),
        ("owner", {"location": ADDRESS, "discoverability": "secret"}, 422, "discoverability"),
        ("owner", {"name": "new"}, 422, "location"),
    ],
)
def test_a_wrong_source_is_refused_and_leaves_nothing(
    hub: Hub, who: str, body: dict[str, object], status: int, field: str | None
) -> None:
    answer = post(hub, who, SOURCES, body)
    assert (answer.status_code, answer.json().get("field")) == (status, field)
    assert Source.objects.count() == 1


def test_the_owner_adds_for_any_team(hub: Hub) -> None:
    add_space(name="Fleet")
    made = post(hub, "owner", SOURCES, {"location": ADDRESS, "team": "fleet", "discoverability": "hidden"})
    assert (made.status_code, made.json()["team"]["slug"]) == (201, "fleet")
    assert hub.get("outsider", "sources/new").status_code == 404


def test_a_crawl_is_queued_once(hub: Hub) -> None:
    first, second = (post(hub, "member", f"{SOURCES}/demand/crawl", {}) for _ in range(2))
    assert (first.status_code, first.json()["state"]) == (202, "queued")
    assert second.json()["id"] == first.json()["id"]
    assert first.headers["Location"] == f"/api/v1/runs/{first.json()['id']}"
    assert hub.clients["member"].get(first.headers["Location"]).json()["id"] == first.json()["id"]
    assert CrawlRun.objects.filter(state="queued").count() == 1


def test_outsiders_see_that_it_ran_and_not_what_it_saw(hub: Hub) -> None:
    inside, outside = (hub.get(who, f"runs/{hub.run.pk}").json() for who in ("member", "outsider"))
    assert (inside["state"], inside["report"]["faults"], inside["report"]["entities"]) == (
        "partial",
        3,
        {"file": 2},
    )
    assert inside["scopes"] == [
        {"scope": "heads", "outcome": "partial", "seen": 12, "changed": 3, "closed": 0, "withheld": 0}
    ]
    assert [one["place"] for one in inside["faults"]["items"]] == [
        f"study/{number}.ipynb" for number in range(3)
    ]
    assert outside == {
        **inside,
        "progress": None,
        "report": None,
        "scopes": [],
        "faults": {**inside["faults"], "items": [], "total": 0},
    }


def test_faults_have_pages(hub: Hub) -> None:
    faults = hub.get("member", f"runs/{hub.run.pk}?per_page=2&page=2").json()["faults"]
    assert (len(faults["items"]), faults["total"], faults["next"]) == (1, 3, "")
    assert faults["previous"] == f"/api/v1/runs/{hub.run.pk}?per_page=2&page=1"


def test_runs_go_newest_first_and_narrow(hub: Hub) -> None:
    other = make_source("other", hub.demand, "open")
    newest = make_run(other, hub.people["member"].principal)
    runs = hub.get("outsider", "runs").json()["items"]
    assert [one["id"] for one in runs] == [str(newest.pk), str(hub.run.pk)]
    assert [one["source"] for one in hub.get("outsider", "runs?source=other").json()["items"]] == ["other"]
    assert hub.get("outsider", "runs?state=queued").json()["total"] == 0
    assert hub.get("outsider", "runs?source=none").json()["total"] == 0


@pytest.mark.parametrize(
    "address", ["sources?per_page=3", "sources/demand", "runs?per_page=3", "runs/{run}?per_page=1"]
)
@pytest.mark.parametrize("more", [1, 6])
def test_an_answer_takes_at_most_ten_queries_however_many_there_are(
    hub: Hub, django_assert_max_num_queries: DjangoAssertNumQueries, address: str, more: int
) -> None:
    for number in range(more):
        make_run(make_source(f"more-{number}", hub.demand, "open"), hub.people["member"].principal)
    with django_assert_max_num_queries(10):
        assert hub.get("member", address.format(run=hub.run.pk)).status_code == 200
