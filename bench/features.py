"""
What the selector's parts are worth: vectors, words and both for the question; lead, likeness and both for the scope.

    python -m bench.features

All are trained on the phrasings and asked the held-out ones, in the same words as the selector gets them (corrected).
"""

from __future__ import annotations

import argparse
import json
import sys
import tarfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from ruamel.yaml import YAML
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from sklearn.svm import LinearSVC

from bench.tables import say, share, table
from bench.understanding import DATA, MODEL
from components.classifying import Classifier
from components.embedding import Embedder
from components.spelling import Speller
from knowledge import files

PENALTY = 0.3
"""The selector's default; the alternatives get a choice of their own."""
Examples = tuple[list[str], np.ndarray, list[str]]
Margins = Callable[[str, np.ndarray], np.ndarray]


def speller(model: Path = MODEL) -> Speller:
    """The speller of the trained model."""
    with tarfile.open(model) as archive:
        member = next(one for one in archive.getmembers() if one.name.endswith("reader.json"))
        learnt = json.load(archive.extractfile(member))  # type: ignore[arg-type]
    return Speller(learnt["known"], learnt["familiar"], learnt["vocabulary"]["slang"])


def examples(spell: Speller, embedder: Embedder) -> tuple[Examples, Examples]:
    """What is trained on (phrasings and small talk), and what is held out: texts, vectors, labels."""
    base = files.load()
    talk = YAML(typ="safe").load(files.HERE.parent / "data" / "nlu.yml")["nlu"]
    learnt = [(text, f"ask/{question.id}") for question in base.questions for text in question.asked_as]
    learnt += [
        (line.lstrip()[2:], one["intent"]) for one in talk for line in one["examples"].splitlines() if line.lstrip().startswith("- ")
    ]
    asked = [(text, f"ask/{question.id}") for question in base.questions for text in question.held_out]

    def embedded(pairs: list[tuple[str, str]]) -> Examples:
        texts = [spell(text) for text, _ in pairs]
        return texts, embedder.embed(texts, callers=2), [label for _, label in pairs]

    return embedded(learnt), embedded(asked)


def score(margins: Margins, labels: Sequence[str], asked: Examples) -> tuple[int, int]:
    """How many of *asked* are right at first place, and among the first three."""
    ranked = [[labels[i] for i in np.argsort(-margins(text, vector))[:3]] for text, vector in zip(asked[0], asked[1], strict=True)]
    return sum(top[0] == label for top, label in zip(ranked, asked[2], strict=True)), sum(
        label in top for top, label in zip(ranked, asked[2], strict=False)
    )


def compare(learnt: Examples, asked: Examples, quick: bool) -> tuple[str, Classifier]:
    """The table of the features, and the classifier of both as the selector trains it."""
    texts, vectors, labels = learnt
    rows, count = [], len(asked[0])

    def add(name: str, margins: Margins, names: Sequence[str], started: float) -> None:
        first, three = score(margins, names, asked)
        rows.append([name, share(first, count), count - first, share(three, count), f"{time.monotonic() - started:.0f}"])
        say(f"{name}: {first} of {count}")

    for penalty in (PENALTY,) if quick else (0.1, PENALTY, 1.0, 3.0):
        started = time.monotonic()
        machine = LinearSVC(C=penalty, random_state=0).fit(vectors, labels)
        add(
            f"vectors alone, C = {penalty:g}",
            lambda _, vector, machine=machine: machine.decision_function(vector[None])[0],
            machine.classes_,
            started,
        )
    started = time.monotonic()
    regression = LogisticRegression(C=15, max_iter=300).fit(vectors, labels)
    add(
        "vectors alone, logistic regression, C = 15",
        lambda _, vector: regression.decision_function(vector[None])[0],
        regression.classes_,
        started,
    )
    for penalty in (PENALTY,) if quick else (0.1, PENALTY, 1.0):
        started = time.monotonic()
        words = Classifier.train(texts, vectors[:, :0], labels, penalty)
        add(f"words alone, C = {penalty:g}", lambda text, vector, words=words: words.margins(text, vector[:0]), words.labels, started)
    for penalty in (PENALTY,) if quick else (0.1, 1.0, PENALTY):
        started = time.monotonic()
        both = Classifier.train(texts, vectors, labels, penalty)
        add(f"both, C = {penalty:g}" + (" (what Tandem uses)" if penalty == PENALTY else ""), both.margins, both.labels, started)
    return table(["", "right at first place", "mistakes", "among the first three", "training, s"], rows), both


def scope_figures(classifier: Classifier, spell: Speller, embedder: Embedder) -> str:
    """How well answering rightly is foreseen, on bench/data/development (questions, scope), by AUROC; both together cross-validated."""
    folder = DATA / "development"
    read = [row for name in ("questions", "scope") for row in YAML(typ="safe").load(folder / f"{name}.yml")]
    rows = [(row["text"], {row.get("question"), *(row.get("also") or [])}) for row in read]
    texts = [spell(text) for text, _ in rows]
    figures, right = [], []
    for text, vector, (_, questions) in zip(texts, embedder.embed(texts), rows, strict=True):
        margins = classifier.margins(text, vector)
        best, second = np.argsort(-margins)[:2]
        if not classifier.labels[best].startswith("ask/"):
            continue  # small talk, or nothing of ours: nothing would be answered
        figures.append((margins[best], margins[best] - margins[second], classifier.likeness(vector)))
        right.append(classifier.labels[best].removeprefix("ask/") in questions)
    measured = np.array(figures)
    both = cross_val_predict(LogisticRegression(C=100), measured[:, 1:], right, cv=10, method="predict_proba")[:, 1]
    named = [
        ("margin of the best label", measured[:, 0]),
        ("its lead over the second", measured[:, 1]),
        ("likeness to the nearest phrasings", measured[:, 2]),
        ("lead and likeness together (what Tandem uses)", both),
    ]
    text = "\nWhether answering would be right, foreseen on the "
    text += f"{len(right)} of {len(rows)} texts that are taken for a question; {sum(right)} are rightly:\n\n"
    return text + table(["", "AUROC"], [[name, f"{roc_auc_score(right, values):.3f}"] for name, values in named])


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.features", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="one penalty each")
    quick = parser.parse_args().quick
    spell, embedder = speller(), Embedder()
    say("embedding")
    learnt, asked = examples(spell, embedder)
    text, classifier = compare(learnt, asked, quick)
    print(f"{len(learnt[0])} examples, {len(asked[0])} held-out phrasings.\n\n{text}")
    print(scope_figures(classifier, spell, embedder))


if __name__ == "__main__":
    sys.exit(main())
