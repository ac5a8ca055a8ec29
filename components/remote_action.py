"""
Rasa's own actions, without their silence and without their cost.

Rasa 3.6 lets an action server that fails, hangs (300 s) or is gone end a turn without a word to the user; so ends the
command /session_start. And it checks every answer against a constant JSON schema that it builds and checks anew each time
(35 to 40 ms a turn; with the schema built once still 4 ms), then searches all classes for the one of each event's name
(0.2 ms an event).
"""

from __future__ import annotations

import asyncio
import functools
import logging
from typing import Any

import rasa
from rasa.core.actions import action as rasa_action
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.constants import USER_INTENT_SESSION_START
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

logger = logging.getLogger(__name__)
TIMEOUT_S = 4.0
"""A turn takes milliseconds; whoever waits longer reads an apology."""
APOLOGY = "I cannot answer right now; something behind me is not running. Please try again in a minute."
_WRITTEN_FOR = "3.6.21"
GREETING = "utter_greet"
_RasaRemoteAction = rasa_action.RemoteAction
_RasaSessionStart = rasa_action.ActionSessionStart


class PromptRemoteAction(_RasaRemoteAction):
    """A `RemoteAction` that answers within `TIMEOUT_S`, if only to apologise."""

    def _validate_action_result(self, result: dict[str, Any]) -> bool:
        lists = [result.get("events", []), result.get("responses", [])] if isinstance(result, dict) else [None]
        if not all(isinstance(items, list) and all(isinstance(item, dict) for item in items) for items in lists):
            raise RasaException(f"the action server's answer to {self.name()} holds no lists of events and responses")
        return True  # what is wrong inside an event, its class says when it is made

    async def run(
        self, output_channel: OutputChannel, nlg: NaturalLanguageGenerator, tracker: DialogueStateTracker, domain: Domain
    ) -> list[Event]:
        """(see parent class for full docstring)"""
        try:
            return list(await asyncio.wait_for(super().run(output_channel, nlg, tracker, domain), TIMEOUT_S))
        except rasa_action.ActionExecutionRejection:
            raise
        except Exception as error:
            logger.error("The action server did not carry out %s: %s", self.name(), _why(error))
            return [BotUttered(APOLOGY, {"custom": {"kind": "error", "text": APOLOGY, "retry": True}})]


class GreetingSessionStart(_RasaSessionStart):
    """An `ActionSessionStart` that greets whoever asks for it by /session_start. All other sessions begin unnoticed, as ever."""

    async def run(
        self, output_channel: OutputChannel, nlg: NaturalLanguageGenerator, tracker: DialogueStateTracker, domain: Domain
    ) -> list[Event]:
        """(see parent class for full docstring)"""
        *begins, listens = await super().run(output_channel, nlg, tracker, domain)
        if not tracker.latest_message or tracker.latest_message.intent.get("name") != USER_INTENT_SESSION_START:
            return [*begins, listens]
        greeting = rasa_action.ActionBotResponse(GREETING, silent_fail=True)
        return [*begins, *await greeting.run(output_channel, nlg, tracker, domain), listens]


def _why(error: BaseException) -> str:
    """What went wrong, with what Rasa gives as its cause."""
    if isinstance(error, asyncio.TimeoutError):
        return f"no answer within {TIMEOUT_S} s"
    causes = (error, error.__cause__ or error.__context__)
    return ": ".join(str(cause) or type(cause).__name__ for cause in causes if cause)


def install() -> None:
    """Put the classes above in the place of Rasa's own, and remember event classes; only on the Rasa they were written for."""
    if rasa.__version__ == _WRITTEN_FOR:
        rasa_action.RemoteAction, rasa_action.ActionSessionStart = PromptRemoteAction, GreetingSessionStart
        if not hasattr(Event.resolve_by_type, "cache_info"):
            Event.resolve_by_type = staticmethod(functools.lru_cache(maxsize=None)(Event.resolve_by_type))
    else:
        logger.warning("components.remote_action was written for Rasa %s and is not used with %s.", _WRITTEN_FOR, rasa.__version__)
