"""What the knowledge base is made of. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ANY = "any"
STANCES = ("supports", "contradicts", "garbled")
ORDERS = ("lift_first", "run_first")
VERDICTS = (*ORDERS, "either_order", "good", "bad")


@dataclass(frozen=True)
class Source:
    """A document, and the headings of the sections that evidence may point to."""

    id: str
    title: str
    sections: tuple[str, ...]


@dataclass(frozen=True)
class Goal:
    """What somebody trains for. *title* stands on a button, *phrase* completes "for …"."""

    id: str
    title: str
    phrase: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """A section of a document that supports or contradicts an answer, or is garbled; *note* says how, in our words."""

    source: str
    section: str
    stance: str
    note: str


@dataclass(frozen=True)
class Answer:
    """
    One answer of a question.

    *goals* is empty for the answer that fits any goal; two goals make it an answer for people who have both.
    *when* maps a dimension to the values that it takes: every dimension must be met by one of its values.
    """

    goals: tuple[str, ...]
    when: Mapping[str, tuple[str, ...]]
    advice: str
    because: str
    verdict: str | None = None
    caution: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Question:
    """
    One question: how people ask it, and what the documents say.

    A question that the documents do not answer has *not_covered* (completes "My sources do not say …") and
    *nearest* (the ids of questions that they do answer) in place of answers.
    """

    id: str
    title: str
    asked_as: tuple[str, ...] = ()
    held_out: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    follow_ups: tuple[str, ...] = ()
    not_covered: str | None = None
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """
    The words by which a message is read; every list maps a meaning to its words, as they are typed.

    *conditions* maps a dimension (``intensity``) to its values (``easy``) to their words (``relaxed``).
    """

    activities: Mapping[str, tuple[str, ...]]
    conditions: Mapping[str, Mapping[str, tuple[str, ...]]]
    order: Mapping[str, tuple[str, ...]]
    frames: Mapping[str, tuple[str, ...]]
    days: Mapping[str, tuple[str, ...]]
    slang: Mapping[str, str]


@dataclass(frozen=True)
class Place:
    """A file, and the line of everything in it by its path, such as ``("answers", 2, "evidence", 0, "section")``."""

    file: str
    lines: Mapping[tuple[str | int, ...], int] = field(default_factory=dict)

    def line(self, *path: str | int) -> int:
        """The line of *path*, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


@dataclass(frozen=True)
class Base:
    """The whole knowledge base, as read from its files; *where* has the place of each, ``goals`` or ``questions/order``."""

    questions: tuple[Question, ...]
    goals: tuple[Goal, ...]
    sources: tuple[Source, ...]
    vocabulary: Vocabulary
    where: Mapping[str, Place] = field(default_factory=dict)

    @property
    def dimensions(self) -> dict[str, tuple[str, ...]]:
        """What an answer can depend on beside the goal: dimension to values, the order of the two activities last."""
        return {**{name: tuple(values) for name, values in self.vocabulary.conditions.items()}, "order": ORDERS}
