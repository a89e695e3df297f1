"""Search over the API, with the real index: reasons, pages, filters, rights; and saved searches."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from hub.discovery.models import SavedSearch
from tests.hub.api.hubs import Hub, hide_something, id_of, index, make_hub, publish, repository_facts

pytestmark = pytest.mark.django_db
SAVED = "/api/v1/saved-searches"


@pytest.fixture
def hub() -> Hub:
    made = make_hub()
    index()
    return made


def found(hub: Hub, who: str, query: str) -> Any:
    return hub.get(who, f"search?{query}").json()


def names(answer: Any) -> list[str]:
    return [one["name"] for one in answer["items"]]


def test_an_exact_name_comes_first_and_says_so(hub: Hub) -> None:
    first = found(hub, "member", "q=raw.trips")["items"][0]
    assert (first["name"], first["tier"], first["kind"]) == ("raw.trips", "exact", "dataset")
    assert first["why"][0]["sentence"] == "Its name is exactly what you wrote."
    assert first["id"] == id_of("dataset:lake/raw.trips")


def test_tiers_and_filters_add_up(hub: Hub) -> None:
    answer = found(hub, "member", "q=demand")
    assert sum(one["count"] for one in answer["tiers"]) == answer["total"] == len(answer["items"])
    kinds = {one["value"]: one["count"] for one in answer["facets"]["kind"]}
    narrowed = found(hub, "member", "q=demand&kind=file&kind=notebook")
    assert narrowed["total"] == kinds["file"] + kinds["notebook"]
    assert {one["kind"] for one in narrowed["items"]} == {"file", "notebook"}
    assert found(hub, "member", "uses=pandas")["total"] == 2
    assert found(hub, "member", "uses=pandas&uses=polars")["total"] == 2
    assert found(hub, "member", "team=Demand&language=python&platform=git")["total"] == 2


def test_who_may_not_read_about_a_thing_finds_it_by_name_alone(hub: Hub) -> None:
    assert "load_0.py" in names(found(hub, "outsider", "q=load_0.py"))
    assert names(found(hub, "outsider", "q=rides")) == []
    hit = found(hub, "outsider", "q=load_0.py")["items"][0]
    assert (hit["describable"], hit["details"]["summary"], hit["details"]["changed"]) == (False, "", None)
    assert found(hub, "member", "q=rides")["total"] == 3
    assert found(hub, "outsider", "q=&uses=pandas")["total"] == 0


def test_users_are_counted_as_the_asker_sees_them(hub: Hub) -> None:
    hide_something(hub)
    index()
    users = {
        who: found(hub, who, "q=raw.trips")["items"][0]["details"]["used_by"]
        for who in ("outsider", "member")
    }
    assert users == {"outsider": 3, "member": 6}


def test_pages_put_together_are_the_result(hub: Hub) -> None:
    whole = names(found(hub, "member", "q=&sort=name"))
    address, paged = "/api/v1/search?q=&sort=name&per_page=2", []
    while address:
        page = hub.clients["member"].get(address).json()
        paged += names(page)
        address = page["next"]
    assert paged == whole
    assert len(paged) == found(hub, "member", "q=")["total"]


def test_a_misspelt_word_is_answered_with_a_better_one(hub: Hub) -> None:
    assert found(hub, "member", "q=lod_0.py%20demandd")["did_you_mean"] != ""


def test_suggestions_are_names_that_lead_somewhere(hub: Hub) -> None:
    suggested = hub.get("outsider", "suggest?q=load").json()["items"]
    assert [one["name"] for one in suggested] == ["load_0.py", "load_1.py"]
    assert suggested[0]["url"] == f"/e/{id_of('file:demand/load_0.py')}"
    assert hub.get("outsider", "suggest").json() == {"items": []}


@pytest.mark.parametrize("files", [2, 30])
@pytest.mark.parametrize(
    "address", ["search?q=load&per_page=50", "search", "suggest?q=load", "saved-searches"]
)
def test_an_answer_takes_at_most_ten_queries_however_much_is_found(
    hub: Hub, django_assert_max_num_queries: DjangoAssertNumQueries, address: str, files: int
) -> None:
    publish(
        repository_facts("demand", files=files), "git:demand", space=hub.demand, discoverability="requestable"
    )
    index()
    with django_assert_max_num_queries(10):
        assert hub.get("member", address).status_code == 200


@pytest.mark.parametrize(
    "text", ["%22", "AND OR NOT", "a:b", "((", "*", "%F0%9F%9A%B2", "x" * 1000, "%5C", "-", "~"]
)
def test_any_text_is_a_question(hub: Hub, text: str) -> None:
    assert hub.get("member", f"search?q={text}").status_code == 200
    assert hub.get("member", f"suggest?q={text[:200]}").status_code == 200


def test_searches_are_saved_replaced_by_name_and_forgotten(hub: Hub) -> None:
    ines = hub.clients["member"]
    for query in ("q=rain", "q=rain&kind=notebook"):
        assert ines.post(SAVED, {"name": "Rain", "query": query}, format="json").status_code == 201
    listed = ines.get(SAVED).json()["items"]
    assert [(one["name"], one["query"]) for one in listed] == [("Rain", "q=rain&kind=notebook")]
    address = f"{SAVED}/{listed[0]['id']}"
    assert [hub.clients[who].delete(address).status_code for who in ("outsider", "owner", "nobody")] == [
        404,
        404,
        401,
    ]
    assert [ines.delete(address).status_code for _ in range(2)] == [204, 404]
    assert not SavedSearch.objects.exists()
