"""Typed words put right: short forms, slips of the finger, and what is left alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.spelling import MAX_CHARACTERS, Speller

SPELLER = Speller(
    known={"running", "lifting", "weights", "cardio", "marathon", "run"},
    familiar={"planning", "weight"},
    slang={"b4": "before", "w/": "with", "👍": "yes"},
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("runnning", "running"),
        ("runing", "running"),
        ("rnuning", "running"),
        ("ruhning", "running"),
        ("weihgts", "weights"),
        ("mratahon", "marathon"),  # two slips, in a long word
        ("carido", "cardio"),
    ],
)
def test_a_misspelt_word_of_the_subject_is_corrected(typed: str, meant: str) -> None:
    """A letter too many, missing, other, or two swapped; two slips in words of eight letters and more."""
    assert meant == SPELLER(typed)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("weight", "the language model knows it, though weights is near"),
        ("planning", "the language model knows it"),
        ("unning", "the first letter is another"),
        ("rn", "short words are left alone"),
        ("crdo", "short words are left alone"),
        ("cardigan", "more slips than its length allows"),
        ("running's", "an apostrophe"),
        ("qwertzuiop", "near to nothing"),
    ],
)
def test_other_words_are_left_alone(typed: str, why: str) -> None:
    """A word that may well be meant is not made into one of ours."""
    assert typed == SPELLER(typed), why


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("b4", "before"),
        ("run b4 lifting", "run before lifting"),
        ("B4", "before"),
        ("b40", "b40"),
        ("ab4", "ab4"),
        ("w/ weights", "with weights"),
        ("👍", "yes"),
        ("and/b4", "and/b4"),
    ],
)
def test_short_forms_are_written_out_where_they_stand_alone(typed: str, read: str) -> None:
    """Only whole words; pieces of others stay."""
    assert read == SPELLER(typed)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  Run \n then\tLIFT ", "run then lift"),
        ("don’t", "don't"),
        ("ｒｕｎ", "run"),
        ("run\u200b lifting", "run lifting"),
        ("run\x00lifting", "run lifting"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_a_text_becomes_one_line_of_small_letters(typed: str, read: str) -> None:
    """Case, line ends, typographic forms and invisible characters make no difference."""
    assert read == SPELLER(typed)


def test_a_very_long_text_is_cut() -> None:
    """What lies behind the limit is not read, and costs nothing."""
    assert len(SPELLER("run " * 100_000)) == MAX_CHARACTERS


def test_without_slang_nothing_is_written_out() -> None:
    """A vocabulary may have no short forms."""
    assert Speller({"running"}, (), {})("runing b4") == "running b4"


@given(st.text(max_size=80))
def test_correcting_twice_is_correcting_once(text: str) -> None:
    """A corrected text has nothing left to correct."""
    once = SPELLER(text)

    assert once == SPELLER(once)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("rnning after liftng ok?", "running after lifting ok?"),
        ("crdio b4 wieghts", "cardio before weights"),
        ("half marathn", "half marathon"),
        ("hypertrofy", "hypertrophy"),
        ("treadmil sesh", "treadmill session"),
        ("who won the match in london last night", "who won the match in london last night"),
        ("what is the weather in paris tomorrow", "what is the weather in paris tomorrow"),
    ],
)
def test_the_real_words_are_put_right(typed: str, read: str, corrected: Callable[[str], str]) -> None:
    """With the words of this repository: those of our subject are corrected, common English is not touched."""
    assert read == corrected(typed)


def test_no_phrasing_that_is_spelt_right_is_bent_into_another(corrected: Callable[[str], str]) -> None:
    """Words that are easily confused keep their meaning."""
    for text in ("my runner friend", "weather", "she lifted a carton", "marathons", "squashes and tennis"):
        assert text == corrected(text)
