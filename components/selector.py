"""Vector and words to the question that is asked, how sure that is, and whether it is ours to answer at all."""

from __future__ import annotations

import sys
from dataclasses import replace
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

from components import classifying, fingerprints, picking, scope
from components.classifying import Classifier
from components.encoder import Encoder, embed
from components.picking import ASK, STATE_GOAL, SURE, Pick, asks_of, ranked
from components.reader import READ_AS, READING
from components.scope import Scope

UNSURE, UNKNOWN, PICK = "unsure", "out_of_scope", "pick"
ASKS = "asks"
"""The message's questions where it holds several: of each its id, text, goals, conditions and frame, in their order."""


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
            # The question that is about which of the two comes first; preferred where an order is read that may be right or wrong.
            "order_question": "order",
            # By how much of a margin it is preferred.
            "order_margin": 0.25,
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
        return fingerprints.of(sys.modules[__name__], classifying, picking, scope, scope.FILE)

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
        parts = [(self._pick(classifier, part["text"], embed(part["text"]), part), part) for part in reading.get("parts") or []]
        whole = self._pick(classifier, text, _vector(message)[0], reading)
        if whole.intent in (ASK, UNSURE, UNKNOWN) and reading.get("statement"):
            whole = replace(whole, intent=STATE_GOAL)
        if whole.intent == ASK and reading.get("bare"):
            whole = replace(whole, intent=UNSURE)
        asks = asks_of([(pick, part) for pick, part in parts if not part["plan"]])
        if not asks and whole.intent != ASK:
            asks = asks_of(parts)
        if len(asks) > 1 or (whole.intent != ASK and asks):
            message.set(ASKS, asks, add_to_output=True)
            whole = next(pick for pick, _ in parts if pick.intent == ASK and pick.chance >= SURE)
        _set(message, whole)

    def _pick(self, classifier: Classifier, text: str, vector: np.ndarray, reading: dict[str, Any]) -> Pick:
        margins, length = classifier.margins(text, vector), self._config["ranking_length"]
        about_order = f"{ASK}/{self._config['order_question']}"
        if (reading.get("conditions") or {}).get("order") and reading.get("frame") and about_order in classifier.labels:
            margins[classifier.labels.index(about_order)] += self._config["order_margin"]
        first, second = np.sort(np.partition(margins, -2)[-2:])[::-1]
        chance = self._scope.chance(float(first - second), classifier.likeness(vector))
        intents = ranked(classifier.labels, margins, length)
        asked = [place for place, label in enumerate(classifier.labels) if label.startswith(f"{ASK}/")]
        questions = ranked([classifier.labels[place] for place in asked], margins[asked], length)
        return Pick(text, self._intent(intents[0][0], chance), chance, intents, questions)

    def _intent(self, label: str, chance: float) -> str:
        if chance < self._scope.ask_from:
            return UNKNOWN
        if not label.startswith(f"{ASK}/"):
            return label
        return ASK if chance >= self._scope.answer_from else UNSURE


def _set(message: Message, whole: Pick) -> None:
    """Write intent, ranking and question in the shape that Rasa's own classifiers and selectors use."""
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
