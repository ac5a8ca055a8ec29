"""Several questions in one message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.segments import MAX_SEGMENTS, segments


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("should i run first? how long do i wait?", ["should i run first?", "how long do i wait?"]),
        ("should i run first and how long do i wait", ["should i run first", "how long do i wait"]),
        ("can i run after lifting, and also does creatine help?", ["can i run after lifting", "does creatine help?"]),
        ("hi. should i run first? thanks", ["should i run first?"]),
        ("i lift mondays. should i run first\nwhat about protein", ["should i run first", "what about protein"]),
        ("should i run first, what should i eat", ["should i run first", "what should i eat"]),
        ("is it bad to run first; does it kill gains", ["is it bad to run first", "does it kill gains"]),
        ("run first? or lift first?", ["run first?", "or lift first?"]),
        ("1 or 2 days? how about sunday?", ["1 or 2 days?", "how about sunday?"]),
    ],
)
def test_each_question_is_a_part(text: str, parts: list[str]) -> None:
    """Sentences, and questions joined by and, or a comma, in their order; what asks nothing is left out."""
    found = [part.rstrip(";") for part in segments(text)]

    assert parts == found


@pytest.mark.parametrize(
    "text",
    [
        "should i run after lifting?",
        "should i lift and run on the same day",
        "run or lift first?",
        "i run, i lift, i rest",
        "how much is 2.5 miles of running",
        "hello",
        "?",
        "",
    ],
)
def test_one_question_is_not_taken_apart(text: str) -> None:
    """A message that holds one question is read whole, however many commas it has."""
    assert len(segments(text)) == 0


def test_no_more_than_a_handful_is_looked_at() -> None:
    """Each part costs a sentence vector; nobody can ask for a thousand."""
    assert len(segments("should i run first? " * 1_000)) == MAX_SEGMENTS


@given(st.text(alphabet="ab .,?!;\n and how is", max_size=80))
def test_parts_are_pieces_of_the_text_in_its_order(text: str) -> None:
    """Nothing is added, and nothing changes places."""
    place = 0
    for part in segments(text):
        place = text.index(part, place) + len(part)
