"""Sense across files: what a single file cannot know about itself, and what a reader needs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

import textstat

from knowledge import wording
from knowledge.errors import Complaint
from knowledge.model import Answer, Base, Question
from knowledge.texts import fold, hint

if TYPE_CHECKING:
    from knowledge.files import Progress

__all__ = ["check", "fold", "grade", "words_of"]

MIN_PHRASINGS = 15
MIN_HELD_OUT = 5
MAX_TITLE = 60
"""Letters in a title; more does not fit a button."""
MAX_GRADE = 8.0
"""Highest school grade of an answer (Flesch-Kincaid; Kincaid et al. 1975)."""


def check(base: Base, *, progress: Progress = lambda done, of: None) -> list[Complaint]:
    """Every complaint about the sense of *base*, sorted by file and line; empty if there is none."""
    checker = _Checker(base)
    complaints = [*checker.tables(), *checker.goals_with_an_answer(), *checker.phrasings(), *checker.titles()]
    for done, question in enumerate(base.questions, 1):
        complaints += [*checker.counts(question), *checker.links(question), *checker.answers(question)]
        progress(done, len(base.questions))
    return sorted(set(complaints))


def words_of(answer: Answer) -> str:
    """Everything that is said of *answer* before its sources."""
    notes = [piece.note for piece in answer.evidence if piece.stance == "contradicts"][:1]
    return " ".join(filter(None, [answer.advice, answer.because, answer.caution, *notes]))


def grade(answer: Answer) -> float:
    """The school grade that reading the advice and its reason takes."""
    return float(textstat.flesch_kincaid_grade(f"{answer.advice} {answer.because}"))


class _Checker:
    """The rules, one method each; texts that are empty have been complained of by whoever read them."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self.ids = {question.id for question in base.questions}
        self.answered = {question.id for question in base.questions if question.answers}
        self.sections = {source.id: source.sections for source in base.sources}
        self.goals = {goal.id: goal for goal in base.goals}
        self.dimensions = base.dimensions

    def at(self, question: Question, complaint: str, *path: str | int) -> Complaint:
        place = self.base.where[f"questions/{question.id}"]
        return Complaint(place.file, place.line(*path), complaint)

    def tables(self) -> Iterator[Complaint]:
        for name, rows in (("goals", self.base.goals), ("sources", self.base.sources)):
            ids, place = [row.id for row in rows], self.base.where[name]
            for position, id in enumerate(ids):
                if id in ids[:position]:
                    yield Complaint(
                        place.file, place.line(position, "id"), f"the id '{id}' stands above already. Each {name[:-1]} has its own."
                    )
        for position, source in enumerate(self.base.sources):
            for number, section in enumerate(source.sections):
                if section in source.sections[:number]:
                    line = self.base.where["sources"].line(position, "sections", number)
                    yield Complaint(self.base.where["sources"].file, line, f"the section '{section}' stands above already. Remove one.")

    def goals_with_an_answer(self) -> Iterator[Complaint]:
        answered = {goal for question in self.base.questions for answer in question.answers for goal in answer.goals}
        place = self.base.where["goals"]
        for position, goal in enumerate(self.base.goals):
            if goal.id not in answered:
                text = f"no question has an answer for the goal '{goal.id}'. Write one, or remove the goal."
                yield Complaint(place.file, place.line(position, "id"), text)

    def phrasings(self) -> Iterator[Complaint]:
        seen: dict[str, tuple[Question, str, int]] = {}
        texts = (
            (q, key, i, text) for q in self.base.questions for key in ("asked_as", "held_out") for i, text in enumerate(getattr(q, key))
        )
        for question, key, position, text in texts:
            first, its_key, its_position = seen.setdefault(fold(text), (question, key, position))
            if text and (first, its_key, its_position) != (question, key, position):
                place = self.base.where[f"questions/{first.id}"]
                rule = "One phrasing belongs to one question." if key == its_key else "A held-out phrasing is never trained on."
                other = f"also {its_key} in {place.file}:{place.line(its_key, its_position)}"
                yield self.at(question, f"'{text}' is {other}. {rule} Remove one of them.", key, position)

    def titles(self) -> Iterator[Complaint]:
        seen: dict[str, str] = {}
        for question in self.base.questions:
            if len(question.title) > MAX_TITLE:
                yield self.at(
                    question, f"the title has {len(question.title)} letters, a button has room for {MAX_TITLE}. Shorten it.", "title"
                )
            if question.title and seen.setdefault(fold(question.title), question.id) != question.id:
                yield self.at(
                    question, f"'{seen[fold(question.title)]}' has the same title. Say what is different about this one.", "title"
                )

    def counts(self, question: Question) -> Iterator[Complaint]:
        for key, least in (("asked_as", MIN_PHRASINGS), ("held_out", MIN_HELD_OUT)):
            found = len(getattr(question, key))
            if found < least:
                text = f"{found} phrasings in '{key}', at least {least} are needed. Add some in the words people use."
                yield self.at(question, text, key)

    def links(self, question: Question) -> Iterator[Complaint]:
        for key, allowed, kind in (("follow_ups", self.ids, ""), ("nearest", self.answered, "answered ")):
            targets = getattr(question, key)
            for position, target in enumerate(targets):
                if target and (target not in allowed or target == question.id):
                    text = f"'{target}' in '{key}' is no other {kind}question.{hint(target, allowed - {question.id})}"
                    yield self.at(question, text, key, position)
                elif target in targets[:position]:
                    yield self.at(question, f"'{target}' stands twice in '{key}'. Remove one.", key, position)
        if question.not_covered and not question.nearest:
            yield self.at(question, "'not_covered' needs 'nearest': one to three answered questions.", "not_covered")

    def answers(self, question: Question) -> Iterator[Complaint]:
        if question.answers and all(answer.goals or answer.when for answer in question.answers):
            yield self.at(question, "no answer with 'goal: any' and without 'when'. Whoever names no goal needs one.", "answers")
        seen: dict[object, int] = {}
        for position, answer in enumerate(question.answers):
            key = (frozenset(answer.goals), frozenset((name, frozenset(values)) for name, values in answer.when.items()))
            first = seen.setdefault(key, position)
            if first != position:
                line = self.at(question, "", "answers", first).line
                yield self.at(question, f"the answer on line {line} is for the same goal and conditions. Merge them.", "answers", position)
            yield from self.answer(question, answer, ("answers", position))
            yield from self.reading(question, answer, ("answers", position, "advice"))

    def answer(self, question: Question, answer: Answer, path: tuple[str | int, ...]) -> Iterator[Complaint]:
        for number, goal in enumerate(answer.goals):
            yield from self.known(question, goal, "goal", ("any", *self.goals), (*path, "goal", number))
        for name, values in answer.when.items():
            yield from self.known(question, name, "condition", self.dimensions, (*path, "when", name))
            for number, value in enumerate(values):
                if name in self.dimensions:
                    yield from self.known(question, value, f"value of '{name}'", self.dimensions[name], (*path, "when", name, number))
        for number, piece in enumerate(answer.evidence):
            at = (*path, "evidence", number)
            yield from self.known(question, piece.source, "source", self.sections, (*at, "source"))
            if piece.source in self.sections:
                what = f"section of '{piece.source}' (see {self.base.where['sources'].file})"
                yield from self.known(question, piece.section, what, self.sections[piece.source], (*at, "section"))

    def known(self, question: Question, word: str, what: str, allowed: Collection[str], path: tuple[str | int, ...]) -> Iterator[Complaint]:
        if word and word not in allowed:
            choices = "" if what.startswith("section") else f" Known: {', '.join(allowed)}."
            yield self.at(question, f"unknown {what} '{word}'.{choices}{hint(word, allowed)}", *path)

    def reading(self, question: Question, answer: Answer, path: tuple[str | int, ...]) -> Iterator[Complaint]:
        count, level = len(words_of(answer).split()), grade(answer)
        if count > wording.MAX_WORDS:
            text = f"{count} words before the sources, at most {wording.MAX_WORDS}. Shorten the reason or the note that contradicts."
            yield self.at(question, text, *path)
        if level > MAX_GRADE:
            text = f"reads at school grade {level:.1f} (Flesch-Kincaid), at most {MAX_GRADE:.0f}. Shorter sentences, plainer words."
            yield self.at(question, text, *path)
