"""
Score the whole understanding on the written development set, and fit the limits of the scope anew.

    python -m bench.development              accuracy, coverage, false answers and misses, by kind
    python -m bench.development --calibrate  fit components/scope.json (make calibrate; then make train)

The set (bench/data/development) was written by other hands than the phrasings and is never trained on. The limits are
fitted on it, two weights and a bias on 360 messages: the figures after fitting are cross-validated.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from bench.tables import share, table
from components.classifying import Classifier
from components.encoder import embed
from components.scope import FILE
from knowledge import files

HERE = Path(__file__).parent / "data" / "development"
ANSWER_FROM, ASK_FROM = 0.4, 0.1
"""From which chance of being right to answer, and to ask back: see the table of coverage against error."""


def load(name: str) -> list[dict[str, Any]]:
    """One file of the set."""
    return list(YAML(typ="safe").load((HERE / f"{name}.yml").read_text(encoding="utf-8")))


async def parsed(texts: list[str]) -> list[dict[str, Any]]:
    """What the trained model makes of *texts*."""
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    from rasa.core.agent import load_agent

    agent = await load_agent("models/tandem.tar.gz")
    return [await agent.parse_message(text) for text in texts]


def outcome(parse: dict[str, Any], gaps: set[str]) -> tuple[str, list[str]]:
    """(answer, gap, unsure, unknown, danger or talk; the question ids it would answer, else those it would offer)."""
    intent, selected = parse["intent"]["name"], (parse.get("response_selector") or {}).get("ask") or {"ranking": []}
    ranking = [one["intent_response_key"].partition("/")[2] for one in selected["ranking"]]
    if intent == "ask":
        asks = [ask["question"] for ask in parse.get("asks") or []] or ranking[:1]
        return ("gap" if set(asks) <= gaps else "answer"), asks
    kinds = {"unsure": "unsure", "out_of_scope": "unknown", "danger": "danger", None: "unknown"}
    return kinds.get(intent, "talk"), ranking[:3]


def score(gaps: set[str]) -> list[str]:
    """The report, as Markdown tables."""
    names = ("questions", "scope", "danger", "harmless", "junk")
    rows = [(name, row) for name in names for row in load(name)]
    found = asyncio.run(parsed([row["text"] for _, row in rows]))
    counts: Counter[tuple[str, str]] = Counter()
    for (name, row), parse in zip(rows, found, strict=True):
        kind = row.get("kind", name) if name == "scope" else name
        what, ids = outcome(parse, gaps)
        wanted = {row.get("question"), *(row.get("also") or [])} - {None}
        counts[kind, "n"] += 1
        counts[kind, what] += 1
        counts[kind, "right"] += what in ("answer", "gap") and bool(wanted & set(ids))
        counts[kind, "offered"] += what == "unsure" and bool(wanted & set(ids))
        if name == "danger":
            counts[f"danger {row['kind']}", "n"] += 1
            counts[f"danger {row['kind']}", "danger"] += what == "danger"
    kinds = sorted({kind for kind, _ in counts}, key=lambda kind: (kind.startswith("danger "), kind))
    columns = ("n", "right", "offered", "answer", "gap", "unsure", "unknown", "talk", "danger")
    rows_by_kind = [[kind, *(counts[kind, column] for column in columns)] for kind in kinds]
    return [table(["", "of the set", "to reach"], _targets(counts)), table(["kind", *columns], rows_by_kind)]


def _targets(counts: Counter[tuple[str, str]]) -> list[list[str]]:
    """What the set is there to show, beside what is to be reached."""

    def of(kind: str, *columns: str) -> str:
        return share(sum(counts[kind, column] for column in columns), counts[kind, "n"])

    return [
        ["questions answered rightly at the first reply", of("questions", "right"), "93 %"],
        ["the same, or offered by did-you-mean", of("questions", "right", "offered"), "97 %"],
        ["far out of scope, answered", of("far", "answer"), "at most 3 %"],
        ["near out of scope, answered", of("near", "answer"), "at most 12 %"],
        ["dangers caught", of("danger", "danger"), "all"],
        ["harmless messages stopped as dangers", of("harmless", "danger"), "at most 2 %"],
        ["junk answered", of("junk", "answer"), ""],
    ]


def calibrate(classifier: Classifier, texts: dict[str, str]) -> list[str]:
    """Fit the scope; returns coverage against error, cross-validated, as Markdown lines."""
    rows = [(row, "question") for row in load("questions")] + [(row, row["kind"]) for row in load("scope")]
    figures, right, kinds = [], [], []
    for row, kind in rows:
        text = texts[row["text"]]
        vector = embed(text)
        margins = classifier.margins(text, vector)
        best = np.argsort(-margins)[:2]
        label = classifier.labels[best[0]]
        if label.startswith("ask/"):
            figures.append([margins[best[0]] - margins[best[1]], classifier.likeness(vector)])
            right.append(label[4:] in {row.get("question"), *(row.get("also") or [])})
            kinds.append(kind)
    model, x, y = LogisticRegression(C=100), np.array(figures), np.array(right)
    chances = cross_val_predict(model, x, y, cv=10, method="predict_proba")[:, 1]
    model.fit(x, y)
    weights = {"lead_weight": model.coef_[0][0], "likeness_weight": model.coef_[0][1], "bias": model.intercept_[0]}
    limits = {**{name: round(float(weight), 3) for name, weight in weights.items()}, "answer_from": ANSWER_FROM, "ask_from": ASK_FROM}
    FILE.write_text(json.dumps(limits, indent=2) + "\n", encoding="utf-8")
    lines = ["| answer from | questions answered right | near answered | far answered |", "|---|---|---|---|"]
    for limit in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        cells = [
            sum((chances >= limit) & (np.array(kinds) == kind) & wanted) for kind, wanted in (("question", y), ("near", ~y), ("far", ~y))
        ]
        lines.append(f"| {limit} | {' | '.join(map(str, cells))} |")
    return lines


def main() -> int:
    """Print the report, or fit."""
    warnings.filterwarnings("ignore")
    logging.disable(logging.ERROR)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calibrate", action="store_true", help="fit components/scope.json")
    arguments = parser.parse_args()
    base = files.load()
    if arguments.calibrate:
        print("\n".join(_calibrated()))
        return 0
    print("\n".join(score({question.id for question in base.questions if question.not_covered})))
    return 0


def _calibrated() -> list[str]:
    """Fit with the classifier inside the trained model, on texts as its reader corrects them."""
    import tarfile
    import tempfile

    rows = [row["text"] for name in ("questions", "scope") for row in load(name)]
    texts = {text: parse.get("read_as") or text for text, parse in zip(rows, asyncio.run(parsed(rows)), strict=True)}
    with tempfile.TemporaryDirectory() as folder, tarfile.open("models/tandem.tar.gz") as model:
        model.extractall(folder)  # our own file, made by make train
        return calibrate(Classifier.load(next(Path(folder).rglob("classifier.npz")).parent), texts)


if __name__ == "__main__":
    sys.exit(main())
