"""Danger goes before everything: whatever a message was taken for, a danger in it makes it one."""

from __future__ import annotations

import sys
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from components import fingerprints
from knowledge import danger
from knowledge.danger import Watch

DANGER, CARE = "danger", "care"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Guard(GraphComponent):
    """Looks for the dangers of knowledge/danger.yml in the text as typed; stands last in the pipeline and has the last word."""

    def __init__(self) -> None:
        """Read the file; an edit of it counts from the next start on, without training."""
        self._watch = Watch(danger.load())

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext) -> Guard:
        """(see parent class for full docstring)"""
        return cls()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The modules that look."""
        return fingerprints.of(sys.modules[__name__], danger)

    def process(self, messages: list[Message]) -> list[Message]:
        """(see parent class for full docstring)"""
        for message in messages:
            card = self._watch.look(message.get(TEXT) or "")
            if card:
                message.set(INTENT, {"name": DANGER, "confidence": 1.0}, add_to_output=True)
                shown = {"kind": card.kind, "level": card.level, "title": card.title, "text": card.text, "contact": card.contact}
                message.set(CARE, shown, add_to_output=True)
        return messages
