"""Pages under hard conditions: no mouse, a very narrow window, a notebook that means harm."""

import re
from typing import Final

from playwright.sync_api import Dialog, expect

from tests.e2e.pages import PAGES, Open

FOCUSED: Final = """async () => {
  // The browser scrolls what has the focus into view with its next frame.
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const here = document.activeElement;
  const box = here.getBoundingClientRect();
  const ringed = one => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, 40) / 2);
  return {
    tag: here.tagName,
    name: (here.getAttribute("aria-label") || here.innerText || here.name || here.id).trim().slice(0, 60),
    hit: here.matches(".hit .title a"),
    ring: ringed(here) || ringed(here.parentElement),
    open: top !== null && (here.contains(top) || top.contains(here)),
  };
}"""
CUT: Final = """() => [...document.querySelectorAll("main :is(h1, h2, h3, p, dt, dd, a, button, input)")]
  .filter(one => one.checkVisibility({ visibilityProperty: true }))
  .filter(one => !one.closest(".scroll, pre, .code, .vh, .listing, [tabindex='0'], .load-line"))
  .filter(one => one.getBoundingClientRect().width > 1)
  .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map(one => one.outerHTML.slice(0, 90))"""


def test_the_keyboard_alone_reaches_a_result_and_its_focus_is_always_seen(open_as_mira: Open) -> None:
    page = open_as_mira()
    page.goto(PAGES["search"])
    passed: list[str] = []
    for _ in range(80):
        page.keyboard.press("Tab")
        now = page.evaluate(FOCUSED)
        assert now["tag"] != "BODY", passed
        assert now["ring"], f"{now['name']} shows no focus, after {passed}"
        assert now["open"], f"{now['name']} is covered, after {passed}"
        passed.append(now["name"])
        if now["hit"]:
            break
    assert passed[0] == "Skip to content"
    assert now["hit"], passed
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/notebooks/"))


def test_a_filter_by_keyboard_keeps_the_focus(open_as_mira: Open) -> None:
    page = open_as_mira()
    page.goto(PAGES["search"])
    page.get_by_role("checkbox", name=re.compile("^Growth")).focus()
    page.keyboard.press("Space")
    page.wait_for_url(re.compile("team=Growth"))
    expect(page.get_by_role("checkbox", name=re.compile("^Growth"))).to_be_focused()


def test_pages_reflow_in_a_window_of_320_pixels(open_as_mira: Open) -> None:
    page = open_as_mira(width=320)
    for name, address in PAGES.items():
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} scrolls sideways"
        assert page.evaluate(CUT) == [], name


def test_a_hostile_notebook_runs_nothing_and_asks_nobody(open_as_mira: Open, site: str) -> None:
    page = open_as_mira()
    asked: list[str] = []
    dialogs: list[str] = []
    page.on("request", lambda sent: None if sent.url.startswith((site, "data:")) else asked.append(sent.url))

    def dismissed(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismissed)
    page.goto("/notebooks/strangers/study/hostile.ipynb")
    expect(page.get_by_text("a result").first).to_be_visible()
    page.locator("td", has_text="one").first.hover()
    page.wait_for_load_state("networkidle")
    addresses = page.locator("main a").evaluate_all("links => links.map(link => link.href)")
    assert [one for one in addresses if not one.startswith(site)] == []
    assert page.locator("main :is(script, iframe, form, base, meta, style)").count() == 0
    assert page.evaluate("window.touched") is None
    assert (asked, dialogs) == ([], [])
