"""Answer questions: one, several, or the last one again for another goal or circumstance."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import doubt, render
from actions.base import Safe, documents, goals_by_id, hear, store
from actions.memory import LASTING, Heard, Memory, goals_for
from knowledge import answering
from knowledge.errors import UnknownQuestion
from knowledge.model import ORDERS, Question

MOST_AT_ONCE = 4
LIKELY = 0.5
"""From this share on a statement ("i want to lose fat by running") is taken for the likeliest question, where none was asked before."""
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


def answer(dispatcher: CollectingDispatcher, memory: Memory, heard: Heard, question: str) -> Memory:
    """Answer *question*, for what the message names; a button keeps the circumstances there were."""
    conditions = dict(memory.thread.conditions) if heard.pressed else dict(heard.conditions)
    return tell(dispatcher, memory.about(question=question, conditions=conditions, frame=heard.frame), heard, goals_for(heard, memory))


def answer_all(dispatcher: CollectingDispatcher, memory: Memory, heard: Heard) -> Memory:
    """Answer the questions of the message in their order, each for what it names; those that are not covered leave the thread alone."""
    beside = {name: value for name, value in heard.conditions.items() if all(name not in part.conditions for part in heard.asks)}
    before: dict[str, str] = {}
    thread, told = memory.thread, list[tuple[object, ...]]()
    for part in heard.asks[:MOST_AT_ONCE]:
        inherited = {name: value for name, value in before.items() if name != "order" or part.refines}
        before = {**beside, **inherited, **part.conditions}
        goals = heard.goals if heard.stated else part.goals or goals_for(heard, memory)
        asked = memory.about(question=part.question, conditions=before, frame=part.frame)
        given = (part.question, *_given(asked, goals))
        if given in told:
            continue
        told.append(given)
        memory = tell(dispatcher, asked, heard, goals)
        thread = memory.thread if memory.thread.question else thread
    return replace(memory, thread=replace(thread, offered=memory.thread.offered))


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
            memory = memory.hearing(heard)
            return (
                answer_all(dispatcher, memory, heard) if heard.asks else answer(dispatcher, memory, heard, heard.question or "")
            ).events()
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
        if heard.goals and set(heard.conditions) <= {*LASTING, "body_part"}:
            phrases = " and ".join(goals_by_id()[goal].phrase for goal in heard.goals if goal in goals_by_id())
            return doubt.starters(
                dispatcher, memory, f"Noted, I answer for {phrases}. What would you like to know about running and lifting?"
            )
        return doubt.offer(dispatcher, before, heard)
    same = question == memory.thread.question
    conditions = {**(memory.thread.conditions if same else {}), **heard.conditions}
    if heard.reversed and "order" in conditions:
        conditions["order"] = next(order for order in ORDERS if order != conditions["order"])
    frame = heard.frame or (memory.thread.frame if same else None)
    memory = memory.about(question=question, conditions=conditions, frame=frame)
    return tell(dispatcher, memory, heard, goals, unchanged=same and _given(before, before.thread.goals) == _given(memory, goals))


def _given(memory: Memory, goals: tuple[str, ...]) -> tuple[object, ...]:
    """What is said of the thread's question for *goals*: the answers, and what makes them a yes or a no."""
    thread = memory.thread
    reply = answering.reply(store().question(thread.question or ""), goals, {**memory.standing, **thread.conditions})
    return (thread.conditions.get("order"), thread.frame, *(part.answer for part in reply.parts)) if reply else ()


def _question_for(memory: Memory, heard: Heard) -> str | None:
    """The thread's question; where what is added makes no difference to it, the likeliest question to which it does."""
    last, named = memory.thread.question, set(heard.conditions)
    if last and (heard.goals or (named and _depends(last, named))):
        return last
    if named:
        return next((id for id, share in heard.ranking if _depends(id, named) and (last or share >= LIKELY)), last)
    return heard.ranking[0][0] if heard.ranking and heard.ranking[0][1] >= LIKELY and not heard.reversed else last


def _depends(id: str, dimensions: set[str]) -> bool:
    return any(dimensions & set(answer.when) for answer in store().question(id).answers)
