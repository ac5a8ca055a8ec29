"""Likeness of words and texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.search import misspelt, nearest_texts, nearest_words

WORDS = ("lifting", "running", "muscle", "marathon", "weight", "run", "cardio", "recovery", "squat")
ANY_TEXT = st.text(alphabet=st.sampled_from("abclmnu éß\0\n\ud800\U0001f3c3'"), max_size=12)


class TestMisspelt:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("muscel", "muscle"),
            ("musle", "muscle"),
            ("muscles", "muscle"),
            ("mucsle", "muscle"),
            ("liftng", "lifting"),
            ("maratohn", "marathon"),
            ("recoverry", "recovery"),
            ("cardoi", "cardio"),
        ],
    )
    def test_one_slip_is_forgiven(self, typed: str, meant: str) -> None:
        """A letter too many, missing, other, or two swapped."""
        assert misspelt(typed, WORDS) == meant

    @pytest.mark.parametrize("typed", ["rum", "ruan", "squt", "bussle", "mussel", "wight and", "", "liftoffs", "ardio"])
    def test_other_words_are_other_words(self, typed: str) -> None:
        """Short words, a wrong first letter, and two slips in a short word are not mistaken for a known one."""
        assert misspelt(typed, WORDS) is None

    @pytest.mark.parametrize(("typed", "meant"), [("runing", "running"), ("ruinning", "ruining")])
    def test_a_doubled_letter_is_the_likeliest_slip(self, typed: str, meant: str) -> None:
        """Of words as near, whichever comes first in the alphabet."""
        assert misspelt(typed, ["ruining", "running"]) == meant

    def test_two_slips_are_forgiven_in_a_long_word(self) -> None:
        """From eight letters on a second slip counts."""
        assert misspelt("marthonn", WORDS) == "marathon"
        assert misspelt("mrthonn", WORDS) is None

    @given(word=ANY_TEXT, known=st.lists(ANY_TEXT))
    def test_any_text_has_an_answer(self, word: str, known: list[str]) -> None:
        """Whatever is typed, the answer is a known word or none, and no exception."""
        assert misspelt(word, known) in [*known, None]


class TestNearest:
    def test_the_most_alike_stand_first(self) -> None:
        """A misspelt id finds its own, and what looks nothing like it is left out."""
        assert nearest_words("ordr", ["wait_time", "order", "order_matters"])[0] == "order"
        assert nearest_words("zzz", ["order"]) == []

    def test_no_more_than_asked_for(self) -> None:
        """A list for a person stays short."""
        assert len(nearest_words("order", [f"order{number}" for number in range(9)], limit=2)) == 2

    def test_texts_are_found_by_their_words(self) -> None:
        """Case and order of words matter little; likeness is between 0 and 1."""
        texts = {7: "should i run after lifting", 8: "does creatine help", 9: "how long should i wait"}
        (best, likeness), *_ = nearest_texts("After LIFTING should I run?", texts)

        assert best == 7
        assert 0.9 < likeness <= 1

    @given(text=ANY_TEXT, known=st.lists(ANY_TEXT))
    def test_any_text_is_compared(self, text: str, known: list[str]) -> None:
        """No exception of the library leaves its address."""
        assert set(nearest_words(text, known)) <= set(known)
        assert {key for key, _ in nearest_texts(text, dict(enumerate(known)))} <= set(range(len(known)))
