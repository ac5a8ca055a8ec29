"""Text to sentence vector, as a Rasa featurizer: any classifier of Rasa's can stand behind it."""

from __future__ import annotations

import functools
import sys
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components import embedding, fingerprints, remembered
from components.embedding import Embedder
from components.reader import READ_AS

_REMEMBERED = 2_000
"""Texts whose vector is kept in memory, 1.5 KB each: people ask the same things."""


@functools.cache
def _embedder() -> Embedder:
    """One model a process. One thread a text: a second is 2 ms faster alone, and slower as soon as several people ask."""
    return Embedder(threads=1)


@functools.lru_cache(maxsize=_REMEMBERED)
def embed(text: str) -> np.ndarray:
    """The vector of one text, ``(384,), float32``."""
    return np.asarray(_embedder().embed([text])[0])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Encoder(GraphComponent):
    """Adds one dense sentence feature, ``(1, 384), float32``, to every message that has text."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """(see parent class for full docstring)"""
        return {
            # How many ask the model at once while training, when nobody waits for anything else.
            "training_callers": 2,
        }

    def __init__(self, config: dict[str, Any]) -> None:
        """The model itself is loaded with the first text."""
        self._training_callers = config["training_callers"]

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> Encoder:
        """(see parent class for full docstring)"""
        return cls(config)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> Encoder:
        """Load the model now, not while somebody waits for the first answer."""
        embed("hello")
        return cls(config)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The model's files and the module that runs them."""
        return fingerprints.of(sys.modules[__name__], embedding, embedding.identity())

    def process(self, messages: list[Message]) -> list[Message]:
        """(see parent class for full docstring)"""
        for message in messages:
            text = _text(message)
            if text and not any(feature.origin == type(self).__name__ for feature in message.features):
                self._add(message, embed(text))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """(see parent class for full docstring)"""
        messages = [message for message in training_data.training_examples if _text(message)]
        if messages:
            embed = functools.partial(_embedder().embed, callers=self._training_callers)
            found = remembered.vectors([_text(message) for message in messages], embed, embedding.identity())
            for message, vector in zip(messages, found, strict=True):
                self._add(message, vector)
        return training_data

    def _add(self, message: Message, vector: np.ndarray) -> None:
        message.add_features(Features(vector[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, type(self).__name__))


def _text(message: Message) -> str:
    """What is read: the corrected text, or the typed one where no `Reader` stands before."""
    return str(message.get(READ_AS) or message.get(TEXT) or "")
