"""Slots in, slots out; what a message says, and for whom it is answered."""

from __future__ import annotations

from typing import Any

import pytest
from dialogue import heard, tracker

from actions.memory import Heard, Memory, Thread, goals_for


def slots(memory: Memory) -> dict[str, Any]:
    """The slots that *memory* sets."""
    return {event["name"]: event["value"] for event in memory.events()}


class TestHeard:
    def test_what_the_components_found_is_read(self) -> None:
        """Intent, text, question, ranking, and the reading."""
        message = heard(
            "ask",
            "run first for muscle?",
            "order",
            ranked={"order": 0.8, "wait_time": 0.2},
            goals=["muscle"],
            stated=True,
            once=True,
            conditions={"order": "run_first"},
            frame="permission",
            topic=True,
        )
        found = Heard.from_tracker(tracker(message))

        assert (found.intent, found.text, found.question) == ("ask", "run first for muscle?", "order")
        assert found.ranking == (("order", 0.8), ("wait_time", 0.2))
        assert (found.goals, found.stated, found.once, found.topic) == (("muscle",), True, True, True)
        assert (found.conditions, found.frame) == ({"order": "run_first"}, "permission")
        assert found.channel == "rest"
        assert not found.pressed

    def test_a_button_goes_before_what_was_read(self) -> None:
        """Its entities say what is meant; a goal of a button is stated."""
        message = heard("ask", "/ask", "wait_time", entities={"question": "order", "goal": "muscle"}, goals=["endurance"])
        found = Heard.from_tracker(tracker(message))

        assert (found.question, found.goals, found.stated, found.pressed) == ("order", ("muscle",), True, True)

    def test_several_questions_keep_their_order(self) -> None:
        """As the selector told them."""
        asks = Heard.from_tracker(tracker(heard("ask", asks=["wait_time", "order"]))).asks

        assert [part.question for part in asks] == ["wait_time", "order"]

    def test_a_bare_message_is_heard(self) -> None:
        """A command typed by a developer has no reading and no ranking."""
        assert Heard.from_tracker(tracker({"intent": {"name": "why"}, "text": "/why"})) == Heard("why", "/why", channel="rest")

    def test_no_message_is_heard_as_nothing(self) -> None:
        """A conversation may begin with an action."""
        assert Heard.from_tracker(tracker({})) == Heard("", channel="rest")

    def test_unknown_goals_are_not_heard(self) -> None:
        """A payload that somebody made up names nothing."""
        known = frozenset({"muscle"})
        message = heard("state_goal", entities={"goal": ["muscle", "swimming", 7, {"a": 1}]})

        assert Heard.from_tracker(tracker(message), known).goals == ("muscle",)

    def test_a_goal_said_twice_is_one(self) -> None:
        """By whatever words."""
        assert Heard.from_tracker(tracker(heard("state_goal", goals=["muscle", "muscle"]))).goals == ("muscle",)


class TestMemory:
    FULL = Memory(
        goals=("muscle", "endurance"),
        standing={"purpose": "race"},
        goal_asked=True,
        thread=Thread("order", {"order": "lift_first"}, "permission", ("muscle",), ("wait_time", "muscle_loss"), 1, "cardio hm"),
    )

    @pytest.mark.parametrize(
        "memory", [FULL, Memory(), Memory(goal_asked=True), Memory(thread=Thread("order"))], ids=["all", "none", "asked", "thread"]
    )
    def test_what_is_remembered_comes_back(self, memory: Memory) -> None:
        """Through slots, which hold what JSON can."""
        assert Memory.from_tracker(tracker({}, slots(memory))) == memory

    def test_nothing_remembered_is_nothing_in_slots(self) -> None:
        """An empty list is no goal, and takes no room."""
        assert slots(Memory()) == {"goals": None, "standing": None, "goal_asked": False, "thread": None}

    @pytest.mark.parametrize("thread", ["order", 7, [], {}, {"question": "order", "mood": "good"}, {"offered": None, "goals": None}])
    def test_a_thread_of_another_shape_is_no_trouble(self, thread: Any) -> None:
        """What an older release stored counts as far as it is known."""
        memory = Memory.from_tracker(tracker({}, {"thread": thread}))

        assert memory.thread in (Thread(), Thread("order"))

    def test_a_stated_goal_takes_the_place_of_the_last(self) -> None:
        """It is changed by saying so."""
        assert self.FULL.hearing(Heard("ask", goals=("fat_loss",), stated=True)).goals == ("fat_loss",)

    def test_an_added_goal_joins_the_others(self) -> None:
        """Who also wants something else wants both."""
        assert self.FULL.hearing(Heard("ask", goals=("fat_loss", "muscle"), stated=True, adds=True)).goals == (
            "muscle",
            "endurance",
            "fat_loss",
        )

    def test_a_goal_that_is_only_mentioned_is_not_remembered(self) -> None:
        """To ask about muscle is not to train for it."""
        assert self.FULL.hearing(Heard("ask", goals=("fat_loss",))) == self.FULL

    def test_a_goal_for_this_question_only_is_not_remembered(self) -> None:
        """By somebody who has another."""
        assert self.FULL.hearing(Heard("ask", goals=("fat_loss",), stated=True, once=True)) == self.FULL

    def test_lasting_circumstances_are_remembered(self) -> None:
        """A race to train for, a cut; not what the run of today is like."""
        found = Memory().hearing(Heard("ask", goals=("endurance",), stated=True, conditions={"purpose": "race", "intensity": "hard"}))

        assert found.standing == {"purpose": "race"}

    def test_lasting_circumstances_go_with_their_goal(self) -> None:
        """Who now wants to lose fat does not train for the race any more; another word for the same goal keeps it."""
        assert self.FULL.hearing(Heard("ask", goals=("fat_loss",), stated=True)).standing == {}
        assert self.FULL.hearing(Heard("ask", goals=("muscle", "endurance"), stated=True)).standing == {"purpose": "race"}

    def test_remembering_changes_nothing_in_place(self) -> None:
        """What was remembered before is still there to compare with."""
        before = slots(self.FULL)
        self.FULL.hearing(Heard("ask", goals=("fat_loss",), stated=True, conditions={"energy": "deficit"}))
        self.FULL.about(question="wait_time")

        assert before == slots(self.FULL)


@pytest.mark.parametrize(
    ("goals", "stated", "once", "remembered", "expected"),
    [
        (("muscle",), True, False, ("fat_loss",), ("muscle",)),
        (("muscle",), False, True, ("fat_loss",), ("muscle",)),
        (("muscle",), False, False, ("fat_loss",), ("fat_loss",)),
        (("muscle",), False, False, (), ("muscle",)),
        ((), False, False, ("fat_loss",), ("fat_loss",)),
        ((), True, False, (), ()),
    ],
    ids=["stated", "for once", "mentioned, another remembered", "mentioned, none remembered", "none", "neither"],
)
def test_whose_goal_counts(
    goals: tuple[str, ...], stated: bool, once: bool, remembered: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    """What the message states, else what is remembered, else what it mentions."""
    assert expected == goals_for(Heard("ask", goals=goals, stated=stated, once=once), Memory(goals=remembered))
