"""Which goals a message names, and whether they are the speaker's own: stated, or only mentioned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from components.matching import Mention

_STATED = frozenset(
    "want wanna wants goal goals trying aim aiming focus focusing focused 'm m im priority prep prepping need needs target hoping".split()
)
"""Words shortly before a goal that make it the speaker's own."""
_WANTED = re.compile(
    r"\b(?:(?:would|'d|i d) (?:like|love)|training for|signed up|entered|(?:i 've|i have|i) (?:got |have )?(?:a|an|my|another)"
    r"|preparing|looking to|hop(?:e|ing)|work(?:ing)? (?:on|towards?)|planning|plan (?:on|to)|here (?:for|to))\b[^.,;!?]*$"
)
"""The same, in more than one word, in the same part of the sentence."""
_NAMED = re.compile(
    r"[^.,;!?]{0,25}\b(?:goals?|priority|aim|focus|target|what i want|i(?: a| '|')?m after|i care about|matters|coming up|the plan)\b"
)
"""What follows a goal and does the same: "strength is my goal"."""
_JUDGED = frozenset(
    "bad good better best worse worst great terrible useful helpful harmful needed necessary enough work works do does important ideal "
    "optimal effective fine ok okay matter".split()
)
"""Before "for": asked about that goal, which need not be one's own ("is cardio bad for muscle")."""
_DROPPED = re.compile(r"(?:do ?n'?t (?:really )?care|forget|no longer|never ?mind|not interested|instead of|rather than|scrap)\b[^.,;!?]*$")
_BEFORE = 4
"""Tokens before a goal in which such a word counts."""


@dataclass(frozen=True)
class Wishes:
    """The goals named; *stated*: as the speaker's own; *asked*: the question is put for them ("better for fat loss?")."""

    goals: tuple[str, ...] = ()
    stated: bool = False
    asked: bool = False


def wishes(doc: Any, hits: Sequence[Mention]) -> Wishes:
    """What the mentions of goals in *doc* say; those that are waved aside ("forget the race") are left out."""
    kept = [hit for hit in hits if not _DROPPED.search(doc[: hit.start].text)]
    stated = any(is_stated(doc, hit) for hit in kept)
    goals = tuple(dict.fromkeys(hit.label.partition(" ")[2] for hit in kept))
    return Wishes(goals, stated, not stated and any(_for(doc, hit) for hit in kept))


def is_wish(doc: Any, hit: Mention) -> bool:
    """Whether *hit* is a goal here, not only something that one does."""
    return bool(_for(doc, hit)) or is_stated(doc, hit)


def is_stated(doc: Any, hit: Mention) -> bool:
    """Whether the words around *hit* make it the speaker's own; a goal and nothing else does."""
    words = {token.text for token in doc[max(0, hit.start - _BEFORE) : hit.start + 1]}
    said = words & _STATED or _WANTED.search(doc[: hit.start].text) or _NAMED.match(doc[hit.end :].text)
    return bool(said) or _for(doc, hit) == "own" or len(doc) <= hit.end - hit.start + 1


def _for(doc: Any, hit: Mention) -> str:
    """Of a goal behind "for" or "about": "own", or "asked" where it is the question's ("bad for muscle"); empty without them."""
    words = [token.text for token in doc[max(0, hit.start - _BEFORE - 1) : hit.start]]
    if words[-1:] == ["about"]:
        return "asked"
    if "for" not in words[-_BEFORE:]:
        return ""
    place = len(words) - 1 - words[::-1].index("for")
    return "asked" if place and words[place - 1] in _JUDGED else "own"
