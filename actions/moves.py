"""Conversational moves about the last answer: why, more, once more, in short, says who, are you sure; and picking a choice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import doubt, render
from actions.answers import answer, refine
from actions.base import Safe, documents, goals_by_id, hear, store
from actions.memory import Memory
from knowledge import answering

MOVES = {
    "why": "why",
    "more": "more",
    "repeat": "repeat",
    "shorter": "short",
    "says_who": "evidence",
    "sure": "evidence",
    "goal_matters": "goals",
}
NOTHING_YET = "I have not answered anything yet. What would you like to know about running and lifting?"


class ActionRetell(Safe):
    """Tells the last answer again in the way the message asks for."""

    def name(self) -> str:
        return "action_retell"

    def reply(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        heard, memory = hear(tracker), Memory.from_tracker(tracker)
        thread = memory.thread
        if heard.intent == "sure" and heard.frame == "permission" and thread.question and not thread.frame:
            return refine(dispatcher, memory, heard).events()  # "is that ok?", after a plan
        goals = () if heard.intent == "goal_matters" else thread.goals
        reply = (
            answering.reply(store().question(thread.question), goals, {**memory.standing, **thread.conditions}, thread.frame)
            if thread.question
            else None
        )
        if reply is None and heard.ranking and heard.ranking[0][1] >= 0.5:
            return answer(dispatcher, memory, heard, heard.ranking[0][0]).events()
        if reply is None:
            return doubt.starters(dispatcher, memory, NOTHING_YET).events()
        follow_ups = store().titles(reply.question.follow_ups[:3])
        telling = render.Telling(reply, goals, goals_by_id(), documents(), follow_ups, False)
        render.retell(dispatcher, telling, MOVES[heard.intent])
        return memory.about(offered=tuple(follow_ups)).events()


class ActionPick(Safe):
    """Answers the choice that is named of those offered last ("the second one", "yes")."""

    def name(self) -> str:
        return "action_pick"

    def reply(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        heard, memory = hear(tracker), Memory.from_tracker(tracker)
        offered, place = memory.thread.offered, heard.pick
        if place is None and not memory.thread.doubts:
            render.talk(dispatcher, domain["responses"]["utter_affirm"][0]["text"])
            return []
        place = place or 0
        if memory.thread.doubts and place in (-1, len(offered)):  # "something else" stands last
            return doubt.can_do(dispatcher, memory).events()
        if not -len(offered) <= place < len(offered):
            return doubt.starters(dispatcher, memory, "There is no such choice here. One of these, perhaps?").events()
        chosen = offered[place]
        if memory.thread.doubted:
            doubt.record_choice(memory.thread.doubted, chosen)
        return answer(dispatcher, memory, replace(heard, pressed=True), chosen).events()


class ActionDeny(Safe):
    """Takes a correction ("no, I meant before lifting") into the last answer; a bare no asks what it is then."""

    def name(self) -> str:
        return "action_deny"

    def reply(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        heard, memory = hear(tracker), Memory.from_tracker(tracker)
        if memory.thread.question and (heard.conditions or heard.goals):
            return refine(dispatcher, memory, heard).events()
        if memory.thread.doubts:
            return doubt.can_do(dispatcher, memory).events()
        return doubt.starters(dispatcher, memory, domain["responses"]["utter_deny"][0]["text"]).events()
