"""What a message says besides its question, on the words of the real vocabulary; the phrasings are of this file alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from components.matching import Mention, Phrasebook, blank_english
from components.reading import Reading, Readings
from knowledge.model import Base, Goal, Vocabulary

Read = Callable[[str], Reading]
NLU = Path(__file__).parents[2] / "data" / "nlu.yml"

GOALS = {
    "i want to build muscle": ["muscle"],
    "will running eat my muscle": ["muscle"],
    "tryna get jacked lol": ["muscle"],
    "hypertrophy first": ["muscle"],
    "wanna get stronger": ["strength"],
    "my goal is strength": ["strength"],
    "lift heavier by summer": ["strength"],
    "lose fat": ["fat_loss"],
    "trying to lose some belly fat": ["fat_loss"],
    "i need to drop 10 pounds": ["fat_loss"],
    "im cutting, should i run": ["fat_loss"],
    "i care about stamina": ["endurance"],
    "i want to run faster": ["endurance"],
    "will lifting slow my 10k time": ["endurance"],
    "get fit": ["general"],
    "just want to stay healthy": ["general"],
    "both muscle and endurance": ["muscle", "endurance"],
    "i wanna get shredded but keep my gains": ["fat_loss", "muscle"],
    "muscle, muscle, muscle": ["muscle"],
    "MUSCLE": ["muscle"],
    "strength or cardio first": [],  # what one does, not what one wants
    "strength training before a run?": [],
    "should i run after lifting": [],
    "hello": [],
}
MISSPELT_GOALS = {
    "musle growth": ["muscle"],
    "musclse and a run": ["muscle"],
    "loose fat": ["fat_loss"],
    "endurence": ["endurance"],
    "hypertrofy is what im after": ["muscle"],
    "im training for a half marathn": ["endurance"],
}
STATED = {
    "i want to build muscle": True,
    "my goal is fat loss": True,
    "trying to lose some belly fat": True,
    "training for a marathon, should i lift after?": True,
    "for strength, cardio before weights?": True,
    "but for a race?": True,
    "will running eat my muscle": False,
    "does cardio kill gains?": False,
    "does running burn fat": False,
    "can i run without losing muscle": False,
    "should i run after lifting": False,
}
ONCE = {
    "but for a race?": True,
    "what about fat loss?": True,
    "how about for endurance": True,
    "only if i want to get stronger": True,
    "what if i run first": True,
    "and what about a hard run?": True,
    "ok but on leg day": True,
    "i want to build muscle": False,
    "should i run, but not after lifting": False,
}
PICKS = {
    "the second one": 1,
    "second": 1,
    "2": 1,
    "#2": 1,
    "2.": 1,
    "number two": 1,
    "option three": 2,
    "no. 3": 2,
    "3rd": 2,
    "i mean the third one": 2,
    "the first of those": 0,
    "yes the first one": 0,
    "that one": 0,
    "1 please": 0,
    "The Last One please!": -1,
    "last": -1,
    "yes": None,
    "one": None,
    "2 hours": None,
    "4": None,
    "first run or lift": None,
    "the first one is nonsense": None,
    "run first": None,
    "the one about waiting": None,
    "that": 0,
}
CONDITIONS = {
    "but for a race?": {"purpose": "race"},
    "i want a faster 5k": {"purpose": "pace"},
    "can i run on leg day": {"body_part": "lower"},
    "easy on an upper body day": {"body_part": "upper", "intensity": "easy"},
    "what if it is a hard tempo run": {"intensity": "hard"},
    "are sprints fine": {"intensity": "sprint"},
    "a light jog": {"intensity": "easy"},
    "both on the same day": {"day": "same_day"},
    "on alternate days": {"day": "separate_days"},
    "in the morning": {"time_of_day": "morning"},
    "late at night": {"time_of_day": "evening"},
    "i'm in a calorie deficit": {"energy": "deficit"},
    "im eating in a surplus": {"energy": "surplus"},
    "same day or separate days": {},  # a choice of both is neither
    "easy or hard run": {},
    "morning or evening": {},
    "sprints after squats?": {"body_part": "lower", "intensity": "sprint", "order": "lift_first"},
    "gentel run tomorow mornng": {"intensity": "easy", "time_of_day": "morning"},
    "hello": {},
}
FRAMES = {
    "can i run after lifting": "permission",
    "is it ok to lift after a jog": "permission",
    "thoughts on running after lifting": "permission",
    "run then lift?": "permission",  # an order and a question mark
    "cardio after weights": "permission",  # few words with an order
    "is it bad to run first?": "threat",
    "does cardio kill gains?": "threat",
    "will jogging eat my muscle": "threat",
    "running ruins my legs, right?": "threat",
    "scared that cardio costs me strength": "threat",
    "can i run without losing muscle": "permission",  # without turns the threat round
    "how do i keep muscle while cutting": None,
    "what order is best?": None,
    "how long should i wait after lifting": None,
    "which is worse, running first or last": None,
    "should i run before or after lifting": None,
    "run or lift first?": None,
    "what if i run first": "permission",  # not an open question
    "hello": None,
}
MANNERS = {
    "i also want muscle": {"adds", "statement"},
    "and fat loss too": {"adds"},
    "and the other way round?": {"reversed"},
    "vice versa?": {"reversed"},
    "i want to build muscle": {"statement"},
    "my goal is fat loss": {"statement"},
    "im training for a marathon, should i lift after?": set(),
    "will running eat my muscle": set(),
    "cardio and weights": {"bare"},
    "running": {"bare"},
    "should i run": set(),
    "hello": set(),
}
NUMBERS = {
    "run 2.5 miles after 45 min of weights": ["2.5", "45"],
    "5x5 then 3 miles at 8:30": ["5", "5", "3", "8:30"],
    "1,5 hours": ["1,5"],
    "no numbers here": [],
}
DAYS = {
    "i run on mondays and lift on thursdays": ["monday", "thursday"],
    "mon wed fri lifting, tue thu running": ["monday", "wednesday", "friday", "tuesday", "thursday"],
    "saturday or saturday": ["saturday"],
    "wendesday": ["wednesday"],
    "every day": [],
}


def table(cases: Mapping[str, object]) -> pytest.MarkDecorator:
    """A case for each text of *cases*, named by it."""
    return pytest.mark.parametrize(("text", "expected"), list(cases.items()), ids=list(cases))


def broken(reason: str) -> pytest.MarkDecorator:
    """A rule that does not hold yet; some have come to hold since."""
    return pytest.mark.xfail(reason=reason, strict=False)


class TestGoals:
    @table(GOALS)
    def test_goals_are_found_in_the_order_of_the_text(self, text: str, expected: list[str], read: Read) -> None:
        """Each goal that is named counts once, whatever word names it."""
        assert expected == read(text).goals

    @table(MISSPELT_GOALS)
    def test_misspelt_goals_are_found(self, text: str, expected: list[str], read: Read) -> None:
        """A slip of the finger does not cost anybody the answer for their goal."""
        assert expected == read(text).goals

    @table(STATED)
    def test_a_goal_is_stated_where_it_is_the_speakers_own(self, text: str, expected: bool, read: Read) -> None:
        """To ask about muscle is not to train for it; only what is stated is remembered."""
        assert expected is read(text).stated

    @pytest.mark.parametrize("text", ["im bulking", "i'm bulking", "im cutting, is a run ok"])
    def test_what_i_am_doing_is_stated(self, text: str, read: Read) -> None:
        """What follows "I'm" is as much the speaker's own as what follows "I want"."""
        assert read(text).stated

    @pytest.mark.parametrize(
        "text",
        [
            "does running lead to muscle loss?",
            "what does running do to my gains",
            "thoughts on muscle loss",
            "is cardio bad for muscle",
        ],
    )
    def test_what_is_feared_is_not_stated(self, text: str, read: Read) -> None:
        """Somebody who wants to lose fat may ask about muscle, and keeps their goal."""
        assert not read(text).stated

    @broken("a lone 'strength' counts as what one does, and some words for goals are missing")
    def test_every_example_of_a_stated_goal_names_one(self, read: Read) -> None:
        """What trains the intent state_goal must have something to remember."""
        assert [] == [text for text in examples("state_goal") if not read(text).goals]


class TestWhatIsMeant:
    @table(ONCE)
    def test_what_is_asked_in_passing_is_for_this_question_only(self, text: str, expected: bool, read: Read) -> None:
        """To ask "but for a race?" does not make a racer of anybody."""
        assert expected is read(text).once

    @table(MANNERS)
    def test_the_manner_of_a_message_is_read(self, text: str, expected: set[str], read: Read) -> None:
        """What is added to what was said, turned round, stated without a question, or only named."""
        found = read(text).as_dict()

        assert expected == {manner for manner in ("adds", "reversed", "statement", "bare") if found[manner]}

    @table(PICKS)
    def test_a_choice_is_picked_only_where_the_text_does_nothing_else(self, text: str, expected: int | None, read: Read) -> None:
        """A number that means something else ("2 hours") picks nothing."""
        assert expected == read(text).pick

    @table(CONDITIONS)
    def test_circumstances_are_found(self, text: str, expected: dict[str, str], read: Read) -> None:
        """One value of each dimension; where two are named it is a choice, and none is meant."""
        assert expected == read(text).conditions

    @pytest.mark.parametrize("text", ["am i too old to lift?", "i am cutting", "am i losing muscle"])
    def test_to_be_is_not_the_morning(self, text: str, read: Read) -> None:
        """To ask "am I …" says nothing about the time of day."""
        assert "time_of_day" not in read(text).conditions

    @broken("'what if i do intervals' and 'the other way round' name no circumstance that is known")
    def test_every_example_of_a_circumstance_names_one(self, read: Read) -> None:
        """What trains the intent state_condition must have something to answer anew for."""
        assert [] == [text for text in examples("state_condition") if not read(text).conditions]

    @table(FRAMES)
    def test_the_frame_says_what_yes_means(self, text: str, expected: str | None, read: Read) -> None:
        """A permission, a threat, or a question that yes and no do not answer."""
        assert expected == read(text).frame

    @table(NUMBERS)
    def test_numbers_are_found_as_typed(self, text: str, expected: list[str], read: Read) -> None:
        """Also with a point, a comma or a colon in them."""
        assert expected == read(text).numbers

    @table(DAYS)
    def test_days_are_found_once_each(self, text: str, expected: list[str], read: Read) -> None:
        """Short forms and plurals included, in the order of the text."""
        assert expected == read(text).days

    @table({"is running ok": True, "fat loss": True, "at night": True, "what is the capital of france": False, "hello": False, "2": False})
    def test_the_topic_is_ours_where_any_of_our_words_stands(self, text: str, expected: bool, read: Read) -> None:
        """Running, lifting, a goal or a circumstance."""
        assert expected is read(text).topic


class TestRobustness:
    @given(st.text(max_size=60))
    def test_any_text_is_read(self, text: str) -> None:
        """No text raises, whatever it holds, and reading it is a plain dict for Rasa."""
        assert SMALL.read(text).as_dict().keys() == Reading().as_dict().keys()

    def test_a_vocabulary_may_leave_frames_out(self, base: Base) -> None:
        """The checks are content with such a vocabulary, so reading is too."""
        assert "flip" not in base.vocabulary.frames
        assert Readings(list(base.goals), base.vocabulary).read("can i run") is not None


class TestPhrasebook:
    def test_the_longer_of_two_overlapping_phrases_wins(self) -> None:
        """An "easy run" is one thing, not an easy and a run."""
        nlp = blank_english()
        book = Phrasebook({"short": ["run"], "long": ["easy run"]}, nlp)

        assert [Mention("long", 1, 3)] == book.find(nlp.make_doc("an easy run"))

    @pytest.mark.parametrize(("text", "found"), [("eat muscle", 1), ("eat up all my muscle", 1), ("eat up all of my muscle", 0)])
    def test_a_gap_holds_up_to_three_words(self, text: str, found: int) -> None:
        """The "…" in a phrase stands for none to three words."""
        nlp = blank_english()

        assert found == len(Phrasebook({"eat": ["eat … muscle"]}, nlp).find(nlp.make_doc(text)))

    def test_a_gap_does_not_reach_over_a_comma(self) -> None:
        """What stands in another part of the sentence is something else."""
        nlp = blank_english()

        assert [] == Phrasebook({"eat": ["eat … muscle"]}, nlp).find(nlp.make_doc("eat well, muscle up"))

    def test_letters_may_be_large(self) -> None:
        """The words of the vocabulary are found however they are cased."""
        nlp = blank_english()

        assert [Mention("run", 0, 1)] == Phrasebook({"run": ["run"]}, nlp).find(nlp.make_doc("RUN"))


def examples(intent: str) -> list[str]:
    """The examples of *intent* in data/nlu.yml."""
    (entry,) = (entry for entry in YAML(typ="safe").load(NLU)["nlu"] if entry["intent"] == intent)
    return [line.removeprefix("- ") for line in entry["examples"].splitlines()]


SMALL = Readings(
    [Goal("muscle", "Build muscle", "building muscle", ("muscle", "eat … gains"))],
    Vocabulary(
        activities={"run": ("run",), "lift": ("lift",)},
        conditions={"intensity": {"easy": ("easy",)}},
        order={"after": ("after",), "first": ("first", "start with")},
        frames={"permission": ("can",), "threat": ("bad",), "flip": ("without",), "open": ("how",)},
        days={"monday": ("monday",)},
        slang={},
    ),
)
