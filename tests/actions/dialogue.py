"""A small knowledge base, and conversations with the actions over it: slots are kept as Rasa keeps them, rules are those of data/."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from ruamel.yaml import YAML

from actions import answers, base, care, doubt, moves, talk
from knowledge.model import Answer, Base, Evidence, Goal, Question, Source, Vocabulary

ROOT = Path(__file__).parents[2]


def _for(section: str, note: str = "Says so.", stance: str = "supports") -> Evidence:
    return Evidence("after", section, stance, note)


BASE = Base(
    goals=(
        Goal("muscle", "Build muscle", "building muscle"),
        Goal("fat_loss", "Lose fat", "fat loss"),
        Goal("endurance", "Run better", "endurance"),
    ),
    sources=(Source("after", "Running after lifting", ("What comes first", "How long", "Muscle", "Introduction")),),
    vocabulary=Vocabulary(
        activities={},
        conditions={
            "purpose": {"race": ("race",)},
            "intensity": {"hard": ("hard",), "sprint": ("sprints",)},
            "energy": {"deficit": ("cut",)},
        },
        order={},
        frames={},
        days={},
        slang={},
    ),
    questions=(
        Question(
            "order",
            "Run first or lift first?",
            answers=(
                Answer(
                    (),
                    {},
                    "Lift first, then run.",
                    "You lift best while you are fresh.",
                    "lift_first",
                    evidence=(
                        _for("What comes first", "Puts weights first."),
                        _for("Introduction", "one passage would run first", "contradicts"),
                    ),
                ),
                Answer(
                    ("fat_loss",), {}, "Lift first, then run longer.", "Lifting uses up carbs.", "lift_first", evidence=(_for("Muscle"),)
                ),
                Answer(
                    ("endurance",),
                    {},
                    "Run first, or on another day.",
                    "A run goes better on fresh legs.",
                    "run_first",
                    "Rest when tired.",
                    evidence=(_for("Introduction"),),
                ),
                Answer(
                    (),
                    {"purpose": ("race",)},
                    "Before a race run first.",
                    "The race is the goal.",
                    "run_first",
                    evidence=(_for("How long"),),
                ),
            ),
            follow_ups=("wait_time", "muscle_loss"),
        ),
        Question(
            "wait_time",
            "How long should I wait?",
            answers=(
                Answer((), {}, "Wait six hours.", "Tired legs run badly.", evidence=(_for("How long"),)),
                Answer((), {"intensity": ("hard", "sprint")}, "Wait a whole day.", "Hard runs cost more.", evidence=(_for("How long"),)),
            ),
            follow_ups=("order",),
        ),
        Question(
            "muscle_loss",
            "Does running eat my muscle?",
            answers=(
                Answer((), {}, "Easy running costs you no muscle.", "You eat enough.", "good", evidence=(_for("Muscle"),)),
                Answer((), {"energy": ("deficit",)}, "On a cut it can cost some.", "Food is short.", "bad", evidence=(_for("Muscle"),)),
            ),
            follow_ups=("order", "wait_time", "same_day_or_separate"),
        ),
        Question(
            "same_day_or_separate",
            "Same day or separate days?",
            answers=(Answer((), {}, "Either.", "Both work.", evidence=(_for("How long"),)),),
        ),
        Question("creatine", "Does creatine help?", not_covered="whether creatine helps", nearest=("muscle_loss", "wait_time")),
        Question("shoes", "Which shoes?", not_covered="which shoes to wear"),
    ),
)
"""Four questions that are answered, two that are not covered."""


@cache
def _file(name: str) -> Any:
    return YAML(typ="safe").load(ROOT / name)


def domain() -> dict[str, Any]:
    """The domain, as Rasa sends it to an action."""
    return dict(_file("domain.yml"))


def action_of(intent: str) -> str:
    """The first action of the rule for *intent*."""
    (found,) = (rule["steps"][1]["action"] for rule in _file("data/rules.yml")["rules"] if rule["steps"][0].get("intent") == intent)
    return str(found)


def actions() -> dict[str, Action]:
    """Every action of actions/, by its name."""
    classes = {one for module in (answers, care, doubt, moves, talk) for one in vars(module).values() if isinstance(one, type)}
    found = [one() for one in classes if issubclass(one, Action) and one.__module__.startswith("actions.") and not one.__abstractmethods__]
    return {one.name(): one for one in found}


def ranking(shares: Mapping[str, float]) -> list[dict[str, Any]]:
    """Questions with their shares, as the selector ranks them."""
    return [{"intent_response_key": f"ask/{id}", "confidence": share} for id, share in shares.items()]


def heard(
    intent: str,
    text: str = "something",
    question: str | None = None,
    ranked: Mapping[str, float] | None = None,
    asks: Sequence[str | Mapping[str, Any]] = (),
    entities: Mapping[str, Any] | None = None,
    **reading: Any,
) -> dict[str, Any]:
    """A message as the components leave it; *reading* is what the reader found."""
    response = {"intent_response_key": f"ask/{question}" if question else None}
    shares = ranked if ranked is not None else {question: 1.0} if question else {}
    message: dict[str, Any] = {
        "intent": {"name": intent, "confidence": 1.0},
        "text": text,
        "entities": [{"entity": name, "value": value} for name, value in (entities or {}).items()],
        "response_selector": {"ask": {"response": response, "ranking": ranking(shares)}},
        "reading": reading,
    }
    if asks:
        message["asks"] = [{"question": one, "text": one} if isinstance(one, str) else dict(one) for one in asks]
    return message


def tracker(message: Mapping[str, Any], slots: Mapping[str, Any] | None = None) -> Tracker:
    """A tracker whose latest message is *message*."""
    return Tracker.from_dict(
        {
            "sender_id": "somebody",
            "slots": {name: (slots or {}).get(name) for name in domain()["slots"]},
            "latest_message": dict(message),
            "events": [{"event": "user", "input_channel": "rest"}],
        }
    )


@dataclass
class Conversation:
    """A conversation: what is said is heard by the action of its rule, and the slots it sets are there for the next one."""

    slots: dict[str, Any] = field(default_factory=dict)
    followed_by: str | None = None

    def says(self, intent: str, text: str = "something", question: str | None = None, **more: Any) -> list[dict[str, Any]]:
        """Say something; returns the messages that come back."""
        return self.hears(heard(intent, text, question, **more))

    def presses(self, payload: str) -> list[dict[str, Any]]:
        """Press the button with *payload*, which Rasa takes apart without the components."""
        intent, brace, rest = payload.removeprefix("/").partition("{")
        entities = json.loads(brace + rest) if brace else {}
        message = {"intent": {"name": intent, "confidence": 1.0}, "text": payload}
        return self.hears({**message, "entities": [{"entity": name, "value": value} for name, value in entities.items()]})

    def hears(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        """Have the action of the rule reply to *message*."""
        dispatcher = CollectingDispatcher()
        events = actions()[action_of(message["intent"]["name"])].run(dispatcher, tracker(message, self.slots), domain())
        self.slots |= {event["name"]: event["value"] for event in events if event["event"] == "slot"}
        self.followed_by = next((event["name"] for event in events if event["event"] == "followup"), None)
        return [json.loads(json.dumps(reply)) for reply in dispatcher.messages]

    def custom(self, intent: str, *args: Any, **more: Any) -> dict[str, Any]:
        """Say something to which one message comes back; returns its structured part."""
        (reply,) = self.says(intent, *args, **more)
        return dict(reply["custom"])


def forget_addresses() -> None:
    """Let the next action look at the environment anew."""
    base.store.cache_clear()
    base.missed.cache_clear()
