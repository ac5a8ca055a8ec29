"""
How sure the best label is, and what follows: answer, ask back, or say that it is not ours.

Whether answering is right was fitted by logistic regression on a written development set (near and far misses among
it), from two figures together: how far the best label lies before the second, and how like the text is to anything
trained on. How much each of them tells stands in bench/RESULTS.md. ``make calibrate`` fits it anew.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import exp
from pathlib import Path

FILE = Path(__file__).with_name("scope.json")


@dataclass(frozen=True)
class Scope:
    """The fitted weights, and from which chance of being right Tandem answers, or asks "did you mean"."""

    lead_weight: float
    likeness_weight: float
    bias: float
    answer_from: float
    ask_from: float

    @classmethod
    def load(cls, path: Path = FILE) -> Scope:
        """Read what was fitted."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def chance(self, lead: float, likeness: float) -> float:
        """
        The chance, 0 to 1, that the best label is right.

        Args:
            lead: The margin of the best label minus that of the second.

            likeness: The mean cosine to the three nearest examples.
        """
        return 1 / (1 + exp(-(self.lead_weight * lead + self.likeness_weight * likeness + self.bias)))
