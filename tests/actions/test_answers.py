"""Answering: one question, several, the last one again; for the goal that counts, under what was said."""

from __future__ import annotations

from typing import Any

import pytest
from dialogue import Conversation, heard

from actions.answers import MOST_AT_ONCE
from actions.render import ASK_GOAL
from knowledge.store.missed import Missed


class TestOneQuestion:
    def test_the_question_asked_is_answered(self, talk: Conversation) -> None:
        """In one message, by the answer for nobody in particular."""
        said = talk.custom("ask", "run or lift first?", "order")

        assert (said["kind"], said["question"], said["verdict"]) == ("answer", "order", "lift_first")
        assert said["headline"] == "Lift first, then run."

    @pytest.mark.parametrize(
        ("order", "frame", "begins"),
        [
            ("lift_first", "permission", "Yes, that is the better order: lift first"),
            ("run_first", "permission", "Better the other way round: lift first"),
            ("lift_first", "threat", "No, that is the better order: lift first"),
            ("run_first", "threat", "It is the weaker order: lift first"),
            (None, "permission", "Lift first"),
        ],
    )
    def test_the_order_asked_about_decides_the_first_words(self, talk: Conversation, order: str | None, frame: str, begins: str) -> None:
        """The same knowledge, and another yes or no."""
        said = talk.custom("ask", "x", "order", conditions={"order": order} if order else {}, frame=frame)

        assert said["headline"].startswith(begins)

    def test_circumstances_choose_the_answer(self, talk: Conversation) -> None:
        """A hard run wants another wait."""
        assert talk.custom("ask", "x", "wait_time", conditions={"intensity": "hard"})["headline"] == "Wait a whole day."

    def test_circumstances_are_those_of_the_question(self, talk: Conversation) -> None:
        """The next question starts without them."""
        talk.says("ask", "x", "wait_time", conditions={"intensity": "hard"})

        assert talk.custom("ask", "y", "wait_time")["headline"] == "Wait six hours."

    def test_a_button_keeps_the_circumstances(self, talk: Conversation) -> None:
        """A follow-up that is pressed is about the same run."""
        talk.says("ask", "x", "order", conditions={"intensity": "hard"})
        (reply,) = talk.presses('/ask{"question": "wait_time"}')

        assert reply["custom"]["headline"] == "Wait a whole day."

    def test_a_gap_is_said_and_noted(self, talk: Conversation, missed: Missed) -> None:
        """The nearest questions are offered, and the operator can read what was asked."""
        said = talk.custom("ask", "does creatine help", "creatine")

        assert said["kind"] == "gap"
        assert [choice["title"] for choice in said["follow_ups"]] == ["Does running eat my muscle?", "How long should I wait?"]
        assert [(note.text, note.kind, note.nearest) for note in missed.all()] == [("does creatine help", "gap", "creatine")]

    def test_a_pressed_gap_is_not_noted(self, talk: Conversation, missed: Missed) -> None:
        """Nobody typed it."""
        talk.presses('/ask{"question": "creatine"}')

        assert missed.all() == []

    def test_what_is_asked_too_and_missing_is_said(self, talk: Conversation) -> None:
        """The answer comes first."""
        said = talk.custom("ask", "does creatine help me keep muscle", "muscle_loss", ranked={"muscle_loss": 0.7, "creatine": 0.2})

        assert said["question"] == "muscle_loss"
        assert said["missing"] == "My sources do not say whether creatine helps."

    def test_what_is_hardly_asked_is_not_missing(self, talk: Conversation) -> None:
        """A trace of it in the ranking is no question."""
        assert talk.custom("ask", "x", "muscle_loss", ranked={"muscle_loss": 0.95, "creatine": 0.02})["missing"] == ""


class TestUnknownQuestions:
    @pytest.mark.parametrize("payload", ['/ask{"question": "retired"}', '/ask{"question": ""}', '/ask{"question": "o\\u0000"}', "/ask"])
    def test_an_unknown_id_is_asked_back(self, talk: Conversation, payload: str) -> None:
        """A button of an old page, or no question at all: there is always something to press."""
        (reply,) = talk.presses(payload)

        assert reply["custom"]["kind"] == "did_you_mean"
        assert reply["buttons"]

    def test_a_retired_question_is_not_what_is_answered_again(self, talk: Conversation) -> None:
        """The thread is about a question that a new build does not have: the next message is taken as it is."""
        talk.slots["thread"] = {"question": "retired"}

        assert talk.custom("ask", "run first?", "order")["question"] == "order"

    @pytest.mark.parametrize("intent", ["state_goal", "why", "unsure", "no_goal", "state_condition"])
    def test_a_retired_question_is_forgotten(self, talk: Conversation, intent: str) -> None:
        """What leans on it is asked back, not apologised for."""
        talk.slots["thread"] = {"question": "retired"}

        assert talk.custom(intent, "lose fat", goals=["fat_loss"], conditions={"intensity": "hard"})["kind"] != "error"

    def test_an_unknown_id_is_a_clean_message(self, talk: Conversation) -> None:
        """Of several questions those that exist are answered; none is lost to one that does not."""
        kinds = [reply["custom"]["kind"] for reply in talk.says("ask", "x", asks=["order", "retired"])]

        assert kinds[0] == "answer"


class TestGoals:
    def test_a_stated_goal_is_answered_for_and_remembered(self, talk: Conversation) -> None:
        """It shows in the answer, and counts for the next question."""
        first = talk.custom("ask", "run first, i want to lose fat", "order", goals=["fat_loss"], stated=True)
        assert first["goals"] == [{"id": "fat_loss", "title": "Lose fat"}]
        assert "fat loss" in first["headline"]

        assert talk.custom("ask", "run or lift first?", "order")["goals"] == first["goals"]

    def test_a_mentioned_goal_is_answered_for_and_not_remembered(self, talk: Conversation) -> None:
        """To ask about a goal is not to have it."""
        assert talk.custom("ask", "does order matter for fat loss", "order", goals=["fat_loss"])["goals"][0]["id"] == "fat_loss"
        assert talk.custom("ask", "run or lift first?", "order")["goals"] == []

    def test_a_remembered_goal_goes_before_a_mentioned_one(self, talk: Conversation) -> None:
        """Somebody who wants to run better asks about fat, and stays a runner."""
        talk.says("ask", "x", "order", goals=["endurance"], stated=True)

        assert talk.custom("ask", "does it burn fat", "order", goals=["fat_loss"])["goals"][0]["id"] == "endurance"

    def test_a_goal_for_this_question_only_does_not_stay(self, talk: Conversation) -> None:
        """To ask "but for endurance?" is to be answered for endurance, once."""
        talk.says("ask", "x", "order", goals=["fat_loss"], stated=True)
        assert talk.custom("ask", "but for endurance?", "order", goals=["endurance"], stated=True, once=True)["verdict"] == "run_first"

        assert talk.custom("ask", "run or lift first?", "order")["goals"][0]["id"] == "fat_loss"

    def test_two_goals_are_both_answered(self, talk: Conversation) -> None:
        """And what to do when they pull apart."""
        said = talk.custom("ask", "x", "order", goals=["fat_loss", "endurance"], stated=True)

        assert [goal["id"] for goal in said["goals"]] == ["fat_loss", "endurance"]
        assert said["advice"] == ["Lift first, then run longer.", "Run first, or on another day."]
        assert "pull apart" in said["headline"]

    def test_the_goal_is_asked_for_once(self, talk: Conversation) -> None:
        """Where it may change the answer; never again unless somebody brings it up."""
        (first,) = talk.says("ask", "x", "order")
        (second,) = talk.says("ask", "y", "order")

        assert [choice["id"] for choice in first["custom"]["goal_choices"]] == ["fat_loss", "endurance"]
        assert ASK_GOAL in first["text"]
        assert second["custom"]["goal_choices"] == []
        assert ASK_GOAL not in second["text"]

    def test_the_goal_is_not_asked_for_where_it_changes_nothing(self, talk: Conversation) -> None:
        """It is kept for a question where it does."""
        assert talk.custom("ask", "x", "wait_time")["goal_choices"] == []
        assert talk.custom("ask", "x", "order")["goal_choices"] != []

    def test_who_says_their_goal_is_not_asked_for_it(self, talk: Conversation) -> None:
        """It is known; the others are there for whoever wants to change it, and not among the buttons of the text."""
        (reply,) = talk.says("ask", "x", "order", goals=["fat_loss"])

        assert ASK_GOAL not in reply["text"]
        assert not any("state_goal" in button["payload"] for button in reply["buttons"])
        assert "endurance" in {choice["id"] for choice in reply["custom"]["goal_choices"]}

    def test_lasting_circumstances_stay(self, talk: Conversation) -> None:
        """Who trains for a race is answered as a racer later too."""
        talk.says("ask", "x", "wait_time", goals=["muscle"], stated=True, conditions={"purpose": "race"})

        assert talk.custom("ask", "y", "order")["headline"].startswith("Before a race")


class TestAgain:
    def test_a_goal_alone_answers_the_last_question_again(self, talk: Conversation) -> None:
        """For that goal, from then on."""
        talk.says("ask", "x", "order")
        said = talk.custom("state_goal", "lose fat", goals=["fat_loss"])

        assert (said["question"], said["goals"][0]["id"]) == ("order", "fat_loss")
        assert talk.custom("ask", "y", "order")["goals"][0]["id"] == "fat_loss"

    def test_a_goal_button_does_the_same(self, talk: Conversation) -> None:
        """Its payload comes from the answer."""
        first = talk.custom("ask", "x", "order")
        (reply,) = talk.presses(first["goal_choices"][0]["payload"])

        assert (reply["custom"]["question"], reply["custom"]["goals"][0]["id"]) == ("order", "fat_loss")

    def test_the_first_words_still_answer_what_was_asked(self, talk: Conversation) -> None:
        """Order and frame of the question are remembered with it."""
        talk.says("ask", "can i run after lifting", "order", conditions={"order": "lift_first"}, frame="permission")

        assert talk.custom("state_goal", "endurance", goals=["endurance"])["headline"].startswith(
            "Better the other way round for endurance"
        )

    def test_a_goal_that_changes_nothing_is_said_to(self, talk: Conversation) -> None:
        """The answer stays, and so it says."""
        talk.says("ask", "x", "wait_time")

        assert talk.custom("state_goal", "muscle", goals=["muscle"])["headline"].startswith("That stays the same for building muscle.")

    def test_a_circumstance_answers_the_last_question_again(self, talk: Conversation) -> None:
        """To ask "and if it is sprints?" keeps the question."""
        talk.says("ask", "x", "wait_time")

        assert talk.custom("state_condition", "sprints", conditions={"intensity": "sprint"})["headline"] == "Wait a whole day."

    def test_a_circumstance_that_is_of_another_question_goes_there(self, talk: Conversation) -> None:
        """Where the last question does not depend on it, the likeliest does that does."""
        talk.says("ask", "x", "order")
        said = talk.custom("state_condition", "hard run", ranked={"order": 0.5, "wait_time": 0.3}, conditions={"intensity": "hard"})

        assert (said["question"], said["headline"]) == ("wait_time", "Wait a whole day.")

    def test_the_other_way_round_turns_the_order(self, talk: Conversation) -> None:
        """And is answered as such."""
        talk.says("ask", "can i run after lifting", "order", conditions={"order": "lift_first"}, frame="permission")

        assert talk.custom("state_condition", "and the other way round?", reversed=True)["headline"].startswith(
            "Better the other way round"
        )

    def test_without_a_question_before_a_goal_is_noted(self, talk: Conversation) -> None:
        """It is said so, and questions are offered."""
        said = talk.custom("state_goal", "lose fat", goals=["fat_loss"])

        assert said["kind"] == "talk"
        assert "fat loss" in said["text"]
        assert said["choices"]
        assert talk.custom("ask", "x", "order")["goals"][0]["id"] == "fat_loss"

    def test_an_unknown_goal_is_asked_back(self, talk: Conversation) -> None:
        """A made-up payload sets nothing."""
        (reply,) = talk.presses('/state_goal{"goal": "swimming"}')

        assert reply["custom"]["kind"] == "did_you_mean"
        assert talk.slots["goals"] is None

    def test_no_goal_is_the_general_answer(self, talk: Conversation) -> None:
        """Whatever was remembered; and the goal is not asked for again."""
        talk.says("ask", "x", "order", goals=["endurance"], stated=True)
        said = talk.custom("no_goal", "no goal really")

        assert (said["goals"], said["verdict"], said["goal_choices"]) == ([], "lift_first", [])
        assert talk.custom("ask", "y", "order")["goal_choices"] == []

    def test_no_goal_before_any_question_offers_some(self, talk: Conversation) -> None:
        """There is nothing to answer yet."""
        assert talk.custom("no_goal", "no goal really")["kind"] == "talk"


class TestSeveral:
    def test_each_question_is_answered_in_its_order(self, talk: Conversation) -> None:
        """A message each, and the thread goes on from the last."""
        replies = talk.says("ask", "x", "order", asks=["order", "creatine", "wait_time"])

        assert [(reply["custom"]["kind"], reply["custom"]["question"]) for reply in replies] == [
            ("answer", "order"),
            ("gap", "creatine"),
            ("answer", "wait_time"),
        ]
        assert talk.slots["thread"]["question"] == "wait_time"

    def test_the_goal_is_asked_for_in_one_of_them(self, talk: Conversation) -> None:
        """Not twice in one breath."""
        replies = talk.says("ask", "x", "order", asks=["order", "muscle_loss", "order"])

        assert sum(bool(reply["custom"]["goal_choices"]) for reply in replies) == 1

    def test_the_same_question_is_answered_once(self, talk: Conversation) -> None:
        """However often it is named."""
        assert len(talk.says("ask", "x", "order", asks=["order", "order"])) == 1

    def test_each_question_has_its_own_circumstances(self, talk: Conversation) -> None:
        """As in "how long do i wait, and what about sprints?"."""
        asks = [{"question": "wait_time"}, {"question": "wait_time", "conditions": {"intensity": "sprint"}, "refines": True}]
        first, second = talk.says("ask", "x", "wait_time", conditions={"intensity": "sprint"}, asks=asks)

        assert first["custom"]["headline"] != second["custom"]["headline"] == "Wait a whole day."

    def test_what_is_said_beside_the_questions_counts_for_all(self, talk: Conversation) -> None:
        """As in "tomorrow is my hard run. which first? and how long do i wait?"."""
        asks = [{"question": "order"}, {"question": "wait_time"}]
        replies = talk.says("ask", "x", "order", conditions={"intensity": "hard"}, asks=asks)

        assert replies[1]["custom"]["headline"] == "Wait a whole day."

    def test_a_question_that_is_not_covered_leaves_the_thread_alone(self, talk: Conversation) -> None:
        """What comes next is about the one that was answered."""
        talk.says("ask", "x", "order", asks=["order", "creatine"])

        assert talk.slots["thread"]["question"] == "order"

    def test_no_more_than_a_few_are_answered(self, talk: Conversation) -> None:
        """Nobody reads more."""
        replies = talk.says("ask", "x", "order", asks=["order", "wait_time", "muscle_loss", "same_day_or_separate", "creatine", "shoes"])

        assert len(replies) == MOST_AT_ONCE

    def test_all_are_answered_for_the_same_goal(self, talk: Conversation) -> None:
        """What is stated in the message counts for the whole of it."""
        replies = talk.says("ask", "x", "order", asks=["order", "wait_time"], goals=["fat_loss"], stated=True)

        assert all(reply["custom"]["goals"] == [{"id": "fat_loss", "title": "Lose fat"}] for reply in replies)


@pytest.mark.parametrize("mark", ["?", "", " " * 50, "\x00", "🏃" * 500, "'; DROP TABLE question; --"])
@pytest.mark.parametrize("intent", ["ask", "state_goal", "unsure", "out_of_scope"])
def test_odd_texts_are_answered_all_the_same(talk: Conversation, intent: str, mark: str) -> None:
    """Whatever was typed, some message comes back that is no apology."""
    message: dict[str, Any] = heard(intent, mark, "order" if intent == "ask" else None)

    assert all(reply["custom"]["kind"] != "error" for reply in talk.hears(message))
    assert talk.hears(message)
