"""From a reply to sentences: the first one answers, and the whole stays short."""

from __future__ import annotations

import pytest

from knowledge.answering import PERMISSION, THREAT, reply
from knowledge.model import Answer, Evidence, Goal, Question
from knowledge.wording import APART, MAX_WORDS, Wording, cite, in_full, phrase, word

GOALS = {
    "muscle": Goal("muscle", "Build muscle", "building muscle"),
    "fat_loss": Goal("fat_loss", "Lose fat", "fat loss"),
    "endurance": Goal("endurance", "Run better", "endurance"),
}
CONTRADICTS = Evidence("after", "B", "contradicts", "one passage would run first")


def answer(advice: str, *goals: str, because: str = "", verdict: str | None = None, caution: str | None = None, note: str = "") -> Answer:
    """An answer that stands on one section, and is contradicted by *note*."""
    against = (Evidence("after", "B", "contradicts", note),) if note else ()
    return Answer(goals, {}, advice, because, verdict, caution, (Evidence("after", "A", "supports", "n"), *against))


def said(*answers: Answer, goals: tuple[str, ...] = (), order: str | None = None, frame: str | None = None) -> Wording:
    """The wording of a question with *answers* for somebody with *goals*."""
    found = reply(Question("q", "Q?", answers=answers), goals, {"order": order} if order else {}, frame)
    assert found is not None
    return word(found, GOALS)


LIFT = answer("Lift first, then run.", verdict="lift_first", because="You are fresh.")
SAFE = answer("Running does not eat your muscle.", "muscle", verdict="good")


class TestHeadline:
    @pytest.mark.parametrize(
        ("one", "goals", "order", "frame", "headline"),
        [
            (LIFT, (), None, None, "Lift first, then run."),
            (LIFT, (), "lift_first", PERMISSION, "Yes, that is the better order: lift first, then run."),
            (LIFT, (), "run_first", PERMISSION, "Better the other way round: lift first, then run."),
            (LIFT, (), "run_first", THREAT, "It is the weaker order: lift first, then run."),
            (LIFT, (), "lift_first", "open", "Lift first, then run."),
            (SAFE, ("muscle",), None, None, "For building muscle: running does not eat your muscle."),
            (SAFE, ("muscle",), None, PERMISSION, "Yes, for building muscle: running does not eat your muscle."),
            (SAFE, ("muscle",), None, THREAT, "No, for building muscle: running does not eat your muscle."),
            (answer("Running is fine.", verdict="good"), (), None, THREAT, "No. Running is fine."),
            (answer("BCAAs may help.", "muscle"), ("muscle",), None, None, "For building muscle: BCAAs may help."),
            (answer("I would not.", "muscle"), ("muscle",), None, None, "For building muscle: I would not."),
            (answer("For a lean look, lift.", "muscle"), ("muscle",), None, None, "For a lean look, lift."),
        ],
    )
    def test_the_first_words_answer_and_name_the_goal(
        self, one: Answer, goals: tuple[str, ...], order: str | None, frame: str | None, headline: str
    ) -> None:
        """Yes or no where that was asked, then the goal, then the advice in one sentence that reads on."""
        assert said(one, goals=goals, order=order, frame=frame).headline == headline

    def test_two_goals_are_both_answered(self) -> None:
        """Each advice is said after its goal."""
        found = said(answer("Lift first.", "muscle"), answer("Run first.", "endurance"), goals=("muscle", "endurance"))

        assert found.headline == "For building muscle: lift first. For endurance: run first."

    def test_goals_that_pull_apart_are_told_what_to_do(self) -> None:
        """Opposite verdicts come with a way out."""
        pair = answer("Lift first.", "muscle", verdict="lift_first"), answer("Run first.", "endurance", verdict="run_first")

        assert said(*pair, goals=("muscle", "endurance")).headline.endswith(APART)
        assert APART not in said(*pair, goals=("muscle",)).headline

    def test_a_yes_that_all_parts_share_is_said_once(self) -> None:
        """With two parts of one verdict the first sentence still answers yes or no."""
        pair = answer("Lift first.", "muscle", verdict="lift_first"), answer("Do lift first.", "endurance", verdict="lift_first")
        found = said(*pair, goals=("muscle", "endurance"), order="lift_first", frame=PERMISSION)

        assert found.headline == "Yes, that is the better order. For building muscle: lift first. For endurance: do lift first."

    def test_the_same_advice_is_said_once(self) -> None:
        """Two goals with answers of their own and one advice share a sentence."""
        found = said(answer("Lift first.", "muscle"), answer("Lift first.", "endurance"), goals=("muscle", "endurance"))

        assert found.headline == "For building muscle and endurance: lift first."


class TestBody:
    def test_reason_caution_and_disagreement_follow(self) -> None:
        """A paragraph for the reason with its caution, one for what another passage says."""
        found = said(answer("Lift first.", because="You are fresh.", caution="Rest when tired.", note="one passage would run first"))

        assert found.body == "Lift first.\n\nYou are fresh. Rest when tired.\n\nSources differ: one passage would run first."

    def test_only_what_supports_is_a_source(self) -> None:
        """The passage that says otherwise is in the disagreement, not among the sources."""
        assert [piece.section for piece in said(answer("Lift first.", note="one would not")).sources] == ["A"]

    @pytest.mark.parametrize("goals", [("muscle", "fat_loss"), ("endurance", "muscle"), ("muscle", "fat_loss", "endurance")])
    def test_several_answers_stay_within_the_limit(self, goals: tuple[str, ...]) -> None:
        """Reasons and second sentences go where two or three full answers would be a wall of text; cautions stay."""
        long = "These are ten words of a sentence that goes on. "
        parts = [
            answer(
                f"{goal.capitalize()} needs this. {long * 2}".strip(),
                goal,
                because=long * 4,
                caution="Ask a doctor.",
                note="one passage says no",
            )
            for goal in GOALS
        ]
        found = said(*parts, goals=goals)

        assert len(found.body.split()) <= MAX_WORDS
        assert found.body.count("Ask a doctor.") == 1
        assert found.disagreement == "Sources differ: one passage says no."

    def test_what_fits_is_said_in_full(self) -> None:
        """Nothing is cut that need not be."""
        parts = (
            answer("Lift first. Then run.", "muscle", because="You are fresh."),
            answer("Run first. Then lift.", "endurance", because="You run well."),
        )
        found = reply(Question("q", "Q?", answers=parts), ("muscle", "endurance"))

        assert found is not None
        assert word(found, GOALS) == in_full(found, GOALS)
        assert word(found, GOALS).reason == "You are fresh. You run well."

    def test_the_last_reason_goes_first(self) -> None:
        """What is left out is the reason of the last part, not the advice of any."""
        parts = (
            answer("Lift first. Then run.", "muscle", because="Word " * 40),
            answer("Run first. Then lift.", "endurance", because="Ward " * 40),
        )
        found = said(*parts, goals=("muscle", "endurance"))

        assert "Ward" not in found.body
        assert "Word" in found.body
        assert "run first. Then lift." in found.headline


class TestPhraseAndCite:
    @pytest.mark.parametrize(
        ("ids", "words"),
        [
            ((), ""),
            (("muscle",), "building muscle"),
            (("muscle", "fat_loss"), "building muscle and fat loss"),
            (("muscle", "fat_loss", "endurance"), "building muscle, fat loss and endurance"),
            (("looks", "muscle"), "building muscle"),
        ],
    )
    def test_goals_are_listed_as_people_do(self, ids: tuple[str, ...], words: str) -> None:
        """Commas, and 'and' before the last; a goal that is gone is left out."""
        assert phrase(ids, GOALS) == words

    def test_sections_stand_after_their_document(self) -> None:
        """Each document is named once, three sections at most, one without a title by its id."""
        pieces = tuple(
            Evidence(source, section, "supports", "") for source, section in (("a", "One"), ("b", "Two"), ("a", "Three"), ("a", "Four"))
        )

        assert cite(pieces, {"a": "Running"}) == "Running “One”, “Three”; b “Two”"
