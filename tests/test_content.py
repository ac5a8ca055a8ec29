"""What the knowledge base of this repository has to say, and what it must never say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

import pytest

from knowledge import checks
from knowledge.answering import PERMISSION, THREAT, choose, reply
from knowledge.model import ORDERS, Answer, Base, Question
from knowledge.wording import MAX_WORDS, word

EXERCISES, GOALS_SECTION = "Exercises For Strength And Cardio", "How To Workout To Achieve Your Goals"
BEFORE, PREFERABLE = "Before Working Out With Weights, You Do Cardio", "Which Is Preferable: Pre- Or Post-Strength Work?"
WHY, ALLOWED = "Why Should I Take Up Running After Weight Lifting?", "Is Running Allowed After Weight Lifting?"
TWO_DAYS = "# 2 Strength training and cardio training on two different days"
WAIT = "How long should I wait before running after lifting weights?"
RACE = {"purpose": "race"}

# Where the documents disagree with each other or with themselves: for whom asks what, which passage has to be shown, and as what.
DISAGREEMENTS = {
    "1 order for muscle": ("order", ("muscle",), {}, "contradicts", GOALS_SECTION),
    "1 weights first may stop growth": ("order", ("muscle",), {}, "contradicts", BEFORE),
    "2 order for endurance": ("order", ("endurance",), {}, "contradicts", ALLOWED),
    "2 order for a race": ("order", ("endurance",), RACE, "contradicts", GOALS_SECTION),
    "3 whether order matters": ("order_matters", (), {}, "contradicts", PREFERABLE),
    "3 thin evidence": ("order", (), {}, "contradicts", EXERCISES),
    "4 order for fat loss": ("order", ("fat_loss",), {}, "contradicts", GOALS_SECTION),
    "5 wait before a hard run": ("wait_time", (), {"intensity": "hard"}, "contradicts", WHY),
    "5 run straight after": ("order", (), {}, "contradicts", WAIT),
    "6 same day": ("same_day_or_separate", (), {}, "contradicts", "Should I alternate running and weightlifting days?"),
    "6 separate days": ("same_day_or_separate", (), {"day": "same_day"}, "contradicts", TWO_DAYS),
    "7 recovery": ("recovery_effect", (), {}, "contradicts", "After weightlifting, can jogging slow muscle recovery?"),
    "7 recovery, a hard run": ("recovery_effect", (), {"intensity": "hard"}, "contradicts", WHY),
    "8 weights in the morning": ("time_of_day", (), {}, "contradicts", BEFORE),
    "8 cardio in the morning": ("time_of_day", (), {"time_of_day": "morning"}, "contradicts", EXERCISES),
    "9 a run before weights": ("warm_up", (), {}, "contradicts", "#1 Strength training first, then jogging"),
    "10 what a pound of muscle burns": ("metabolism", (), {}, "contradicts", "Benefits Of Weights"),
    "11 afterburn": ("afterburn", (), {}, "contradicts", "Benefits Of Cardio"),
    "12 garbled: lifting while fresh": ("order", ("muscle",), {}, "garbled", BEFORE),
    "12 garbled: the end of the race": ("why_run_after", (), {}, "garbled", WHY),
    "12 garbled: the second group": ("disliked_first", (), {}, "garbled", PREFERABLE),
    "13 muscle loss": ("muscle_loss", (), {}, "contradicts", "Does Jogging Lead to Muscle Loss?"),
}  # fmt: skip

NEVER = {
    "lifting while fresh makes repetitions impossible": r"fresh[^.]*\b(impossible|fewer|cannot)\b",
    "the end of the race": r"end of (the|a) race",
    "the second group": r"second group",
    "calories in numbers": r"\b\d[\d,.]*\s*(k?cal\b|k?calories|kilojoules|kj\b)",
    "a deficit in numbers": r"deficit of\b|\d\s*(%|per ?cent)[^.]*\bdeficit",
    "a pound of muscle burns hundreds, as a fact": r"burns? (a few )?hundred",
}


def question(base: Base, id: str) -> Question:
    """The question with *id*."""
    return next(question for question in base.questions if question.id == id)


def texts(base: Base) -> Iterator[tuple[str, str]]:
    """Everything that is said as advice, with the id of its question."""
    for one in base.questions:
        for answer in one.answers:
            yield one.id, " ".join(filter(None, [answer.advice, answer.because, answer.caution]))


class TestWhole:
    def test_no_rule_is_broken(self, real: Base) -> None:
        """`python -m knowledge check` has nothing to complain of: phrasings, links, sections, words and grade of each answer."""
        assert [str(complaint) for complaint in checks.check(real)] == []

    def test_at_least_35_questions_are_answered(self, real: Base) -> None:
        """The subject is covered; questions of the field that the documents do not cover come on top."""
        assert sum(bool(one.answers) for one in real.questions) >= 35
        assert sum(bool(one.not_covered) for one in real.questions) >= 8

    def test_every_goal_and_most_pairs_have_answers(self, real: Base) -> None:
        """Each goal has answers of its own in many questions, and every pair of goals in one at least."""
        alone = [answer.goals[0] for one in real.questions for answer in one.answers if len(answer.goals) == 1]
        pairs = {frozenset(answer.goals) for one in real.questions for answer in one.answers if len(answer.goals) == 2}

        assert all(alone.count(goal.id) >= 10 for goal in real.goals)
        assert {frozenset(pair) for pair in combinations([goal.id for goal in real.goals], 2)} <= pairs

    def test_every_condition_makes_a_difference_somewhere(self, real: Base) -> None:
        """No value of a dimension is read from messages and then never used."""
        used = {
            (name, value) for one in real.questions for answer in one.answers for name, values in answer.when.items() for value in values
        }

        assert used == {(name, value) for name, values in real.dimensions.items() for value in values}

    def test_every_section_is_cited(self, real: Base) -> None:
        """Every part of both documents is reachable by some question."""
        cited = {(piece.source, piece.section) for one in real.questions for answer in one.answers for piece in answer.evidence}

        only_asks = {("jog-and-build", "Introduction")}
        assert cited == {(source.id, section) for source in real.sources for section in source.sections} - only_asks


class TestOrder:
    @pytest.mark.parametrize("goal", ["muscle", "strength", "fat_loss", "endurance", "general"])
    def test_the_order_is_answered_for_each_goal(self, real: Base, goal: str) -> None:
        """The most frequent question has an answer of its own for every goal."""
        answer = choose(question(real, "order").answers, (goal,), {})

        assert answer is not None
        assert answer.goals == (goal,)

    @pytest.mark.parametrize("pair", list(combinations(["muscle", "strength", "fat_loss", "endurance", "general"], 2)))
    def test_the_order_is_answered_for_two_goals(self, real: Base, pair: tuple[str, str]) -> None:
        """People have two goals at once; together they get one answer that weighs both."""
        answer = choose(question(real, "order").answers, pair, {})

        assert answer is not None
        assert set(answer.goals) == set(pair)

    @pytest.mark.parametrize(
        ("goals", "condition", "value"),
        [
            (("endurance",), "purpose", "race"),
            (("endurance",), "purpose", "pace"),
            ((), "body_part", "upper"),
            ((), "body_part", "lower"),
            ((), "intensity", "easy"),
            ((), "intensity", "hard"),
            ((), "intensity", "sprint"),
        ],
    )
    def test_the_order_is_answered_for_each_condition(self, real: Base, goals: tuple[str, ...], condition: str, value: str) -> None:
        """Race and pace, leg day and upper-body day, easy run, hard run and sprints each have an answer of their own."""
        answer = choose(question(real, "order").answers, goals, {condition: value})

        assert answer is not None
        assert value in answer.when[condition]

    @pytest.mark.parametrize(
        ("goals", "conditions", "verdict"),
        [
            ((), {}, "lift_first"),
            (("muscle",), {}, "lift_first"),
            (("strength",), {}, "lift_first"),
            (("fat_loss",), {}, "lift_first"),
            (("endurance",), RACE, "run_first"),
            (("general",), {}, "either_order"),
            ((), {"intensity": "sprint", "order": "lift_first"}, "bad"),
            ((), {"body_part": "lower"}, "lift_first"),
        ],
    )
    def test_the_verdicts_are_those_of_a_fair_reading(
        self, real: Base, goals: tuple[str, ...], conditions: dict[str, str], verdict: str
    ) -> None:
        """Where the documents disagree the answer leans where most of both lean, and makes the race the exception."""
        answer = choose(question(real, "order").answers, goals, conditions)

        assert answer is not None
        assert answer.verdict == verdict


class TestHonesty:
    @pytest.mark.parametrize(("id", "goals", "conditions", "stance", "section"), DISAGREEMENTS.values(), ids=DISAGREEMENTS)
    def test_disagreements_are_shown(
        self, real: Base, id: str, goals: tuple[str, ...], conditions: dict[str, str], stance: str, section: str
    ) -> None:
        """Whoever gets the answer can see the passage that says otherwise, or that is garbled, with a note on what it says."""
        answer = choose(question(real, id).answers, goals, conditions)

        assert answer is not None
        assert [piece.note for piece in answer.evidence if (piece.stance, piece.section) == (stance, section)]

    def test_the_thirteen_points_are_all_there(self) -> None:
        """The table above leaves out no point at which the documents disagree."""
        assert {int(name.split()[0]) for name in DISAGREEMENTS} == set(range(1, 14))

    @pytest.mark.parametrize("pattern", NEVER.values(), ids=NEVER)
    def test_it_is_never_said(self, real: Base, pattern: str) -> None:
        """Garbled sentences are recorded but not repeated, and nobody is told how many calories to go without."""
        assert [(id, text) for id, text in texts(real) if re.search(pattern, text, re.IGNORECASE)] == []

    def test_the_calories_of_a_pound_of_muscle_carry_a_caution(self, real: Base) -> None:
        """A figure far off what is published is never given without the published one."""
        told = [answer for one in real.questions for answer in one.answers if re.search(r"hundred calories", checks.words_of(answer))]

        assert told
        assert all(answer.caution and "6 to 10" in answer.caution for answer in told)

    def test_garbled_passages_are_never_cited_as_support(self, real: Base) -> None:
        """What is garbled is neither a source nor a disagreement of any reply."""
        for one in real.questions:
            found = reply(one)
            assert found is None or all(piece.stance != "garbled" for piece in (*found.evidence, *found.disagreements))

    def test_notes_read_on_after_sources_differ(self, real: Base) -> None:
        """A note that contradicts is said after "Sources differ:", so it starts small, unless with a name."""
        capital = {
            piece.note
            for one in real.questions
            for answer in one.answers
            for piece in answer.evidence
            if piece.stance == "contradicts" and piece.note[0].isupper()
        }

        assert capital == set()


class TestLength:
    @pytest.mark.parametrize("frame", [None, PERMISSION, THREAT])
    def test_no_reply_for_up_to_two_goals_is_a_wall_of_text(self, real: Base, frame: str | None) -> None:
        """Whatever the goals, one condition and the way of asking: at most ninety words before the sources."""
        goals = {goal.id: goal for goal in real.goals}
        people = [(), *((goal,) for goal in goals), *combinations(goals, 2)]
        for one in real.questions:
            dimensions = {"order": set(ORDERS), **{name: set() for answer in one.answers for name in answer.when}}
            for answer in one.answers:
                for name, values in answer.when.items():
                    dimensions[name] |= set(values)
            for conditions in [{}, *({name: value} for name, values in dimensions.items() for value in values)]:
                for wanted in people if one.answers else []:
                    found = reply(one, wanted, conditions, frame)
                    assert found is not None
                    assert len(word(found, goals).body.split()) <= MAX_WORDS, (one.id, wanted, conditions)

    def test_every_answer_alone_is_within_the_limit(self, real: Base) -> None:
        """Advice, reason, caution and disagreement of one answer are at most ninety words."""
        long = [
            (one.id, answer.advice) for one in real.questions for answer in one.answers if len(checks.words_of(answer).split()) > MAX_WORDS
        ]

        assert long == []

    def test_advice_comes_first_and_is_short(self, real: Base) -> None:
        """The first sentence of an answer has at most thirty words and does not begin with yes or no, which the verdict supplies."""

        def first(answer: Answer) -> str:
            return re.split(r"(?<=[.?!])\s", answer.advice)[0]

        said = [(one.id, first(answer)) for one in real.questions for answer in one.answers]
        assert [each for each in said if len(each[1].split()) > 30 or re.match(r"(yes|no)\b", each[1], re.IGNORECASE)] == []
