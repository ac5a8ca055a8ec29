"""The built widget, a page that embeds it, and what a visitor does with it."""

from __future__ import annotations

from pathlib import Path

from chat_server import StandIn
from playwright.sync_api import Locator, Page

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "widget" / "dist" / "tandem.js"
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>A shop</title>
<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">{head}
<script src="{script}" defer {attributes}></script></head>
<body><main><h1>A shop</h1><button>Buy</button>{body}</main></body></html>"""


class Widget:
    """The widget on *page*; locators reach into its shadow root."""

    def __init__(self, page: Page, server: StandIn) -> None:
        self.page, self.server = page, server
        self.launcher = page.locator(".launcher")
        self.panel = page.locator(".panel")
        self.log = page.get_by_role("log")
        self.box = page.locator(".composer textarea")
        self.replies = page.locator(".reply")
        self.turns = page.locator(".turn")
        self.bubbles = page.locator(".bubble > span[dir]")
        self.notices = page.locator(".notices")

    def visit(self, path: str = "/") -> Widget:
        """Go to a page of the server."""
        self.page.goto(f"{self.server.address}{path}")
        return self

    def open(self) -> Widget:
        """Open the panel, in the way a page's own button does: quicker than the launcher, which has a test of its own."""
        self.page.evaluate("document.querySelector('tandem-chat').open = true")
        self.panel.wait_for()
        return self

    def type(self, text: str) -> None:
        """Write *text* and send it, without waiting for anything."""
        self.box.fill(text)
        self.box.press("Enter")

    def say(self, text: str) -> Locator:
        """Send *text*; gives the reply."""
        there = self.replies.count()
        self.type(text)
        return self._reply(there)

    def press(self, title: str) -> Locator:
        """Press the last button called *title*; gives the reply."""
        there = self.replies.count()
        self.page.get_by_role("button", name=title, exact=True).last.click()
        return self._reply(there)

    def menu(self, item: str) -> None:
        """Choose *item* of the menu."""
        self.page.get_by_role("button", name="More", exact=True).click()
        self.page.locator(".menu-item", has_text=item).click()

    def confirm(self, label: str) -> None:
        """Answer the question before something is deleted."""
        self.page.get_by_role("alertdialog").get_by_role("button", name=label).click()

    def settle(self) -> None:
        """Wait for the end of every transition."""
        self.page.evaluate(
            """() => Promise.all(document.querySelector("tandem-chat").shadowRoot.getAnimations()
                .filter(one => one.effect.getTiming().iterations === 1).map(one => one.finished))"""
        )

    def focused(self) -> str:
        """Name or text of what has the focus inside the widget; empty if the focus is on the page."""
        return self.page.evaluate(
            """() => {
                const one = document.querySelector("tandem-chat").shadowRoot.activeElement;
                return one ? one.getAttribute("aria-label") || one.getAttribute("placeholder") || one.textContent.trim() : "";
            }"""
        )

    def _reply(self, there: int) -> Locator:
        reply = self.replies.nth(there)
        reply.wait_for()
        return reply


def too_wide(widget: Widget) -> list[str]:
    """What in the panel is wider than its place; the page itself, if it scrolls sideways."""
    return widget.page.evaluate(
        """() => {
            const hidden = one => one.closest(".hidden, svg") || getComputedStyle(one).display === "inline";
            const all = [...document.querySelector("tandem-chat").shadowRoot.querySelectorAll(".panel, .panel *")];
            const wide = all.filter(one => !hidden(one) && one.scrollWidth > one.clientWidth + 1);
            const found = wide.map(one => `${one.localName}.${one.className}`);
            return document.documentElement.scrollWidth > innerWidth ? [...found, "page"] : found;
        }"""
    )
