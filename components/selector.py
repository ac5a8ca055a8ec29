"""Vector and words to the question that is asked, how sure that is, and whether it is ours to answer at all."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components import classifying, fingerprints, scope
from components import segments as splitting
from components.classifying import Classifier, softmax
from components.encoder import Encoder, embed
from components.importer import INTENT as ASK
from components.reader import READ_AS, READING
from components.scope import Scope
from components.segments import segments

UNSURE, UNKNOWN, PICK, STATE_GOAL = "unsure", "out_of_scope", "pick", "state_goal"
ASKS = "asks"
"""The message's questions where it holds several: id and text of each, in their order."""
_SURE = 0.5
"""A part of a message counts as a question of its own from this chance on: more than a whole message needs."""
_SHARPNESS = 6.0
"""Margins times this make the shares of a ranking; fitted on out-of-sample margins (log loss 0.22 against 1.55 at 2)."""


@dataclass(frozen=True)
class Pick:
    """What one text was taken for: the likeliest of all labels, and of the questions alone, each with its share."""

    text: str
    intent: str
    chance: float
    intents: list[tuple[str, float]]
    questions: list[tuple[str, float]]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Selector(GraphComponent):
    """
    Sets the intent; of ``ask`` also the question, where Rasa's own ResponseSelector would.

    Between sure and unknown the intent is ``unsure``: the ranking then holds what might be meant.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """(see parent class for full docstring)"""
        return [Encoder]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """(see parent class for full docstring)"""
        return {
            # The C of the support vector machine: smaller is smoother. 0.3 to 1 make no difference on held-out phrasings.
            "penalty": 0.3,
            # How many labels the ranking keeps.
            "ranking_length": 5,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        classifier: Classifier | None = None,
        limits: Scope | None = None,
    ) -> None:
        """Without *classifier* it leaves messages as they are."""
        self._config, self._model_storage, self._resource = config, model_storage, resource
        self._classifier, self._scope = classifier, limits or Scope.load()

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> Selector:
        """(see parent class for full docstring)"""
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The modules that train and decide, and the fitted limits."""
        return fingerprints.of(sys.modules[__name__], classifying, scope, splitting, scope.FILE)

    def train(self, training_data: TrainingData) -> Resource:
        """
        Learn the labels of all examples.

        Raises:
            InvalidConfigException: There is no question among them: the importer did not run.
        """
        examples = [message for message in training_data.intent_examples if message.get(TEXT)]
        labels = [message.get(INTENT_RESPONSE_KEY) or message.get(INTENT) for message in examples]
        if not any(label.startswith(f"{ASK}/") for label in labels):
            raise InvalidConfigException(
                f"no training example has an intent '{ASK}/<question>'. Expected the question files to be read by "
                "'components.importer.QuestionImporter' under 'importers:' in config.yml; look for a warning about it above."
            )
        vectors = np.vstack([_vector(message) for message in examples])
        self._classifier = Classifier.train(
            [message.get(READ_AS) or message.get(TEXT) for message in examples], vectors, labels, self._config["penalty"]
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._classifier.save(folder)
        return self._resource

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> Selector:
        """(see parent class for full docstring)"""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, Classifier.load(folder))

    def process(self, messages: list[Message]) -> list[Message]:
        """(see parent class for full docstring)"""
        for message in messages:
            reading = message.get(READING) or {}
            if message.get(INTENT) or not self._classifier:
                continue
            if not message.get(TEXT):
                message.set(INTENT, {"name": UNKNOWN, "confidence": 1.0}, add_to_output=True)
            elif reading.get("pick") is not None:
                message.set(INTENT, {"name": PICK, "confidence": 1.0}, add_to_output=True)
            else:
                self._select(message, self._classifier, reading)
        return messages

    def _select(self, message: Message, classifier: Classifier, reading: dict[str, Any]) -> None:
        text = message.get(READ_AS) or message.get(TEXT)
        parts = [self._pick(classifier, part, embed(part)) for part in segments(text)]
        whole = self._pick(classifier, text, _vector(message)[0])
        if whole.intent in (ASK, UNSURE, UNKNOWN) and reading.get("statement"):
            whole = replace(whole, intent=STATE_GOAL)
        if whole.intent == ASK and reading.get("bare"):
            whole = replace(whole, intent=UNSURE)
        _set(message, whole, [part for part in parts if part.intent == ASK and part.chance >= _SURE])

    def _pick(self, classifier: Classifier, text: str, vector: np.ndarray) -> Pick:
        margins, length = classifier.margins(text, vector), self._config["ranking_length"]
        first, second = np.sort(np.partition(margins, -2)[-2:])[::-1]
        chance = self._scope.chance(float(first - second), classifier.likeness(vector))
        intents = _ranked(classifier.labels, margins, length)
        is_question = np.char.startswith(classifier.labels, f"{ASK}/")
        questions = _ranked(np.array(classifier.labels)[is_question], margins[is_question], length)
        return Pick(text, self._intent(intents[0][0], chance), chance, intents, questions)

    def _intent(self, label: str, chance: float) -> str:
        if chance < self._scope.ask_from:
            return UNKNOWN
        if not label.startswith(f"{ASK}/"):
            return label
        return ASK if chance >= self._scope.answer_from else UNSURE


def _ranked(labels: Sequence[str], margins: np.ndarray, length: int) -> list[tuple[str, float]]:
    """The *length* likeliest of *labels*, each with its share of all of them."""
    shares = softmax(_SHARPNESS * margins)
    return [(str(labels[i]), float(shares[i])) for i in np.argsort(-margins)[:length]]


def _set(message: Message, whole: Pick, parts: list[Pick]) -> None:
    """Write intent, ranking and question in the shape that Rasa's own classifiers and selectors use; several questions beside it."""
    several = {pick.questions[0][0]: pick for pick in reversed(parts)}
    if len(several) > 1 or (whole.intent != ASK and several):
        asks = sorted(several.values(), key=parts.index)
        message.set(ASKS, [{"question": pick.questions[0][0].partition("/")[2], "text": pick.text} for pick in asks], add_to_output=True)
        whole = asks[0]
    ranking = [{"intent_response_key": label, "confidence": share} for label, share in whole.questions]
    best = {**ranking[0], "confidence": whole.chance} if whole.intent == ASK else {"intent_response_key": None, "confidence": 0.0}
    message.set("intent", {"name": whole.intent, "confidence": whole.chance}, add_to_output=True)
    message.set("intent_ranking", [{"name": label, "confidence": share} for label, share in whole.intents], add_to_output=True)
    message.set("response_selector", {ASK: {"response": {"responses": [], **best}, "ranking": ranking}}, add_to_output=True)


def _vector(message: Message) -> np.ndarray:
    """The sentence vector, ``(1, 384)``."""
    _, features = message.get_dense_features(TEXT)
    if features is None or features.type != FEATURE_TYPE_SENTENCE:
        raise InvalidConfigException(
            "a message has no sentence vector. Put components.encoder.Encoder before components.selector.Selector in config.yml."
        )
    return np.asarray(features.features)
