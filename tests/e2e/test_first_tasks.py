"""What people do first: sign in, find the study of rain, open its plot; and what every page must keep."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.pages import PAGES, Open

pytestmark = pytest.mark.e2e

LOOKS = [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)]


def test_the_plot_of_the_rain_study_is_found_and_opened_at_its_cell(open_as_mira: Open) -> None:
    page = open_as_mira()
    page.keyboard.press("/")
    page.keyboard.type("wet hours")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search"))
    hit = page.locator(".hit", has_text="rain_effect.ipynb").filter(has_text="Cell 14").first
    expect(hit.locator(".thumb img")).to_be_visible()
    hit.get_by_role("link", name=re.compile("rain_effect")).first.click()
    page.wait_for_url(re.compile("#cell-"))
    cell = page.locator(".cell-row:target")
    expect(cell).to_be_in_viewport()
    expect(cell.locator("img")).to_have_js_property("complete", value=True)


def test_outputs_of_another_team_are_withheld_with_the_reason(open_as_mira: Open) -> None:
    page = open_as_mira()
    page.goto(PAGES["withheld"])
    expect(page.get_by_text("Output withheld").first).to_be_visible()
    expect(page.get_by_text("It is for the Growth team").first).to_be_visible()
    assert page.locator(".out img").count() == 0


def test_what_is_hidden_answers_like_what_never_existed(open_as_mira: Open) -> None:
    page = open_as_mira()
    seen = []
    for address in ("/tables/lake/raw/payments", "/tables/lake/raw/never_was"):
        response = page.goto(address)
        assert response is not None
        assert response.status == 404
        seen.append(page.locator("main").inner_text())
    assert seen[0] == seen[1]


def test_typing_suggests_names_and_the_keyboard_chooses_one(open_as_mira: Open) -> None:
    page = open_as_mira()
    page.keyboard.press("/")
    page.keyboard.type("rain_ef")
    expect(page.get_by_role("option").first).to_contain_text("rain_effect")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/notebooks/"))


def test_a_filter_narrows_the_results_and_the_address_keeps_it(open_as_mira: Open) -> None:
    page = open_as_mira()
    page.goto("/search?q=rain")
    before = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("checkbox", name=re.compile("^Growth")).check()
    page.wait_for_url(re.compile("team=Growth"))
    expect(page.get_by_role("heading", level=1)).not_to_have_text(before)
    kept = page.get_by_role("heading", level=1).inner_text()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(kept)


def test_reading_needs_no_scripts(open_as_mira: Open) -> None:
    page = open_as_mira(scripts=False)
    page.goto("/")
    page.get_by_role("searchbox").first.fill("rain")
    page.get_by_role("searchbox").first.press("Enter")
    page.get_by_role("link", name=re.compile("rain_effect")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("rain_effect")
    for address in PAGES.values():
        response = page.goto(address)
        assert response is not None
        assert response.status in (200, 404)


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_every_page_is_accessible_quiet_and_asks_nobody_else(
    open_as_mira: Open, axe: Callable[[Page], list[str]], site: str, theme: str, width: int
) -> None:
    page = open_as_mira(theme, width)
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "request", lambda sent: None if sent.url.startswith((site, "data:")) else troubles.append(sent.url)
    )
    for name, address in PAGES.items():
        response = page.goto(address)
        assert response is not None
        if response.status == 404:
            troubles.clear()  # the browser itself writes a console line for the page's own status
        page.screenshot(path=f"build/ui/{name}-{theme}-{width}.png")
        assert axe(page) == [], name
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} scrolls sideways"
    assert troubles == []


@pytest.mark.parametrize("name", ["home", "search", "notebook", "table"])
def test_pages_keep_their_budgets(open_as_mira: Open, name: str) -> None:
    page = open_as_mira()
    weights: dict[str, float] = {}
    kinds: dict[str, str] = {}
    session: CDPSession = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    session.on(
        "Network.loadingFinished",
        lambda event: weights.update({event["requestId"]: event["encodedDataLength"]}),
    )
    page.goto(PAGES[name])
    page.wait_for_load_state("networkidle")
    total: dict[str, float] = {}
    for request, kind in kinds.items():
        total[kind] = total.get(kind, 0) + weights.get(request, 0) / 1000
    assert total.get("Script", 0) <= 25
    assert total.get("Stylesheet", 0) <= 16
    assert total.get("Font", 0) <= 90
    assert total.get("Document", 0) <= 40
    assert page.evaluate("document.querySelectorAll('*').length") <= 3000
