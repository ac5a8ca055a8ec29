"""
Choose what to answer: question, goals and conditions to the most specific answers. Pure.

The verdicts and the first words that follow from them, for somebody who asks …

=====================  ==========================  ===============================
verdict of the answer  "can I …?" (permission)     "does it hurt …?" (threat)
=====================  ==========================  ===============================
good                   Yes.                        No.
bad                    No.                         Yes.
the order asked about  Yes, that is the better     No, that is the better order.
                       order.
the other order        Better the other way        It is the weaker order.
                       round.
either_order           Yes, that works.            No, that works too.
=====================  ==========================  ===============================
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.model import ORDERS, Answer, Evidence, Question

PERMISSION, THREAT = "permission", "threat"

_OPPOSED = ({"lift_first", "run_first"}, {"good", "bad"})

_LEADS = {
    ("good", PERMISSION): "Yes{comma}{goal}",
    ("good", THREAT): "No{comma}{goal}",
    ("bad", PERMISSION): "No{comma}{goal}",
    ("bad", THREAT): "Yes{comma}{goal}",
    ("asked", PERMISSION): "Yes,{goal} that is the better order",
    ("asked", THREAT): "No,{goal} that is the better order",
    ("other", PERMISSION): "Better the other way round{goal}",
    ("other", THREAT): "It is the weaker order{goal}",
    ("either_order", PERMISSION): "Yes,{goal} that works",
    ("either_order", THREAT): "No,{goal} that works too",
}


@dataclass(frozen=True)
class Part:
    """One answer, the goals of the asker that it serves (none: it is the general one), and its first words."""

    goals: tuple[str, ...]
    answer: Answer
    lead: str | None = None


@dataclass(frozen=True)
class Reply:
    """
    What to say.

    *apart*: the parts give opposite verdicts, so the goals pull apart.
    *disagreements*: what other passages say, in our words. *evidence*: of all parts, each section once.
    *would_change*: goals that were not named and that have another answer than the one given.
    """

    question: Question
    parts: tuple[Part, ...]
    apart: bool
    disagreements: tuple[Evidence, ...]
    evidence: tuple[Evidence, ...]
    would_change: tuple[str, ...]


def reply(
    question: Question, goals: Sequence[str] = (), conditions: Mapping[str, str] | None = None, frame: str | None = None
) -> Reply | None:
    """
    Answer *question* for somebody with *goals* under *conditions*.

    Args:
        goals: Ids, none, one or several. With none the general answer is given.

        conditions: Dimension to value, as the reader found them; ``order`` is the order asked about.

        frame: "permission" or "threat"; anything else asks for no yes or no.

    Returns:
        None if the question has no answers (the documents do not cover it).
    """
    conditions = conditions or {}
    order = conditions.get("order")
    chosen = _for_each_goal(question.answers, goals, conditions)
    parts = tuple(Part(served, answer, lead(answer, order, frame)) for served, answer in chosen)
    if not parts:
        return None
    verdicts = {part.answer.verdict for part in parts}
    pieces = [piece for part in parts for piece in part.answer.evidence]
    return Reply(
        question=question,
        parts=parts,
        apart=any(pair <= verdicts for pair in _OPPOSED),
        disagreements=_first_per_section(piece for piece in pieces if piece.stance == "contradicts"),
        evidence=_first_per_section(piece for piece in pieces if piece.stance != "garbled"),
        would_change=_other_goals(question.answers, [part.answer for part in parts], goals, conditions),
    )


def choose(answers: Iterable[Answer], goals: Iterable[str], conditions: Mapping[str, str]) -> Answer | None:
    """
    Find the most specific of *answers* for somebody with all of *goals* under *conditions*.

    More conditions met go before a goal met: who asks "on leg day?" wants to hear about leg day. Among equals
    the one for more of the goals, then the first.
    """
    wanted = set(goals)
    fitting = [answer for answer in answers if set(answer.goals) <= wanted and _meets(answer, conditions)]
    return max(fitting, key=lambda answer: (len(answer.when), len(answer.goals)), default=None)


def lead(answer: Answer, order: str | None, frame: str | None) -> str | None:
    """
    Find the first words that make *answer* reply to a question about *order* that was put in *frame*.

    They hold ``{comma}`` and ``{goal}`` where the goal is named, if one is.
    """
    verdict = answer.verdict or ""
    if verdict in ORDERS:
        verdict = "" if order is None else "asked" if order == verdict else "other"
    elif verdict == "either_order" and order is None:
        verdict = ""
    return _LEADS.get((verdict, frame or ""))


def _meets(answer: Answer, conditions: Mapping[str, str]) -> bool:
    return all(conditions.get(name) in values for name, values in answer.when.items())


def _for_each_goal(answers: Sequence[Answer], goals: Iterable[str], conditions: Mapping[str, str]) -> list[tuple[tuple[str, ...], Answer]]:
    """The answers to give, each with the goals it is for: the general one first, the others as their goals were named."""
    named = tuple(dict.fromkeys(goals))
    left = list(named)
    found: list[tuple[tuple[str, ...], Answer]] = []
    while left or not found:
        answer = choose(answers, left, conditions)
        if answer is None:
            break
        served = tuple(goal for goal in left if goal in answer.goals)
        found.append((served, answer))
        if not served:
            break
        left = [goal for goal in left if goal not in served]
    return sorted(found, key=lambda part: min(map(named.index, part[0]), default=-1))


def _other_goals(
    answers: Sequence[Answer], given: Sequence[Answer], goals: Sequence[str], conditions: Mapping[str, str]
) -> tuple[str, ...]:
    """Goals besides *goals* whose answer is none of those *given*, in the order in which the question names them."""
    others = dict.fromkeys(goal for answer in answers for goal in answer.goals if goal not in goals)
    return tuple(goal for goal in others if choose(answers, (goal,), conditions) not in given)


def _first_per_section(pieces: Iterable[Evidence]) -> tuple[Evidence, ...]:
    found: dict[tuple[str, str, str], Evidence] = {}
    for piece in pieces:
        found.setdefault((piece.source, piece.section, piece.stance), piece)
    return tuple(found.values())
