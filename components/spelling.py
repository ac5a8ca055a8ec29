"""Put typed words right: short forms written out, misspelt words of our subject corrected."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import lru_cache

from knowledge.search import misspelt

_WORD = re.compile(r"[a-z][a-z']*[a-z]")
_DOUBLE = re.compile(r"([a-z])\1+")
_TAG = re.compile(r"</?[a-z][^<>]{0,100}>")
_VISIBLE = {"Cc": " ", "Cf": ""}
"""What stands for a control character, and for a mark that nobody sees."""
MAX_CHARACTERS = 2_000
"""What is read of a message; people's longest real posts stay below it."""


class Speller:
    """
    Corrects towards the words of the subject, and leaves alone every word that the language model knows.

    Args:
        known: Words to correct to.

        familiar: Words that are never touched, such as the whole words of the encoder's vocabulary.

        slang: Short forms and what they mean.
    """

    def __init__(self, known: Collection[str], familiar: Collection[str], slang: Mapping[str, str]) -> None:
        self._known = sorted(word for word in known if len(word) > 4)
        self._short = frozenset(word for word in known if 2 < len(word) <= 4)
        self._familiar = frozenset(familiar) | frozenset(known)
        self._slang = (
            re.compile(r"(?<![\w/])(" + "|".join(sorted(map(re.escape, slang), key=len, reverse=True)) + r")(?![\w/])") if slang else None
        )
        self._meaning = dict(slang)
        self._correct = lru_cache(maxsize=10_000)(self._look_up)

    def __call__(self, text: str) -> str:
        """*text* in small letters, on one line, at most `MAX_CHARACTERS` long, with what could be put right put right."""
        text = unicodedata.normalize("NFKC", text[: 2 * MAX_CHARACTERS]).replace("’", "'").lower()
        text = "".join(_VISIBLE.get(unicodedata.category(letter), letter) for letter in _TAG.sub(" ", text))
        text = " ".join(text.split())[:MAX_CHARACTERS]
        if self._slang:
            text = self._slang.sub(lambda match: self._meaning[match.group()], text)
        return _WORD.sub(lambda match: self._correct(match.group()), text)

    def _look_up(self, word: str) -> str:
        if word in self._familiar or "'" in word:
            return word
        once = _DOUBLE.sub(r"\1", word)  # "fatt", "runn"
        return once if once in self._short else misspelt(word, self._known) or word
