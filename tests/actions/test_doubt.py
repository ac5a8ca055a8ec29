"""Where Tandem is not sure: take it from the thread, ask back, say what it can do; and note it for the operator."""

from __future__ import annotations

import logging

import pytest
from dialogue import Conversation, forget_addresses

from actions.doubt import CAN_DO, MOST_DOUBTS
from knowledge.store.missed import Missed

RANKED = {"order": 0.4, "wait_time": 0.3, "muscle_loss": 0.1, "shoes": 0.05}


class TestAskingBack:
    def test_the_likeliest_questions_are_offered(self, talk: Conversation) -> None:
        """Three at most, the likeliest first, and something else."""
        said = talk.custom("unsure", "weights cardio hm", ranked=RANKED)

        assert said["kind"] == "did_you_mean"
        assert [choice["title"] for choice in said["choices"]] == [
            "Run first or lift first?",
            "How long should I wait?",
            "Does running eat my muscle?",
            "Something else",
        ]

    def test_without_a_ranking_the_usual_questions_are_offered(self, talk: Conversation) -> None:
        """There is always something to choose from."""
        assert len(talk.custom("unsure", "hm")["choices"]) > 1

    def test_after_some_doubts_tandem_says_what_it_can_do(self, talk: Conversation) -> None:
        """Asked back twice, never a third time in a row."""
        kinds = [talk.custom("unsure", f"hm {number}", ranked=RANKED)["kind"] for number in range(MOST_DOUBTS)]
        said = talk.custom("unsure", "hm again", ranked=RANKED)

        assert kinds == ["did_you_mean"] * MOST_DOUBTS
        assert said["kind"] == "talk"
        assert said["text"].startswith(CAN_DO)
        assert said["choices"]

    def test_after_that_it_begins_anew(self, talk: Conversation) -> None:
        """Somebody who goes on is asked back again."""
        for number in range(MOST_DOUBTS + 1):
            talk.says("unsure", f"hm {number}", ranked=RANKED)

        assert talk.custom("unsure", "and now", ranked=RANKED)["kind"] == "did_you_mean"

    def test_an_answer_ends_the_doubts(self, talk: Conversation) -> None:
        """Only doubts in a row count."""
        talk.says("unsure", "hm", ranked=RANKED)
        talk.says("ask", "x", "order")
        kinds = [
            talk.custom("unsure", "a longer text that does not lean on anything before", ranked=RANKED)["kind"] for _ in range(MOST_DOUBTS)
        ]

        assert kinds == ["did_you_mean"] * MOST_DOUBTS

    def test_whom_to_turn_to_is_named(self, talk: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where the operator has said whom."""
        monkeypatch.setenv("TANDEM_CONTACT", "the front desk")
        for number in range(MOST_DOUBTS):
            talk.says("unsure", f"hm {number}", ranked=RANKED)

        assert "Somebody to ask: the front desk." in talk.custom("unsure", "hm again", ranked=RANKED)["text"]


class TestTheThread:
    def test_a_short_message_leans_on_what_was_offered(self, talk: Conversation) -> None:
        """As "how long then?" does after an answer that offers the wait."""
        talk.says("ask", "x", "order")

        assert talk.custom("unsure", "how long then?", ranked={"same_day_or_separate": 0.4, "wait_time": 0.3})["question"] == "wait_time"

    def test_a_short_circumstance_is_of_the_last_question(self, talk: Conversation) -> None:
        """As "and sprints?" is after the wait."""
        talk.says("ask", "x", "wait_time")

        assert talk.custom("unsure", "and sprints?", conditions={"intensity": "sprint"})["headline"] == "Wait a whole day."

    def test_a_longer_message_stands_for_itself(self, talk: Conversation) -> None:
        """It is asked back rather than bent to the thread."""
        talk.says("ask", "x", "order")

        assert talk.custom("unsure", "a text of more than just a few words here", ranked=RANKED)["kind"] == "did_you_mean"

    def test_without_a_thread_nothing_is_leant_on(self, talk: Conversation) -> None:
        """The first message of a conversation is asked back."""
        assert talk.custom("unsure", "how long then?", ranked={"wait_time": 0.3})["kind"] == "did_you_mean"


class TestNotOurs:
    def test_what_is_of_our_field_is_not_in_the_documents(self, talk: Conversation) -> None:
        """The nearest that they do say is offered, gaps are not."""
        said = talk.custom(
            "out_of_scope", "can i run with a broken treadmill and a dog", topic=True, ranked={"shoes": 0.3, "wait_time": 0.2}
        )

        assert (said["kind"], said["question"]) == ("gap", None)
        assert [choice["title"] for choice in said["follow_ups"]] == ["How long should I wait?"]

    def test_what_is_something_else_is_said_to_be(self, talk: Conversation) -> None:
        """In the words of domain.yml, with questions to go on with."""
        said = talk.custom("out_of_scope", "who won the election in france last year")

        assert said["kind"] == "talk"
        assert "outside what I know" in said["text"]
        assert said["choices"]

    def test_short_messages_may_lean_on_the_thread(self, talk: Conversation) -> None:
        """What looks foreign on its own may be clear after an answer."""
        talk.says("ask", "x", "wait_time")

        assert talk.custom("out_of_scope", "if its sprints", conditions={"intensity": "sprint"})["question"] == "wait_time"


class TestNotes:
    def test_a_doubt_is_noted_for_the_operator(self, talk: Conversation, missed: Missed) -> None:
        """Text, channel, what it came nearest to; never who asked."""
        talk.says("unsure", "weights cardio hm", ranked=RANKED)
        (note,) = missed.all()

        assert (note.text, note.kind, note.channel, note.nearest) == ("weights cardio hm", "unsure", "rest", "order")
        assert set(note.scores) == {"order", "wait_time", "muscle_loss"}
        assert "somebody" not in repr(note)

    def test_what_is_not_ours_is_noted_as_unknown(self, talk: Conversation, missed: Missed) -> None:
        """It may be what the next documents should be about."""
        talk.says("out_of_scope", "who won the election in france last year")

        assert [note.kind for note in missed.all()] == ["unknown"]

    @pytest.mark.parametrize("text", ["/unsure", "?!", "123", "👍"])
    def test_what_says_nothing_is_not_noted(self, talk: Conversation, missed: Missed, text: str) -> None:
        """Commands and marks are no questions."""
        talk.says("unsure", text, ranked=RANKED)

        assert missed.all() == []

    def test_what_was_meant_is_noted_with_it(self, talk: Conversation, missed: Missed) -> None:
        """The choice that somebody presses says what the words were for."""
        choices = talk.custom("unsure", "weights cardio hm", ranked=RANKED)["choices"]
        talk.presses(choices[1]["payload"])

        assert [(note.text, note.chosen) for note in missed.all()] == [("weights cardio hm", "wait_time")]

    def test_what_was_pressed_later_is_not(self, talk: Conversation, missed: Missed) -> None:
        """An answer in between ends the doubt."""
        talk.says("unsure", "weights cardio hm", ranked=RANKED)
        talk.says("ask", "does running eat my muscle at all", "muscle_loss")
        talk.presses('/ask{"question": "wait_time"}')

        assert [note.chosen for note in missed.all()] == [None]

    def test_notes_that_cannot_be_written_keep_nobody_waiting(
        self, talk: Conversation, monkeypatch: pytest.MonkeyPatch, tmp_path: object, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The user is asked back as ever; the log says why nothing was noted."""
        monkeypatch.setenv("TANDEM_MISSED_URL", "sqlite:////proc/nowhere/missed.db")
        forget_addresses()
        with caplog.at_level(logging.ERROR):
            said = talk.custom("unsure", "weights cardio hm", ranked=RANKED)

        assert said["kind"] == "did_you_mean"
        assert "missed" in caplog.text
