"""Sentence vectors: length one, the same every time, whoever else is in the batch."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components import embedding
from components.embedding import MAX_TOKENS, SIZE, Embedder

EMBEDDER = Embedder()
TEXTS = [
    "should i run after lifting?",
    "hi",
    "how long do i wait between a hard run and heavy squats if i train for a race",
    "does cardio kill gains",
    "creatine?",
    "lift first",
    "run first",
    "run " * 300,
]


def test_vectors_have_length_one() -> None:
    """So that a dot product is a cosine."""
    assert np.linalg.norm(EMBEDDER.embed(TEXTS), axis=1) == pytest.approx(1, abs=1e-5)


def test_there_is_a_vector_for_each_text_in_its_order() -> None:
    """Texts are run through the model by length, and come back as they were given."""
    vectors = EMBEDDER.embed(TEXTS)

    assert vectors.shape == (len(TEXTS), SIZE)
    assert vectors.dtype == np.float32
    assert EMBEDDER.embed(TEXTS[::-1])[::-1] == pytest.approx(vectors, abs=1e-3)


def test_no_text_has_no_vector() -> None:
    """An empty list is no trouble."""
    assert EMBEDDER.embed([]).shape == (0, SIZE)


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_a_vector(text: str) -> None:
    """Whatever is typed, no number is lost or infinite."""
    assert np.linalg.norm(EMBEDDER.embed([text])) == pytest.approx(1, abs=1e-5)


def test_the_same_text_gives_the_same_vector() -> None:
    """To the last bit, also from another embedder with more threads."""
    assert np.array_equal(EMBEDDER.embed(TEXTS[:1]), EMBEDDER.embed(TEXTS[:1]))
    assert Embedder(threads=2).embed(TEXTS[:1]) == pytest.approx(EMBEDDER.embed(TEXTS[:1]), abs=1e-5)


def test_a_batch_does_not_change_a_vector() -> None:
    """Training embeds in batches, serving one by one; both must see the same."""
    alone = np.vstack([EMBEDDER.embed([text]) for text in TEXTS])

    assert EMBEDDER.embed(TEXTS) == pytest.approx(alone, abs=1e-3)


def test_equal_lengths_in_one_batch_do_not_change_a_vector() -> None:
    """The int8 model scales each run by what is in it; that must not be felt."""
    texts = ["lift first", "run first", "hello there", "tax return", "my knees", "wait longer"]
    alone = np.vstack([EMBEDDER.embed([text]) for text in texts])

    assert EMBEDDER.embed(texts) == pytest.approx(alone, abs=1e-3)


def test_what_lies_behind_the_limit_is_not_read() -> None:
    """A long post costs no more than the model can read."""
    long = "run " * MAX_TOKENS

    assert np.array_equal(EMBEDDER.embed([long]), EMBEDDER.embed([f"{long} and lift, hello"]))


def test_what_means_the_same_is_near() -> None:
    """The files are those of a model of English: meaning counts, not letters."""
    cardio, jogging, taxes = EMBEDDER.embed(["is cardio bad for muscle", "does jogging cost me gains", "how do i file my tax return"])

    assert cardio @ jogging > 0.3 > 0.1 > cardio @ taxes


def test_the_whole_words_are_words() -> None:
    """They are never corrected: common English is among them, and no piece of a word is."""
    words = EMBEDDER.whole_words()

    assert {"run", "weather", "muscle"} <= words
    assert not any(word.startswith("#") or " " in word for word in words)


def test_the_identity_is_that_of_the_files(tmp_path: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another tokenizer makes another identity, so that everything is trained anew."""
    before = embedding.identity()
    other = tmp_path / "tokenizer.json"
    other.write_text("{}")
    monkeypatch.setattr(embedding, "_tokenizer_file", lambda: other)

    assert re.fullmatch("[0-9a-f]{64}", before)
    assert before != embedding.identity.__wrapped__()


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has not synced reads what to run."""
    monkeypatch.setattr(embedding.importlib.util, "find_spec", lambda name: None)

    with pytest.raises(ModuleNotFoundError, match="uv sync"):
        embedding._tokenizer_file()
