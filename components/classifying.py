"""
Vectors and words to labels: one linear support vector machine over both. The one address of scikit-learn.

Sentence vectors know that "cardio" is near "jogging", words and their pieces know that "b4" is not "after"; in one
linear model they make half the mistakes of vectors alone (bench/RESULTS.md).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

_NEIGHBOURS = 3


def _vectorizers() -> dict[str, TfidfVectorizer]:
    """Words and pairs of words; pieces of two to five letters. Sublinear tf-idf, rows of length one."""
    return {
        "words": TfidfVectorizer(analyzer="word", ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"[\w'/]+", dtype=np.float32),
        "pieces": TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2, dtype=np.float32),
    }


class Classifier:
    """
    Labels of texts.

    Args:
        labels: ``(n_labels,)``.

        weights: ``(n_features + 1, n_labels), float32``; the last row is the intercept.

        examples: ``(n_examples, 384), float32``, the vectors trained on, and *example_labels* their labels' positions.
    """

    def __init__(
        self,
        labels: Sequence[str],
        weights: np.ndarray,
        examples: np.ndarray,
        example_labels: np.ndarray,
        vectorizers: dict[str, TfidfVectorizer],
    ) -> None:
        self.labels = list(labels)
        self._weights, self._examples, self._example_labels, self._vectorizers = weights, examples, example_labels, vectorizers
        # What scikit-learn makes anew each time it is asked.
        self._analyses = [(vectorizer.build_analyzer(), vectorizer.vocabulary_, vectorizer.idf_) for vectorizer in vectorizers.values()]

    @classmethod
    def train(cls, texts: Sequence[str], vectors: np.ndarray, labels: Sequence[str], penalty: float) -> Classifier:
        """Fit to *labels*, ``(n_texts,)``. *penalty* is the C of the machine: smaller is smoother."""
        vectorizers = _vectorizers()
        for vectorizer in vectorizers.values():
            vectorizer.fit(texts)
        names = sorted(set(labels))
        features = _features(vectorizers, texts, vectors)
        machine = LinearSVC(C=penalty, random_state=0).fit(features, np.searchsorted(names, labels))
        coefficients, intercepts = machine.coef_, machine.intercept_
        if len(names) == 2:  # scikit-learn then keeps one column
            coefficients, intercepts = np.vstack([-coefficients, coefficients]), np.hstack([-intercepts, intercepts])
        weights = np.ascontiguousarray(np.vstack([coefficients.T, intercepts]))
        return cls(names, _to_half(weights), _to_half(vectors), np.searchsorted(names, labels), vectorizers)

    def margins(self, text: str, vector: np.ndarray) -> np.ndarray:
        """How far *text* is on the side of each label, ``(n_labels,)``; about 1 for the texts trained on."""
        margins = vector @ self._weights[: len(vector)] + self._weights[-1]
        start = len(vector)
        for analyse, vocabulary, idf in self._analyses:
            columns, values = _terms(vocabulary, idf, analyse(text))
            margins += values @ self._weights[start + columns]
            start += len(vocabulary)
        return np.asarray(margins)

    def likeness(self, vector: np.ndarray) -> float:
        """The mean cosine of *vector* to the nearest examples."""
        return float(np.sort(np.partition(self._examples @ vector, -_NEIGHBOURS)[-_NEIGHBOURS:]).mean())

    def save(self, folder: Path) -> None:
        """Write to *folder*, as arrays and JSON: nothing in it is code."""
        half = {"weights": self._weights.astype(np.float16), "examples": self._examples.astype(np.float16)}
        np.savez(folder / "classifier.npz", **half, example_labels=self._example_labels)
        words = {
            name: {"vocabulary": {term: int(i) for term, i in v.vocabulary_.items()}, "idf": v.idf_.tolist()}
            for name, v in self._vectorizers.items()
        }
        (folder / "classifier.json").write_text(json.dumps({"labels": self.labels, "vectorizers": words}), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Classifier:
        """Read what `save` wrote."""
        arrays = np.load(folder / "classifier.npz")
        learnt = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
        vectorizers = _vectorizers()
        for name, vectorizer in vectorizers.items():
            vectorizer.vocabulary_ = learnt["vectorizers"][name]["vocabulary"]
            vectorizer.idf_ = np.array(learnt["vectorizers"][name]["idf"], dtype=np.float32)
        weights, examples = (arrays[name].astype(np.float32) for name in ("weights", "examples"))
        return cls(learnt["labels"], weights, examples, arrays["example_labels"], vectorizers)


def _features(vectorizers: dict[str, TfidfVectorizer], texts: Sequence[str], vectors: np.ndarray) -> sparse.csr_matrix:
    """``(n_texts, n_features)``: the vector, then words, then pieces; each part of length one."""
    return sparse.hstack([sparse.csr_matrix(vectors), *(vectorizer.transform(texts) for vectorizer in vectorizers.values())], format="csr")


def _terms(vocabulary: Mapping[str, int], idf: np.ndarray, terms: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The row that a vectorizer's ``transform`` makes of *terms*, as columns and values; a tenth of its time for one text."""
    counts = Counter(vocabulary[term] for term in terms if term in vocabulary)
    columns = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
    values = (1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))) * idf[columns]
    return columns, values / (np.linalg.norm(values) or 1.0)


def _to_half(values: np.ndarray) -> np.ndarray:
    """*values* in three digits, as they are stored: half the model, and nobody can tell."""
    return values.astype(np.float16).astype(np.float32)


def softmax(values: np.ndarray) -> np.ndarray:
    """Along the last axis."""
    exponents = np.exp(values - values.max(axis=-1, keepdims=True))
    return np.asarray(exponents / exponents.sum(axis=-1, keepdims=True))
