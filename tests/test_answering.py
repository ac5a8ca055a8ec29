"""Choosing what to answer: the most specific answer, for one goal, for two, and the first words that fit the question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.answering import PERMISSION, THREAT, Reply, choose, lead, reply
from knowledge.model import VERDICTS, Answer, Base, Evidence, Question

Goals = tuple[str, ...]


def answer(advice: str, *goals: str, verdict: str | None = None, evidence: tuple[Evidence, ...] = (), **when: str) -> Answer:
    """An answer with as little in it as the test needs."""
    return Answer(goals, {name: tuple(values.split()) for name, values in when.items()}, advice, "", verdict, evidence=evidence)


def question(*answers: Answer) -> Question:
    """A question with *answers*."""
    return Question("order", "Run first or lift first?", answers=answers)


def advised(found: Reply | None) -> list[tuple[Goals, str]]:
    """The goals and the advice of each part."""
    assert found is not None
    return [(part.goals, part.answer.advice) for part in found.parts]


GENERAL = answer("general")
ANSWERS = (
    GENERAL,
    answer("muscle", "muscle"),
    answer("endurance", "endurance"),
    answer("race", "endurance", purpose="race pace"),
    answer("leg day", body_part="lower"),
    answer("muscle on leg day", "muscle", body_part="lower"),
    answer("muscle and endurance", "muscle", "endurance"),
    answer("easy on leg day", body_part="lower", intensity="easy"),
)


class TestChoose:
    @pytest.mark.parametrize(
        ("goals", "conditions", "expected"),
        [
            ((), {}, "general"),
            (("muscle",), {}, "muscle"),
            (("strength",), {}, "general"),
            (("endurance",), {"purpose": "race"}, "race"),
            (("endurance",), {"purpose": "pace"}, "race"),
            (("endurance",), {"purpose": "health"}, "endurance"),
            ((), {"purpose": "race"}, "general"),
            ((), {"body_part": "lower"}, "leg day"),
            (("endurance",), {"body_part": "lower"}, "leg day"),
            (("muscle",), {"body_part": "lower"}, "muscle on leg day"),
            (("muscle",), {"body_part": "lower", "intensity": "easy"}, "easy on leg day"),
            (("muscle", "endurance"), {}, "muscle and endurance"),
            (("endurance", "muscle"), {}, "muscle and endurance"),
            (("muscle", "endurance"), {"purpose": "race"}, "race"),
            (("muscle",), {"unheard": "of"}, "muscle"),
        ],
    )
    def test_the_most_specific_answer_wins(self, goals: Goals, conditions: dict[str, str], expected: str) -> None:
        """More conditions met go before more goals met; what is not met rules an answer out."""
        found = choose(ANSWERS, goals, conditions)

        assert found is not None
        assert found.advice == expected

    def test_the_first_of_equals_wins(self) -> None:
        """Among answers that are as specific as each other the order of the file decides."""
        assert choose((answer("a", "muscle"), answer("b", "strength")), ("strength", "muscle"), {}) == answer("a", "muscle")

    def test_no_answer_fits_where_none_is_general(self) -> None:
        """Without a general answer there may be nothing to say."""
        assert choose((answer("a", "muscle"),), (), {}) is None


LEADS = {
    ("good", None, PERMISSION): "Yes",
    ("good", None, THREAT): "No",
    ("bad", None, PERMISSION): "No",
    ("bad", None, THREAT): "Yes",
    ("lift_first", "lift_first", PERMISSION): "Yes, that is the better order",
    ("lift_first", "run_first", PERMISSION): "Better the other way round",
    ("run_first", "run_first", PERMISSION): "Yes, that is the better order",
    ("run_first", "lift_first", PERMISSION): "Better the other way round",
    ("lift_first", "lift_first", THREAT): "No, that is the better order",
    ("lift_first", "run_first", THREAT): "It is the weaker order",
    ("run_first", "run_first", THREAT): "No, that is the better order",
    ("run_first", "lift_first", THREAT): "It is the weaker order",
    ("either_order", "run_first", PERMISSION): "Yes, that works",
    ("either_order", "lift_first", THREAT): "No, that works too",
    ("lift_first", None, PERMISSION): None,
    ("either_order", None, THREAT): None,
    ("good", "lift_first", "open"): None,
    ("bad", None, None): None,
    (None, "lift_first", PERMISSION): None,
}


class TestLead:
    @pytest.mark.parametrize(("verdict", "order", "frame", "expected"), [(*case, lead) for case, lead in LEADS.items()])
    def test_yes_and_no_come_out_right_whichever_way_round(self, verdict: str, order: str, frame: str, expected: str | None) -> None:
        """The same verdict is a yes or a no by the order that was asked about and by how the question was put."""
        words = lead(answer("", verdict=verdict), order, frame)

        assert (words and words.format(goal="", comma="")) == expected

    @pytest.mark.parametrize("verdict", VERDICTS)
    @pytest.mark.parametrize("frame", [PERMISSION, THREAT])
    def test_the_other_frame_turns_yes_into_no(self, verdict: str, frame: str) -> None:
        """Every verdict has first words for either frame, and never the same ones."""
        words = {lead(answer("", verdict=verdict), "lift_first", frame) for frame in (PERMISSION, THREAT)}

        assert len(words) == 2
        assert None not in words


class TestReply:
    def test_a_question_without_answers_has_no_reply(self) -> None:
        """What the documents do not cover is said by whoever asked for the reply."""
        assert reply(question(), ("muscle",)) is None

    @pytest.mark.parametrize(
        ("goals", "expected"),
        [
            ((), [((), "general")]),
            (("muscle",), [(("muscle",), "muscle")]),
            (("strength",), [((), "general")]),
            (("muscle", "endurance"), [(("muscle", "endurance"), "muscle and endurance")]),
            (("muscle", "strength"), [((), "general"), (("muscle",), "muscle")]),
            (("strength", "general"), [((), "general")]),
            (("strength", "muscle", "endurance"), [((), "general"), (("muscle", "endurance"), "muscle and endurance")]),
            (("muscle", "muscle"), [(("muscle",), "muscle")]),
        ],
    )
    def test_every_goal_is_served_by_the_fewest_answers(self, goals: Goals, expected: list[tuple[Goals, str]]) -> None:
        """Goals that share an answer share a part; a goal without an answer of its own gets the general one, which stands first."""
        assert advised(reply(question(*ANSWERS), goals)) == expected

    def test_two_goals_without_a_shared_answer_are_both_answered(self) -> None:
        """Each goal has its part, in the order in which the goals were named."""
        both = question(GENERAL, answer("lift", "muscle", verdict="lift_first"), answer("run", "endurance", verdict="run_first"))

        assert advised(reply(both, ("endurance", "muscle"))) == [(("endurance",), "run"), (("muscle",), "lift")]
        assert advised(reply(both, ("muscle", "endurance"))) == [(("muscle",), "lift"), (("endurance",), "run")]

    @pytest.mark.parametrize(
        ("one", "other", "apart"),
        [
            ("lift_first", "run_first", True),
            ("good", "bad", True),
            ("lift_first", "lift_first", False),
            ("lift_first", "either_order", False),
            ("good", None, False),
            (None, None, False),
        ],
    )
    def test_goals_pull_apart_where_verdicts_are_opposite(self, one: str | None, other: str | None, apart: bool) -> None:
        """Two pieces of advice may differ in words without being at odds; opposite verdicts are."""
        found = reply(
            question(GENERAL, answer("a", "muscle", verdict=one), answer("b", "endurance", verdict=other)), ("muscle", "endurance")
        )

        assert found is not None
        assert found.apart is apart

    def test_it_says_which_other_goals_would_change_the_answer(self) -> None:
        """Only goals with another answer than the one given."""
        without, with_one = reply(question(*ANSWERS)), reply(question(*ANSWERS), ("muscle",))
        on_leg_day = reply(question(*ANSWERS), (), {"body_part": "lower"})

        assert without is not None
        assert without.would_change == ("muscle", "endurance")
        assert with_one is not None
        assert with_one.would_change == ("endurance",)
        assert on_leg_day is not None
        assert on_leg_day.would_change == ("muscle",)

    def test_evidence_is_that_of_all_parts_each_section_once(self) -> None:
        """Two parts that stand on one section cite it once; what contradicts is a disagreement, what is garbled is nothing."""
        shared, contra, torn = (
            Evidence("after", section, stance, "n") for section, stance in (("A", "supports"), ("B", "contradicts"), ("C", "garbled"))
        )
        parts = answer("a", "muscle", evidence=(shared, contra, torn)), answer("b", "endurance", evidence=(shared, contra))
        found = reply(question(GENERAL, *parts), ("muscle", "endurance"))

        assert found is not None
        assert found.evidence == (shared, contra)
        assert found.disagreements == (contra,)

    def test_the_order_asked_about_is_a_condition_too(self, base: Base) -> None:
        """One reading of the message gives both the answer and its first words."""
        found = reply(next(q for q in base.questions if q.id == "order"), (), {"order": "lift_first"}, PERMISSION)

        assert found is not None
        assert found.parts[0].lead == "Yes,{goal} that is the better order"

    @given(
        goals=st.lists(st.sampled_from(["muscle", "endurance", "strength", "looks"])),
        conditions=st.dictionaries(
            st.sampled_from(["purpose", "body_part", "intensity", "x"]), st.sampled_from(["race", "lower", "easy", "y"])
        ),
        frame=st.sampled_from([None, PERMISSION, THREAT, "open", ""]),
    )
    def test_a_general_answer_means_there_is_always_a_reply(self, goals: list[str], conditions: dict[str, str], frame: str | None) -> None:
        """Whatever was understood, each goal is in at most one part, and no part is for a goal that nobody named."""
        found = reply(question(*ANSWERS), goals, conditions, frame)

        assert found is not None
        served = [goal for part in found.parts for goal in part.goals]
        assert len(served) == len(set(served))
        assert set(served) <= set(goals)
