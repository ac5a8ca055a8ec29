"""Text to what it says besides its question: goals, circumstances, order, frame; and the text put right."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components import choices, embedding, fingerprints, matching, order, reading, segments, spelling, wishes
from components.embedding import Embedder
from components.reading import Readings
from components.spelling import Speller
from knowledge import files, search
from knowledge.model import Goal, Vocabulary

READ_AS = "read_as"
"""The message's text put right; what later components read."""
READING = "reading"
"""The message's `Reading`, as a dict; Rasa passes it on to the action server."""
_FILE = "reader.json"


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True
)
class Reader(GraphComponent):
    """Reads messages by the words of goals.yml and vocabulary.yml, which training copies into the model."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """(see parent class for full docstring)"""
        return {
            # Where goals.yml and vocabulary.yml are; knowledge/ without it.
            "folder": None,
            # A word of the phrasings counts as known, so that misspelt ones are corrected to it, if so many have it.
            "known_from": 4,
        }

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """An untrained reader; `train` or `load` makes it read."""
        self._config, self._model_storage, self._resource = config, model_storage, resource
        self._speller: Speller | None = None
        self._readings: Readings | None = None

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext) -> Reader:
        """(see parent class for full docstring)"""
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The word lists, and the modules that read by them."""
        folder = _folder(config)
        modules = (sys.modules[__name__], choices, matching, order, reading, segments, spelling, wishes, embedding, search)
        return fingerprints.of(*modules, folder / "goals.yml", folder / "vocabulary.yml", embedding.identity())

    def train(self, training_data: TrainingData) -> Resource:
        """Take the words of the knowledge base and of the phrasings into the model."""
        base = files.load(_folder(self._config))
        familiar = Embedder().whole_words()
        known = _words_of(base.goals, base.vocabulary)
        counts = Counter(word for message in training_data.intent_examples for word in set(_words([message.get(TEXT, "")])))
        known |= {word for word, count in counts.items() if count >= self._config["known_from"] and word in familiar}
        learnt = {
            "known": sorted(known),
            "familiar": sorted(familiar),
            "goals": [asdict(goal) for goal in base.goals],
            "vocabulary": asdict(base.vocabulary),
        }
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _FILE).write_text(json.dumps(learnt), encoding="utf-8")
        self._learn(learnt)
        return self._resource

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> Reader:
        """(see parent class for full docstring)"""
        reader = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            reader._learn(json.loads((folder / _FILE).read_text(encoding="utf-8")))
        return reader

    def _learn(self, learnt: dict[str, Any]) -> None:
        vocabulary = Vocabulary(**learnt["vocabulary"])
        self._speller = Speller(learnt["known"], learnt["familiar"], vocabulary.slang)
        self._readings = Readings([Goal(**goal) for goal in learnt["goals"]], vocabulary)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """(see parent class for full docstring)"""
        for message in training_data.training_examples:
            self._correct(message)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """(see parent class for full docstring)"""
        for message in messages:
            text = self._correct(message)
            if text and self._readings:
                message.set(READING, self._readings.read(text).as_dict(), add_to_output=True)
        return messages

    def _correct(self, message: Message) -> str:
        text = message.get(TEXT)
        if not text or self._speller is None:
            return ""
        corrected = self._speller(text)
        message.set(READ_AS, corrected, add_to_output=True)
        return corrected


def _folder(config: dict[str, Any]) -> Path:
    return Path(config.get("folder") or files.HERE)


def _words(texts: Iterable[str]) -> list[str]:
    return [word for text in texts for word in re.findall(r"[a-z]{3,}", text.lower())]


def _words_of(goals: Iterable[Goal], vocabulary: Vocabulary) -> set[str]:
    lists = [goal.words for goal in goals]
    for field in (vocabulary.activities, vocabulary.order, vocabulary.frames, vocabulary.days, *vocabulary.conditions.values()):
        lists += field.values()
    return {word for words in lists for word in _words(words)}
