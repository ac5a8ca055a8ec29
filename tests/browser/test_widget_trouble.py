"""What a visitor sees when something does not work. Nothing sent is lost without a word."""

from __future__ import annotations

import re

from chat_answers import HOSTILE
from playwright.sync_api import expect


def test_message_is_echoed_while_the_server_is_slow(widget, server):
    """The visitor's words and the typing sign stand there before the server has answered; the sign is also said in words."""
    server.thinking.clear()
    widget.type("Should I run after lifting?")

    expect(widget.bubbles).to_have_text(["Should I run after lifting?"])
    expect(widget.page.locator(".typing")).to_be_visible()
    expect(widget.page.locator(".panel > .hidden[role=status]")).to_have_text("Tandem is writing…")
    server.thinking.set()
    expect(widget.replies).to_have_count(1)
    expect(widget.page.locator(".typing")).to_have_count(0)


def test_server_away_leaves_the_message_unsent(widget, server):
    """While the server is away a message stays, marked as not sent; once it is back, one press answers it, once."""
    widget.say("how long to wait")
    server.down()
    widget.type("Should I run after lifting?")
    expect(widget.page.locator(".fate.unsent")).to_contain_text("Not sent.")

    server.up()
    widget.page.get_by_role("button", name="Try again").click()
    expect(widget.replies).to_have_count(2)
    expect(widget.page.locator(".fate.unsent")).to_have_count(0)
    assert ["how long to wait", "Should I run after lifting?"] == server.asked


def test_unsent_message_survives_a_reload(widget, server):
    """A message that was not sent is still there, and can be sent, after a reload."""
    widget.say("how long to wait")
    server.refusals = [(500, "", "The server stumbled.", None)]
    widget.type("Should I run after lifting?")
    expect(widget.page.locator(".fate.unsent")).to_contain_text("The server stumbled.")
    widget.page.reload()

    widget.page.get_by_role("button", name="Try again").click()
    expect(widget.replies).to_have_count(2)
    expect(widget.turns).to_have_count(2)


def test_cut_stream_offers_retry(widget, server):
    """An answer whose stream breaks off is asked for again with the same key: the server answers the question once."""
    server.cut = 1
    widget.type("Should I run after lifting?")
    expect(widget.page.locator(".fate.unsent")).to_contain_text("No answer arrived.")
    widget.page.get_by_role("button", name="Try again").click()

    expect(widget.replies).to_have_count(1)
    expect(widget.turns).to_have_count(1)
    assert ["Should I run after lifting?"] == server.asked


def test_too_fast_is_sent_a_little_later(widget, server):
    """A refusal that names a time shows the server's sentence, and the message goes out by itself after that time."""
    server.refusals = [(429, "too_fast", "That was quick.", 1)]
    widget.type("Should I run after lifting?")
    expect(widget.page.locator(".fate").last).to_contain_text("That was quick. Trying again in a moment.")

    expect(widget.replies).to_have_count(1)


def test_messages_stay_in_order_behind_one_that_waits(widget, server):
    """A message written behind one that waits is answered after it."""
    server.refusals = [(503, "busy", "Very busy.", 1)]
    widget.type("Should I run after lifting?")
    widget.type("how long to wait")

    expect(widget.replies).to_have_count(2)
    assert ["Should I run after lifting?", "how long to wait"] == server.asked


def test_too_long_message_comes_back_into_the_box(widget, server):
    """A message that the server refuses for its length is in the box again, with the server's sentence."""
    server.refusals = [(413, "too_long", "Please keep it under 1000 characters.", None)]
    widget.type("a long story")

    expect(widget.box).to_have_value("a long story")
    expect(widget.notices).to_contain_text("Please keep it under 1000 characters.")
    expect(widget.turns).to_have_count(0)


def test_length_is_counted_before_sending(widget, server):
    """Past the limit the box says by how much, sends nothing and keeps every character."""
    widget.box.fill("x" * 1003)
    widget.box.press("Enter")

    expect(widget.page.locator(".count")).to_have_text("3 characters too many")
    expect(widget.box).to_have_value("x" * 1003)
    assert [] == server.asked


def test_apology_offers_another_try(widget, server):
    """When Tandem could not answer, its apology carries a button that asks the same again in the same place."""
    reply = widget.say("broken")
    expect(reply).to_contain_text("I cannot think at the moment")
    reply.get_by_role("button", name="Try again").click()

    expect(widget.page.locator(".reply.error")).to_have_count(1)
    expect(widget.turns).to_have_count(1)
    assert ["broken", "broken"] == server.asked


def test_expired_session_is_replaced(widget, server):
    """An expired session is replaced without a word, and the message is answered in the new one."""
    widget.say("how long to wait")
    server.conversations.clear()

    expect(widget.say("Should I run after lifting?").locator(".headline")).to_be_visible()
    assert 1 == len(server.conversations)


def test_dead_button_can_be_asked_in_words(widget, server):
    """A button of a conversation that is gone shows the server's sentence; trying again asks its title."""
    widget.say("Should I run after lifting?")
    server.conversations.clear()
    widget.page.get_by_role("button", name="How long should I wait between lifting and running?").click()
    expect(widget.page.locator(".fate.unsent")).to_contain_text("belongs to an earlier conversation")
    widget.page.get_by_role("button", name="Try again").click()

    expect(widget.replies.last.locator(".headline")).to_contain_text("6 to 12 hours")


def test_offline_is_said_and_messages_go_out_later(visitor):
    """Without a network the widget says so; what was written then is sent when the network is back."""
    widget = visitor().visit().open()
    widget.say("how long to wait")
    widget.page.context.set_offline(True)
    expect(widget.notices).to_contain_text("You are offline")
    widget.type("Should I run after lifting?")
    expect(widget.page.locator(".fate.unsent")).to_be_visible()
    widget.page.context.set_offline(False)

    expect(widget.replies).to_have_count(2)
    expect(widget.notices).to_have_text("")


def test_conversation_that_cannot_be_loaded_can_be_asked_for_again(widget, server):
    """When the conversation cannot be read after a reload, the widget says so and can be told to try again."""
    widget.say("how long to wait")
    widget.page.route("**/api/**", lambda route: route.abort())
    widget.page.reload()
    expect(widget.notices).to_contain_text("could not be loaded")
    widget.page.unroute("**/api/**")
    widget.notices.get_by_role("button", name="Try again").click()

    expect(widget.turns).to_have_count(1)


def test_script_in_a_message_stays_text(widget, complaints):
    """HTML, scripts and javascript: links, from the visitor or in a reply, are shown as the text they are."""
    reply = widget.say(f"html {HOSTILE}")

    expect(widget.bubbles.last).to_have_text(f"html {HOSTILE}")
    expect(reply.locator(".text")).to_have_text(HOSTILE)
    assert 0 == widget.page.locator(".log img, .log script, .log a").count()
    assert "A shop" == widget.page.title()


def test_markdown_of_a_reply_becomes_elements(widget):
    """Strong words and emphasis in a reply are elements, not stars."""
    reply = widget.say("hello")

    expect(reply.locator("strong")).to_have_text("running")
    expect(reply.locator("em")).to_have_text("lifting")


def test_care_card_is_told_apart_without_colour(widget):
    """Danger has a sign and a word that answers do not have, a contact to press, and no buttons that lead on."""
    reply = widget.say("chest pain")

    expect(reply.locator(".badge")).to_have_text("Emergency")
    expect(reply.locator(".badge svg")).to_be_visible()
    expect(reply.get_by_role("link", name="112")).to_have_attribute("href", "tel:112")
    expect(reply.get_by_role("button")).to_have_count(0)
    signs = {widget.say(text).locator(".badge path").get_attribute("d") for text in ("chest pain", "i get dizzy", "my knee")}
    assert 3 == len(signs)


def test_double_enter_sends_once(widget, server):
    """An empty box sends nothing, however often Enter is pressed."""
    widget.box.fill("Should I run after lifting?")
    for _ in range(3):
        widget.box.press("Enter")
    expect(widget.replies).to_have_count(1)

    assert ["Should I run after lifting?"] == server.asked
    assert re.match(r"^[0-9a-f]{32}$", next(iter(server.conversations.values()))[0]["key"])
