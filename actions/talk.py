"""Starting over, forgetting, and insults. What is said then stands in domain.yml, with all small talk."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import doubt, render
from actions.base import Safe, store
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


class ActionInsult(Safe):
    """Stays calm, once; who goes on hears what Tandem is there for, and no more."""

    def name(self) -> str:
        return "action_insult"

    def reply(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        memory = Memory.from_tracker(tracker)
        again = memory.thread.insulted
        (response,) = domain["responses"]["utter_insult_again" if again else "utter_insult"]
        render.talk(dispatcher, response["text"], [] if again else render.question_choices(store().titles(doubt.STARTERS)))
        return memory.about(insulted=True).events()
