"""What all actions share: whatever goes wrong, the user reads one sentence and the log has the cause."""

from __future__ import annotations

import logging

import dialogue
import pytest
from dialogue import Conversation, action_of, actions, domain, forget_addresses, heard, tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import answers, base
from actions.base import NO_BASE, SORRY
from knowledge import store

INTENTS = {
    "ask": heard("ask", "run first?", "order"),
    "state_goal": heard("state_goal", "lose fat", goals=["fat_loss"]),
    "no_goal": heard("no_goal", "no goal"),
    "unsure": heard("unsure", "hm", ranked={"order": 0.4}),
    "out_of_scope": heard("out_of_scope", "who won"),
    "why": heard("why", "why?"),
    "pick": heard("pick", "the first one", pick=0),
    "deny": heard("deny", "no"),
}
"""A message for each action that needs the knowledge base."""


@pytest.fixture(name="address")
def _address(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a knowledge base that is not there yet."""
    url = f"sqlite:///{tmp_path}/later.db"
    monkeypatch.setenv("TANDEM_KNOWLEDGE_URL", url)
    forget_addresses()
    return url


@pytest.mark.parametrize("intent", INTENTS)
@pytest.mark.usefixtures("unreachable")
def test_without_a_knowledge_base_every_action_says_one_sentence(talk: Conversation, intent: str, caplog: pytest.LogCaptureFixture) -> None:
    """The same for all; the log names the file and what to run."""
    talk.slots["thread"] = {"question": "order", "offered": ["wait_time"]}
    before = dict(talk.slots)
    with caplog.at_level(logging.ERROR):
        (reply,) = talk.hears(INTENTS[intent])

    assert reply["custom"] == {"kind": "error", "text": NO_BASE}
    assert reply["text"] == NO_BASE
    assert talk.slots == before
    assert f"{action_of(intent)}: there is no knowledge base at" in caplog.text
    assert "python -m knowledge build" in caplog.text


@pytest.mark.parametrize("intent", INTENTS)
def test_an_exception_is_one_sentence(
    talk: Conversation, intent: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever it is; the log has the traceback, the user has not."""
    monkeypatch.setattr("actions.base.hear", _fails)
    for module in ("answers", "doubt", "moves"):
        monkeypatch.setattr(f"actions.{module}.hear", _fails)
    with caplog.at_level(logging.ERROR):
        (reply,) = talk.hears(INTENTS[intent])

    assert reply["custom"] == {"kind": "error", "text": SORRY}
    assert "ZeroDivisionError" in caplog.text
    assert "ZeroDivisionError" not in reply["text"]


def test_half_an_answer_is_taken_back(talk: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the second of two questions fails, only the apology is said, and nothing is remembered."""
    tell = answers.tell
    monkeypatch.setattr(
        answers,
        "tell",
        lambda dispatcher, memory, *rest: _fails() if memory.thread.question == "wait_time" else tell(dispatcher, memory, *rest),
    )
    (reply,) = talk.says("ask", "x", "order", asks=["order", "wait_time"])

    assert reply["custom"]["kind"] == "error"
    assert talk.slots == {}


def test_a_base_that_is_built_later_is_found(talk: Conversation, address: str) -> None:
    """Nobody has to start the action server anew."""
    assert talk.custom("ask", "x", "order")["kind"] == "error"
    store.build(dialogue.BASE, address)

    assert talk.custom("ask", "x", "order")["kind"] == "answer"


def test_the_addresses_are_the_environments() -> None:
    """One object a process, made when it is first asked for."""
    assert base.store() is base.store()
    assert base.missed() is base.missed()


def test_every_action_catches_everything() -> None:
    """No class answers Rasa by itself; each has the net of `Safe` under it, and a name of its own."""
    found = actions()

    assert found
    assert all(isinstance(action, base.Safe) and type(action).run is base.Safe.run for action in found.values())


@pytest.mark.parametrize("name", actions())
def test_an_empty_tracker_is_survived(name: str) -> None:
    """A conversation that begins with an action, as a developer may start one."""
    dispatcher = CollectingDispatcher()
    events = actions()[name].run(dispatcher, tracker({}), domain())

    assert isinstance(events, list)
    assert len(dispatcher.messages) <= 1


def _fails(*args: object) -> None:
    1 / 0  # noqa: B018
