"""Likeness of words and texts, for typing errors and for the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz, process, utils
from rapidfuzz.distance import OSA

_DOUBLED = re.compile(r"(.)\1+")


def nearest_words(word: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """Those of *known* that look most like *word*, best first; at most *limit*."""
    return [
        found
        for found, _, _ in process.extract(
            word, list(known), scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=50, limit=limit
        )
    ]


def misspelt(word: str, known: Sequence[str]) -> str | None:
    """
    The one of *known* that *word* is a misspelling of, or None.

    One slip (a letter too many, missing, other, or two swapped) in words of five to seven letters, two in longer
    ones (optimal string alignment distance; Damerau 1964 counts 80 % of slips as one of these four).
    The first letter has to be right. Of several as near, the one that differs in a doubled letter goes first: "runing" is
    running, not ruining.
    """
    if len(word) < 5:
        return None
    slips = 1 if len(word) < 8 else 2
    candidates = [one for one in known if one[:1] == word[:1] and abs(len(one) - len(word)) <= slips and len(one) > 4]
    near = process.extract(word, candidates, scorer=OSA.distance, score_cutoff=slips, limit=None)
    once = _DOUBLED.sub(r"\1", word)
    return min(near, key=lambda found: (found[1], _DOUBLED.sub(r"\1", found[0]) != once))[0] if near else None


def nearest_texts(text: str, texts: Mapping[int, str], limit: int = 5) -> list[tuple[int, float]]:
    """Keys of the *texts* that share most words with *text*, best first, each with a likeness from 0 to 1."""
    found = process.extract(text, texts, scorer=fuzz.WRatio, processor=utils.default_process, limit=limit)
    return [(key, score / 100) for _, score, key in found]


def alike(texts: Sequence[str], least: float = 0.7) -> list[list[int]]:
    """
    Positions of *texts* in groups of like ones: each text joins the first group whose first text shares its words.

    Args:
        least: The likeness, 0 to 1, from which on two texts belong together, whatever the order of their words.
    """
    found: list[list[int]] = []
    for position, text in enumerate(texts):
        firsts = {number: texts[group[0]] for number, group in enumerate(found)}
        best = process.extractOne(text, firsts, scorer=fuzz.token_sort_ratio, processor=utils.default_process, score_cutoff=least * 100)
        if best:
            found[best[2]].append(position)
        else:
            found.append([position])
    return found
