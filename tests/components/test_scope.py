"""How sure is sure enough: the fitted chance, and the file it comes from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.scope import FILE, Scope

FITTED = Scope.load()
leads = st.floats(0, 4)
likenesses = st.floats(-1, 1)


@given(leads, likenesses)
def test_a_chance_is_between_none_and_certainty(lead: float, likeness: float) -> None:
    """Whatever the figures."""
    assert 0 <= FITTED.chance(lead, likeness) <= 1


@given(leads, leads, likenesses)
def test_a_clearer_lead_is_never_less_sure(lead: float, more: float, likeness: float) -> None:
    """The further the best label lies before the second, the likelier it is right."""
    assert FITTED.chance(lead, likeness) <= FITTED.chance(lead + more, likeness)


@given(leads, likenesses, st.floats(0, 1))
def test_a_liker_text_is_never_less_sure(lead: float, likeness: float, more: float) -> None:
    """The more like the text is to what was trained on, the likelier the label is right."""
    assert FITTED.chance(lead, likeness) <= FITTED.chance(lead, likeness + more)


def test_the_chance_is_a_logistic_of_both() -> None:
    """One half where the sum is nothing."""
    assert Scope(2.0, 4.0, -3.0, 0.5, 0.1).chance(0.5, 0.5) == pytest.approx(0.5)


def test_tandem_asks_back_before_it_gives_up() -> None:
    """There is room between answering and saying that it is not ours."""
    assert 0 < FITTED.ask_from < FITTED.answer_from < 1


def test_what_was_fitted_is_in_one_file(tmp_path: Path) -> None:
    """The file names all figures and no others, and another file is another scope."""
    fitted = json.loads(FILE.read_text(encoding="utf-8"))
    (tmp_path / "scope.json").write_text(json.dumps({**fitted, "answer_from": 0.9}), encoding="utf-8")

    assert Scope(**fitted) == FITTED
    assert Scope.load(tmp_path / "scope.json").answer_from == 0.9
