"""
The same encoder and classifier on public sets: BANKING77, and CLINC150 with its out-of-scope questions.

    python -m bench.public_sets --sets ../shared/nlu-benchmarks
    python -m bench.public_sets --quick       ten examples a label only

Settings are those of config.yml. Scope is decided as in components/scope.py, from the lead of the best label and the
likeness to what was trained on; weights and threshold are fitted on the validation data of CLINC150, never on its test.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from bench.tables import say, table
from components.classifying import Classifier
from components.embedding import Embedder
from components.selector import Selector
from knowledge import files

SETS = files.HERE.parent.parent / "shared" / "nlu-benchmarks"
PENALTY = Selector.get_default_config()["penalty"]
PUBLISHED = {  # best published, and frozen MiniLM with logistic regression; findings.md of the project's brief
    "BANKING77, 10 examples a label": ("89.8; USE+ConveRT 85.2", "86.2"),
    "BANKING77, all examples": ("93.7 (BERT, fine-tuned)", "92.9"),
    "CLINC150, in scope": ("96.2 (BERT)", "94.3"),
    "CLINC150, out-of-scope recall": ("52.3 (BERT)", "69.0"),
}
Pairs = Sequence[tuple[str, str]]


def train(pairs: Pairs, embedder: Embedder) -> Classifier:
    """As the selector trains."""
    texts = [text for text, _ in pairs]
    started = time.monotonic()
    classifier = Classifier.train(texts, embedder.embed(texts, callers=2), [label for _, label in pairs], PENALTY)
    say(f"trained on {len(pairs)} examples in {time.monotonic() - started:.0f} s")
    return classifier


def judge(classifier: Classifier, pairs: Pairs, embedder: Embedder) -> tuple[np.ndarray, np.ndarray]:
    """Whether the best label is right, ``(n,), bool``; its lead and the likeness, ``(n, 2)``."""
    right, figures = [], []
    for (text, label), vector in zip(pairs, embedder.embed([text for text, _ in pairs], callers=2), strict=True):
        margins = classifier.margins(text, vector)
        second, best = np.argsort(margins)[-2:]
        right.append(classifier.labels[best] == label)
        figures.append((margins[best] - margins[second], classifier.likeness(vector)))
    return np.array(right), np.array(figures)


def read_csv(path: Path) -> list[tuple[str, str]]:
    """Rows of text and category; one file writes its labels in capitals."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [(row["text"], row["category"].lower()) for row in csv.DictReader(lines)]


def banking(folder: Path, embedder: Embedder, name: str, file: str) -> list[str]:
    """One row: accuracy on the test set."""
    right, _ = judge(train(read_csv(folder / file), embedder), read_csv(folder / "banking77_test.csv"), embedder)
    return [name, f"{100 * right.mean():.1f}", *reversed(PUBLISHED[name])]


def clinc(folder: Path, embedder: Embedder, quick: bool) -> list[list[str]]:
    """Two rows: in-scope accuracy (right and not turned away), and the share of out-of-scope texts turned away."""
    sets = json.loads((folder / "clinc150_data_full.json").read_text(encoding="utf-8"))
    classifier = train(read_csv(folder / "clinc150_train_10.csv") if quick else sets["train"], embedder)
    say("validation data")
    right, figures = judge(classifier, sets["val"] + sets["oos_val"], embedder)
    outside = np.arange(len(right)) >= len(sets["val"])
    scope = LogisticRegression(C=100, class_weight="balanced").fit(figures, right)
    chances = scope.predict_proba(figures)[:, 1]
    threshold = max(
        np.unique(chances.round(3)),
        key=lambda least: ((chances >= least) & right & ~outside).sum() / (~outside).sum() + (chances[outside] < least).mean(),
    )
    say(f"test data; threshold {threshold:.2f}")
    inside_right, inside = judge(classifier, sets["test"], embedder)
    _, strangers = judge(classifier, sets["oos_test"], embedder)
    kept = scope.predict_proba(inside)[:, 1] >= threshold
    refused = scope.predict_proba(strangers)[:, 1] < threshold
    shown = {
        "CLINC150, in scope": f"{100 * (inside_right & kept).mean():.1f} (without a threshold {100 * inside_right.mean():.1f})",
        "CLINC150, out-of-scope recall": f"{100 * refused.mean():.1f}",
    }
    return [[name + (", 10 examples a label" if quick else ""), value, *reversed(PUBLISHED[name])] for name, value in shown.items()]


def main() -> int:
    """Print the table; returns 2 without the sets."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.public_sets", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", type=Path, default=SETS, help="folder with banking77_*.csv and clinc150_*.json")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    if not (arguments.sets / "clinc150_data_full.json").exists():
        print(
            f"The public sets are not in {arguments.sets}. Bring BANKING77 (CC-BY-4.0) and CLINC150 (CC-BY-3.0), "
            "and name their folder: --sets FOLDER",
            file=sys.stderr,
        )
        return 2
    embedder = Embedder()
    rows = [banking(arguments.sets, embedder, "BANKING77, 10 examples a label", "banking77_train_10.csv")]
    if not arguments.quick:
        rows.append(banking(arguments.sets, embedder, "BANKING77, all examples", "banking77_train.csv"))
    rows += clinc(arguments.sets, embedder, arguments.quick)
    print(table(["% right on the test set", "Tandem's encoder and classifier", "MiniLM + logistic regression", "best published"], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
