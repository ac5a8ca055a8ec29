"""What somebody typed, as plain small words: phone typing, misspellings, spaced-out letters and disguises undone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from knowledge.search import misspelt

LONGEST = 20_000
"""Characters of a text that are read; the front door accepts fewer."""
STOP = "."
"""Stands in the words where a sentence ends."""
COMMA = ","

_DISGUISES = str.maketrans("013457@$!|", "oieastasil")
_LOOKALIKES = str.maketrans("авеіјкмнорстухѕ‘’`´ʼ", "abeijkmhopctyxs'''''")
_SPELLED_OUT = re.compile(r"\b(?:[a-z][ .\-_*]{1,2}){3,}[a-z]\b")
_DOTTED = re.compile(r"\b(?:[a-z]\.){2,}")
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[a-z@$*](?:[a-z0-9@$*|]|!(?=[a-z]))*(?:'[a-z0-9]+)*|\.{2,}|[.!?;\n]+|[,()\[\]]|[^\x00-\x7f]")
_SHORT = {
    short: word
    for word, shorts in {
        "havent": "havnt hvnt", "dont": "dnt dunt", "doesnt": "dosnt dosent doesn", "didnt": "dint didn didnot", "couldnt": "couldn cudnt",
        "cant": "cnt carnt kant", "because": "coz cos cuz bcos bcuz bcz bc becuz", "tomorrow": "tmrw tmr tomoz tmoro", "tonight": "tonite",
        "yesterday": "yday", "night": "nite", "people": "ppl", "everyone": "every1", "someone": "some1 sum1", "nobody": "noone no1",
        "through": "thru", "doctor": "dr", "and": "n nd", "about": "abt", "until": "till til",
    }.items()
    for short in shorts.split()
}  # fmt: skip
"""How people write on a phone."""
_REPEATED = re.compile(r"(.)\1+")
_THREE = re.compile(r"(.)\1{2,}")


def plain(text: str) -> str:
    """*text* in small letters without accents, invisible characters and fancy apostrophes; full-width letters made plain."""
    text = text[:LONGEST].lower().replace("%", " percent ")
    if text.isascii():
        return text.replace("`", "'")
    text = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in text if unicodedata.category(sign) not in ("Mn", "Cf")).translate(_LOOKALIKES)


def _shorter(word: str, slips: int) -> set[str]:
    """*word*, and what is left of it after at most *slips* letters are taken out."""
    found = last = {word}
    for _ in range(slips):
        last = {one[:i] + one[i + 1 :] for one in last for i in range(1, len(one))}
        found = found | last
    return found


def _slips(word: str) -> int:
    return 1 if len(word) < 8 else 2


class Words:
    """
    Reads texts as words that it knows.

    A misspelt word is looked for by taking letters out of it and out of the known ones (symmetric deletion, Garbe 2012),
    so that its cost does not grow with the number of known words. What a word was read as is remembered.
    """

    def __init__(self, known: Iterable[str], real: Iterable[str], spelled: Iterable[str]) -> None:
        """
        Know the words.

        Args:
            known: Every word that a text may be read as.

            real: Words that look like a known one and are themselves.

            spelled: Those of the known words that are recognised when they are misspelt.
        """
        self.known = frozenset(known)
        self.real = frozenset(real)
        self.single = {_REPEATED.sub(r"\1", word): word for word in sorted(spelled) if len(word) > 4}
        self.near: dict[str, list[str]] = {}
        for word in sorted(self.single.values()):
            for short in _shorter(word, _slips(word)):
                self.near.setdefault(short, []).append(word)
        self.seen: dict[str, tuple[str, ...]] = {}

    def read(self, text: str) -> list[str]:
        """The words of *text*, known ones as they are known; `STOP` and `COMMA` where they stand."""
        text = _SPELLED_OUT.sub(lambda found: re.sub(r"[ .\-_*]", "", found[0]), plain(text))
        text = _DOTTED.sub(lambda found: found[0].replace(".", "") + " ", text)
        found: list[str] = []
        for word in _WORD.findall(text):
            if word[0] in ".!?;\n":
                found += self._stop(word, found)
            elif word in ",()[]":
                found.append(COMMA)
            elif word[0].isdigit():
                found.append(word.replace(",", ""))
            elif word.isascii():
                found.extend(self.seen.get(word) or self._remember(word))
            elif word in self.known:
                found.append(word)
        return found

    @staticmethod
    def _stop(sign: str, before: Sequence[str]) -> list[str]:
        """What *sign* counts as: nothing ends at "…", in the middle of a line or after a word or two ("Chest. Hurts.")."""
        if sign[:2] == "..":
            return []
        return [COMMA] if sign == "\n" or STOP in before[-2:] or COMMA in before[-3:] or len(before) < 3 else [STOP]

    def _remember(self, word: str) -> tuple[str, ...]:
        if len(self.seen) > 20_000:
            self.seen.clear()
        self.seen[word] = found = self._known(word)
        return found

    def _known(self, typed: str) -> tuple[str, ...]:
        word = typed.replace("'", "").strip("*|") or typed
        word = _SHORT[word] if _SHORT.get(word) in self.known else word
        if word in self.known or word in self.real:
            return (word,)
        for other in self._readings(word):
            if other in self.known:
                return (other,)
        if word in self.real or _THREE.sub(r"\1", word) in self.real:
            return (word,)
        near = self._misspelt(word)
        return (near,) if near else self._joined(word) or (word,)

    def _readings(self, word: str) -> Iterator[str]:
        """What *word* may stand for, the likeliest first."""
        bare = word.translate(_DISGUISES)
        yield bare
        yield _THREE.sub(r"\1\1", bare)
        yield _THREE.sub(r"\1", bare)
        if _REPEATED.search(bare):
            yield self.single.get(_REPEATED.sub(r"\1", bare), bare)
        if bare[-1:] == "s" and len(bare) > 4:
            yield bare[:-1]
        yield bare[1:2] + bare[:1] + bare[2:]
        if "*" in word[1:-1] and len(word) > 3:
            mask = re.compile(word.replace("*", "[a-z]"))
            yield next((one for one in sorted(self.known) if len(one) == len(word) and mask.fullmatch(one)), word)

    def _misspelt(self, word: str) -> str | None:
        if not 5 <= len(word) <= 16 or not word.isalpha():
            return None
        near = {one for short in _shorter(word, _slips(word)) for one in self.near.get(short, ())}
        return misspelt(word, sorted(near)) if near else None

    def _joined(self, word: str) -> tuple[str, ...]:
        """The two known words that *word* is when a space was forgotten."""
        if 8 <= len(word) <= 24:
            for i in range(4, len(word) - 3):
                if word[:i] in self.known and word[i:] in self.known:
                    return (word[:i], word[i:])
        return ()
