"""From an answer to a Rasa message: the plain form, and the structured one with every key that channels rely on."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from dialogue import BASE
from rasa_sdk.executor import CollectingDispatcher

from actions import render
from actions.render import ASK_GOAL, Telling
from knowledge import answering

GOALS = {goal.id: goal for goal in BASE.goals}
DOCUMENTS = {source.id: source.title for source in BASE.sources}
QUESTIONS = {question.id: question for question in BASE.questions}
KEYS = {
    "answer": "kind text question title verdict goals headline reason disagreement evidence follow_ups goal_choices",
    "gap": "kind text question title follow_ups",
    "did_you_mean": "kind text choices",
    "talk": "kind text choices",
    "care": "kind level title text contact",
    "error": "kind text",
}
"""What channels find in each kind of message; more may be in it."""
EVIDENCE = {"source", "document", "section", "stance", "note"}


def telling(id: str = "order", goals: tuple[str, ...] = (), frame: str | None = None, **more: Any) -> Telling:
    """An answer with what it takes to tell it."""
    reply = answering.reply(QUESTIONS[id], goals, more.pop("conditions", {}), frame)
    assert reply is not None
    follow_ups = {id: QUESTIONS[id].title for id in QUESTIONS[id].follow_ups}
    return Telling(reply, goals, GOALS, DOCUMENTS, follow_ups, more.pop("ask_goal", False), **more)


def sent(function: Any, *args: Any) -> dict[str, Any]:
    """The one message that *function* sends, after a journey through JSON."""
    dispatcher = CollectingDispatcher()
    function(dispatcher, *args)
    (message,) = dispatcher.messages
    return dict(json.loads(json.dumps(message)))


def every_kind() -> dict[str, dict[str, Any]]:
    """A message of each kind."""
    titles = {"order": "Run first or lift first?", "wait_time": "How long should I wait?"}
    return {
        "answer": sent(render.answer, telling(ask_goal=True)),
        "gap": sent(render.gap, QUESTIONS["creatine"], titles),
        "did_you_mean": sent(render.did_you_mean, titles),
        "talk": sent(render.talk, "Hello.", render.question_choices(titles)),
        "care": sent(render.care, "urgent", "See a doctor", "Stop for today.", "the front desk"),
        "error": sent(render.error, "Something went wrong."),
    }


class TestStructure:
    @pytest.mark.parametrize("kind", KEYS)
    def test_a_message_has_every_key_of_its_kind(self, kind: str) -> None:
        """Channels look nothing up twice and guess nothing."""
        custom = every_kind()[kind]["custom"]

        assert set(KEYS[kind].split()) <= set(custom)
        assert custom["kind"] == kind

    def test_what_the_documents_do_not_say_at_all_is_a_gap_too(self) -> None:
        """Without a question of its own."""
        custom = sent(render.not_said, {"order": "Run first or lift first?"})["custom"]

        assert set(KEYS["gap"].split()) <= set(custom)
        assert custom["question"] is None

    @pytest.mark.parametrize("kind", KEYS)
    def test_every_button_sends_a_payload_that_rasa_can_read(self, kind: str) -> None:
        """A slash, an intent, and entities in JSON; and it has a title."""
        for button in every_kind()[kind]["buttons"] or []:
            intent, entities = re.fullmatch(r"/([a-z_]+)(\{.*\})?", button["payload"]).groups()  # type: ignore[union-attr]

            assert button["title"]
            assert intent in ("ask", "state_goal", "help")
            assert isinstance(json.loads(entities or "{}"), dict)

    def test_evidence_names_document_and_section(self) -> None:
        """Of what supports and of what contradicts."""
        pieces = sent(render.answer, telling())["custom"]["evidence"]

        assert all(EVIDENCE == set(piece) for piece in pieces)
        assert [(piece["document"], piece["section"], piece["stance"]) for piece in pieces] == [
            ("Running after lifting", "What comes first", "supports"),
            ("Running after lifting", "Introduction", "contradicts"),
        ]

    def test_a_document_without_a_title_goes_by_its_id(self) -> None:
        """Better than nothing where a database is half built."""
        telling_ = Telling(telling().reply, (), GOALS, {}, {}, False)

        assert sent(render.answer, telling_)["custom"]["evidence"][0]["document"] == "after"

    def test_the_goals_are_those_it_is_for(self) -> None:
        """Ids for programs, titles for people; a goal that is no more is left out."""
        custom = sent(render.answer, telling(goals=("fat_loss",)))["custom"]
        assert custom["goals"] == [{"id": "fat_loss", "title": "Lose fat"}]

        assert sent(render.answer, telling(goals=("fat_loss", "swimming")))["custom"]["goals"] == custom["goals"]


class TestPlainForm:
    def test_it_says_the_answer_and_then_its_sources(self) -> None:
        """Headline, reason, disagreement; the sources come last and are not in the structured text."""
        message = sent(render.answer, telling())

        assert message["text"].split("\n\n") == [
            "Lift first, then run.",
            "You lift best while you are fresh.",
            "Sources differ: one passage would run first.",
            "Sources: Running after lifting “What comes first”",
        ]
        assert message["custom"]["text"] == message["text"].rpartition("\n\n")[0]

    def test_its_buttons_are_those_of_the_structure(self) -> None:
        """Follow-ups first, then goals where they are asked for."""
        message = sent(render.answer, telling(ask_goal=True))
        custom = message["custom"]

        assert [button["payload"] for button in message["buttons"]] == [
            choice["payload"] for choice in (*custom["follow_ups"], *custom["goal_choices"])
        ]

    def test_the_goal_is_asked_for_with_a_button_each(self) -> None:
        """Only goals that would change the answer."""
        message = sent(render.answer, telling(ask_goal=True))

        assert ASK_GOAL in message["text"]
        assert [choice["id"] for choice in message["custom"]["goal_choices"]] == ["fat_loss", "endurance"]
        assert ASK_GOAL not in sent(render.answer, telling())["text"]

    def test_what_is_missing_is_said(self) -> None:
        """Somebody asked two things, and the documents have one."""
        message = sent(render.answer, telling(missing="whether creatine helps"))

        assert "My sources do not say whether creatine helps." in message["text"]
        assert message["custom"]["missing"] == "My sources do not say whether creatine helps."

    def test_what_stays_the_same_is_said(self) -> None:
        """A goal that changes nothing is not answered as if it did."""
        assert sent(render.answer, telling(goals=("muscle",), unchanged=True))["text"].startswith(
            "That stays the same for building muscle. "
        )
        assert sent(render.answer, telling(unchanged=True))["text"].startswith("That stays the same. ")

    def test_a_gap_is_said_in_one_sentence(self) -> None:
        """With what is nearest, if anything is."""
        nearest = {"wait_time": "How long should I wait?"}
        assert (
            sent(render.gap, QUESTIONS["creatine"], nearest)["text"]
            == "My sources do not say whether creatine helps. The nearest they do say:"
        )
        assert sent(render.gap, QUESTIONS["shoes"], {})["text"] == "My sources do not say which shoes to wear."

    def test_did_you_mean_leaves_a_way_out(self) -> None:
        """The last button is for something else."""
        assert every_kind()["did_you_mean"]["buttons"][-1] == {"title": "Something else", "payload": "/help"}

    @pytest.mark.parametrize("kind", ["care", "error"])
    def test_a_card_and_an_apology_have_no_buttons(self, kind: str) -> None:
        """There is nothing to go on with."""
        assert not every_kind()[kind]["buttons"]

    def test_a_care_card_names_whom_to_turn_to(self) -> None:
        """Title, text, contact; without a contact there is no empty line."""
        assert every_kind()["care"]["text"] == "See a doctor\nStop for today.\nthe front desk"
        assert sent(render.care, "urgent", "See a doctor", "Stop for today.", "")["text"] == "See a doctor\nStop for today."

    @pytest.mark.parametrize("kind", KEYS)
    def test_a_text_without_buttons_comes_in_one_piece(self, kind: str) -> None:
        """Rasa sends a piece for each paragraph of such a text; the structured text keeps its paragraphs."""
        message = every_kind()[kind]

        assert message["buttons"] or "\n\n" not in message["text"]


class TestRetelling:
    @pytest.mark.parametrize(
        ("move", "text"),
        [
            ("why", "You lift best while you are fresh.\n\nSources: Running after lifting “What comes first”"),
            ("short", "Lift first, then run.\n\nSources: Running after lifting “What comes first”"),
            (
                "more",
                "Lift first, then run.\n\n“What comes first” in Running after lifting: Puts weights first.\n\n"
                "“Introduction” in Running after lifting: one passage would run first.",
            ),
            (
                "evidence",
                "This rests on:\n\n“What comes first” in Running after lifting: Puts weights first.\n\n"
                "Other passages see it differently:\n\n“Introduction” in Running after lifting: one passage would run first.",
            ),
        ],
    )
    def test_each_move_tells_its_part(self, move: str, text: str) -> None:
        """The reason, the answer in short, all that is said, or where it is said."""
        message = sent(render.retell, telling(), move)

        assert message["text"] == text
        assert message["custom"]["move"] == move

    def test_once_more_is_the_same_words(self) -> None:
        """What was said, said again."""
        assert sent(render.retell, telling(), "repeat")["text"] == sent(render.answer, telling())["text"]

    def test_where_nothing_contradicts_it_is_said(self) -> None:
        """Somebody who asks whether that is sure may know."""
        assert "No passage says otherwise." in sent(render.retell, telling("wait_time"), "evidence")["text"]

    def test_a_retelling_is_an_answer_with_all_its_keys(self) -> None:
        """A channel renders it like any other, and it does not ask for the goal."""
        custom = sent(render.retell, telling(ask_goal=True), "why")["custom"]

        assert set(KEYS["answer"].split()) <= set(custom)
        assert custom["goal_choices"] == []
