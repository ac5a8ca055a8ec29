"""
Lines that say how people put something, and where a text says it. The language of knowledge/danger.yml::

    chest pain            these words, one after the other; small words ("my", "really") may stand between
    ache|hurts|gave_out   one of them; `_` joins words that belong together
    <pain>                any word or words of the group `pain`
    heart … skips         up to three other words between
    12 !minutes           the next word is another
    {8-15}                a number from 8 to 15, in figures or in words
    old?                  may be missing
    chest + tight         within six words of each other in one sentence, whichever comes first
    pop & swollen         both anywhere in the text
    … unless sore / doms  not if one of these stands in the same clause

A line is followed through a text for all places at once: a set of places is one whole number, a bit per word. What that
costs grows with the length of the line and of the text, and with nothing else; there is no going back.
"""

from __future__ import annotations

import copy
import functools
import itertools
import operator
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge.typed import COMMA, STOP

NEAR = 6
GAP = 3
SMALL = 2
"""Small words that are stepped over between two words of a phrase."""
CLAUSE = 12
"""Words on either side of an exception that count as its clause, where nothing ends it before."""
NUMBER = "#"

_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100}
NUMBERS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen "
        "fourteen fifteen sixteen seventeen eighteen nineteen".split()
    )
} | _TENS
_WORD = re.compile(r"[a-z0-9]+|[^\x00-\x7f]")

Places = int
"""Places in a text, a bit each: bit 3 is the fourth word."""


class PhraseError(ValueError):
    """A line cannot be read; the message says what is wrong with it."""


@dataclass(frozen=True, eq=False)
class Step:
    """One step of a phrase: a word, some words, a number, a gap of so many words, or what must not follow."""

    words: frozenset[str] = frozenset()
    longer: tuple[tuple[str, ...], ...] = ()
    ranges: tuple[tuple[int, int], ...] = ()
    gap: int = 0
    barred: bool = False
    optional: bool = False

    @property
    def heads(self) -> frozenset[str]:
        """The words that can stand first; `NUMBER` for a number."""
        return self.words | {words[0] for words in self.longer} | {NUMBER for _ in self.ranges}

    @property
    def all(self) -> tuple[str, ...]:
        """Its words, and those of its words in a row."""
        return (*self.words, *itertools.chain(*self.longer))

    @property
    def needed(self) -> bool:
        """Whether a text must have it for its phrase to stand there."""
        return not (self.gap or self.barred or self.optional)


Phrase = tuple[Step, ...]
NEARBY = Step(gap=NEAR)


@dataclass(frozen=True, eq=False)
class Line:
    """One way of saying something: all of its *parts* stand in a text, each in one of its orders. *anchor*: words of which it needs one."""

    text: str
    parts: tuple[tuple[Phrase, ...], ...]
    unless: tuple[Phrase, ...]
    anchor: frozenset[str]

    @property
    def words(self) -> frozenset[str]:
        """Every word that it is made of, its exceptions aside."""
        return frozenset(word for phrase in itertools.chain(*self.parts) for step in phrase for word in step.all)


class Text:
    """
    A text's words, and where each of them stands.

    Args:
        where: The places of each word and of the numbers together.

        numbers: The places of each number.

        size: How many words there are.

        small: Words that may be stepped over.

        breaks: With what a clause begins.
    """

    def __init__(
        self, where: Mapping[str, Places], numbers: Mapping[float, Places], size: int, small: Collection[str], breaks: Iterable[Phrase]
    ) -> None:
        self.where = where
        self.numbers = numbers
        self.everywhere: Places = (1 << size + 1) - 1
        self.going = self.everywhere & ~where.get(STOP, 0)
        self.small = self.any(small)
        self.negated: Places = 0
        self._steps: dict[Step, tuple[tuple[int, Places], ...]] = {}
        self.clause = self.going & ~where.get(COMMA, 0)
        self.opens = functools.reduce(operator.or_, (self.starts(phrase) for phrase in breaks), 0)

    @classmethod
    def of(cls, words: Sequence[str], small: Collection[str], breaks: Iterable[Phrase]) -> Text:
        """The text of *words*."""
        where: dict[str, bytearray] = {}
        size = len(words) // 8 + 1
        for i, word in enumerate(words):
            if word not in where:
                where[word] = bytearray(size)
            where[word][i >> 3] |= 1 << (i & 7)
        places = {word: int.from_bytes(bits, "little") for word, bits in where.items()}
        numbers: dict[float, Places] = {}
        for word in places:
            value = float(word) if word[0].isdigit() and word.count(".") < 2 else NUMBERS.get(word)
            if value is not None:
                numbers[value] = numbers.get(value, 0) | places[word]
        if numbers:
            places[NUMBER] = sum(numbers.values())
        return cls(places, numbers, len(words), small, breaks)

    def any(self, words: Iterable[str]) -> Places:
        """Where one of *words* stands."""
        return functools.reduce(operator.or_, (self.where[word] for word in self.where.keys() & words), 0)

    def spread(self, places: Places, steps: int) -> Places:
        """*places* and up to *steps* words after each, within the sentence; commas are no words."""
        commas = self.where.get(COMMA, 0)
        for _ in range(steps):
            places |= (places & self.going) << 1
            places |= (places & commas) << 1
        return places

    def around(self, places: Places) -> Places:
        """The clauses of *places*, `CLAUSE` words at most on either side."""
        before = after = places
        for _ in range(CLAUSE):
            before |= ((before & ~self.opens) >> 1) & self.clause
            after |= (after & self.clause) << 1 & ~self.opens
        return before | after

    def stands(self, step: Step) -> tuple[tuple[int, Places], ...]:
        """Where *step* begins, by the number of words that it takes."""
        if step not in self._steps:
            self._steps[step] = tuple(self._stands(step))
        return self._steps[step]

    def _stands(self, step: Step) -> Iterator[tuple[int, Places]]:
        for least, most in step.ranges:
            yield 1, sum(places for value, places in self.numbers.items() if least <= value <= most)
        yield 1, self.any(step.words)
        for words in step.longer:
            if words[0] in self.where:
                places = self.everywhere
                for i, word in enumerate(words):
                    places &= self.where.get(word, 0) >> i
                yield len(words), places

    def starts(self, phrase: Phrase) -> Places:
        """Where *phrase* begins, if all of its steps are words."""
        places = self.everywhere
        for i, step in enumerate(phrase):
            places &= self.any(step.words) >> i
        return places

    def ends(self, phrase: Phrase, starts: Places) -> Places:
        """The places right after *phrase* where it begins at one of *starts*; 0 if it nowhere does."""
        places = starts
        for k, step in enumerate(phrase):
            if step.gap:
                places = self.spread(places, step.gap) & (~self.negated if step is NEARBY else self.everywhere)
            elif step.barred:
                for _, stands in self.stands(step):
                    places &= ~stands
            else:
                if k:
                    for _ in range(SMALL):
                        places |= (places & self.small) << 1
                moved = places if step.optional else 0
                for length, stands in self.stands(step):
                    moved |= (places & stands) << length
                places = moved
            if not places:
                return 0
        return places

    def after(self, phrases: Iterable[Phrase]) -> Places:
        """The places right after one of *phrases*."""
        return functools.reduce(operator.or_, (self.ends(phrase, self.everywhere) for phrase in phrases), 0)

    def cut(self, phrases: Iterable[Phrase]) -> Text:
        """This text with *phrases* taken out of it; the places of what is left stay."""
        gone: Places = 0
        for phrase in phrases:
            starts = self.any(phrase[0].heads) if self.ends(phrase, self.everywhere) else 0
            while starts:
                start = starts & -starts
                starts ^= start
                ends = self.ends(phrase, start)
                if ends:
                    gone |= (1 << ends.bit_length() - 1) - start
        rest = copy.copy(self)
        rest.where = {word: places & ~gone for word, places in self.where.items() if places & ~gone}
        rest.numbers = {value: places & ~gone for value, places in self.numbers.items()}
        rest.small = self.small & ~gone
        rest._steps = {}
        return rest

    def says(self, line: Line, whole: Text) -> bool:
        """Whether *line* stands here, where nothing denies it; its exceptions are looked for in *whole*."""
        starts = self.everywhere & ~self.negated
        if not all(any(self.ends(phrase, starts) for phrase in part) for part in line.parts):
            return False
        excused = whole.after(line.unless) >> 1
        if not excused:
            return True
        starts &= ~self.around(excused)
        return all(any(self.ends(phrase, starts) for phrase in part) for part in line.parts)


class Grammar:
    """Reads lines; *groups* are named lists of words and of words in a row, which can hold other groups."""

    def __init__(self, groups: Mapping[str, Iterable[str]], small: Iterable[str] = ()) -> None:
        self.groups = {name: tuple(entries) for name, entries in groups.items()}
        self.small = frozenset(small) | {COMMA}
        self.used: set[str] = set()
        self._read: dict[str, Step] = {}
        self._steps: dict[str, Step] = {}

    def line(self, text: str) -> Line:
        """
        Read one line.

        Raises:
            PhraseError: An unknown group, an empty part, or a number range that is none.
        """
        said, _, unless = text.partition(" unless ")
        parts = tuple(tuple(self._orders(part)) for part in said.split(" & "))
        needed = [step.heads for part in parts for step in part[0] if step.needed]
        exceptions = tuple(self.phrase(one) for one in unless.split(" / ") if one)
        return Line(text, parts, exceptions, min(needed, key=self._commonness))

    def phrase(self, text: str) -> Phrase:
        """Read words in a row."""
        steps = tuple(self._step(word) for word in text.split())
        if not steps or not steps[0].needed or steps[-1].gap:
            raise PhraseError(f"'{text}' needs a word at its beginning and no gap at its end")
        return steps

    @property
    def known(self) -> set[str]:
        """Every word of all that was read."""
        return {word for step in self._steps.values() for word in step.all}

    def _orders(self, text: str) -> Iterator[Phrase]:
        """Every order of the parts that stand near each other."""
        for order in itertools.permutations([self.phrase(part) for part in text.split(" + ")]):
            yield tuple(step for phrase in order for step in (NEARBY, *phrase))[1:]

    def _commonness(self, heads: frozenset[str]) -> int:
        return sum(1_000 if word in self.small else 300 if len(word) < 3 else 20 if len(word) < 5 else 1 for word in heads)

    def _step(self, word: str) -> Step:
        if not word:
            raise PhraseError("a sign stands without its word")
        if word not in self._steps:
            self._steps[word] = self._new_step(word)
        return self._steps[word]

    def _new_step(self, word: str) -> Step:
        if word == "…":
            return Step(gap=GAP)
        if word[0] == "!":
            return replace(self._step(word[1:]), barred=True)
        if word[-1] == "?":
            return replace(self._step(word[:-1]), optional=True)
        return _joined(self._group(one[1:-1]) if one[:1] == "<" else _entry(one.replace("_", " ")) for one in word.split("|"))

    def _group(self, name: str) -> Step:
        self.used.add(name)
        if name not in self._read:
            if name not in self.groups:
                raise PhraseError(f"there is no group '{name}'. Groups: {', '.join(sorted(self.groups))}")
            self._read[name] = Step()  # a group that holds itself adds nothing
            self._read[name] = _joined(self._group(one[1:-1]) if one[:1] == "<" else _entry(one) for one in self.groups[name])
        return self._read[name]


def _joined(choices: Iterable[Step]) -> Step:
    steps = tuple(choices)
    return Step(
        frozenset().union(*(step.words for step in steps)),
        tuple(words for step in steps for words in step.longer),
        tuple(numbers for step in steps for numbers in step.ranges),
    )


def _entry(text: str) -> Step:
    if text[:1] == "{":
        found = re.fullmatch(r"\{(\d+)-(\d+)\}", text)
        if not found or int(found[1]) > int(found[2]):
            raise PhraseError(f"'{text}' is no range of numbers such as {{8-15}}")
        return Step(ranges=((int(found[1]), int(found[2])),))
    words = tuple(text.split())
    if not words:
        raise PhraseError("has an empty choice")
    for word in words:
        if not _WORD.fullmatch(word):
            raise PhraseError(f"'{word}' is no word as it is compared: small letters and digits, without apostrophe or hyphen")
    return Step(longer=(words,)) if len(words) > 1 else Step(frozenset(words))
