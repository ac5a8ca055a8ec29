"""Moves about the last answer: why, more, again, in short, says who; picking a choice; correcting."""

from __future__ import annotations

import pytest
from dialogue import Conversation, domain

from actions.moves import MOVES, NOTHING_YET
from knowledge.store.missed import Missed


class TestRetelling:
    @pytest.mark.parametrize(
        ("intent", "text"),
        [
            ("why", "You lift best while you are fresh."),
            ("more", "Puts weights first."),
            ("repeat", "Lift first, then run.\n\nYou lift best"),
            ("shorter", "Lift first, then run."),
            ("says_who", "“What comes first” in Running after lifting"),
            ("sure", "Other passages see it differently:"),
        ],
    )
    def test_the_last_answer_is_told_in_another_way(self, talk: Conversation, intent: str, text: str) -> None:
        """The question stays, and so does what it was answered for."""
        talk.says("ask", "x", "order")
        said = talk.custom(intent, "why?")

        assert (said["kind"], said["question"], said["move"]) == ("answer", "order", MOVES[intent])
        assert text in said["text"]

    def test_it_is_told_for_the_same_goal(self, talk: Conversation) -> None:
        """A goal that counted once counts for its why."""
        talk.says("ask", "x", "order", goals=["endurance"], stated=True, once=True)

        assert "fresh legs" in talk.custom("why", "why?")["text"]

    def test_it_is_told_under_the_same_circumstances(self, talk: Conversation) -> None:
        """A hard run's why is not an easy run's."""
        talk.says("ask", "x", "wait_time", conditions={"intensity": "hard"})

        assert "Hard runs cost more." in talk.custom("why", "why?")["text"]

    def test_moves_can_follow_each_other(self, talk: Conversation) -> None:
        """Each is about the answer, not about the move before."""
        talk.says("ask", "x", "order")

        assert [talk.custom(intent, "x")["question"] for intent in ("why", "more", "sure", "why")] == ["order"] * 4

    @pytest.mark.parametrize("intent", list(MOVES))
    def test_before_any_answer_questions_are_offered(self, talk: Conversation, intent: str) -> None:
        """There is nothing to tell again."""
        said = talk.custom(intent, "why?")

        assert (said["kind"], said["text"]) == ("talk", NOTHING_YET)
        assert said["choices"]

    def test_what_looks_like_a_move_may_be_a_question(self, talk: Conversation) -> None:
        """Before any answer, "why run after weights" is the question it is nearest to."""
        assert talk.custom("why", "why run after weights", ranked={"order": 0.8})["question"] == "order"

    def test_is_that_ok_is_a_question_about_the_plan(self, talk: Conversation) -> None:
        """After an answer without a yes or no, one is asked for."""
        talk.says("ask", "i run after lifting", "order", conditions={"order": "lift_first"})

        assert talk.custom("sure", "is that ok?", frame="permission")["headline"].startswith("Yes, that is the better order")

    def test_whether_the_goal_matters_is_told_with_the_goals(self, talk: Conversation) -> None:
        """Those for which the answer is another, to choose from; asked about again, although the goal was asked for before."""
        talk.says("ask", "x", "order")
        said = talk.custom("goal_matters", "would my goal change that?")

        assert said["text"].startswith("Yes")
        assert "endurance" in {choice["id"] for choice in said["goal_choices"]}

    def test_every_move_has_a_rule(self, talk: Conversation) -> None:
        """The table of moves and data/rules.yml name the same intents."""
        talk.says("ask", "x", "order")

        assert all(talk.custom(intent, "x")["kind"] == "answer" for intent in MOVES)


class TestPicking:
    @pytest.mark.parametrize(("place", "question"), [(0, "wait_time"), (1, "muscle_loss"), (-1, "muscle_loss")])
    def test_a_choice_is_taken_by_its_place(self, talk: Conversation, place: int, question: str) -> None:
        """Of the follow-ups offered last."""
        talk.says("ask", "x", "order")

        assert talk.custom("pick", "the second one", pick=place)["question"] == question

    def test_of_did_you_mean_too(self, talk: Conversation, missed: Missed) -> None:
        """And what was meant is noted."""
        talk.says("unsure", "weights cardio hm", ranked={"order": 0.4, "wait_time": 0.3})

        assert talk.custom("pick", "the second", pick=1)["question"] == "wait_time"
        assert [note.chosen for note in missed.all()] == ["wait_time"]

    def test_yes_takes_the_first_where_tandem_asked_back(self, talk: Conversation) -> None:
        """It was the likeliest."""
        talk.says("unsure", "hm", ranked={"order": 0.4, "wait_time": 0.3})

        assert talk.custom("affirm", "yes")["question"] == "order"

    def test_yes_to_nothing_is_small_talk(self, talk: Conversation) -> None:
        """An answer needs no yes; nothing is forgotten over it."""
        talk.says("ask", "x", "order")

        assert talk.custom("affirm", "yes")["text"] == domain()["responses"]["utter_affirm"][0]["text"]
        assert talk.slots["thread"]["question"] == "order"

    @pytest.mark.parametrize("place", [5, -5])
    def test_a_place_that_is_none_is_said_to_be(self, talk: Conversation, place: int) -> None:
        """And there is something else to choose."""
        talk.says("ask", "x", "order")
        said = talk.custom("pick", "the sixth", pick=place)

        assert said["kind"] == "talk"
        assert said["choices"]

    def test_without_anything_offered_there_is_no_choice(self, talk: Conversation) -> None:
        """At the beginning of a conversation."""
        assert talk.custom("pick", "the second one", pick=1)["kind"] == "talk"

    @pytest.mark.parametrize("place", [2, -1])
    def test_something_else_is_a_choice_as_well(self, talk: Conversation, place: int) -> None:
        """It stands last of what was offered: who picks the last one has not meant a question."""
        choices = talk.custom("unsure", "hm", ranked={"order": 0.4, "wait_time": 0.3})["choices"]
        assert choices[place]["title"] == "Something else"

        said = talk.custom("pick", "the last one", pick=place)

        assert said["kind"] == "talk"
        assert "no such choice" not in said["text"]

    def test_a_circumstance_is_kept_over_a_pick(self, talk: Conversation) -> None:
        """The choice is about the same run, as it is when it is pressed."""
        talk.says("ask", "x", "order", conditions={"intensity": "hard"})
        (pressed,) = Conversation(dict(talk.slots)).presses('/ask{"question": "wait_time"}')

        assert talk.custom("pick", "the first", pick=0)["headline"] == pressed["custom"]["headline"]


class TestCorrecting:
    def test_a_correction_goes_into_the_last_answer(self, talk: Conversation) -> None:
        """As in "no, I meant before lifting"."""
        talk.says("ask", "can i run after lifting", "order", conditions={"order": "lift_first"}, frame="permission")
        said = talk.custom("deny", "no, i meant before", conditions={"order": "run_first"})

        assert said["headline"].startswith("Better the other way round")

    def test_a_corrected_goal_is_remembered(self, talk: Conversation) -> None:
        """It takes the place of the other."""
        talk.says("ask", "x", "order", goals=["fat_loss"], stated=True)
        assert talk.custom("deny", "no, endurance", goals=["endurance"])["verdict"] == "run_first"

        assert talk.custom("ask", "y", "order")["goals"][0]["id"] == "endurance"

    def test_no_to_did_you_mean_is_told_what_tandem_can_do(self, talk: Conversation) -> None:
        """Nothing offered was meant."""
        talk.says("unsure", "hm", ranked={"order": 0.4})
        said = talk.custom("deny", "no")

        assert said["kind"] == "talk"
        assert said["text"].startswith("I am a machine")

    def test_a_bare_no_is_asked_what_it_is_then(self, talk: Conversation) -> None:
        """In the words of domain.yml."""
        talk.says("ask", "x", "order")

        assert talk.custom("deny", "no")["text"] == domain()["responses"]["utter_deny"][0]["text"]
