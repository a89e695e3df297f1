"""Fixtures of the browser tests. Missing Chromium or axe is a skip here and a failure under CI=true."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.browser import AXE, Theme, Watched, axe_violations, chromium, watched_page

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
