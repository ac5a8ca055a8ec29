"""WCAG 2.2 AA as far as a program can tell, in each state, with a picture of it for people to judge the rest."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from widget_page import Widget


def _ask(*texts: str) -> Callable[[Widget], None]:
    return lambda widget: [widget.say(text) for text in texts] and None


def _answer_in_full(widget: Widget) -> None:
    reply = widget.say("Should I run after lifting?")
    reply.locator(".number").nth(3).click()
    reply.get_by_role("button", name="Not helpful").click()
    reply.locator(".passage").wait_for()


def _menu(widget: Widget) -> None:
    widget.say("hello")
    widget.page.get_by_role("button", name="More").click()


def _confirm(widget: Widget) -> None:
    _menu(widget)
    widget.page.get_by_role("button", name="Forget me").click()


def _away(widget: Widget) -> None:
    widget.say("how long to wait")
    widget.server.down()
    widget.type("Should I run after lifting?")
    widget.page.locator(".fate.unsent").wait_for()


def _offline(widget: Widget) -> None:
    widget.page.evaluate("Object.defineProperty(navigator, 'onLine', {get: () => false}); dispatchEvent(new Event('offline'))")
    expect(widget.notices).to_contain_text("offline")


def _typing(widget: Widget) -> None:
    widget.server.thinking.clear()
    widget.type("Should I run after lifting?")
    widget.page.locator(".typing").wait_for()


STATES: dict[str, Callable[[Widget], None]] = {
    "open": lambda widget: None,
    "typing": _typing,
    "answer": _ask("Should I run after lifting?"),
    "answer-source-open": _answer_in_full,
    "did-you-mean": _ask("hmm"),
    "gap": _ask("which shoes"),
    "care": _ask("chest pain"),
    "care-other-levels": _ask("i get dizzy", "my knee"),
    "error": _ask("broken"),
    "unsent": _away,
    "offline": _offline,
    "menu": _menu,
    "confirm": _confirm,
}


@pytest.mark.parametrize("state", STATES)
def test_state_has_no_violation(newcomer, in_body, state, axe, picture):
    """axe-core finds nothing in this state, in light and in dark."""
    newcomer.visit(in_body()).open()
    STATES[state](newcomer)
    found = {}
    for scheme in ("light", "dark"):
        newcomer.page.emulate_media(color_scheme=scheme)
        found[scheme] = axe(newcomer)
        picture(newcomer, f"{state}-{scheme}")

    assert {"light": [], "dark": []} == found


def test_closed_has_no_violation(newcomer, in_body, axe, picture):
    """axe-core finds nothing on a page with the closed widget."""
    newcomer.visit(in_body())
    picture(newcomer, "closed-light")

    assert [] == axe(newcomer)


def test_phone_has_no_violation(visitor, in_body, axe, picture):
    """axe-core finds nothing in an answer on a phone, in the dark."""
    widget = visitor(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, color_scheme="dark").visit(in_body()).open()
    widget.say("Should I run after lifting?")
    picture(widget, "phone-answer-dark")

    assert [] == axe(widget)


@pytest.mark.parametrize("accent", ["#ffe600", "#101010"])
def test_any_accent_stays_readable(newcomer, in_body, axe, accent):
    """A very light and a very dark accent given by the page leave every text readable, in light and in dark."""
    newcomer.visit(in_body(f'data-accent="{accent}"')).open()
    newcomer.say("Should I run after lifting?")
    for scheme in ("light", "dark"):
        newcomer.page.emulate_media(color_scheme=scheme)

        assert [] == axe(newcomer), scheme


def test_forced_colours_keep_frames(visitor, axe, picture):
    """Where the system sets the colours, what was told by its background has a frame, and an opened source is marked."""
    widget = visitor(forced_colors="active", reduced_motion="reduce").visit().open()
    reply = widget.say("Should I run after lifting?")
    reply.locator(".number").first.click()
    picture(widget, "answer-forced-colours")

    for part in (".panel", ".bubble", ".differ", ".send", ".verdict"):
        assert "0px" != widget.page.locator(part).first.evaluate("e => getComputedStyle(e).borderTopWidth"), part
    opened, closed = (reply.locator(".number").nth(i).evaluate("e => getComputedStyle(e).backgroundColor") for i in (0, 1))
    assert opened != closed


def test_motion_only_for_those_who_want_it(visitor):
    """Who asks for less motion gets none; for the others the panel rises and the typing sign moves."""
    moving = "document.querySelector('tandem-chat').shadowRoot.getAnimations().length"
    for motion, some in (("reduce", False), ("no-preference", True)):
        widget = visitor(reduced_motion=motion).visit().open()
        widget.server.thinking.clear()
        widget.type("Should I run after lifting?")
        widget.page.locator(".typing").wait_for()

        assert some == (widget.page.evaluate(moving) > 0), motion


@pytest.mark.parametrize("touch", [False, True])
def test_targets_are_large_enough(visitor, touch):
    """Everything that can be pressed is at least 24 by 24 pixels; on a touch screen at least 34 by 34."""
    widget = visitor(has_touch=touch, is_mobile=touch, viewport={"width": 390, "height": 844}).visit().open()
    _answer_in_full(widget)
    sizes = widget.page.evaluate(
        """() => [...document.querySelector("tandem-chat").shadowRoot.querySelectorAll("button, a, input, textarea")]
            .map(one => [one, one.getBoundingClientRect()])
            .map(([one, box]) => [one.ariaLabel ?? one.textContent, Math.min(box.width, box.height)])"""
    )

    assert len(sizes) > 15
    assert [] == [(name, size) for name, size in sizes if size < (34 if touch else 24)]


def test_log_and_status_are_separate(widget):
    """Messages stand in a labelled log, the typing sign in a status of its own, outside of the log."""
    expect(widget.log).to_have_accessible_name("Conversation")
    assert 0 == widget.log.locator("[role=status]").count()
    assert widget.page.locator(".panel [role=status]").count() >= 1
