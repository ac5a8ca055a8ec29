"""From a reply to sentences. Every channel says the same words; how they look is the channel's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from knowledge.answering import Part, Reply
from knowledge.model import Evidence, Goal

MAX_WORDS = 90
"""Words before the sources; more is a wall of text."""
APART = "Your goals pull apart here: give each its own days, or go by the one that matters more to you."

_SENTENCE_END = re.compile(r"(?<=[.?!])\s+(?=[A-Z])")


@dataclass(frozen=True)
class Wording:
    """A reply in sentences. *disagreement* is empty where the documents agree; *sources* are those that support it."""

    headline: str
    reason: str
    disagreement: str
    sources: tuple[Evidence, ...]

    @property
    def body(self) -> str:
        """Everything before the sources, a paragraph each."""
        return "\n\n".join(filter(None, [self.headline, self.reason, self.disagreement]))


def word(reply: Reply, goals: Mapping[str, Goal]) -> Wording:
    """
    Put *reply* into sentences, the first of which answers the question.

    Where the whole would pass `MAX_WORDS`, reasons are left out from the last part on, then second sentences, then
    the last reason. Cautions and the disagreement stay.
    """
    said = in_full(reply, goals)
    for shorter in _ever_shorter(reply, goals):
        if len(said.body.split()) <= MAX_WORDS:
            break
        said = shorter
    return said


def in_full(reply: Reply, goals: Mapping[str, Goal]) -> Wording:
    """Put all of *reply* into sentences, however many words that takes."""
    return _say(reply, goals, len(reply.parts), short=False)


def phrase(ids: Sequence[str], goals: Mapping[str, Goal]) -> str:
    """Name the goals as "for …" goes on: building muscle, strength and fat loss."""
    named = [goals[id].phrase for id in ids if id in goals]
    return " and ".join(filter(None, [", ".join(named[:-1]), *named[-1:]]))


def cite(pieces: Sequence[Evidence], titles: Mapping[str, str], limit: int = 3) -> str:
    """Name document and section of the first *limit* pieces in one line: Title: “section”, “section”; Title: “section”."""
    sections: dict[str, list[str]] = {}
    for piece in pieces[:limit]:
        sections.setdefault(titles.get(piece.source, piece.source), []).append(f"“{piece.section}”")
    return "; ".join(f"{title} {', '.join(found)}" for title, found in sections.items())


def _ever_shorter(reply: Reply, goals: Mapping[str, Goal]) -> Iterator[Wording]:
    """*reply* with fewer reasons, then with the first sentence of each text only, then without reasons."""
    for reasons in range(len(reply.parts) - 1, 0, -1):
        yield _say(reply, goals, reasons, short=False)
    yield _say(reply, goals, 1, short=True)
    yield _say(reply, goals, 0, short=True)


def _say(reply: Reply, goals: Mapping[str, Goal], reasons: int, *, short: bool) -> Wording:
    parts = reply.parts
    headlines = [_headline(parts[0], goals)] if len(parts) == 1 else _headlines(parts, goals, short=short)
    said = dict.fromkeys(_first_sentence(part.answer.because) if short else part.answer.because for part in parts[:reasons])
    cautions = dict.fromkeys(part.answer.caution for part in parts if part.answer.caution)
    return Wording(
        headline=" ".join([*headlines, *([APART] if reply.apart else [])]),
        reason=" ".join([*said, *cautions]),
        disagreement=f"Sources differ: {_sentence(reply.disagreements[0].note)}" if reply.disagreements else "",
        sources=tuple(piece for piece in reply.evidence if piece.stance == "supports"),
    )


def _headline(part: Part, goals: Mapping[str, Goal]) -> str:
    named, advice = phrase(part.goals, goals), part.answer.advice
    if not part.lead:
        return _for(named, advice)
    lead = part.lead.format(goal=f" for {named}" if named else "", comma="," if named else "")
    return f"{lead}: {_small(advice)}" if " " in lead else f"{lead}. {advice}"


def _headlines(parts: Sequence[Part], goals: Mapping[str, Goal], *, short: bool) -> list[str]:
    """The advice of several *parts*, each piece once, after the yes or no that they share; *short*: from the second one on."""
    leads = {part.lead for part in parts}
    common = leads.pop() if len(leads) == 1 else None
    served: dict[str, tuple[str, ...]] = {}
    for part in parts:
        advice = _first_sentence(part.answer.advice) if short and served else part.answer.advice
        served[advice] = (*served.get(advice, ()), *part.goals)
    first = [_sentence(common.format(goal="", comma=""))] if common else []
    return [*first, *(_for(phrase(ids, goals), advice) for advice, ids in served.items())]


def _for(named: str, advice: str) -> str:
    """*advice* after the goals that it is for, unless it opens with them itself."""
    return f"For {named}: {_small(advice)}" if named and not advice.startswith("For ") else advice


def _first_sentence(text: str) -> str:
    return _SENTENCE_END.split(text, maxsplit=1)[0]


def _small(sentence: str) -> str:
    """*sentence* as it goes on after a colon: a first letter that is only a capital for standing first is made small."""
    first = sentence.split(maxsplit=1)[0]
    return sentence if first in {"I", "I'm"} or any(letter.isupper() for letter in first[1:]) else sentence[0].lower() + sentence[1:]


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
