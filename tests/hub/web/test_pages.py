"""Errors as pages, headers of pages, and what somebody chose for this device."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings

from hub.core.errors import Conflict, NotFound
from hub.web import problems
from hub.web.context import appearance
from hub.web.middleware import PageMiddleware


def _page(request: HttpRequest, error: Exception) -> HttpResponse:
    response = PageMiddleware(lambda _: HttpResponse()).process_exception(request, error)
    assert response is not None
    return response


def test_an_error_of_the_hub_becomes_its_page() -> None:
    response = _page(RequestFactory().get("/"), NotFound())
    assert response.status_code == 404
    assert b"There is nothing here that you may see. It may have moved or never existed." in response.content


def test_a_fragment_gets_the_sentence_alone() -> None:
    request = RequestFactory().get("/", headers={"HX-Request": "true"})
    response = _page(request, Conflict("Ines published revision 4 while you wrote."))
    assert (response.status_code, response["Content-Type"]) == (409, "text/plain; charset=utf-8")
    assert response.content == b"Ines published revision 4 while you wrote."


def test_a_fault_of_ours_gets_a_reference_that_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    response = problems.server_error(RequestFactory().get("/broken"))
    reference = caplog.records[0].getMessage().split()[2]
    assert response.status_code == 500
    assert f"<code>{reference}</code>" in response.content.decode()


def test_pages_vary_by_fragment_and_person_and_ask_for_no_device() -> None:
    response = PageMiddleware(lambda _: HttpResponse("x"))(RequestFactory().get("/"))
    assert isinstance(response, HttpResponse)
    assert response["Vary"] == "HX-Request, Cookie"
    assert "camera=()" in response["Permissions-Policy"]


@override_settings(ROOT_URLCONF="hub.web.urls", MIDDLEWARE=[])
def test_a_chosen_theme_is_kept_and_an_unknown_one_is_not() -> None:
    web = Client()
    answer = web.post("/settings/appearance", {"theme": "dark", "density": "tiny", "next": "/search?q=rain"})
    assert answer.headers["Location"] == "/search?q=rain"
    assert {name: morsel.value for name, morsel in web.cookies.items()} == {"theme": "dark"}


@override_settings(ROOT_URLCONF="hub.web.urls", MIDDLEWARE=[])
@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"]
)
def test_a_choice_never_leads_to_another_site(elsewhere: str) -> None:
    assert Client().post("/settings/appearance", {"next": elsewhere}).headers["Location"] == "/"


def test_a_forged_cookie_counts_as_not_chosen() -> None:
    request = RequestFactory().get("/")
    request.COOKIES.update({"theme": '"><script>', "density": "compact", "single_keys": "off"})
    chosen = appearance(request)
    assert (chosen.theme, chosen.density, chosen.single_keys) == ("auto", "compact", False)
