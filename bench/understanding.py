"""
How well the trained model understands what it has not seen: questions, and what a message says besides.

    python -m bench.understanding

The questions are the held-out phrasings of knowledge/questions/, the readings those of bench/data/. Every text goes
through the trained model as a message does. Exit status 1 below `FIRST` or `AMONG_THREE`.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import statistics
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from bench.tables import say, share, table
from knowledge import files

FIRST, AMONG_THREE = 0.90, 0.97
"""Required of the held-out phrasings, macro over questions: right at first place, right among the first three."""
DATA = Path(__file__).with_name("data")
MODEL = files.HERE.parent / "models" / "tandem.tar.gz"
_SHOWN = 12

Parse = Callable[[str], dict[str, Any]]


class Asked(NamedTuple):
    """A held-out phrasing, the question it asks, and the labels it was given, best first; *intent* is what followed."""

    text: str
    question: str
    labels: list[str]
    intent: str

    def within(self, places: int) -> bool:
        """Whether its question is among the first *places*; small talk counts as a wrong answer like any other."""
        return f"ask/{self.question}" in self.labels[:places]


def load(model: Path = MODEL) -> Parse:
    """The trained model, as a function from text to what Rasa makes of it."""
    with warnings.catch_warnings(record=True):  # importing Rasa takes seconds, and is chatty
        from rasa.core.agent import Agent
        from rasa.utils.log_utils import configure_structlog

        configure_structlog(logging.WARNING)
        agent = Agent.load(str(model))
    loop = asyncio.new_event_loop()
    return lambda text: loop.run_until_complete(agent.parse_message(text))


def ask_held_out(parse: Parse) -> list[Asked]:
    """Parse every held-out phrasing."""
    asked = []
    for question in files.load().questions:
        for text in question.held_out:
            parsed = parse(text)
            labels = [one["name"] for one in parsed["intent_ranking"]]
            asked.append(Asked(text, question.id, labels, parsed["intent"]["name"]))
    return asked


def macro(asked: Iterable[Asked], places: int) -> dict[str, float]:
    """The share right within *places*, by question."""
    by_question: dict[str, list[bool]] = {}
    for one in asked:
        by_question.setdefault(one.question, []).append(one.within(places))
    return {question: statistics.mean(hits) for question, hits in by_question.items()}


def read_rows(parse: Parse, name: str, right: Callable[[dict[str, Any], dict[str, Any]], dict[str, bool]]) -> dict[str, list[list[bool]]]:
    """
    Read every text of bench/data/*name*.

    Returns:
        By what is read, whether it is right: of the even rows (counted from 0), of the odd rows.
    """
    rows = YAML(typ="safe").load(DATA / name)
    found: dict[str, list[list[bool]]] = {}
    for number, row in enumerate(rows):
        for what, hit in right(row, parse(row["text"])["reading"]).items():
            found.setdefault(what, [[], []])[number % 2].append(hit)
    return found


def order_and_frame(row: dict[str, Any], reading: dict[str, Any]) -> dict[str, bool]:
    """Compare one row of order_reading.yml."""
    return {
        "order asked about": reading["conditions"].get("order") == row["order"],
        "how it is put": (reading["frame"] or "open") == row["frame"],
    }


def goals_and_conditions(row: dict[str, Any], reading: dict[str, Any]) -> dict[str, bool]:
    """Compare one row of reading.yml; the order asked about has its own rows."""
    conditions = {name: value for name, value in reading["conditions"].items() if name != "order"}
    return {"goals": set(reading["goals"]) == set(row["goals"]), "circumstances": conditions == dict(row["when"] or {})}


def report(asked: list[Asked], readings: dict[str, list[list[bool]]]) -> str:
    """The tables."""
    first, three = macro(asked, 1), macro(asked, 3)
    rows = [
        [
            "right at first place",
            f"{100 * statistics.mean(first.values()):.1f} %",
            share(sum(one.within(1) for one in asked), len(asked)),
            f"{FIRST:.0%}",
        ],
        [
            "right among the first three",
            f"{100 * statistics.mean(three.values()):.1f} %",
            share(sum(one.within(3) for one in asked), len(asked)),
            f"{AMONG_THREE:.0%}",
        ],
    ]
    text = f"{len(asked)} held-out phrasings of {len(first)} questions.\n\n" + table(
        ["", "macro over questions", "over phrasings", "required (macro)"], rows
    )
    text += "\nWhat follows of it, with the limits of scope:\n\n" + table(["", "phrasings"], outcomes(asked))
    weakest = sorted(first.items(), key=lambda item: (item[1], item[0]))[:_SHOWN]
    text += "\nThe weakest questions:\n\n"
    text += table(
        ["question", "first", "among three", "taken for"],
        [[id, f"{100 * hit:.0f} %", f"{100 * three[id]:.0f} %", taken_for(asked, id)] for id, hit in weakest],
    )
    text += "\nWhat is read besides (a row is right if all of it is):\n\n"
    names = ["", "rows looked at while building (even)", "rows not looked at (odd)"]
    return text + table(names, [[what, *(share(sum(half), len(half)) for half in halves)] for what, halves in readings.items()])


def outcomes(asked: list[Asked]) -> list[list[str]]:
    """How many of the phrasings are answered rightly or wrongly, asked back, turned away."""
    right, total = Counter(one.intent for one in asked if one.within(1)), Counter(one.intent for one in asked)
    rows = [("answered, rightly", right["ask"]), ("answered, wrongly", total["ask"] - right["ask"])]
    rows += [
        ("asked back (did you mean), right one first", right["unsure"]),
        ("asked back, another one first", total["unsure"] - right["unsure"]),
    ]
    rows += [("turned away as out of scope", total["out_of_scope"])]
    rows += [("taken for small talk or a move", len(asked) - total["ask"] - total["unsure"] - total["out_of_scope"])]
    return [[what, share(count, len(asked))] for what, count in rows]


def taken_for(asked: list[Asked], question: str) -> str:
    """The labels that were first instead."""
    wrong = Counter(one.labels[0].removeprefix("ask/") for one in asked if one.question == question and not one.within(1))
    return ", ".join(f"{label} {count}" if count > 1 else label for label, count in wrong.most_common(3))


def main() -> int:
    """Print the report; returns 1 if too little is right."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.understanding", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--quick", action="store_true", help="nothing to leave out here; for the same words as the others")
    model = parser.parse_args().model
    if not model.exists():
        print(f"{model} is not there. Run: make train", file=sys.stderr)
        return 2
    say("loading the model")
    parse = load(model)
    say("held-out questions")
    asked = ask_held_out(parse)
    say("readings")
    readings = {**read_rows(parse, "order_reading.yml", order_and_frame), **read_rows(parse, "reading.yml", goals_and_conditions)}
    print(report(asked, readings))
    enough = statistics.mean(macro(asked, 1).values()) >= FIRST and statistics.mean(macro(asked, 3).values()) >= AMONG_THREE
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
