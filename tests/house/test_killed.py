"""Each process of the house killed with SIGKILL in the middle of conversations: a sentence, not silence; then they go on."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from cable import Cable
from whole import House, Visitor

QUESTION = "should i run before or after lifting?"
VISITORS = 3
Turn = dict[str, Any]
Enter = Callable[[House], Visitor]


def goals(turn: Turn) -> list[str]:
    """The goals that the answer is for."""
    return [goal["id"] for reply in turn["replies"] for goal in reply.get("goals", [])]


def assert_read(turn: Turn) -> None:
    """The visitor read an answer, or a sentence about why there is none, in time."""
    assert turn["took_s"] < 6, turn
    assert turn["status"] in ("answered", "failed"), turn
    assert turn["replies"][0]["text"].strip(), turn
    if turn["status"] == "failed":
        assert turn["replies"][0]["text"].endswith("."), turn


def asked_while(happens: Callable[[], None], visitors: list[Visitor]) -> list[Turn]:
    """What visitors read who were asking when something happened."""
    with ThreadPoolExecutor(len(visitors)) as asking:
        turns: list[Future[Turn]] = [asking.submit(visitor.say, QUESTION) for visitor in visitors]
        time.sleep(0.01)
        happens()
        return [turn.result() for turn in turns]


class TestProcesses:
    def test_answered(self, house: House, enter: Enter) -> None:
        """The house answers for the goal that was said."""
        turn = enter(house).say(QUESTION)

        assert (turn["status"], turn["replies"][0]["kind"]) == ("answered", "answer")
        assert goals(turn) == ["fat_loss"]

    @pytest.mark.parametrize("name", ["actions", "rasa"])
    def test_killed_and_started_again(self, house: House, enter: Enter, name: str) -> None:
        """Killed while it answers it leaves an answer or a sentence, while it is away a sentence; when it is back goals are remembered."""
        visitors = [enter(house) for _ in range(VISITORS)]
        meanwhile = asked_while(lambda: house.kill(name), visitors)
        away = visitors[0].say(QUESTION)
        house.start(name)
        after = [visitor.say(QUESTION) for visitor in visitors]

        for turn in (*meanwhile, away):
            assert_read(turn)
        assert away["status"] == "failed"
        assert [goals(turn) for turn in after] == [["fat_loss"]] * VISITORS

    def test_the_front_door_killed(self, house: House, enter: Enter) -> None:
        """Killed and started again, token and conversation are what they were."""
        visitor = enter(house)
        visitor.say(QUESTION)
        house.kill("web")
        house.start("web")

        assert goals(visitor.say(QUESTION)) == ["fat_loss"]

    def test_all_killed_at_once(self, house: House, enter: Enter) -> None:
        """A power cut: what was said before is there after it."""
        visitor = enter(house)
        for name in ("web", "rasa", "actions"):
            house.kill(name)
        house.start("actions", "rasa", "web")

        assert goals(visitor.say(QUESTION)) == ["fat_loss"]

    def test_forgotten_in_rasa(self, house: House, enter: Enter) -> None:
        """Forgetting deletes every event that Rasa has kept of the conversation, and of no other."""
        with closing(sqlite3.connect(house.tracker)) as tracker:
            senders = "select distinct sender_id from events"
            others = set(tracker.execute(senders))
            visitor = enter(house)
            mine = set(tracker.execute(senders)) - others
            status = visitor.forget_me()
            left = set(tracker.execute(senders))

        assert len(mine) == 1
        assert status == 204
        assert left == others


class TestDatabase:
    """PostgreSQL, as seen from the house: gone, and back."""

    def test_restarted_between_two_turns(self, house_at_postgres: House, enter: Enter, cable: Cable) -> None:
        """Nobody notices."""
        visitor = enter(house_at_postgres)
        cable.cut()
        cable.mend()
        turn = visitor.say(QUESTION)

        assert turn["status"] == "answered"
        assert goals(turn) == ["fat_loss"]

    def test_away_for_a_while(self, house_at_postgres: House, enter: Enter, cable: Cable) -> None:
        """Gone while they ask, visitors read something; when it is back, what they said before is remembered."""
        visitors = [enter(house_at_postgres) for _ in range(VISITORS)]
        try:
            meanwhile = asked_while(cable.cut, visitors)
            away = visitors[0].say(QUESTION)
        finally:
            cable.mend()
        house_at_postgres.wait()
        after = [visitor.say(QUESTION) for visitor in visitors]

        for turn in (*meanwhile, away):
            assert_told(turn)
        assert [goals(turn) for turn in after] == [["fat_loss"]] * VISITORS

    def test_up_after_rasa(self, house_at_postgres: House, enter: Enter, cable: Cable) -> None:
        """Rasa started without its database finds it as soon as it is there."""
        visitor = enter(house_at_postgres)
        house_at_postgres.kill("rasa")
        cable.cut()
        before = len(house_at_postgres.log("rasa"))
        try:
            house_at_postgres.spawn("rasa")
            until = time.monotonic() + 90
            while "Could not create tables" not in house_at_postgres.log("rasa")[before:] and time.monotonic() < until:
                time.sleep(0.2)
        finally:
            cable.mend()
        house_at_postgres.wait()

        assert "Could not create tables" in house_at_postgres.log("rasa")[before:]
        assert goals(visitor.say(QUESTION)) == ["fat_loss"]


def assert_told(turn: Turn) -> None:
    """A turn as ever, or the front door's own sentence where it cannot even take the message down."""
    if "replies" in turn:
        assert_read(turn)
    else:
        assert turn["took_s"] < 6, turn
        assert str(turn).count(" ") > 3, turn
