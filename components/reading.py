"""What a message says besides its question: goals, circumstances, the order asked about, how it is put, numbers and days."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import Any

from components.choices import picked
from components.matching import Mention, Phrasebook, blank_english
from components.order import order_of
from components.segments import segments
from components.wishes import Wishes, is_wish, wishes
from knowledge.model import Goal, Vocabulary

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)?")
_ONCE = re.compile(
    r"(?:and |ok |okay |hm+ |so )*(?:but|what about|how about|what if|only if|for (?:somebody|someone|people|a friend|my))\b|and for\b"
)
_ADDED = frozenset({"also", "too", "plus", "additionally"})
_REVERSED = re.compile(r"\b(?:other way (?:a?round|about)|reverse|vice versa|opposite order|swapped|reversed)\b")
_FILLERS = frozenset("ok okay k right alright well good fine".split())
_SMALL = frozenset(
    "i i'm and or my the a an of do both me with to on in some just about thing stuff something anything everything info question".split()
)
_REACH = 6
"""Tokens between a threat and the word that turns it ("run without losing muscle")."""
_STATEMENT = 22
"""Words of a message that may be no more than a goal stated."""
_WEEK, _A_DAY = 3, 4
"""Days that make a plan of a week, and tokens said of the last of them."""
_RUN = frozenset({"run", "runs", "ran"})
_PLACES = {"before", "after", "first", "last", "second"}


@dataclass(frozen=True)
class Reading:
    """
    What was found in one message.

    *stated*: the goals are said to be the speaker's own, not only mentioned. *numbers* as typed, *days* as in the
    vocabulary. *once*: what is named is meant for this question only ("but for a race?"). *adds*: the goals come on
    top of those there were. *reversed*: "and the other way round?". *statement*: says a goal and asks nothing. *bare*:
    nothing but what one does ("cardio and weights"). *pick*: the choice that is named, counted from 0, -1 the last
    ("the second one"). *topic*: running, lifting, a goal or a circumstance is spoken of at all. *parts*: of its questions,
    where there are other sentences or several: text, goals, conditions, frame; *plan*: a week told by its days.
    """

    goals: list[str] = field(default_factory=list)
    stated: bool = False
    conditions: dict[str, str] = field(default_factory=dict)
    frame: str | None = None
    numbers: list[str] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    once: bool = False
    adds: bool = False
    reversed: bool = False
    statement: bool = False
    bare: bool = False
    pick: int | None = None
    topic: bool = False
    parts: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """As a message carries it."""
        return asdict(self)


class Readings:
    """Reads messages by the words of a vocabulary. Texts are expected as `components.spelling.Speller` returns them."""

    def __init__(self, goals: list[Goal], vocabulary: Vocabulary) -> None:
        self._nlp = nlp = blank_english()
        # Goals and activities share a book: "strength training" is an activity, "strength" alone may be a goal.
        of_goals = {word for goal in goals for word in goal.words}
        topics = {f"goal {goal.id}": goal.words for goal in goals}
        topics |= {name: tuple(word for word in words if word not in of_goals) for name, words in vocabulary.activities.items()}
        self._topics = Phrasebook(topics, nlp)
        self._activities = Phrasebook(vocabulary.activities, nlp)
        self._conditions = {name: Phrasebook(values, nlp) for name, values in vocabulary.conditions.items()}
        self._order = Phrasebook(vocabulary.order, nlp)
        self._frames = {name: Phrasebook({name: words}, nlp) for name, words in vocabulary.frames.items()}
        self._days = Phrasebook(vocabulary.days, nlp)

    def read(self, text: str) -> Reading:
        """What *text* says."""
        doc = self._nlp.make_doc(text)
        words, activities = [token.text for token in doc], self._activities.find(doc)
        days = self._days.find(doc)
        parts = self._parts(text, _plan(doc, days))
        named = self._goals(doc, activities, parts)
        conditions = {name: found for name, book in self._conditions.items() if (found := _only(book.find(doc)))}
        alternative = _offers_a_choice(words, activities)
        placings = self._order.find(doc)
        order, frame = self._asked(text) or (order_of(activities, placings, alternative), self._frame(doc, words, alternative))
        if order:
            conditions["order"] = order
        frames = any(hit.end > _filler(words) for book in self._frames.values() for hit in book.find(doc))
        asks = "?" in text or alternative or frames or bool(placings and activities)
        plain = order and not alternative and (len(words) <= 6 or words[-1] == "?") and not self._open(doc, words)
        return Reading(
            goals=list(named.goals),
            stated=named.stated,
            conditions=conditions,
            frame=frame or ("permission" if plain else None),
            numbers=_NUMBER.findall(text),
            days=list(dict.fromkeys(hit.label for hit in days)),
            once=named.asked or bool(_ONCE.match(text)),
            adds=bool(_ADDED.intersection(words)),
            reversed=bool(_REVERSED.search(text)),
            statement=named.stated and not asks and len(words) <= _STATEMENT,
            bare=not asks and not named.goals and bool(activities) and _all_named(words, activities),
            pick=picked(text),
            parts=parts,
            topic=bool(named.goals or set(conditions) - {"order"} or any(doc[hit.start : hit.end].text not in _RUN for hit in activities)),
        )

    def _parts(self, text: str, plan: str) -> list[dict[str, Any]]:
        """The questions among the sentences of *text*, and its *plan* of a week, each with what it says."""
        found = [(part, False) for part in segments(text)] + [(plan, True)] * (plan not in ("", text))
        read = [(part, is_plan, self.read(part)) for part, is_plan in found if part != text]
        return [
            {"text": part, "plan": plan, "goals": one.goals, "conditions": one.conditions, "frame": one.frame} for part, plan, one in read
        ]

    def _wishes(self, doc: Any, activities: list[Mention]) -> Wishes:
        """The goals that are named. "Strength" is what one does ("strength or cardio first?") unless it is said to be wanted."""
        done = {(hit.start, hit.end) for hit in activities}
        found = [hit for hit in self._topics.find(doc) if hit.label.startswith("goal ")]
        return wishes(doc, [hit for hit in found if (hit.start, hit.end) not in done or is_wish(doc, hit)])

    def _goals(self, doc: Any, activities: list[Mention], parts: list[dict[str, Any]]) -> Wishes:
        """The goals of the message; where only mentioned, those of its questions: a story beside them has its own."""
        named = self._wishes(doc, activities)
        asked = tuple(dict.fromkeys(goal for part in parts for goal in part["goals"]))
        return Wishes(asked, False, named.asked) if asked and not named.stated else named

    def _asked(self, text: str) -> tuple[str | None, str | None] | None:
        """Order and frame of the first part of a longer text that asks; None where it has no parts, or that part says no order."""
        for part in segments(text):
            doc = self._nlp.make_doc(part)
            words, activities = [token.text for token in doc], self._activities.find(doc)
            alternative = _offers_a_choice(words, activities)
            order = order_of(activities, self._order.find(doc), alternative)
            if order or alternative:
                return order, self._frame(doc, words, alternative)
        return None

    def _open(self, doc: Any, words: list[str]) -> bool:
        """Whether the question begins as open ones do: "how", "why", "which"."""
        found = self._frames["open"].find(doc) if "open" in self._frames else []
        return bool(found) and found[0].start <= 2 and words[:2] != ["what", "if"]

    def _frame(self, doc: Any, words: list[str], alternative: bool) -> str | None:
        """How the question is put; None where nothing says so, or where it is no question of yes or no."""
        if alternative or self._open(doc, words):
            return None
        found = {name: book.find(doc) for name, book in self._frames.items()}
        threats, flips = found.get("threat", []), found.get("flip", [])
        if threats:
            near = any(abs(flip.start - threat.start) <= _REACH for flip in flips for threat in threats)
            return "permission" if near else "threat"
        return "permission" if found.get("permission") or flips else None


def _plan(doc: Any, days: list[Mention]) -> str:
    """A week told day by day, from its first day to its last: whoever tells it asks what to think of it."""
    return str(doc[days[0].start : days[-1].end + _A_DAY].text) if len({hit.label for hit in days}) >= _WEEK else ""


def _filler(words: list[str]) -> int:
    """Where a message begins after an "ok" that asks nothing ("ok forget that")."""
    return 1 if len(words) > 1 and words[0] in _FILLERS and words[1] not in {"to", "if", "for", "that"} else 0


def _all_named(words: list[str], activities: list[Mention]) -> bool:
    """Whether every word names what one does, or is a small one."""
    named = {position for hit in activities for position in range(hit.start, hit.end)}
    return all(position in named or word in _SMALL or not word.isalnum() for position, word in enumerate(words))


def _only(found: list[Mention]) -> str | None:
    """The value that is meant, where only one is."""
    labels = {hit.label for hit in found}
    return labels.pop() if len(labels) == 1 else None


def _offers_a_choice(words: list[str], activities: list[Mention]) -> bool:
    """Whether the text names both as alternatives, activities or places: "run or lift", "which of them", "before or after"."""
    for position, word in enumerate(words):
        if word not in {"or", "vs", "versus"} and not (word == "and" and "of" in words[max(0, position - 3) : position]):
            continue
        left = {hit.label for hit in activities if position - 4 <= hit.end <= position}
        right = {hit.label for hit in activities if position < hit.start <= position + 4}
        if left and right and left != right:
            return True
        if _PLACES.intersection(words[max(0, position - 1) : position]) and _PLACES.intersection(words[position + 1 : position + 3]):
            return True
    return False
