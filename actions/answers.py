"""Answer questions: one, several, or the last one again for another goal or circumstance."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import doubt, render
from actions.base import Safe, documents, goals_by_id, hear, store
from actions.memory import Heard, Memory, goals_for
from knowledge import answering
from knowledge.errors import UnknownQuestion
from knowledge.model import ORDERS, Answer, Question

MOST_AT_ONCE = 4
PARTLY_FROM = 0.10
"""From this share in the ranking on, a question that the documents do not cover counts as asked too."""


def tell(dispatcher: CollectingDispatcher, memory: Memory, heard: Heard, goals: tuple[str, ...], unchanged: bool = False) -> Memory:
    """Answer the thread's question for *goals*; returns what to remember now. *unchanged*: it is what was said last."""
    thread = memory.thread
    question = store().question(thread.question or "")
    reply = answering.reply(question, goals, {**memory.standing, **thread.conditions}, thread.frame)
    if reply is None:
        return _gap(dispatcher, memory, heard, question)
    ask_goal = not goals and not memory.goal_asked and bool(reply.would_change)
    follow_ups = store().titles(question.follow_ups[:3])
    render.answer(
        dispatcher, render.Telling(reply, goals, goals_by_id(), documents(), follow_ups, ask_goal, _missing(heard, question), unchanged)
    )
    memory = memory.about(goals=goals, offered=tuple(follow_ups), doubts=0, doubted="")
    return replace(memory, goal_asked=memory.goal_asked or ask_goal)


def _gap(dispatcher: CollectingDispatcher, memory: Memory, heard: Heard, question: Question) -> Memory:
    doubt.record(heard, "gap", question.id)
    nearest = store().titles(question.nearest)
    render.gap(dispatcher, question, nearest)
    return memory.about(question=None, offered=tuple(nearest), doubts=0, doubted="")


def _missing(heard: Heard, question: Question) -> str | None:
    """What the message also asks for and the documents do not have, or None."""
    if heard.intent != "ask" or heard.pressed or heard.asks:
        return None
    for id, share in heard.ranking[:3]:
        if id != question.id and share >= PARTLY_FROM:
            other = store().question(id)
            if other.not_covered:
                return other.not_covered
    return None


def answer(dispatcher: CollectingDispatcher, memory: Memory, heard: Heard, questions: tuple[str, ...]) -> Memory:
    """Answer *questions* in their order, each once."""
    goals = goals_for(heard, memory)
    for id in dict.fromkeys(questions[:MOST_AT_ONCE]):
        conditions = dict(memory.thread.conditions) if heard.pressed else dict(heard.conditions)
        memory = tell(dispatcher, memory.about(question=id, conditions=conditions, frame=heard.frame), heard, goals)
    return memory


class ActionAnswer(Safe):
    """Answers the question, or the questions, that the message or a button asks."""

    def name(self) -> str:
        return "action_answer"

    def reply(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        heard, memory = hear(tracker), Memory.from_tracker(tracker)
        if heard.pressed and memory.thread.doubted and heard.question:
            doubt.record_choice(memory.thread.doubted, heard.question)
        if _leaning(memory, heard):
            return refine(dispatcher, memory, heard).events()
        try:
            return answer(dispatcher, memory.hearing(heard), heard, heard.asks or (heard.question or "",)).events()
        except UnknownQuestion:
            return doubt.offer(dispatcher, memory, heard).events()


def _leaning(memory: Memory, heard: Heard) -> bool:
    """Whether a short question is about the thread's by its words ("can it be sprints?", "and the other way round?")."""
    words = heard.text.lower().strip("?! .").split()
    last, named = memory.thread.question, set(heard.conditions) - {"order"}
    if heard.pressed or not last or len(words) > doubt.SHORT:
        return False
    return heard.reversed or (not {"it", "that", "them", "those", "this"}.isdisjoint(words) and bool(named) and _depends(last, named))


class ActionRefine(Safe):
    """Answers the last question again, for the goal or the circumstances that the message names; or for no goal."""

    def name(self) -> str:
        return "action_refine"

    def reply(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        heard, memory = hear(tracker), Memory.from_tracker(tracker)
        if heard.intent == "no_goal":
            return no_goal(dispatcher, memory, heard).events()
        return refine(dispatcher, memory, heard).events()


def no_goal(dispatcher: CollectingDispatcher, memory: Memory, heard: Heard) -> Memory:
    """The general answer, and never a question for the goal again."""
    memory = replace(memory, goals=(), standing={}, goal_asked=True)
    if not memory.thread.question:
        return doubt.starters(dispatcher, memory, "All right, no goal then. What would you like to know about running and lifting?")
    return tell(dispatcher, memory, heard, ())


def refine(dispatcher: CollectingDispatcher, memory: Memory, heard: Heard) -> Memory:
    """Answer the thread's question again with what *heard* adds; or the question that the addition is about."""
    before = memory
    memory = memory.hearing(replace(heard, stated=True))
    goals = heard.goals if heard.once and heard.goals else memory.goals or heard.goals
    question = _question_for(memory, heard)
    if question is None:
        if heard.goals and not heard.conditions:
            phrases = " and ".join(goals_by_id()[goal].phrase for goal in heard.goals if goal in goals_by_id())
            return doubt.starters(
                dispatcher, memory, f"Noted, I answer for {phrases}. What would you like to know about running and lifting?"
            )
        return doubt.offer(dispatcher, before, heard)
    same = question == memory.thread.question
    conditions = {**(memory.thread.conditions if same else {}), **heard.conditions}
    if heard.reversed and "order" in conditions:
        conditions["order"] = next(order for order in ORDERS if order != conditions["order"])
    frame = (memory.thread.frame if same else None) or heard.frame
    memory = memory.about(question=question, conditions=conditions, frame=frame)
    return tell(dispatcher, memory, heard, goals, unchanged=same and _given(before, before.thread.goals) == _given(memory, goals))


def _given(memory: Memory, goals: tuple[str, ...]) -> list[Answer]:
    """The answers that the thread's question has for *goals*."""
    reply = answering.reply(store().question(memory.thread.question or ""), goals, {**memory.standing, **memory.thread.conditions})
    return [part.answer for part in reply.parts] if reply else []


def _question_for(memory: Memory, heard: Heard) -> str | None:
    """The thread's question; where what is added makes no difference to it, the likeliest question to which it does."""
    last, named = memory.thread.question, set(heard.conditions)
    if last and (heard.goals or (named and _depends(last, named))):
        return last
    if named:
        return next((id for id, share in heard.ranking if _depends(id, named) and (last or share >= 0.3)), last)
    return heard.ranking[0][0] if heard.ranking and heard.ranking[0][1] >= 0.3 and not heard.reversed else last


def _depends(id: str, dimensions: set[str]) -> bool:
    return any(dimensions & set(answer.when) for answer in store().question(id).answers)
