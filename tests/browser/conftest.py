"""A real Chromium on the built widget, against a stand-in for the gateway."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chat_server import StandIn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from widget_page import PAGE, ROOT, SCRIPT, Widget

AXE = ROOT / "widget" / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = ROOT / "results" / "pictures"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# Without animations: tests do not wait for them. One test looks at them.
USUAL: dict[str, Any] = {"viewport": {"width": 1200, "height": 860}, "locale": "en-GB", "reduced_motion": "reduce"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what cannot run here, with the reason."""
    here = Path(__file__).parent
    reason = "" if _chromium() else "no chromium on this machine: apt-get install chromium-headless-shell (or chromium)"
    reason = reason or ("" if SCRIPT.is_file() else "the widget is not built: cd widget && npm ci && npm run build")
    for item in items:
        if reason and here in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=reason))


def _chromium() -> str | None:
    """The shell takes half the time of the whole browser, and is the same engine."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(name="launch", scope="module")
def _launch() -> Iterator[Callable[..., Browser]]:
    """Starts a Chromium with further switches. By module: while Playwright runs, no other test can use asyncio."""
    with sync_playwright() as playwright:
        yield lambda *switches: playwright.chromium.launch(executable_path=_chromium(), args=[*SWITCHES, *switches])


@pytest.fixture(name="chromium", scope="module")
def _chromium_running(launch: Callable[..., Browser]) -> Iterator[Browser]:
    """A Chromium."""
    browser = launch()
    yield browser
    browser.close()


@pytest.fixture(name="server")
def _server() -> Iterator[StandIn]:
    """A stand-in for the gateway, with a page that embeds the widget at /."""
    server = StandIn(SCRIPT, {"/": PAGE.format(head="", script="/tandem.js", attributes="", body="")})
    yield server
    server.down()


@pytest.fixture(name="add_page")
def _add_page(server: StandIn) -> Callable[..., str]:
    """Puts another page on the server; gives its path."""

    def add(attributes: str = "", *, head: str = "", body: str = "", script: str = "/tandem.js") -> str:
        path = f"/page{len(server.pages)}"
        server.pages[path] = PAGE.format(head=head, script=script, attributes=attributes, body=body)
        return path

    return add


@pytest.fixture(name="complaints")
def _complaints() -> list[str]:
    """Errors of the pages of this test: exceptions, and what the content security policy blocked."""
    return []


@pytest.fixture(name="visitor")
def _visitor(chromium: Browser, server: StandIn, complaints: list[str]) -> Iterator[Callable[..., Widget]]:
    """Gives a visitor with a browser profile of their own; keywords as for Playwright's `new_context`."""
    contexts: list[BrowserContext] = []

    def come(**how: Any) -> Widget:
        contexts.append(chromium.new_context(**{**USUAL, **how}))
        return _watched(contexts[-1].new_page(), server, complaints)

    yield come
    for context in contexts:
        context.close()
    assert [] == complaints


@pytest.fixture(name="profile", scope="module")
def _profile(chromium: Browser) -> Iterator[BrowserContext]:
    """One profile for many tests: each has a server of its own, thus an origin that the profile has not seen."""
    context = chromium.new_context(**USUAL)
    yield context
    context.close()


@pytest.fixture(name="newcomer")
def _newcomer(profile: BrowserContext, server: StandIn, complaints: list[str]) -> Iterator[Widget]:
    """The widget, closed, for a visitor who is new."""
    yield _watched(profile.new_page(), server, complaints).visit()
    for page in profile.pages:
        page.close()
    assert [] == complaints


@pytest.fixture(name="widget")
def _widget(newcomer: Widget) -> Widget:
    """The widget, opened, for a visitor who is new."""
    return newcomer.open()


@pytest.fixture(name="another_tab")
def _another_tab(server: StandIn, complaints: list[str]) -> Callable[[Widget], Widget]:
    """Gives the widget in another tab of the same visitor."""
    return lambda widget: _watched(widget.page.context.new_page(), server, complaints).visit()


@pytest.fixture(name="axe")
def _axe() -> Callable[[Widget], list[str]]:
    """Runs axe-core on the whole page: what it finds, a line each."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: cd widget && npm ci")

    def check(widget: Widget) -> list[str]:
        widget.settle()
        if not widget.page.evaluate("'axe' in window"):
            widget.page.evaluate(AXE.read_text())
        widget.page.evaluate("document.documentElement.style.overflow = ''")  # else axe takes what lies over the page for clipped
        found = widget.page.evaluate("axe.run(document)")
        assert sum(len(one["nodes"]) for one in found["passes"] if one["id"] == "color-contrast") > 1, "axe measured no contrast"
        return [f"{one['id']}: {one['help']} {json.dumps([node['target'] for node in one['nodes']])}" for one in found["violations"]]

    return check


@pytest.fixture(name="in_body")
def _in_body(add_page: Callable[..., str]) -> Callable[..., str]:
    """Gives a page that holds the floating element in its body: beside the body, where the script puts it, axe measures no contrast."""
    return lambda attributes="": add_page(body=f"<tandem-chat data-mode='floating' {attributes}></tandem-chat>")


@pytest.fixture(name="picture")
def _picture() -> Callable[[Widget, str], None]:
    """Keeps a picture for people to look at, in results/pictures."""

    def take(widget: Widget, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        widget.settle()
        widget.page.screenshot(path=PICTURES / f"{name}.png")

    return take


def _watched(page: Page, server: StandIn, complaints: list[str]) -> Widget:
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    page.set_default_timeout(4_000)
    return Widget(page, server)
