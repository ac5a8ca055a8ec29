"""The care card: sent as the guard found it, nothing with it, and no advice to be had about it."""

from __future__ import annotations

from typing import Any

import pytest
from dialogue import Conversation, heard

from knowledge import danger

CARD = {"kind": "heart", "level": "emergency", "title": "Call an ambulance", "text": "Stop now. Call for help.", "contact": True}


def with_card(**changed: Any) -> dict[str, Any]:
    """A message in which the guard found a danger."""
    return {**heard("danger", "my chest hurts"), "care": {**CARD, **changed}}


def test_the_card_is_sent_and_nothing_else(talk: Conversation) -> None:
    """Level, title and text as they stand in danger.yml; no buttons."""
    (reply,) = talk.hears(with_card())

    assert {key: reply["custom"][key] for key in ("kind", "level", "title", "text")} == {
        "kind": "care",
        "level": "emergency",
        "title": "Call an ambulance",
        "text": "Stop now. Call for help.",
    }
    assert not reply["buttons"]


@pytest.mark.parametrize(("wanted", "shown"), [(True, "the front desk"), (False, "")])
def test_the_contact_is_shown_where_it_fits(talk: Conversation, monkeypatch: pytest.MonkeyPatch, wanted: bool, shown: str) -> None:
    """An emergency is not for the front desk."""
    monkeypatch.setenv("TANDEM_CONTACT", " the front desk ")
    (reply,) = talk.hears(with_card(contact=wanted))

    assert reply["custom"]["contact"] == shown


def test_goals_stay_and_the_thread_ends(talk: Conversation) -> None:
    """The next "why?" is not about the answer before the card."""
    talk.says("ask", "x", "order", goals=["fat_loss"], stated=True)
    talk.hears(with_card())

    assert talk.slots["goals"] == ["fat_loss"]
    assert talk.custom("why", "why?")["kind"] == "talk"


def test_the_card_needs_no_knowledge_base(talk: Conversation, unreachable: None) -> None:
    """It comes whatever else is down."""
    (reply,) = talk.hears(with_card())

    assert reply["custom"]["kind"] == "care"


def test_danger_behind_a_command_is_seen_too(talk: Conversation) -> None:
    """Rasa leaves the guard out where a text begins with a slash; the action looks itself, and the card follows."""
    card = next(kind.card for kind in danger.load().kinds if kind.card.level == "emergency")
    text = "/ask i have crushing chest pain and cannot breathe"

    assert talk.hears({"intent": {"name": "ask", "confidence": 1.0}, "text": text, "entities": []}) == []
    assert talk.followed_by == "action_care"

    (reply,) = talk.hears({"intent": {"name": "danger", "confidence": 1.0}, "text": text, "entities": []})
    assert (reply["custom"]["kind"], reply["custom"]["level"]) == ("care", card.level)


def test_the_bare_command_is_told_what_tandem_can_do(talk: Conversation) -> None:
    """A developer types /danger: there is no danger in it, and no silence either."""
    (reply,) = talk.hears({"intent": {"name": "danger", "confidence": 1.0}, "text": "/danger", "entities": []})

    assert reply["custom"]["kind"] == "talk"


def test_behind_a_command_the_card_is_the_end_of_the_turn(talk: Conversation) -> None:
    """No rule says what comes after it there, and Rasa would send it again and again."""
    talk.hears({"intent": {"name": "danger", "confidence": 1.0}, "text": "/ask i cannot breathe and my chest hurts", "entities": []})

    assert talk.followed_by == "action_listen"
