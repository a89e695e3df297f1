"""Entities over the API: what they say, page by page, at a time, and only what the asker may read."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from pytest_django import DjangoAssertNumQueries

from hub.catalogue.models import Entity, Generation
from hub.catalogue.services import record_authors, state_facet, state_visibility
from indexers.facts import Person, urn
from indexers.vocabulary.facets import Documentation, Ownership
from tests.hub.api.hubs import COMMIT, Hub, hide_something, id_of, make_hub, publish, repository_facts

pytestmark = pytest.mark.django_db
TABLE = "dataset:lake/raw.trips"
FILE, NOTEBOOK = "file:demand/load_0.py", "notebook:demand/study.ipynb"


@pytest.fixture
def hub() -> Hub:
    return make_hub()


def names(answer: Any) -> list[str]:
    return [one["name"] for one in answer.json()["items"]]


def test_the_list_goes_by_kind_and_name_and_narrows(hub: Hub) -> None:
    assert names(hub.get("outsider", "entities")) == [
        "raw.trips",
        "load_0.py",
        "load_1.py",
        "study.ipynb",
        "demand",
    ]
    assert names(hub.get("outsider", "entities?kind=dataset&kind=notebook")) == ["raw.trips", "study.ipynb"]
    assert names(hub.get("outsider", "entities?parent=repository:demand&kind=file")) == [
        "load_0.py",
        "load_1.py",
    ]
    assert names(hub.get("outsider", f"entities?parent={id_of('repository:demand')}&kind=box")) == []


@pytest.mark.parametrize("per_page", [1, 2, 3, 5, 200])
def test_pages_put_together_are_the_list_whatever_their_size(hub: Hub, per_page: int) -> None:
    whole = hub.get("member", "entities").json()["items"]
    address, found = f"/api/v1/entities?per_page={per_page}", []
    while address:
        page = hub.clients["member"].get(address).json()
        assert (page["total"], page["per_page"]) == (5, per_page)
        found += page["items"]
        address = page["next"]
    assert found == whole
    assert hub.get("member", "entities?page=2&per_page=3&kind=file&kind=notebook").json()["previous"] == (
        "/api/v1/entities?page=1&per_page=3&kind=file&kind=notebook"
    )


def test_a_page_behind_the_end_is_empty(hub: Hub) -> None:
    page = hub.get("member", "entities?page=9").json()
    assert (page["items"], page["total"], page["next"]) == ([], 5, "")


def test_an_entity_says_where_it_lies_and_what_is_stated_of_it(hub: Hub) -> None:
    by_urn = hub.get("member", f"entities/{FILE}").json()
    assert by_urn == hub.get("member", f"entities/{id_of(FILE)}").json()
    assert by_urn == hub.get("member", f"entities/{quote(FILE, safe='')}").json()
    assert (by_urn["kind"], by_urn["path"], by_urn["platform"]) == ("file", "load_0.py", "git")
    assert (by_urn["team"], by_urn["parent"]["name"]) == ({"slug": "demand", "name": "Demand"}, "demand")
    code = by_urn["facets"]["code"]
    assert (code["source_version"], code["source_time"]) == (COMMIT, None)
    assert code["value"] == {
        "language": "python",
        "content": "",
        "lines": 9,
        "bytes": 0,
        "definitions": [],
        "imports": ["pandas"],
        "calls": [],
        "reads": [],
        "writes": [],
    }


def test_a_name_it_had_before_or_goes_by_elsewhere_leads_to_it(hub: Hub) -> None:
    table = hub.get("outsider", f"entities/{TABLE}").json()
    assert hub.get("outsider", "entities/dataset:named/raw.trips").json() == table


def test_who_may_only_know_of_it_gets_no_facets(hub: Hub) -> None:
    shown = hub.get("outsider", f"entities/{FILE}").json()
    assert (shown["describable"], shown["derivable"], shown["facets"]) == (False, False, {})


def test_what_was_made_of_data_is_for_those_inside(hub: Hub) -> None:
    actor = hub.people["owner"].principal
    repository = Entity.objects.get(urn="repository:demand")
    state_visibility(actor=actor, entity=repository, discoverability="open", space=hub.demand)
    inside, outside = (hub.get(who, f"entities/{NOTEBOOK}").json() for who in ("member", "outsider"))
    assert (outside["describable"], outside["derivable"]) == (True, False)
    assert inside["facets"]["notebook"]["value"].pop("thumbnails") == [["a", "f" * 64]]
    assert outside["facets"]["notebook"]["value"].pop("thumbnails") == []
    assert outside["facets"] == inside["facets"]
    locations = [
        hub.get(who, "entities/repository:demand").json()["facets"]["repository"]["value"]["location"]
        for who in ("member", "outsider")
    ]
    assert locations == ["/srv/git/demand", ""]


def test_owners_are_names_and_never_digests_of_addresses(hub: Hub) -> None:
    digest = record_authors([Person(name="Ines Moreau", email="ines@rondo.example")])
    stated = Ownership(people=tuple(digest.values()), teams=("Demand",))
    state_facet(actor=hub.people["owner"].principal, entity=Entity.objects.get(urn=FILE), value=stated)
    answer = hub.get("member", f"entities/{FILE}")
    assert answer.json()["facets"]["ownership"]["value"] == {"people": ["Ines Moreau"], "teams": ["Demand"]}
    assert next(iter(digest.values())).encode() not in answer.content


def test_as_of_and_source_time_answer_for_then(hub: Hub) -> None:
    before = datetime.now(UTC)
    Generation.objects.filter(published_at__isnull=False).update(published_at=before - timedelta(days=3))
    entity = Entity.objects.get(urn=FILE)
    state_facet(actor=hub.people["owner"].principal, entity=entity, value=Documentation(summary="New"))
    yesterday = (before - timedelta(days=1)).date().isoformat()

    def summary(query: str) -> Any:
        answer = hub.get("member", f"entities/{FILE}?{query}").json()
        return answer["facets"]["documentation"]["value"]["summary"]

    assert [summary(""), summary(f"as_of={yesterday}")] == ["New", "About demand trips"]
    assert summary(f"source_time={yesterday}") == "New"
    assert hub.get("member", f"entities/{FILE}?as_of=2020-01-01").status_code == 404
    assert hub.get("member", "entities?as_of=2020-01-01").json()["total"] == 0
    then, today = (
        [
            one["subject"]
            for one in hub.get("member", f"entities/{id_of(FILE)}/changes{query}").json()["items"]
        ]
        for query in (f"?as_of={yesterday}", "")
    )
    assert today == ["facet:documentation", *then]


def test_versions_name_their_author_and_never_the_address(hub: Hub) -> None:
    answer = hub.get("member", f"entities/{id_of(FILE)}/versions")
    assert answer.json()["items"] == [
        {
            "source_version": COMMIT,
            "source_time": "2026-01-01T00:00:00Z",
            "author": "Ines Moreau",
            "subject": "Start",
            "path": "load_0.py",
            "content": "blob",
            "change": "modified",
        }
    ]
    assert b"ines@" not in answer.content


def test_edges_show_columns_and_code_only_to_those_who_may_read_the_other_end(hub: Hub) -> None:
    address = f"entities/{id_of(TABLE)}/edges?direction=in&relation=reads"
    inside, outside = (hub.get(who, address).json()["items"] for who in ("member", "outsider"))
    assert [one["other"]["name"] for one in inside] == ["load_0.py", "load_1.py", "study.ipynb"]
    assert {one["anchor"]["path"] for one in inside} == {"load_0.py", "load_1.py", "study.ipynb"}
    assert {tuple(map(tuple, one["columns"])) for one in inside} == {(("rides", "rides"),)}
    assert [one["other"] for one in outside] == [one["other"] for one in inside]
    assert {(one["anchor"], tuple(one["columns"])) for one in outside} == {(None, ())}
    assert hub.get("member", f"entities/{id_of(TABLE)}/edges").json()["items"] == []
    out = hub.get("member", f"entities/{id_of(FILE)}/edges").json()["items"]
    assert [(one["relation"], one["other"]["urn"], one["evidence"]) for one in out] == [
        ("reads", TABLE, "parsed")
    ]


def test_an_edge_to_something_hidden_is_not_there_nor_ever_changed(hub: Hub) -> None:
    hide_something(hub)
    owner, table = hub.people["owner"].principal, Entity.objects.get(urn=TABLE)
    state_visibility(actor=owner, entity=table, discoverability="hidden")
    address = f"entities/{id_of(FILE)}"
    assert hub.get("owner", f"{address}/edges").json()["total"] == 1
    assert hub.get("member", f"{address}/edges").json()["total"] == 0
    subjects = {
        who: {one["subject"] for one in hub.get(who, f"{address}/changes").json()["items"]}
        for who in ("owner", "member")
    }
    assert subjects["owner"] - subjects["member"] == {"edge:reads"}


def test_what_lies_in_something_hidden_does_not_name_it(hub: Hub) -> None:
    hide_something(hub)
    entity = Entity.objects.get(urn="notebook:secret/study.ipynb")
    state_visibility(actor=hub.people["owner"].principal, entity=entity, discoverability="open")
    for who, parent in (("member", "secret"), ("outsider", None)):
        shown = hub.get(who, f"entities/{entity.pk}").json()
        listed = [one for one in hub.get(who, "entities").json()["items"] if one["id"] == str(entity.pk)]
        assert (shown["parent"] or {}).get("name") == parent
        assert listed[0]["parent"] == shown["parent"]


def test_a_change_says_what_by_whom_and_when(hub: Hub) -> None:
    entity = Entity.objects.get(urn=FILE)
    state_facet(actor=hub.people["owner"].principal, entity=entity, value=Documentation(summary="New"))
    latest, *_ = hub.get("member", f"entities/{id_of(FILE)}/changes").json()["items"]
    assert (latest["subject"], latest["by"], latest["run"]) == ("facet:documentation", "Piet", None)
    assert latest.keys() == {"at", "subject", "change", "by", "run"}


@pytest.mark.parametrize(
    "address",
    [
        "entities?per_page=2",
        "entities?per_page=2&parent=repository:demand",
        "entities/{file}",
        f"entities/{FILE}",
        "entities/dataset:named/raw.trips",
        "entities/{file}/versions?per_page=1",
        "entities/{file}/changes?per_page=1",
        "entities/{table}/edges?direction=in&per_page=2",
    ],
)
@pytest.mark.parametrize("files", [2, 12])
def test_an_answer_takes_at_most_ten_queries_however_much_there_is(
    hub: Hub, django_assert_max_num_queries: DjangoAssertNumQueries, address: str, files: int
) -> None:
    publish(
        repository_facts("demand", files=files), "git:demand", space=hub.demand, discoverability="requestable"
    )
    named = address.format(file=id_of(FILE), table=id_of(TABLE))
    with django_assert_max_num_queries(10):
        assert hub.get("member", named).status_code == 200


@pytest.mark.parametrize(
    "name", ["", "%00", "x" * 3000, "urn:uuid:" + "0" * 32, "{}", "%F0%9F%9A%B2", "..%2F..", "'--"]
)
def test_any_name_is_a_question(hub: Hub, name: str) -> None:
    assert hub.get("member", f"entities/{name}").status_code == 404


def test_urns_of_things_called_like_a_list_are_theirs(hub: Hub) -> None:
    for path in ("versions", "edges"):
        assert hub.get("member", f"entities/{urn('file', 'demand', path)}").status_code == 404
    assert hub.get("member", f"entities/{uuid.uuid4()}/versions").status_code == 404
