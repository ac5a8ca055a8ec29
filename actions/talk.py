"""Starting over, and forgetting. What is said then stands in domain.yml, with all small talk."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Safe
from actions.memory import Memory


class ActionStartOver(Safe):
    """Puts goals and the thread of the talk aside."""

    def name(self) -> str:
        return "action_start_over"

    def reply(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        return Memory().events()


class ActionForgetMe(Safe):
    """Has everything said in this conversation deleted, by the tracker store at the end of the turn."""

    def name(self) -> str:
        return "action_forget_me"

    def reply(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        return [*Memory().events(), SlotSet("forget", True)]
