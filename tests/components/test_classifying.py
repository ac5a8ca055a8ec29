"""Vectors and words to labels: learnt, saved without code, and quick for one text without being another thing."""

from __future__ import annotations

from pathlib import Path

import making
import numpy as np
import pytest

from components.classifying import Classifier, _features, softmax

LABELS = tuple(label for label, texts in making.EXAMPLES.items() for _ in texts)
TEXTS = tuple(text for texts in making.EXAMPLES.values() for text in texts)


def vectors(number: int) -> np.ndarray:
    """So many vectors of length one, always the same."""
    found = np.random.default_rng(0).normal(size=(number, 384)).astype(np.float32)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True))


@pytest.fixture(name="classifier", scope="module")
def _classifier() -> Classifier:
    """Trained on the small data, with vectors that mean nothing: words have to do."""
    return Classifier.train(TEXTS, vectors(len(TEXTS)), LABELS, penalty=0.3)


def best(classifier: Classifier, text: str, vector: np.ndarray) -> str:
    """The likeliest label of *text*."""
    return classifier.labels[int(np.argmax(classifier.margins(text, vector)))]


def test_what_was_trained_on_is_known_again(classifier: Classifier) -> None:
    """Each example has the largest margin at its own label."""
    assert list(LABELS) == [best(classifier, text, vector) for text, vector in zip(TEXTS, vectors(len(TEXTS)), strict=True)]


def test_words_tell_labels_apart_where_vectors_do_not(classifier: Classifier) -> None:
    """A vector of nothing leaves the decision to the words and their pieces."""
    nothing = np.zeros(384, dtype=np.float32)

    assert best(classifier, "is creatine worth it", nothing) == "ask/creatine"
    assert best(classifier, "creatin", nothing) == "ask/creatine"


def test_labels_are_sorted_and_named_once(classifier: Classifier) -> None:
    """Their places in all arrays are those of this list."""
    assert classifier.labels == sorted(making.EXAMPLES)


def test_one_text_by_hand_is_what_scikit_learn_makes_of_it(classifier: Classifier) -> None:
    """The short cut for a single text computes the same row of features."""
    for text in (*TEXTS[:5], "words that nobody trained on", "lift lift lift then run", ""):
        vector = vectors(1)[0]
        row = _features(classifier._vectorizers, [text], vector[np.newaxis]) @ classifier._weights[:-1] + classifier._weights[-1]

        assert classifier.margins(text, vector) == pytest.approx(np.asarray(row)[0], abs=1e-4)


def test_two_labels_are_as_good_as_many() -> None:
    """Scikit-learn keeps one column for two labels; each has its margin all the same."""
    texts = [*making.EXAMPLES["greet"], *making.EXAMPLES["ask/creatine"]]
    labels = ["greet"] * len(making.EXAMPLES["greet"]) + ["ask/creatine"] * len(making.EXAMPLES["ask/creatine"])
    classifier = Classifier.train(texts, vectors(len(texts)), labels, penalty=0.3)
    margins = classifier.margins("hello there", np.zeros(384, dtype=np.float32))

    assert classifier.labels == ["ask/creatine", "greet"]
    assert margins[0] == pytest.approx(-margins[1])
    assert margins[1] > margins[0]


def test_training_twice_gives_the_same() -> None:
    """Random choices of the solver are fixed."""
    first, second = (Classifier.train(TEXTS, vectors(len(TEXTS)), LABELS, penalty=0.3) for _ in range(2))

    assert np.array_equal(first._weights, second._weights)


def test_the_order_of_the_examples_does_not_decide() -> None:
    """Shuffled data learn the same, to what a solver leaves open."""
    shuffled = np.random.default_rng(1).permutation(len(TEXTS))
    one = Classifier.train(TEXTS, vectors(len(TEXTS)), LABELS, penalty=0.3)
    other = Classifier.train([TEXTS[i] for i in shuffled], vectors(len(TEXTS))[shuffled], [LABELS[i] for i in shuffled], penalty=0.3)

    assert one.margins(TEXTS[0], vectors(1)[0]) == pytest.approx(other.margins(TEXTS[0], vectors(1)[0]), abs=0.02)


def test_what_is_saved_comes_back(classifier: Classifier, tmp_path: Path) -> None:
    """Labels, margins and likeness."""
    classifier.save(tmp_path)
    loaded = Classifier.load(tmp_path)
    vector = vectors(3)[2]

    assert classifier.labels == loaded.labels
    assert classifier.margins("run then lift", vector) == pytest.approx(loaded.margins("run then lift", vector), abs=1e-6)
    assert classifier.likeness(vector) == loaded.likeness(vector)


def test_a_saved_classifier_holds_no_code(classifier: Classifier, tmp_path: Path) -> None:
    """Arrays that load without pickle, and JSON: a model from elsewhere cannot run anything."""
    classifier.save(tmp_path)

    assert {"classifier.npz", "classifier.json"} == {path.name for path in tmp_path.iterdir()}
    with np.load(tmp_path / "classifier.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays.files)


def test_likeness_is_the_mean_of_the_three_nearest() -> None:
    """One example that is met exactly is not enough to be at home."""
    examples = np.zeros((5, 384), dtype=np.float32)
    examples[:, :5] = np.eye(5)
    classifier = Classifier.train(["a b", "b c", "c d", "d e", "e f"], examples, ["x", "x", "y", "y", "y"], penalty=1.0)

    assert classifier.likeness(examples[0]) == pytest.approx(1 / 3)


def test_shares_sum_to_one_however_large_the_margins() -> None:
    """Neither overflow nor a share of nothing."""
    shares = softmax(np.array([[1_000.0, 999.0, -1_000.0], [0.0, 0.0, 0.0]]))

    assert shares.sum(axis=-1) == pytest.approx(1)
    assert shares[0, 0] > shares[0, 1] > shares[0, 2]
    assert shares[1] == pytest.approx(1 / 3)
