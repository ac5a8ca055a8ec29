"""What all actions share: the knowledge base at hand, and no exception that reaches a user."""

from __future__ import annotations

import abc
import functools
import logging
import os
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import render
from actions.memory import Heard
from knowledge import danger
from knowledge.danger import Watch
from knowledge.errors import KnowledgeError, UnknownQuestion
from knowledge.model import Goal
from knowledge.store import DEFAULT_URL, Store
from knowledge.store.missed import MISSED_URL, Missed

logger = logging.getLogger(__name__)
SORRY = "Something went wrong on my side, and it is noted. Please ask again in a moment."
NO_BASE = "I cannot reach my sources right now. Please try again in a minute; whoever runs me can see why in the log."


@functools.cache
def store() -> Store:
    """The knowledge base at $TANDEM_KNOWLEDGE_URL; one object a process."""
    return Store(os.environ.get("TANDEM_KNOWLEDGE_URL") or DEFAULT_URL)


@functools.cache
def missed() -> Missed:
    """Where questions are noted that got no sure answer: the database at $TANDEM_MISSED_URL."""
    return Missed(os.environ.get("TANDEM_MISSED_URL") or MISSED_URL)


@functools.cache
def watch() -> Watch:
    """The watch for dangers, for text that Rasa takes for a command and keeps from the guard."""
    return Watch(danger.load())


def goals_by_id() -> dict[str, Goal]:
    """All goals."""
    return {goal.id: goal for goal in store().goals()}


def documents() -> dict[str, str]:
    """The titles of all documents, by id."""
    return {source.id: source.title for source in store().sources()}


def hear(tracker: Tracker) -> Heard:
    """The latest message."""
    return Heard.from_tracker(tracker, frozenset(goals_by_id()))


class Safe(Action, abc.ABC):
    """An action that always leaves the user with a sentence, and the log with the cause."""

    @abc.abstractmethod
    def reply(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """What the action does; may raise anything."""

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """(see parent class for full docstring)"""
        try:
            text = str(tracker.latest_message.get("text") or "")
            if text.startswith("/") and self.name() != "action_care" and watch().look(text):
                return [FollowupAction("action_care")]
            return self._again_without_thread(dispatcher, tracker, domain)
        except KnowledgeError as error:
            logger.error("%s: %s", self.name(), error)
            return self._apologise(dispatcher, NO_BASE)
        except Exception:
            logger.exception("%s failed", self.name())
            return self._apologise(dispatcher, SORRY)

    def _again_without_thread(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """The reply; where a new build no longer has the question that was talked about, the reply without it."""
        try:
            return self.reply(dispatcher, tracker, domain)
        except UnknownQuestion as error:
            if not tracker.get_slot("thread"):
                raise
            logger.warning("%s: %s The thread of the talk is dropped.", self.name(), error)
        dispatcher.messages.clear()
        tracker.slots["thread"] = None
        return [SlotSet("thread", None), *self.reply(dispatcher, tracker, domain)]

    @staticmethod
    def _apologise(dispatcher: CollectingDispatcher, text: str) -> list[EventType]:
        dispatcher.messages.clear()
        render.error(dispatcher, text)
        return []
