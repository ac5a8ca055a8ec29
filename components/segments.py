"""Take a message apart into the questions it may hold. Pure."""

from __future__ import annotations

import re

MAX_SEGMENTS = 6
"""What is looked at of one message; each costs one embedding."""
_END = re.compile(r"(?<=[?!;\n])\s+|(?<=[a-z0-9)])\.\s+|\n+")
_OPENERS = "how|what|whats|what's|should|shall|can|could|will|would|does|do|did|is|are|am|when|which|why|where|who|may"
_PLACED = "(?:in|for|at|on|with|from|to|by|about) (?:what|which|how)"
_AND = r",?\s+(?:and also|also|plus|and|or)\s+"
_JOINT = re.compile(rf"{_AND}(?=(?:{_OPENERS}|{_PLACED})\b)|,\s+(?=(?:{_OPENERS})\b)|,\s+(?:and|plus)\s+(?=[^,?]+\?)")
_QUESTION = re.compile(rf"^(?:and |so |but |also |ok |hi |hey |then )*(?:{_OPENERS}|{_PLACED})\b")
_LINK = re.compile(rf"^(?:(?:and|so|but|also|plus|then|or)\s+)+(?=(?:{_OPENERS})\b(?! about))")


def segments(text: str) -> list[str]:
    """
    The parts of *text* that look like questions, in their order; empty if it holds no more than one.

    A part looks like one if it ends with a question mark or begins as questions do. Texts are expected in small letters.
    """
    parts = [_LINK.sub("", part.strip(" .,")) for sentence in _END.split(text) for part in _JOINT.split(sentence)]
    asking = [part for part in parts if len(part.split()) >= 2 and (part.endswith("?") or _QUESTION.match(part))]
    return asking[:MAX_SEGMENTS] if len(parts) > 1 else []
