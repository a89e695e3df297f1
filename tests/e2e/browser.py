"""Debian's Chromium for tests: pages at a width and theme, what axe finds, what left the machine."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, sync_playwright

REPOSITORY: Final = Path(__file__).resolve().parents[2]
AXE: Final = REPOSITORY / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SHOTS: Final = REPOSITORY / "build" / "ui"
AXE_TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
WIDTHS: Final = (1440, 390)
THEMES: Final[tuple["Theme", ...]] = ("light", "dark")
Theme = Literal["light", "dark"]


@dataclass(slots=True, kw_only=True)
class Watched:
    """A page with what a test must not overlook: console errors, exceptions, dialogs, requests."""

    page: Page
    problems: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def foreign(self, origin: str) -> list[str]:
        """Requests that went anywhere but `origin`."""
        return [url for url in self.requests if not url.startswith((f"{origin}/", "data:", "about:"))]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The distribution's Chromium, headless. RuntimeError: it is not installed."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        raise RuntimeError("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@contextmanager
def watched_page(browser: Browser, *, width: int, theme: Theme, script: bool = True) -> Iterator[Watched]:
    """A fresh visitor: `width` CSS pixels wide, with a colour scheme, with or without JavaScript."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=theme,
        java_script_enabled=script,
        reduced_motion="reduce",
    )
    watched = Watched(page=context.new_page())
    _watch(watched)
    yield watched
    context.close()


def _watch(watched: Watched) -> None:
    def said(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            watched.problems.append(f"console {message.type}: {message.text}")

    def asked(request: Request) -> None:
        watched.requests.append(request.url)

    def dismissed(dialog: Dialog) -> None:
        watched.problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    watched.page.on("console", said)
    watched.page.on("request", asked)
    watched.page.on("pageerror", lambda error: watched.problems.append(f"exception: {error}"))
    watched.page.on("dialog", dismissed)


def axe_violations(page: Page) -> list[str]:
    """One line for each violation of WCAG 2.2 A and AA or of best practice; the page is left as it was."""
    # Through the protocol: a script tag would rightly be refused by the content policy.
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE.read_text()})
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", list(AXE_TAGS)
    )
    session.detach()
    return [
        f"{rule['id']}: {rule['help']} at {json.dumps([node['target'] for node in rule['nodes'][:3]])}"
        for rule in found["violations"]
    ]


def sideways_scroll(page: Page) -> int:
    """How many CSS pixels the page is wider than its window; 0 is right."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def layout_shift(page: Page) -> float:
    """The sum of layout shifts since the page was opened."""
    return float(
        page.evaluate(
            """() => new Promise(done => {
              let sum = 0;
              new PerformanceObserver(list => list.getEntries().forEach(entry => sum += entry.value))
                .observe({ type: "layout-shift", buffered: true });
              requestAnimationFrame(() => setTimeout(() => done(sum), 100));
            })"""
        )
    )


def shot(page: Page, name: str) -> Path:
    """Save what is seen under build/ui/ for whoever reviews it."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    path = SHOTS / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path
