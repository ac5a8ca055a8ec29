"""Which of running and lifting comes first in what somebody describes, read from the mentions in their order. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from components.matching import Mention

_OTHER = {"run": "lift", "lift": "run"}
_REACH = 4
"""Tokens between an activity and the word that places it; "after a quick and easy run" has four."""


def order_of(activities: Sequence[Mention], placings: Sequence[Mention], alternative: bool) -> str | None:
    """
    "lift_first", "run_first", or None where the text says neither, or both.

    Args:
        activities: Mentions labelled run or lift.

        placings: Mentions labelled after, before, then, first, last or done.

        alternative: The text offers a choice ("run or lift first?"), so that no order is its own.
    """
    votes = {vote for placing in placings if (vote := _vote(placing, activities))}
    if alternative or len(votes) != 1:
        return None
    return f"{votes.pop()}_first"


def _vote(placing: Mention, activities: Sequence[Mention]) -> str | None:
    """The activity that *placing* puts first."""
    inside = next((one for one in activities if placing.start <= one.start < placing.end), None)
    if inside is not None and placing.label in ("first", "last"):  # "save cardio for last"
        return inside.label if placing.label == "first" else _OTHER[inside.label]
    left = next((one for one in reversed(activities) if one.end <= placing.start), None)
    right = next((one for one in activities if one.start >= placing.end), None)
    if placing.label in ("after", "before"):
        return _around(placing.label, left, right, placing, activities)
    if placing.label == "then":
        return left.label if left and right and left.label != right.label else None
    if placing.label == "done":
        return right.label if right and right.start - placing.end <= _REACH else None
    return _ranked(placing, left, right)


def _around(label: str, left: Mention | None, right: Mention | None, placing: Mention, activities: Sequence[Mention]) -> str | None:
    """For "run after lifting", "after lifting, run", "run after", "post workout run"."""
    earlier_is_right = label == "after"
    if right is not None and right.start - placing.end <= _REACH:
        # What follows the word is placed by it: its other half stands before it, or later ("after lifting, can i run").
        others = [one for one in activities if one.label != right.label]
        if not others and left is None:
            return right.label if earlier_is_right else _OTHER[right.label]
        if others:
            return right.label if earlier_is_right else _OTHER[right.label]
        return None
    if left is not None:
        return _OTHER[left.label] if earlier_is_right else left.label
    return None


def _ranked(placing: Mention, left: Mention | None, right: Mention | None) -> str | None:
    """For "weights first", "start with a run", "cardio last", "finish with weights"."""
    before = left if left and placing.start - left.end < _REACH else None
    after = right if right and right.start - placing.end < _REACH else None
    leads = placing.end - placing.start > 1
    named = (after or before) if leads else (before or after)
    if named is None:
        return None
    return named.label if placing.label == "first" else _OTHER[named.label]
