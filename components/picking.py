"""What a text was taken for, and which questions a message of several parts asks. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from components.classifying import softmax

ASK, STATE_GOAL, STATE_CONDITION = "ask", "state_goal", "state_condition"
SURE = 0.5
"""A part of a message counts as a question of its own from this chance on: more than a whole message needs."""
_SHARPNESS = 6.0
"""Margins times this make the shares of a ranking; fitted on out-of-sample margins (log loss 0.22 against 1.55 at 2)."""


@dataclass(frozen=True)
class Pick:
    """What one text was taken for: the likeliest of all labels, and of the questions alone, each with its share."""

    text: str
    intent: str
    chance: float
    intents: list[tuple[str, float]]
    questions: list[tuple[str, float]]


def ranked(labels: Sequence[str], margins: np.ndarray, length: int) -> list[tuple[str, float]]:
    """The *length* likeliest of *labels*, each with its share of all of them."""
    shares = softmax(_SHARPNESS * margins)
    return [(str(labels[i]), float(shares[i])) for i in np.argsort(-margins)[:length]]


def asks_of(parts: Sequence[tuple[Pick, dict[str, Any]]]) -> list[dict[str, Any]]:
    """The questions among *parts* with what each says besides; "and what about sprints?" is the one before it, for sprints."""
    asks: list[dict[str, Any]] = []
    for pick, part in parts:
        if pick.chance < SURE:
            continue
        if pick.intent == ASK:
            question = pick.questions[0][0].partition("/")[2]
            if all(question != ask["question"] for ask in asks):
                asks.append({**part, "question": question})
        elif pick.intent in (STATE_CONDITION, STATE_GOAL) and asks and (part["conditions"] or part["goals"]):
            asks.append({**part, "question": asks[-1]["question"], "refines": True})
    return asks
