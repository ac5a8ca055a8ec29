"""Small things about texts. Standard library only."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_WORDS = re.compile(r"[\w'/]+")


def fold(text: str) -> str:
    """*text* as a reader compares it: lower case, letters and digits only."""
    return " ".join(_WORDS.findall(text.lower()))


def control_character(text: str) -> int | None:
    """Where *text* has its first control character, which no database takes and nobody meant to write; None if it has none."""
    found = _CONTROL.search(text)
    return found and found.start()


def hint(word: str, known: Iterable[str]) -> str:
    """A question after the one of *known* that *word* looks like, with a space before it; empty if there is none."""
    near = difflib.get_close_matches(word, list(known), 1)
    return f" Did you mean '{near[0]}'?" if near else ""
