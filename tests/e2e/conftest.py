"""Fixtures of the browser tests. Missing Chromium or axe is a skip here and a failure under CI=true."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.browser import AXE, Theme, Watched, axe_violations, chromium, watched_page
from tests.e2e.pages import Open
from tests.e2e.site import PASSWORD, served

# Playwright's own loop runs in this thread; Django would take it for an asynchronous context.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

PageAt = Callable[..., Watched]


def _missing(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests."""
    with ExitStack() as stack:
        try:
            started = stack.enter_context(chromium())
        except RuntimeError as error:
            _missing(str(error))
        yield started


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of a real server on the sample organisation."""
    with served() as address:
        yield address


@pytest.fixture
def open_as_mira(browser: Browser, site: str) -> Iterator[Open]:
    """Open pages signed in as Mira, with a theme, a width, and scripts or not."""
    contexts: list[BrowserContext] = []

    def opened(theme: str = "light", width: int = 1440, *, scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            java_script_enabled=scripts,
            base_url=site,
        )
        contexts.append(context)
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_label("E-mail").fill("mira.sato@rondo.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{site}/")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page_at(browser: Browser) -> Iterator[PageAt]:
    """`page_at(width, theme)` opens a fresh visitor's page; what went wrong on it fails the test."""
    opened: list[Watched] = []
    with ExitStack() as stack:

        def open_page(width: int = 1440, theme: Theme = "light", *, script: bool = True) -> Watched:
            watched = stack.enter_context(watched_page(browser, width=width, theme=theme, script=script))
            opened.append(watched)
            return watched

        yield open_page
        problems = [problem for watched in opened for problem in watched.problems]
    assert problems == []


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """`axe(page)` lists what axe finds wrong."""
    if not AXE.is_file():
        _missing("axe-core is not installed: run `npm ci` in frontend/")
    return axe_violations
