"""What a visitor does when everything works."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def test_first_visit_costs_the_server_nothing(newcomer, server):
    """Somebody who does not open the widget gets no session and makes no request to the API."""
    expect(newcomer.launcher).to_have_accessible_name("Ask Tandem")

    assert [] == server.requests
    assert {} == server.conversations


def test_greeting_says_machine(widget):
    """The first thing said is that this is a machine."""
    expect(widget.log).to_contain_text("I am a machine, not a person")


def test_starter_asks_its_question(widget):
    """A question offered at the beginning is asked when pressed, and the focus is not lost with it."""
    widget.press("Should I run before or after lifting?")

    expect(widget.bubbles).to_have_text(["Should I run before or after lifting?"])
    assert "" != widget.focused()


def test_box_is_empty_after_sending(widget):
    """What was sent leaves the box, and the box keeps the focus for the next question."""
    widget.say("Should I run after lifting?")

    expect(widget.box).to_have_value("")
    expect(widget.box).to_be_focused()


def test_reload_keeps_the_conversation(widget):
    """After a reload the panel is open as before, with the same turns, and their buttons still work."""
    widget.say("Should I run after lifting?")
    widget.page.reload()

    expect(widget.bubbles).to_have_text(["Should I run after lifting?"])
    expect(widget.replies.locator(".headline")).to_have_text("Lift first, then run at an easy pace.")
    expect(widget.press("Build muscle").locator(".goal")).to_have_text(["Build muscle"])


def test_reload_in_the_middle_of_a_turn_shows_its_answer(widget, server):
    """A page left while an answer was on its way shows it when it comes back, and the question was asked once."""
    server.thinking.clear()
    widget.type("Should I run after lifting?")
    expect(widget.page.locator(".typing")).to_be_visible()
    widget.page.reload()
    expect(widget.page.locator(".typing")).to_be_visible()
    server.thinking.set()

    expect(widget.replies.locator(".headline")).to_have_text("Lift first, then run at an easy pace.")
    assert ["Should I run after lifting?"] == server.asked
    expect(widget.turns).to_have_count(1)


def test_draft_survives_a_reload(widget):
    """What is written and not sent is still there after a reload."""
    widget.box.fill("half a ques")
    widget.page.reload()

    expect(widget.box).to_have_value("half a ques")


def test_long_conversation_loads_in_pages(widget, server):
    """Of a long conversation the newest turns are shown, and the ones before on demand."""
    widget.say("how long to wait")
    turns = next(iter(server.conversations.values()))
    turns[:0] = [{**turns[0], "turn": f"t_old{i}", "key": f"old-{i}", "text": f"old {i}", "replies": []} for i in range(55)]
    widget.page.reload()
    expect(widget.turns).to_have_count(50)
    widget.page.get_by_role("button", name="Earlier messages").click()

    expect(widget.turns).to_have_count(56)
    expect(widget.bubbles.first).to_have_text("old 0")


def test_two_tabs_show_one_conversation(widget, another_tab, server):
    """What is said in one tab appears in the other, once."""
    other = another_tab(widget).open()
    widget.say("Should I run after lifting?")
    expect(other.replies).to_have_count(1)
    other.say("how long to wait")

    expect(widget.bubbles).to_have_text(["Should I run after lifting?", "how long to wait"])
    assert 1 == len(server.conversations)


def test_start_over_empties_the_conversation(widget, another_tab, server):
    """Start over, once confirmed, empties the conversation here, in the other tab and on the server."""
    widget.say("Should I run after lifting?")
    other = another_tab(widget).open()
    expect(other.turns).to_have_count(1)
    widget.menu("Start over")
    widget.confirm("Start over")

    expect(widget.turns).to_have_count(0)
    expect(other.turns).to_have_count(0)
    assert [[]] == list(server.conversations.values())


def test_start_over_asks_first(widget):
    """Nothing is removed before the visitor has confirmed."""
    widget.say("Should I run after lifting?")
    widget.menu("Start over")
    widget.confirm("Cancel")

    expect(widget.turns).to_have_count(1)
    expect(widget.box).to_be_focused()


def test_forget_me_leaves_nothing(widget, server):
    """Forget me deletes the conversation on the server and everything the widget kept in the browser, and says so."""
    widget.say("Should I run after lifting?")
    widget.menu("Forget me")
    widget.confirm("Delete")

    expect(widget.notices).to_contain_text("Nothing of the conversation is kept")
    expect(widget.turns).to_have_count(0)
    assert {} == server.conversations
    assert "[]" == widget.page.evaluate("JSON.stringify(Object.keys(localStorage))")
    assert [] == [key for key in widget.page.evaluate("Object.keys(sessionStorage)") if not key.endswith(":open")]


def test_forgotten_visitor_can_ask_again(widget, server):
    """After forget me the next question begins a new conversation."""
    widget.say("Should I run after lifting?")
    widget.menu("Forget me")
    widget.confirm("Delete")
    expect(widget.turns).to_have_count(0)
    widget.say("how long to wait")

    expect(widget.turns).to_have_count(1)
    assert 1 == len(server.conversations)


def test_every_message_has_its_time(widget):
    """Questions and answers carry the time of day, readable for machines too."""
    widget.say("Should I run after lifting?")
    times = widget.page.locator("time")

    expect(times).to_have_count(2)
    expect(times.first).to_have_text(re.compile(r"^\d{1,2}:\d{2}$"))
    assert all(time.get_attribute("datetime").endswith("Z") for time in times.all())


def test_closed_panel_tells_of_a_new_answer(widget, server):
    """An answer that comes while the panel is closed is announced on the launcher."""
    server.thinking.clear()
    widget.type("Should I run after lifting?")
    widget.page.get_by_role("button", name="Close").click()
    server.thinking.set()

    expect(widget.launcher).to_have_accessible_name(re.compile("New answer"))


def test_reader_who_scrolled_up_is_not_pulled_down(widget, server):
    """A new answer does not move what is being read; a button leads to it."""
    for _ in range(3):
        widget.say("Should I run after lifting?")
    server.thinking.clear()
    widget.type("how long to wait")
    expect(widget.page.locator(".typing")).to_be_in_viewport()
    widget.log.hover()
    widget.page.mouse.wheel(0, -5_000)
    expect(widget.page.locator(".greeting")).to_be_in_viewport()
    server.thinking.set()
    expect(widget.page.get_by_role("button", name="New answer")).to_be_visible()
    expect(widget.page.locator(".greeting")).to_be_in_viewport()

    widget.page.get_by_role("button", name="New answer").click()
    expect(widget.replies.last).to_be_in_viewport()


def test_long_answer_is_read_from_its_beginning(widget):
    """After a long answer its question and headline are in sight, not its end."""
    reply = widget.say("Should I run after lifting?")
    widget.page.wait_for_timeout(500)

    expect(widget.bubbles.last).to_be_in_viewport()
    expect(reply.locator(".headline")).to_be_in_viewport()
