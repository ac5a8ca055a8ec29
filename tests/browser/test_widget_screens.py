"""The widget by keyboard, on a phone, on a narrow screen and with large text."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from widget_page import Widget, too_wide

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_whole_conversation_by_keyboard(newcomer):
    """Opening, asking, sources, goal, menu and closing work without a pointer; Escape closes and the focus returns."""
    keys, page = newcomer.page.keyboard, newcomer.page

    def tab_to(name: str) -> None:
        for _ in range(40):
            if newcomer.focused().startswith(name):
                return
            keys.press("Tab")
        raise AssertionError(f"Tab does not reach {name!r}")

    tab_to("Ask Tandem")
    keys.press("Enter")
    expect(newcomer.box).to_be_focused()
    keys.type("Should I run after lifting?")
    keys.press("Enter")
    expect(newcomer.replies).to_have_count(1)
    tab_to("Conversation")
    tab_to("Build muscle")
    tab_to("Source 1")
    keys.press("Space")
    expect(page.locator(".passage")).to_be_visible()
    tab_to("More")
    keys.press("Enter")
    keys.press("Escape")
    assert "More" == newcomer.focused()
    keys.press("Escape")
    expect(newcomer.launcher).to_be_focused()
    expect(newcomer.panel).to_have_count(0)


def test_focus_is_visible(widget):
    """What has the focus by keyboard has an outline of at least two pixels."""
    widget.say("how long to wait")
    for _ in range(8):
        widget.page.keyboard.press("Tab")
        outline, box = widget.page.evaluate(
            """() => {
                const one = document.querySelector("tandem-chat").shadowRoot.activeElement;
                if (!one) return [2, false];
                const {outlineStyle, outlineWidth} = getComputedStyle(one);
                return [outlineStyle === "none" ? 0 : parseFloat(outlineWidth), one.localName === "textarea"];
            }"""
        )
        assert box or outline >= 2


def test_phone_is_covered(visitor, picture):
    """On a phone the panel covers the screen, the page behind neither scrolls nor takes the focus, and closing gives it back."""
    widget = visitor(**PHONE).visit()
    picture(widget, "phone-closed")
    widget.open()
    picture(widget, "phone-open")
    widget.say("Should I run after lifting?")
    picture(widget, "phone-answer")

    assert {"x": 0, "y": 0, "width": 390, "height": 844} == widget.panel.bounding_box()
    expect(widget.panel).to_have_attribute("aria-modal", "true")
    expect(widget.page.locator("html")).to_have_css("overflow", "hidden")
    for _ in range(30):
        widget.page.keyboard.press("Tab")
        assert "" != widget.focused()
    assert [] == too_wide(widget)
    widget.page.get_by_role("button", name="Close").click()
    expect(widget.page.locator("html")).not_to_have_css("overflow", "hidden")


def test_keyboard_of_a_phone_leaves_the_box_in_sight(visitor):
    """When the on-screen keyboard takes half of the screen, the box and the end of the conversation stay in what is left."""
    widget = visitor(**PHONE).visit().open()
    widget.say("how long to wait")
    widget.page.evaluate(
        """() => {
            for (const [name, value] of [["height", 420], ["offsetTop", 60]]) Object.defineProperty(visualViewport, name, {get: () => value});
            visualViewport.dispatchEvent(new Event("resize"));
        }"""
    )

    expect(widget.panel).to_have_css("height", "420px")
    box = widget.box.bounding_box()
    assert 60 <= box["y"]
    assert box["y"] + box["height"] <= 480
    expect(widget.page.locator(".chip").last).to_be_in_viewport()


@pytest.mark.parametrize("text_size", [16, 32])
def test_narrow_screen_shows_everything(launch, server, text_size):
    """At 320 pixels nothing is cut off or scrolls sideways, with the usual text and with text twice that size, however long the words."""
    browser = launch(f"--blink-settings=defaultFontSize={text_size}")
    page = browser.new_page(viewport={"width": 320, "height": 640}, reduced_motion="reduce")
    page.set_default_timeout(4_000)
    widget = Widget(page, server).visit()
    assert widget.launcher.bounding_box()["x"] >= 0
    widget.open()
    for text in ("Should I run after lifting?", "word", "chest pain", "hmm"):
        widget.say(text)
        assert [] == too_wide(widget), text
    assert text_size * 0.9 < float(widget.page.locator(".reason").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)"))
    assert widget.log.bounding_box()["height"] > 200
    browser.close()
