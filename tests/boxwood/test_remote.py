"""`boxwood index --hub`: a crawl that another hub carries out, asked for over its API."""

import threading
from collections.abc import Iterator

import pytest
from pytest_django.live_server_helper import LiveServer

from boxwood.remote import HubRefused, RemoteHub
from hub.accounts.services import add_person, create_token
from hub.ingestion import services
from tests.hub.ingestion.scripted import SCRIPTS, files

pytestmark = pytest.mark.django_db(transaction=True)
LOCATION = "scripted://elsewhere"


@pytest.fixture
def token() -> str:
    owner = add_person(email="owner@rondo.example", name="Olga", password=None, installation_owner=True)
    return create_token(actor=owner, name="laptop")[1]


@pytest.fixture
def worker() -> Iterator[None]:
    """Somebody beside the server who carries out what is queued."""
    done = threading.Event()

    def work() -> None:
        from django.db import connection

        while not done.wait(0.1):
            if run := services.claim_next():
                services.crawl(run=run)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    done.set()
    thread.join()


def test_a_location_is_added_once_and_crawled_each_time(
    live_server: LiveServer, token: str, worker: None
) -> None:
    SCRIPTS[LOCATION] = files("a.py", "b.py")
    hub = RemoteHub(live_server.url, token)
    told: list[str] = []
    for _ in range(2):
        run = hub.crawl(LOCATION, name="", team="", report=lambda doing, *_: told.append(doing))
        assert (run["state"], run["report"]["entities"]) == ("complete", {"file": 2, "repository": 1})
    assert told


def test_what_the_hub_refuses_is_its_own_sentence(live_server: LiveServer) -> None:
    with pytest.raises(HubRefused, match="token") as refused:
        RemoteHub(live_server.url, "boxwood_unknown").crawl(
            LOCATION, name="", team="", report=lambda *_: None
        )
    assert refused.value.status == 401
