"""What to do where Tandem is not sure, or the documents say nothing: take it from the thread, ask back, say so, and note it."""

from __future__ import annotations

import logging
import os
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import render
from actions.base import Safe, hear, missed, store
from actions.memory import Heard, Memory
from knowledge.errors import KnowledgeError

logger = logging.getLogger(__name__)
STARTERS = ("order", "muscle_loss", "same_day_or_separate")
MOST_DOUBTS = 2
"""How often in a row Tandem asks back before it says what it can do."""
LONG = 20
"""Words of a post that gets what the documents say to it, though it asks nothing clearly."""
SHORT = 6
"""Words of a message that may lean on the question before it ("how long then?")."""
CAN_DO = (
    "I am a machine that knows two articles about running and lifting together: "
    "which goes first, same day or not, muscle, fat loss, recovery. "
    "I do not seem to have what you ask."
)


def starters(dispatcher: CollectingDispatcher, memory: Memory, text: str) -> Memory:
    """Say *text* with the questions that people ask most."""
    titles = store().titles(STARTERS)
    render.talk(dispatcher, text, render.question_choices(titles))
    return memory.about(offered=tuple(titles))


def leans_on(memory: Memory, heard: Heard) -> str | None:
    """The question that a short message means after the one before: the likeliest, if it is that one or one of those offered with it."""
    last = memory.thread.question
    if not last:
        return None
    near = {last, *memory.thread.offered, *store().question(last).follow_ups}
    return next((id for id, share in heard.ranking[:3] if id in near and share >= 0.1), None)


def offer(dispatcher: CollectingDispatcher, memory: Memory, heard: Heard) -> Memory:
    """Ask "did you mean", or say what Tandem can do once that was asked often enough."""
    record(heard, "unsure", heard.ranking[0][0] if heard.ranking else None)
    if memory.thread.doubts >= MOST_DOUBTS:
        return can_do(dispatcher, memory)
    titles = store().titles([id for id, _ in heard.ranking[:3]]) or store().titles(STARTERS)
    render.did_you_mean(dispatcher, titles)
    return memory.about(offered=tuple(titles), doubts=memory.thread.doubts + 1, doubted=heard.text)


def can_do(dispatcher: CollectingDispatcher, memory: Memory) -> Memory:
    """Say what Tandem can do, and where to turn."""
    contact = os.environ.get("TANDEM_CONTACT", "").strip()
    memory = starters(
        dispatcher, memory, " ".join(filter(None, [CAN_DO, f"Somebody to ask: {contact}." if contact else "", "One of these, perhaps?"]))
    )
    return memory.about(doubts=0, doubted="")


def record(heard: Heard, kind: str, nearest: str | None) -> None:
    """Note a question that got no sure answer, for the operator; never who asked. A failure is logged and keeps nobody waiting."""
    if heard.text.startswith("/") or not any(letter.isalpha() for letter in heard.text):
        return
    try:
        missed().add(text=heard.text, kind=kind, channel=heard.channel, nearest=nearest, scores=dict(heard.ranking[:3]))
    except KnowledgeError as error:
        logger.error("a missed question could not be noted: %s", error)


def record_choice(text: str, chosen: str) -> None:
    """Note which question somebody meant whom Tandem had asked back."""
    try:
        missed().choose(text=text, chosen=chosen)
    except KnowledgeError as error:
        logger.error("a choice could not be noted: %s", error)


def _from_thread(dispatcher: CollectingDispatcher, memory: Memory, heard: Heard) -> Memory | None:
    """Answer a short message that leans on the thread: a circumstance of it ("but for a race?"), or what was offered with it."""
    from actions.answers import answer, refine  # they lean on this module as well

    length = len(heard.text.split())
    likeliest, share = heard.ranking[0] if heard.ranking else ("", 0.0)
    if (length >= LONG and share >= 0.35) or (memory.thread.question and SHORT < length <= 2 * SHORT and share >= 0.75):
        return answer(dispatcher, memory.hearing(heard), heard, likeliest)
    if not memory.thread.question or length > SHORT:
        return None
    if heard.goals or heard.conditions:
        return refine(dispatcher, memory, heard)
    question = leans_on(memory, heard)
    return answer(dispatcher, memory.hearing(heard), heard, question) if question else None


class ActionDidYouMean(Safe):
    """Takes a short message from the thread, else offers the questions that may be meant."""

    def name(self) -> str:
        return "action_did_you_mean"

    def reply(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        heard, memory = hear(tracker), Memory.from_tracker(tracker)
        memory = _from_thread(dispatcher, memory, heard) or offer(dispatcher, memory, heard)
        return memory.events()


class ActionNotOurs(Safe):
    """Says that the documents do not say, where it is of our field; that it is something else, where it is not."""

    def name(self) -> str:
        return "action_not_ours"

    def reply(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        heard, memory = hear(tracker), Memory.from_tracker(tracker)
        if told := _from_thread(dispatcher, memory, heard):
            return told.events()
        record(heard, "unknown", heard.ranking[0][0] if heard.ranking else None)
        if not heard.topic:
            return starters(dispatcher, memory, domain["responses"]["utter_out_of_scope"][0]["text"]).events()
        titles = store().titles([id for id, _ in heard.ranking[:2] if not store().question(id).not_covered]) or store().titles(STARTERS[:2])
        render.not_said(dispatcher, titles)
        return memory.about(offered=tuple(titles), question=None).events()
