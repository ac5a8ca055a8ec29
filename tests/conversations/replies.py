"""What Rasa's REST channel returns for a turn, as replies."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_LISTS = ("choices", "follow_ups", "goal_choices")


@dataclass(frozen=True)
class Button:
    """A button: its title, and what is sent when it is pressed."""

    title: str
    payload: str

    @property
    def question(self) -> str | None:
        """The question that it asks, if it asks one."""
        name, brace, rest = self.payload.partition("{")
        try:
            return str(json.loads(brace + rest)["question"]) if name.rstrip() == "/ask" else None
        except (ValueError, KeyError, TypeError):
            return None

    @property
    def goal(self) -> bool:
        """Whether it states a goal."""
        return self.payload.startswith("/state_goal")


@dataclass(frozen=True)
class Reply:
    """One reply: the words as a plain channel shows them, and the custom part."""

    text: str
    buttons: tuple[Button, ...]
    custom: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """One of transcript.KINDS, if the reply is sound."""
        return str(self.custom.get("kind"))

    @property
    def question(self) -> str | None:
        """The question that it answers, or says to be in no document."""
        return self.custom.get("question") if self.kind in ("answer", "gap") else None

    @property
    def goals(self) -> tuple[str, ...]:
        """The goals that it is for."""
        return tuple(goal["id"] for goal in self.custom.get("goals") or ())

    @property
    def words(self) -> str:
        """Everything that it says: plain, or structured where only that is there."""
        structured = str(self.custom.get("text") or "")
        return self.text if structured in self.text else f"{self.text}\n{structured}".strip()

    def __str__(self) -> str:
        """Kind, question, goals, verdict, first words."""
        goals = f"[{', '.join(self.goals)}]" if self.kind == "answer" else ""
        more = [f"{key}={self.custom[key]}" for key in ("verdict", "move", "level") if self.custom.get(key)]
        first = " ".join(self.words.split())
        return " ".join(filter(None, [self.kind, self.question, goals, *more, f"“{first[:90]}{'…' if len(first) > 90 else ''}”"]))


def replies(messages: Sequence[Mapping[str, Any]]) -> list[Reply]:
    """A custom part belongs to the text before it."""
    found: list[Reply] = []
    text: Mapping[str, Any] = {}
    for message in messages:
        if "custom" in message:
            found.append(_reply(text, message["custom"]))
            text = {}
        else:
            found += [_reply(text, {})] if text else []
            text = message
    return [*found, *([_reply(text, {})] if text else [])]


def _reply(plain: Mapping[str, Any], custom: Mapping[str, Any]) -> Reply:
    return Reply(plain.get("text") or "", tuple(_buttons(plain, custom)), custom)


def _buttons(plain: Mapping[str, Any], custom: Mapping[str, Any]) -> Iterator[Button]:
    """The buttons of the plain form, then those of the structured one that are not among them."""
    given = [*(plain.get("buttons") or ()), *(choice for name in _LISTS for choice in custom.get(name) or ())]
    yield from dict.fromkeys(Button(button["title"], button["payload"]) for button in given)
