"""A conversation held with Tandem, turn by turn, until something is wrong."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from .checking import Before, wrong
from .replies import Button, Reply, replies
from .transcript import Conversation, Turn


@dataclass(frozen=True)
class Tandem:
    """A running Tandem, at the REST channel of its Rasa."""

    http: httpx.Client

    def say(self, sender: str, message: str) -> list[Reply]:
        """
        Send *message* on behalf of *sender*.

        Raises:
            httpx.HTTPError: The server failed, or did not answer in 30 s.
        """
        response = self.http.post("/webhooks/rest/webhook", json={"sender": sender, "message": message}, timeout=30)
        response.raise_for_status()
        messages: list[dict[str, Any]] = response.json()
        return replies(messages)


@dataclass(frozen=True)
class Failure:
    """The first turn of a conversation that went wrong."""

    conversation: Conversation
    turn: Turn
    complaints: Sequence[str]
    transcript: Sequence[str]

    def __str__(self) -> str:
        """The conversation so far, what was expected, what came."""
        where = f"tests/conversations/{self.conversation.topic}.yml:{self.turn.line}: {self.conversation.name}"
        return "\n".join([where, *self.transcript, *(f"  expected {complaint}" for complaint in self.complaints)])

    @property
    def short(self) -> str:
        """One line."""
        return f"{self.conversation.topic}.yml:{self.turn.line} “{_shown(self.turn.said, 60)}”: {'; '.join(self.complaints)}"


def hold(conversation: Conversation, tandem: Tandem) -> Failure | None:
    """Hold *conversation* as somebody new; returns what went wrong first."""
    sender, before, transcript = secrets.token_hex(8), Before(), []
    for turn in conversation.turns:
        transcript.append(f"  {'press ' if turn.pressed else 'you   '} {_shown(turn.said)}")
        message, complaint = _press(turn.said, before.buttons) if turn.pressed else (turn.said, None)
        if complaint is not None:
            return Failure(conversation, turn, [complaint], transcript)
        try:
            came = tandem.say(sender, message)
        except httpx.HTTPError as error:
            return Failure(conversation, turn, [f"an answer, got {type(error).__name__}: {error}"], transcript)
        transcript += [f"  tandem {reply}" for reply in came] or ["  tandem says nothing"]
        complaints = wrong(came, turn.expected, before)
        if complaints:
            return Failure(conversation, turn, complaints, transcript)
        before = before.after(came)
    return None


def _press(name: str, buttons: Sequence[Button]) -> tuple[str, str | None]:
    """What is sent when the button is pressed that has the title or place *name*, or a complaint that there is none."""
    if name.startswith("#") and name[1:].isdigit() and 0 < int(name[1:]) <= len(buttons):
        return buttons[int(name[1:]) - 1].payload, None
    for button in buttons:
        if button.title == name:
            return button.payload, None
    return "", f"a button '{name}', got {', '.join(button.title for button in buttons) or 'no buttons'}"


def _shown(text: str, limit: int = 160) -> str:
    printable = text if text.isprintable() else text.encode("unicode_escape").decode()
    return printable if len(printable) <= limit else f"{printable[:limit]}… ({len(text)} characters)"
