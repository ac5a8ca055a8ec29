"""What is a danger and what is not, what is said to it, and what may stand in knowledge/danger.yml."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import danger
from knowledge.danger import Card, Watch
from knowledge.errors import FilesError
from knowledge.nodes import Node
from knowledge.pages import Page
from knowledge.phrases import Grammar, PhraseError, Text
from knowledge.texts import fold
from knowledge.typed import Words

DATA = Path(__file__).resolve().parent / "data"

TINY = """\
sources: [{title: A list, for: the words}]
forbidden: [squat, warm up]
small: [my, really]
real: [cheat]
breaks: [should]
denials: [no, never]
until: [until]
through: [any, <pain>]
groups:
  pain: [pain, hurts, pins and needles]
  sore: [sore]
harmless: [chest day]
kinds:
  - id: heart
    level: emergency
    title: Stop now
    text: Sit down. Call for help.
    contact: false
    patterns:
      - chest + <pain> unless <sore>
  - id: age
    level: professional
    title: Ask a parent
    text: I write for adults. Ask a parent.
    contact: true
    patterns: ["im {8-15} !minutes"]
"""


def read(name: str) -> Node:
    """A file of written sentences."""
    path = DATA / f"{name}.yml"
    node = Node.top(Page(path, path.parent.parent), "the file")
    assert node is not None
    return node


DANGERS = [(kind, text) for node in [read("danger")] for kind in node.value for text in node.texts(kind)]
HARMLESS = [item.value for item in read("harmless").items("a sentence")]
SOME = DANGERS[::9]


@functools.cache
def watch() -> Watch:
    """The watch over the dangers of this repository."""
    return Watch(danger.load())


def kind(text: str) -> str | None:
    """The id of the kind of danger that *text* speaks of."""
    card = watch().look(text)
    return card and card.kind


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    """A tiny danger.yml without a complaint."""
    path = tmp_path / "library" / "danger.yml"
    path.parent.mkdir()
    path.write_text(TINY, encoding="utf-8")
    return path


@pytest.fixture(name="complaints")
def _complaints(path: Path) -> Callable[[str, str], list[str]]:
    """What is complained of when a text that stands once in the tiny danger.yml is replaced."""

    def complaints(old: str, new: str) -> list[str]:
        assert TINY.count(old) == 1
        path.write_text(TINY.replace(old, new), encoding="utf-8")
        return [str(complaint) for complaint in danger.check(path)]

    return complaints


class TestWrittenSentences:
    @pytest.mark.parametrize(("expected", "text"), DANGERS)
    def test_every_danger_is_caught(self, expected: str, text: str) -> None:
        """A stranger's sentence about a danger gets the card of its kind."""
        assert kind(text) == expected

    def test_at_most_one_harmless_sentence_in_fifty_is_stopped(self) -> None:
        """Ordinary talk about training is answered, also where its words sound alarming."""
        stopped = {text: kind(text) for text in HARMLESS if kind(text)}

        assert len(stopped) <= len(HARMLESS) / 50, stopped

    def test_both_sets_are_large_and_apart(self) -> None:
        """At least 150 of each, no sentence twice, and every kind has some."""
        texts = [fold(text) for _, text in DANGERS] + [fold(text) for text in HARMLESS]

        assert min(len(DANGERS), len(HARMLESS)) >= 150
        assert len(set(texts)) == len(texts)
        assert {expected for expected, _ in DANGERS} == {one.card.kind for one in danger.load().kinds}


class TestAnywhere:
    @pytest.mark.parametrize(("expected", "text"), SOME)
    def test_capitals_do_not_hide_a_danger(self, expected: str, text: str) -> None:
        """Shouting is read as talking."""
        assert kind(text.upper()) == expected

    @pytest.mark.parametrize(("expected", "text"), SOME)
    def test_a_long_message_does_not_hide_a_danger(self, expected: str, text: str) -> None:
        """It is found between a plan by weekdays and a question about the order."""
        plan = "My plan: squats on Monday, an easy run on Tuesday, bench on Wednesday. " * 9

        assert kind(f"{plan}{text}. Should I run before or after I lift?") == expected

    @pytest.mark.parametrize(("expected", "text"), SOME)
    def test_a_payload_does_not_hide_a_danger(self, expected: str, text: str) -> None:
        """What stands behind a typed command is read too."""
        assert kind(f'/ask{{"question": "order", "text": "{text}"}}') == expected

    @pytest.mark.parametrize(
        "text",
        ["CHEST PAINS!!", "chesst painn", "cehst pain", "c h e s t pain", "ch3st p@in", "chest 😖 pain", "my\u00a0chest\u200b hurts", "my chest\nhurts", "Chest. Hurts.", "ｃｈｅｓｔ pain", "my сhest hurts"],
    )  # fmt: skip
    def test_chest_pain_is_read_however_it_is_typed(self, text: str) -> None:
        """Typing errors, spaced or disguised letters, emoji, invisible characters and line ends between."""
        assert kind(text) == "heart"

    @pytest.mark.parametrize("apostrophe", ["'", "’", "`", ""])
    def test_any_apostrophe_will_do(self, apostrophe: str) -> None:
        """And none as well."""
        assert kind(f"i can{apostrophe}t breathe") == "breathing"
        assert kind(f"i don{apostrophe}t want to live") == "crisis"

    @pytest.mark.parametrize("text", ["palpitaions", "im suicdal", "blood thiners", "i am pregnent", "had a siezure", "taking steriods"])
    def test_misspelt_words_are_read(self, text: str) -> None:
        """One slip in a word of five letters, two in a long one."""
        assert kind(text)

    @pytest.mark.parametrize(
        ("short", "expected"),
        [("cnt breathe", "breathing"), ("i carnt breathe", "breathing"), ("havnt had my period since june", "eating"), ("noone would miss me if i died", "crisis")],
    )  # fmt: skip
    def test_phone_shorthand_is_read(self, short: str, expected: str) -> None:
        """As the word that it is short for."""
        assert kind(short) == expected

    @pytest.mark.parametrize("text", ["my chests hurt", "both kneecaps hurt at night", "ruptures in my tendons"])
    def test_plurals_are_read(self, text: str) -> None:
        """Also where English has the plural as a word of its own."""
        assert kind(text)

    @pytest.mark.parametrize(
        "text", ["static stretching", "hyrox stations", "overdoing it", "spent a year on my arms", "is my plan overrated"]
    )
    def test_other_words_are_no_misspellings(self, text: str) -> None:
        """An English word that looks like one of ours is itself."""
        assert kind(text) is None


class TestSeriousness:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [("im 14 and my chest hurts", "heart"), ("my chest hurts and im 14", "heart"), ("i take steroids and want to die", "crisis"), ("pregnant and i fainted", "collapse"), ("type 1 diabetic with a stress fracture", "injury")],
    )  # fmt: skip
    def test_the_most_serious_kind_wins(self, text: str, expected: str) -> None:
        """Of several dangers the one that stands first in the file is answered, in whatever order they are told."""
        assert kind(text) == expected

    def test_kinds_stand_in_the_order_of_their_seriousness(self) -> None:
        """Emergencies first, then what is urgent, then what a professional should see."""
        levels = [danger.LEVELS.index(one.card.level) for one in danger.load().kinds]

        assert levels == sorted(levels)


class TestDenied:
    @pytest.mark.parametrize(
        "text",
        [
            "no chest pain",
            "i dont have any chest pain",
            "no chest pain, dizziness or fainting",
            "never had heart problems",
            "not pregnant",
            "i've never taken steroids",
        ],
    )
    def test_what_is_denied_is_no_danger(self, text: str) -> None:
        """A "no" reaches over what it lists."""
        assert kind(text) is None

    @pytest.mark.parametrize(
        "text",
        [
            "no idea why my chest hurts",
            "not sure but i have chest pain",
            "no energy and my chest hurts",
            "no chest pain until today",
            "i can't run without chest pain",
            "not only chest pain",
            "no, my chest hurts",
        ],
    )
    def test_a_no_about_something_else_denies_nothing(self, text: str) -> None:
        """Words between, a clause of its own, "until", and "can't … without" leave the danger standing."""
        assert kind(text) == "heart"


class TestExceptions:
    def test_an_exception_holds_in_its_clause(self) -> None:
        """Soreness after training explains itself, not the next sentence."""
        assert kind("my chest is tight and sore after push day") is None
        assert kind("legs are sore from push day. my chest is tight when i run") == "heart"
        assert kind("i cant go on like this anymore, should i run today") == "crisis"

    def test_harmless_expressions_are_cut_out_alone(self) -> None:
        """What stands beside them is read."""
        assert kind("killer leg day, dying to squat") is None
        assert kind("killer leg day but i want to die") == "crisis"


class TestCost:
    @pytest.mark.parametrize(
        "words",
        ["chest ", "no chest pain ", "im 12 min ", "killer leg day ", "left arm hand ", "not pain or ", "my ", "12 ", "a b c d ", "🙂", "... ", "x1y ", "cant breathe nose ", "{[("],
    )  # fmt: skip
    def test_5000_characters_finish(self, words: str) -> None:
        """No text makes the watch go back and forth; the limit is wide, for a busy machine."""
        text = (words * 5000)[:5000]
        before = time.process_time()
        watch().look(text)

        assert time.process_time() - before < 0.5

    @given(st.text(max_size=300))
    def test_any_text_has_an_answer(self, text: str) -> None:
        """Whatever is typed, there is a card or none, and no exception."""
        assert isinstance(watch().look(text), Card | None)

    @given(
        st.lists(
            st.sampled_from("chest pain no never 12 im old , . … + & unless { } ' my heart want to die 9.9.9 ½ ٣".split()), max_size=60
        )
    )
    def test_any_order_of_its_own_words_has_an_answer(self, words: list[str]) -> None:
        """Also the words and signs of the file itself."""
        assert isinstance(watch().look(" ".join(words)), Card | None)


class TestCards:
    @pytest.mark.parametrize("card", [one.card for one in danger.load().kinds], ids=lambda card: card.kind)
    def test_no_card_gives_advice_on_training(self, card: Card) -> None:
        """Neither title nor text has a word of it, and nothing is asked that a button would answer."""
        words = set(fold(f"{card.title} {card.text}").split())

        assert not words & {"run", "jog", "lift", "squat", "sets", "reps", "cardio", "protein", "pace", "stretch", "workout", "weights", "miles", "deadlift", "bench", "easy", "lighter", "calories"}  # fmt: skip
        assert "?" not in card.text

    @pytest.mark.parametrize(
        "card", [one.card for one in danger.load().kinds if one.card.level != "professional"], ids=lambda card: card.kind
    )
    def test_serious_cards_name_the_emergency_number(self, card: Card) -> None:
        """An emergency and whatever is urgent says when to call it."""
        assert "emergency number" in card.text

    def test_the_card_of_a_crisis_names_a_help_line(self) -> None:
        """Warm words, the emergency number, and a line to call at any hour."""
        card = watch().look("i want to die")

        assert card is not None
        assert card.level == "emergency"
        assert all(word in card.text for word in ("Thank you", "emergency number", "988", "116 123", "findahelpline.com"))

    def test_the_contact_of_the_operator_is_left_out_of_emergencies(self) -> None:
        """It stands only where there is time to ask."""
        assert {one.card.level for one in danger.load().kinds if one.card.contact} == {"professional"}


class TestFile:
    def test_the_file_of_this_repository_has_no_complaint(self) -> None:
        """Shape, groups and replies are right."""
        assert danger.check() == []

    def test_a_tiny_file_is_read(self, path: Path) -> None:
        """Card and patterns come out as they were written."""
        tiny = Watch(danger.load(path))

        assert tiny.look("CHEST really hurts") == Card("heart", "emergency", "Stop now", "Sit down. Call for help.", False)
        assert tiny.look("chest pains") is not None
        assert tiny.look("im 12, run first?") == Card("age", "professional", "Ask a parent", "I write for adults. Ask a parent.", True)
        assert [tiny.look(text) for text in ("im 12 minutes in", "no chest pain", "chest day hurts", "sore chest hurts")] == [None] * 4

    @pytest.mark.parametrize(
        ("old", "new", "complaint"),
        [
            ("contact: true", "contact: maybe", "library/danger.yml:25: 'contact' of a kind is 'maybe'. Expected true or false."),
            ("contact: true", "contakt: true", "library/danger.yml:25: unknown key 'contakt' in a kind. Known keys: id, level, title, text, contact, patterns. Did you mean 'contact'?"),
            ("level: professional", "level: profesional", "library/danger.yml:22: 'level' of a kind is 'profesional'. Expected one of: emergency, urgent, professional. Did you mean 'professional'?"),
            ("  sore: [sore]", "  sore: []", "library/danger.yml:11: 'sore' of 'groups' is an empty list. Write something into it, or delete it."),
            ('patterns: ["im {8-15} !minutes"]', "patterns: []", "library/danger.yml:26: 'patterns' of a kind is an empty list. Write something into it, or delete it."),
            ("unless <sore>", "unless <sour>", "library/danger.yml:20: 'chest + <pain> unless <sour>' cannot be read: there is no group 'sour'. Groups: pain, sore."),
            ("unless <sore>", "", "library/danger.yml:11: the group 'sore' stands in no pattern. Use it, or remove it."),
            ("{8-15}", "{15-8}", "library/danger.yml:26: 'im {15-8} !minutes' cannot be read: '{15-8}' is no range of numbers such as {8-15}."),
            ("chest + <pain>", "don't + <pain>", "library/danger.yml:20: 'don't + <pain> unless <sore>' cannot be read: 'don't' is no word as it is compared: small letters and digits, without apostrophe or hyphen."),
            ("chest + <pain>", "chest … + <pain>", "library/danger.yml:20: 'chest … + <pain> unless <sore>' cannot be read: 'chest …' needs a word at its beginning and no gap at its end."),
            ("Sit down. Call for help.", "Sit down. Then warm up.", "library/danger.yml:17: the text says 'warm up'. No advice on training goes with a danger."),
            ("title: Stop now", "title: Stop the squat", "library/danger.yml:16: the title says 'squat'. No advice on training goes with a danger."),
            ("Sit down. Call for help.", "Call for help.", "library/danger.yml:17: the text has 1 sentences. Expected two to four: what to do now."),
            ("for: the words", "four: the words", "library/danger.yml:1: unknown key 'four' in a source. Known keys: title, for. Did you mean 'for'?"),
            ("real: [cheat]\n", "", "library/danger.yml:1: the file has no 'real'. Add the line 'real: …'."),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_said_with_its_line(
        self, complaints: Callable[[str, str], list[str]], old: str, new: str, complaint: str
    ) -> None:
        """Found, expected, where, and what to do."""
        assert complaint in complaints(old, new)

    def test_a_file_with_complaints_is_not_loaded(self, path: Path) -> None:
        """All of them are in the error."""
        path.write_text(TINY.replace("<sore>", "<sour>").replace("contact: true", "contact: maybe"), encoding="utf-8")

        with pytest.raises(FilesError, match="no group 'sour'") as error:
            danger.load(path)
        assert len(error.value.complaints) >= 2

    @pytest.mark.parametrize("text", ["", "- a list", "sources: [", "kinds: 3"])
    def test_a_file_of_another_shape_has_complaints_only(self, path: Path, text: str) -> None:
        """No exception leaves the check."""
        path.write_text(text, encoding="utf-8")

        assert danger.check(path)


class TestLanguage:
    @pytest.mark.parametrize(
        ("line", "says", "does_not"),
        [
            ("chest pain", ["chest pain", "chest really bad pain"], ["pain chest", "chest and then a pain", "chest"]),
            ("ache|hurts", ["it hurts", "an ache"], ["it burns"]),
            ("gave_out|broke", ["my knee gave out", "it broke"], ["it gave really out", "gave"]),
            ("<pain> here", ["hurts here", "pins and needles here"], ["pins here"]),
            ("heart … skips", ["heart skips", "heart of mine often skips"], ["heart of mine now and then skips", "heart. it skips"]),
            ("12 !minutes", ["12", "12 is my age"], ["12 minutes"]),
            ("im {8-15}", ["im 8", "im twelve", "im 14.5"], ["im 7", "im 16", "im 8.9.1"]),
            ("{8-15}|old here", ["12 here", "old here"], ["16 here"]),
            ("im years? old", ["im old", "im years old"], ["im years", "years old"]),
            ("chest + tight", ["chest is tight", "tight in a way in the chest", "chest in one or other way when tight"], ["chest in one or other way when sitting tight", "chest. it is tight"]),
            ("a + b + c", ["a b c", "c a b", "b c a"], ["a b", "a a a"]),
            ("pop & swollen", ["swollen. days ago there was a pop"], ["pop", "swollen"]),
            ("hurts unless sore / leg day", ["it hurts", "it hurts, sore", "it hurts. leg day", "it hurts should leg day"], ["sore and hurts", "it hurts after leg day"]),
        ],
    )  # fmt: skip
    def test_a_line_says_what_its_signs_mean(self, line: str, says: list[str], does_not: list[str]) -> None:
        """The language at the head of knowledge/phrases.py."""
        grammar = Grammar({"pain": ["hurts", "pins and needles"]}, ["really", "bad"])
        read_line = grammar.line(line)
        words = Words(grammar.known, (), ())

        def found(text: str) -> bool:
            whole = Text.of(words.read(f"this is what i say: {text}"), grammar.small, [grammar.phrase("should")])
            return whole.says(read_line, whole)

        assert [text for text in says if not found(text)] == []
        assert [text for text in does_not if found(text)] == []

    @pytest.mark.parametrize(
        "line",
        ["", "…", "chest …", "!chest", "chest +", "+ chest", "<nothing>", "{a-b}", "Chest", "a||b", "chest !", "hurts unless …", "pain & "],
    )
    def test_a_line_that_means_nothing_is_refused(self, line: str) -> None:
        """Rather than never to be found."""
        with pytest.raises(PhraseError):
            Grammar({}).line(line)

    def test_groups_may_hold_groups(self) -> None:
        """And one that holds itself adds nothing."""
        grammar = Grammar({"pain": ["ache", "<more>"], "more": ["hurts", "<pain>"]})
        line = grammar.line("<pain>")

        assert line.words == {"ache", "hurts"}
