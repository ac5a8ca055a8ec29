"""Take a message apart into the questions it may hold. Pure."""

from __future__ import annotations

import re

MAX_SEGMENTS = 6
"""What is looked at of one message; each costs one embedding."""
_END = re.compile(r"(?<=[?!;\n])\s+|(?<=[a-z0-9)])\.\s+|\n+")
_OPENERS = "how|what|whats|what's|should|shall|can|could|will|would|does|do|did|is|are|am|when|which|why|where|who|may"
_JOINT = re.compile(rf",?\s+(?:and also|also|plus|and|or)\s+(?=(?:{_OPENERS})\b)|,\s+(?=(?:{_OPENERS})\b)")
_QUESTION = re.compile(rf"^(?:and |so |but |also |ok |hi |hey |then )*(?:{_OPENERS})\b")


def segments(text: str) -> list[str]:
    """
    The parts of *text* that look like questions, in their order; empty if it holds no more than one.

    A part looks like one if it ends with a question mark or begins as questions do. Texts are expected in small letters.
    """
    parts = [part.strip(" .,") for sentence in _END.split(text) for part in _JOINT.split(sentence)]
    asking = [part for part in parts if len(part.split()) >= 2 and (part.endswith("?") or _QUESTION.match(part))]
    return asking[:MAX_SEGMENTS] if len(parts) > 1 else []
