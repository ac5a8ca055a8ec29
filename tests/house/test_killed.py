"""Each process of the house killed with SIGKILL in the middle of a conversation: a sentence, not silence; then the conversation goes on."""

from __future__ import annotations

import sqlite3
import threading

import pytest

QUESTION = "should i run before or after lifting?"


def goals(turn: dict) -> list[str]:
    """The goals that the answer is for."""
    return [goal["id"] for reply in turn["replies"] for goal in reply.get("goals", [])]


def assert_sentence(turn: dict) -> None:
    """The visitor read something, in time."""
    assert turn["took_s"] < 5, turn
    assert turn["replies"], turn
    assert turn["replies"][0]["text"].endswith("."), turn


def test_answered(visitor):
    """The house answers for the goal that was said."""
    turn = visitor.say(QUESTION)

    assert ("answered", "answer") == (turn["status"], turn["replies"][0]["kind"])
    assert ["fat_loss"] == goals(turn)


@pytest.mark.parametrize("name", ["actions", "rasa"])
def test_killed_and_started_again(house, visitor, name):
    """Killed while it answers it leaves an answer or a sentence, while it is away a sentence; when it is back the goal is remembered."""
    visitor.say(QUESTION)
    turns: list[dict] = []
    asking = threading.Thread(target=lambda: turns.append(visitor.say(QUESTION)))
    asking.start()
    asking.join(0.01)
    house.kill(name)
    asking.join()
    turns.append(visitor.say(QUESTION))
    house.start(name)
    after = visitor.say(QUESTION)

    for turn in turns:
        assert_sentence(turn)
    assert "failed" == turns[1]["status"]
    assert ["fat_loss"] == goals(after)


def test_front_door_killed(house, visitor):
    """The front door killed and started again, token and conversation are what they were."""
    visitor.say(QUESTION)
    house.kill("web")
    house.start("web")

    assert ["fat_loss"] == goals(visitor.say(QUESTION))


def test_forgotten_in_rasa(house, visitor):
    """Forgetting deletes every event that Rasa has kept of the conversation."""
    with sqlite3.connect(house.tracker) as tracker:
        before = tracker.execute("select count(*) from events").fetchone()[0]
        status = visitor.forget_me()
        after = tracker.execute("select count(*) from events").fetchone()[0]
        left = tracker.execute("select count(distinct sender_id) from events").fetchone()[0]
    tracker.close()

    assert 204 == status
    assert after < before
    assert 4 == left  # the visitors of the tests above
