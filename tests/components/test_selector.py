"""Which question is asked, several at once, and whether it is one at all; trained on the small data of making.py."""

from __future__ import annotations

from typing import Any

import making
import pytest
from making import Made
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from components.encoder import Encoder
from components.reader import READING
from components.scope import Scope
from components.selector import ASKS, PICK, UNKNOWN, UNSURE, Selector

ALWAYS = Scope(0.0, 0.0, 10.0, 0.5, 0.1)
"""Everything is sure."""
HALF = Scope(0.0, 0.0, 0.0, 0.6, 0.4)
"""Everything has a chance of one half, which is neither enough nor nothing."""
NEVER = Scope(0.0, 0.0, -10.0, 0.5, 0.1)
"""Nothing is sure."""


def selected(made: Made, text: str, limits: Scope | None = None, reading: dict[str, Any] | None = None) -> Message:
    """The message *text* after the selector, decided by *limits* where some are given."""
    selector = made.loaded(Selector)
    selector._scope = limits or selector._scope
    messages = made.before(Selector, [text])
    if reading:
        messages[0].set(READING, {**messages[0].get(READING), **reading})
    return selector.process(messages)[0]


def question(of: Message) -> str | None:
    """The key of the question that was picked."""
    key: str | None = of.get("response_selector")["ask"]["response"]["intent_response_key"]
    return key


class TestTraining:
    def test_without_a_question_training_fails(self, storage: LocalModelStorage) -> None:
        """An importer that Rasa could not load is only a warning there; here it stops everything, and says where to look."""
        encoder, selector = making.create(Encoder, storage), making.create(Selector, storage)
        data = encoder.process_training_data(making.examples(["greet", "thanks"]))

        with pytest.raises(InvalidConfigException, match=r"QuestionImporter.*config\.yml"):
            selector.train(data)

    def test_with_no_data_at_all_training_fails(self, storage: LocalModelStorage) -> None:
        """Nothing to learn is nothing to serve."""
        with pytest.raises(InvalidConfigException, match="QuestionImporter"):
            making.create(Selector, storage).train(making.examples([]))

    def test_without_vectors_training_fails(self, storage: LocalModelStorage) -> None:
        """A pipeline without the encoder is a sentence that names it."""
        with pytest.raises(InvalidConfigException, match=r"components\.encoder\.Encoder"):
            making.create(Selector, storage).train(making.examples())

    def test_the_encoder_is_required(self) -> None:
        """Rasa checks the pipeline by this before it trains."""
        assert [Encoder] == Selector.required_components()


class TestPicking:
    @pytest.mark.parametrize(
        ("text", "picked"),
        [
            ("is it ok to run after lifting?", "ask/order"),
            ("runing befor weights", "ask/order"),
            ("how many hours must i wait between a lift and a run", "ask/wait_time"),
            ("is creatine any good", "ask/creatine"),
        ],
    )
    def test_a_question_is_picked_with_the_intent_ask(self, made: Made, text: str, picked: str) -> None:
        """One intent for all questions; which one is where Rasa's own ResponseSelector would put it."""
        message = selected(made, text, ALWAYS)

        assert message.get(INTENT)["name"] == "ask"
        assert picked == question(message)

    def test_the_ranking_is_of_questions_alone(self, made: Made) -> None:
        """What may be meant is offered from it: small talk is not, and the likeliest stands first."""
        ranking = selected(made, "hello, creatine", ALWAYS).get("response_selector")["ask"]["ranking"]
        shares = [one["confidence"] for one in ranking]

        assert {"ask/order", "ask/wait_time", "ask/creatine"} == {one["intent_response_key"] for one in ranking}
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) == pytest.approx(1)

    def test_the_ranking_is_no_longer_than_configured(self, made: Made) -> None:
        """The length is an option of the component."""
        selector = making.load(Selector, made.storage, ranking_length=2)
        (message,) = selector.process(made.before(Selector, ["creatine?"]))

        assert len(message.get("intent_ranking")) == len(message.get("response_selector")["ask"]["ranking"]) == 2

    def test_small_talk_has_its_own_intent_and_no_question(self, made: Made) -> None:
        """A greeting is not a question, whatever question is likeliest."""
        message = selected(made, "hello there", ALWAYS)

        assert message.get(INTENT)["name"] == "greet"
        assert question(message) is None

    def test_an_intent_that_is_there_stays(self, made: Made) -> None:
        """A button's payload has said what it means."""
        (message,) = made.before(Selector, ["hello"])
        message.set(INTENT, {"name": "ask", "confidence": 1.0})
        (after,) = made.loaded(Selector).process([message])

        assert after.get(INTENT) == {"name": "ask", "confidence": 1.0}
        assert after.get("response_selector") is None

    def test_a_pick_is_a_pick(self, made: Made) -> None:
        """Where the reader found that a choice is named, nothing else is looked for."""
        message = selected(made, "the second one", ALWAYS)

        assert message.get(INTENT)["name"] == PICK


class TestScope:
    def test_what_is_sure_is_answered(self, made: Made) -> None:
        """From the fitted chance on."""
        assert selected(made, "does creatine help", ALWAYS).get(INTENT)["name"] == "ask"

    def test_what_is_neither_is_asked_back(self, made: Made) -> None:
        """The ranking holds what may be meant, and no question is picked."""
        message = selected(made, "does creatine help", HALF)

        assert message.get(INTENT)["name"] == UNSURE
        assert question(message) is None
        assert message.get("response_selector")["ask"]["ranking"][0]["intent_response_key"] == "ask/creatine"

    def test_what_is_not_sure_is_not_ours(self, made: Made) -> None:
        """Small talk included."""
        assert selected(made, "does creatine help", NEVER).get(INTENT)["name"] == UNKNOWN
        assert selected(made, "hello", NEVER).get(INTENT)["name"] == UNKNOWN

    def test_the_chance_is_told(self, made: Made) -> None:
        """The confidence that Rasa shows is the chance that was decided by."""
        assert selected(made, "does creatine help", HALF).get(INTENT)["confidence"] == pytest.approx(0.5)

    def test_the_fitted_limits_answer_what_was_trained_on(self, made: Made) -> None:
        """With the limits of this repository a phrasing of a question is answered."""
        assert selected(made, "does creatine help").get(INTENT)["name"] == "ask"

    @pytest.mark.parametrize("limits", [ALWAYS, HALF, NEVER])
    def test_a_stated_goal_is_one_however_sure(self, made: Made, limits: Scope) -> None:
        """The reader has read it; which question it looks like does not matter."""
        message = selected(made, "does creatine help", limits, {"statement": True})

        assert message.get(INTENT)["name"] == "state_goal"

    def test_what_is_only_named_is_asked_back(self, made: Made) -> None:
        """To say "cardio and weights" is no question yet, however near one it is."""
        assert selected(made, "cardio before weights", ALWAYS, {"bare": True}).get(INTENT)["name"] == UNSURE


class TestSeveralQuestions:
    def test_each_question_of_a_message_is_told_in_its_order(self, made: Made) -> None:
        """With its own words, and the first one as the question picked."""
        message = selected(made, "does creatine help? and how long should i wait between lifting and running?", ALWAYS)

        assert [ask["question"] for ask in message.get(ASKS)] == ["creatine", "wait_time"]
        assert message.get(ASKS)[1]["text"].startswith("how long")
        assert question(message) == "ask/creatine"

    def test_the_same_question_twice_is_one(self, made: Made) -> None:
        """Said in other words it is not answered again."""
        message = selected(made, "does creatine help? is creatine worth it?", ALWAYS)

        assert message.get(ASKS) is None
        assert question(message) == "ask/creatine"

    def test_a_part_that_is_not_sure_is_left_out(self, made: Made) -> None:
        """A guess at half a message is worse than none."""
        assert selected(made, "does creatine help? how long should i wait?", HALF).get(ASKS) is None

    def test_a_question_behind_a_greeting_is_found(self, made: Made) -> None:
        """Politeness does not hide it."""
        message = selected(made, "hello tandem. does creatine help?", ALWAYS)

        assert message.get(INTENT)["name"] == "ask"
        assert question(message) == "ask/creatine"
