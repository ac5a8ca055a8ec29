"""What is remembered of a conversation, and what the message at hand says. Slots in, slots out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

LASTING = ("purpose", "energy")
"""Circumstances that hold beyond one question: training for a race, being on a cut."""


@dataclass(frozen=True)
class Part:
    """One question of several in a message. *refines*: it is the question before it, for what it names besides."""

    question: str
    goals: tuple[str, ...] = ()
    conditions: Mapping[str, str] = field(default_factory=dict)
    frame: str | None = None
    refines: bool = False

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Part:
        """As components/picking.py writes it."""
        return cls(
            found["question"],
            tuple(found.get("goals") or ()),
            dict(found.get("conditions") or {}),
            found.get("frame"),
            bool(found.get("refines")),
        )


@dataclass(frozen=True)
class Heard:
    """
    One message, as the components read it.

    *question*: the one picked, or that of a button; None where none was. *asks*: all of them where there are several.
    *ranking*: question ids and their shares, likeliest first. *stated*, *once*, *pick*, *topic*: see components/reading.py.
    """

    intent: str
    text: str = ""
    question: str | None = None
    asks: tuple[Part, ...] = ()
    ranking: tuple[tuple[str, float], ...] = ()
    goals: tuple[str, ...] = ()
    stated: bool = False
    once: bool = False
    adds: bool = False
    reversed: bool = False
    pick: int | None = None
    topic: bool = False
    pressed: bool = False
    conditions: Mapping[str, str] = field(default_factory=dict)
    frame: str | None = None
    channel: str = ""

    @classmethod
    def from_tracker(cls, tracker: Tracker, known_goals: frozenset[str] = frozenset()) -> Heard:
        """Read the latest message; a button's entities go before anything read from text. Goals that are not known count as not said."""
        message: Mapping[str, Any] = tracker.latest_message
        reading = message.get("reading") or {}
        entities = {entity["entity"]: entity.get("value") for entity in message.get("entities") or [] if "entity" in entity}
        selected = (message.get("response_selector") or {}).get("ask") or {}
        goal = entities.get("goal")
        goals = (goal if isinstance(goal, list) else [goal]) if goal else reading.get("goals") or []
        picked = entities.get("question") or _id((selected.get("response") or {}).get("intent_response_key"))
        return cls(
            intent=(message.get("intent") or {}).get("name") or "",
            text=str(message.get("text") or ""),
            question=str(picked) if picked else None,
            asks=tuple(Part.of(ask) for ask in message.get("asks") or ()),
            ranking=tuple((id, one["confidence"]) for one in selected.get("ranking") or () if (id := _id(one.get("intent_response_key")))),
            goals=tuple(dict.fromkeys(str(one) for one in goals if isinstance(one, str) and (not known_goals or one in known_goals))),
            stated=bool(goal) or bool(reading.get("stated")),
            once=bool(reading.get("once")),
            adds=bool(reading.get("adds")),
            reversed=bool(reading.get("reversed")),
            pick=reading.get("pick"),
            topic=bool(reading.get("topic")),
            pressed=bool(entities),
            conditions=dict(reading.get("conditions") or {}),
            frame=reading.get("frame"),
            channel=str(tracker.get_latest_input_channel() or ""),
        )


def _id(key: str | None) -> str | None:
    return key.partition("/")[2] if key else None


@dataclass(frozen=True)
class Thread:
    """
    What was said last.

    The question with its circumstances and frame, the goals it was answered for, what was offered next, and how often
    in a row Tandem was in doubt, over which text; whether it was insulted.
    """

    question: str | None = None
    conditions: Mapping[str, str] = field(default_factory=dict)
    frame: str | None = None
    goals: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    doubts: int = 0
    doubted: str = ""
    insulted: bool = False


@dataclass(frozen=True)
class Memory:
    """What is remembered between messages: goals, lasting circumstances, whether the goal was asked for, and the thread."""

    goals: tuple[str, ...] = ()
    standing: Mapping[str, str] = field(default_factory=dict)
    goal_asked: bool = False
    thread: Thread = field(default_factory=Thread)

    @classmethod
    def from_tracker(cls, tracker: Tracker) -> Memory:
        """What the slots hold; anything of another shape counts as nothing."""
        thread, standing = tracker.get_slot("thread"), tracker.get_slot("standing")
        known = {name: thread[name] for name in Thread.__dataclass_fields__ if name in thread} if isinstance(thread, Mapping) else {}
        known |= {name: tuple(known[name] or ()) for name in ("goals", "offered") if name in known}
        return cls(
            goals=tuple(tracker.get_slot("goals") or ()),
            standing=dict(standing) if isinstance(standing, Mapping) else {},
            goal_asked=bool(tracker.get_slot("goal_asked")),
            thread=Thread(**known),
        )

    def events(self) -> list[EventType]:
        """The slots that hold this."""
        thread = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self.thread).items()}
        return [
            SlotSet("goals", list(self.goals) or None),
            SlotSet("standing", dict(self.standing) or None),
            SlotSet("goal_asked", self.goal_asked),
            SlotSet("thread", thread if self.thread != Thread() else None),
        ]

    def hearing(self, heard: Heard) -> Memory:
        """This, with the goals and lasting circumstances that *heard* states as the speaker's own, for good."""
        if (heard.once and self.goals) or not heard.stated:
            return self
        lasting = {name: value for name, value in heard.conditions.items() if name in LASTING}
        if not heard.goals:
            return replace(self, standing={**self.standing, **lasting})
        goals = tuple(dict.fromkeys((*self.goals, *heard.goals))) if heard.adds else heard.goals
        return replace(self, goals=goals, standing={**(self.standing if set(goals) >= set(self.goals) else {}), **lasting})

    def about(self, **thread: Any) -> Memory:
        """This, with another thread."""
        return replace(self, thread=replace(self.thread, **thread))


def goals_for(heard: Heard, memory: Memory) -> tuple[str, ...]:
    """
    The goals this message is answered for: those it states, else those remembered, else those it mentions.

    "Will jogging eat my muscle?" mentions muscle; for somebody who wants to lose fat it is a question about losing fat.
    """
    if heard.goals and (heard.stated or heard.once):
        return heard.goals
    return memory.goals or heard.goals
