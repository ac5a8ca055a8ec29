"""Send the care card of a danger. No advice on training comes with it, and none can be asked for again with a "why?"."""

from __future__ import annotations

import os
from dataclasses import asdict, replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions import doubt, render
from actions.base import Safe, watch
from actions.memory import Memory, Thread


class ActionCare(Safe):
    """Sends the card that the guard put into the message."""

    def name(self) -> str:
        return "action_care"

    def reply(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        card = tracker.latest_message.get("care")
        if card is None:  # behind a command, where Rasa leaves the pipeline aside: Safe sent us here
            found = watch().look(str(tracker.latest_message["text"]))
            card = asdict(found) if found else {}
        if not card:  # the bare command
            return doubt.can_do(dispatcher, Memory.from_tracker(tracker)).events()
        contact = os.environ.get("TANDEM_CONTACT", "").strip() if card.get("contact") else ""
        render.care(dispatcher, card["level"], card["title"], card["text"], contact)
        events = replace(Memory.from_tracker(tracker), thread=Thread()).events()
        # Behind a command no rule says what comes next, and Rasa would look for something to say.
        return events if tracker.latest_message.get("care") else [*events, FollowupAction("action_listen")]
