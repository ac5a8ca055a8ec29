"""What Slack shows besides answers: the home tab, the help of /tandem, and the form in which a vote is explained. Pure."""

from __future__ import annotations

import json
from typing import Any

from channels.slack_blocks import Block, Page, button, context, header, rows, section
from channels.slack_text import escape

_STARTERS = ["Should I run before or after lifting?", "Will running cost me muscle?", "How long should I rest between the two?"]
_ABOUT = (
    "I answer questions about running and lifting together, for your goal, and name the part of the document that each answer stands on. "
    "I am a machine, not a coach."
)
_WAYS = (
    "• *Here or in a direct message*: write your question as you would to a person.\n"
    "• *In a channel*: mention me; I answer in the thread. Each person there has their own conversation and their own goals.\n"
    "• `/tandem` and your question, anywhere: only you see the answer. `/tandem start over` and `/tandem forget me` work too.\n"
    "• *On any message*: ⋮ → _Ask Tandem about this_."
)
_SMALL = "Automatic answers with sources. Not medical advice."
LONGEST_WORD = 500


def home(channel: str) -> dict[str, Any]:
    """The home tab of someone whose direct messages are in *channel*."""
    asks = [button(f"ask.{number}", question, question) for number, question in enumerate(_STARTERS)]
    own = [
        button(
            "start_over",
            "Start over",
            "-",
            confirm=_sure("Start over?", "Your goals and what we talked about are put aside.", "Start over"),
        ),
        button("forget", "Forget me", "-", style="danger", confirm=FORGET),
    ]
    about = [header("Run and lift"), section(escape(_ABOUT)), section("*For example*"), *rows(asks), {"type": "divider"}]
    ways = [
        section("*How to ask*\n" + _WAYS),
        {"type": "divider"},
        section("*What I keep*: our conversations, for a while."),
        *rows(own),
        context(_SMALL),
    ]
    return {"type": "home", "private_metadata": channel, "blocks": [*about, *ways]}


def helping() -> Page:
    """What /tandem says when nothing is asked."""
    return Page(_ABOUT, [section(escape(_ABOUT)), section(_WAYS), context(_SMALL)])


def said(sentence: str) -> Page:
    """A sentence of ours by itself."""
    return Page(escape(sentence), [section(escape(sentence))])


def explaining(where: dict[str, Any], reply: str, vote: str) -> dict[str, Any]:
    """The form that asks why someone voted as they did."""
    field = {"type": "plain_text_input", "action_id": "word", "max_length": LONGEST_WORD, "multiline": True}
    asked: Block = {"type": "input", "block_id": "word", "optional": True, "label": _plain("Want to say why?"), "element": field}
    about = json.dumps({"where": where, "reply": reply, "vote": vote})
    title, send, leave = _plain("Thank you"), _plain("Send"), _plain("Close")
    return {
        "type": "modal",
        "callback_id": "word",
        "title": title,
        "submit": send,
        "close": leave,
        "private_metadata": about,
        "blocks": [asked],
    }


def _plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def _sure(title: str, text: str, yes: str) -> dict[str, Any]:
    return {"title": _plain(title), "text": _plain(text), "confirm": _plain(yes), "deny": _plain("Cancel")}


FORGET = _sure("Forget me?", "Everything kept about you is deleted: all our conversations. This cannot be undone.", "Delete")
