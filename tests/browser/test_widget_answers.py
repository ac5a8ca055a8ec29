"""What a visitor sees of an answer, and can do with it."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def test_answer_leads_with_headline(widget):
    """An answer shows headline, order and reason, each once."""
    reply = widget.say("Should I run after lifting?")

    expect(reply.locator(".headline")).to_have_text("Lift first, then run at an easy pace.")
    expect(reply.locator(".verdict")).to_have_text("LiftthenRun")
    expect(reply.locator(".reason")).to_contain_text("while you are fresh")


def test_retold_answer_shows_what_was_asked_for(widget):
    """Asked for it in short, or for the reason, an answer shows that alone, with its sources."""
    reply = widget.say("shorter please")
    expect(reply.locator(".headline")).to_have_text("Lift first, then run at an easy pace.")
    expect(reply.locator(".reason, .differ")).to_have_count(0)
    reply = widget.say("why")

    expect(reply.locator(".headline")).to_have_count(0)
    expect(reply.locator(".text")).to_contain_text("You have the most energy for the weights")
    expect(reply.locator(".number")).to_have_count(4)


def test_half_answered_question_says_what_is_missing(widget):
    """What was asked too and the documents do not say stands with the answer."""
    expect(widget.say("two things").locator(".missing")).to_have_text("My sources do not say which shoes to wear.")


def test_goal_chip_changes_the_goal(widget):
    """A goal chip gives the answer for that goal, which names it and offers the others."""
    widget.say("Should I run after lifting?")
    reply = widget.press("Lose fat")

    expect(reply.locator(".headline")).to_contain_text("for lose fat")
    expect(reply.locator(".goal")).to_have_text(["Lose fat"])
    expect(reply.locator(".goals").get_by_role("button")).to_have_text(["Build muscle", "Get stronger", "Run better"])


def test_follow_up_is_asked(widget):
    """A follow-up chip is echoed by its title, never by what stands behind it, and answered."""
    widget.say("Should I run after lifting?")
    reply = widget.press("How long should I wait between lifting and running?")

    expect(widget.bubbles.last).to_have_text("How long should I wait between lifting and running?")
    expect(reply.locator(".headline")).to_contain_text("6 to 12 hours")


def test_sources_differ_shows_both_sides(widget):
    """Where sources differ, what supports the answer and what says otherwise both stand there, with their numbers."""
    differ = widget.say("Should I run after lifting?").locator(".differ")

    expect(differ.locator(".side.supports")).to_contain_text("ahead of cardio in nearly every case. [1]")
    expect(differ.locator(".side.contradicts")).to_contain_text("would have muscle builders run first")
    expect(differ.locator(".side.contradicts")).to_contain_text("[4]")


def test_agreement_shows_no_sides(widget):
    """Where sources agree nothing is said about differing."""
    expect(widget.say("how long to wait").locator(".differ")).to_have_count(0)


def test_source_opens_document_section_and_note(widget):
    """A source's number opens document, section and note, says so to screen readers, and closes again."""
    reply = widget.say("Should I run after lifting?")
    number = reply.locator(".number").nth(2)
    expect(number).to_have_attribute("aria-expanded", "false")
    number.click()

    expect(number).to_have_attribute("aria-expanded", "true")
    passage = reply.locator(".passage")
    expect(passage).to_contain_text("Is it possible to Jog and Build Muscle simultaneously?")
    expect(passage).to_contain_text("#1 Strength training first, then jogging")
    expect(passage).to_contain_text("starts with strength and follows it with a relaxed run")
    number.click()
    expect(passage).to_have_count(0)


def test_contradicting_source_is_told_apart(widget):
    """A source that says otherwise is named so, and differs from the others by more than its colour."""
    numbers = widget.say("Should I run after lifting?").locator(".number")

    expect(numbers.nth(3)).to_have_accessible_name(re.compile("says otherwise"))
    expect(numbers.nth(3).locator("svg")).to_have_count(1)
    expect(numbers.nth(0).locator("svg")).to_have_count(0)


def test_did_you_mean_offers_questions(widget):
    """A question not understood offers the nearest ones, and pressing one answers it."""
    reply = widget.say("hmm")
    expect(reply.get_by_role("button")).to_have_count(3)

    expect(widget.press("Run first or lift first?").locator(".headline")).to_have_text("Lift first, then run at an easy pace.")


def test_gap_is_named(widget):
    """What the documents do not cover is said, with what they do cover."""
    reply = widget.say("which shoes")

    expect(reply).to_contain_text("Not in the sources")
    expect(reply.get_by_role("button", name="Same day or separate days?")).to_be_visible()


def test_thumbs_reach_the_server(widget, server):
    """A thumb and a word about it reach the server, stay after a reload, and can be taken back."""
    widget.say("Should I run after lifting?")
    thumb = widget.page.get_by_role("button", name="Not helpful")
    thumb.click()
    widget.page.get_by_label("Want to say why?").fill("too short")
    widget.page.get_by_label("Want to say why?").press("Enter")
    expect(widget.page.locator(".thanks")).to_be_visible()
    assert [("down", ""), ("down", "too short")] == [given[1:] for given in server.feedback]

    widget.page.reload()
    expect(thumb).to_have_attribute("aria-pressed", "true")
    thumb.click()
    expect(thumb).to_have_attribute("aria-pressed", "false")
    assert None is server.feedback[-1][1]


def test_answer_can_be_copied(visitor):
    """Copy puts the answer's text and its numbered sources on the clipboard, and says so."""
    widget = visitor(permissions=["clipboard-read", "clipboard-write"]).visit().open()
    widget.say("Should I run after lifting?")
    widget.page.get_by_role("button", name="Copy answer").click()

    expect(widget.page.locator(".tool.done")).to_contain_text("Copied")
    copied = widget.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Lift first, then run at an easy pace.\n\nYou have the most energy")
    assert "[3] Is it possible to Jog and Build Muscle simultaneously?: #1 Strength training first, then jogging" in copied
