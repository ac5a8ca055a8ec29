"""
Side by side in one run: the bot of ``rasa init`` and Tandem, on the same training data and the same questions.

    python -m bench.turns --quick     ten minutes less than without; figures to look at, not to keep
    python -m bench.turns             what bench/RESULTS.md has

Both run at once and are asked in turns, so that a busy machine weighs on both alike. Nobody is asked a text twice.
Ports and databases are their own; the bot of ``rasa init`` is trained before, once: ``python -m bench.default_bot``.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import default_bot, systems
from bench.client import Line, phrasings
from bench.processes import in_threads, memory, processor_s
from bench.systems import System
from bench.tables import say, table
from knowledge import files

CLIENTS = 16
WINDOWS = {5: range(3, 8), 50: range(48, 53), 150: range(148, 153)}
"""A turn's cost is the median over the turns around it, of all long conversations."""


@dataclass
class Figures:
    """What was measured of one system; milliseconds of turns, seconds, MB."""

    training: dict[str, Any]
    ready_s: float = 0
    memory: dict[str, dict[str, float]] = field(default_factory=dict)
    fresh: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    by_turn: dict[int, list[float]] = field(default_factory=dict)
    per_second: list[float] = field(default_factory=list)
    right: int = 0
    wrong: int = 0

    def at(self, turn: int) -> float:
        """The median cost of a turn around *turn*."""
        return statistics.median(itertools.chain.from_iterable(self.by_turn[one] for one in WINDOWS[turn]))


def fresh_conversations(all_systems: list[System], figures: dict[str, Figures], count: int, texts: Iterator[str]) -> None:
    """Conversations of ten turns, by turns with each system; the first two of each do not count."""
    lines = {system.name: Line(system.port) for system in all_systems}
    for number in range(count + 2):
        said = list(itertools.islice(texts, 10))
        for system in all_systems:
            before = processor_s(system.processes())
            took = [lines[system.name].timed(f"fresh-{number}", text) for text in said]
            if number >= 2:
                figures[system.name].fresh += took
                figures[system.name].processor.append((processor_s(system.processes()) - before) * 1000 / len(took))


def long_conversations(all_systems: list[System], figures: dict[str, Figures], count: int, texts: Iterator[str]) -> None:
    """Conversations of 152 turns, asked turn by turn."""
    lines = {system.name: Line(system.port) for system in all_systems}
    for number in range(count):
        say(f"long conversation {number + 1} of {count}")
        for turn, text in enumerate(itertools.islice(texts, WINDOWS[150][-1]), 1):
            for system in all_systems:
                figures[system.name].by_turn.setdefault(turn, []).append(lines[system.name].timed(f"long-{number}", text))


def crowd(system: System, turns: int, texts: Iterator[str], name: str) -> float:
    """`CLIENTS` at once, each with conversations of ten turns; returns turns per second."""
    said = [list(itertools.islice(texts, turns // CLIENTS)) for _ in range(CLIENTS)]

    def converse(client: int) -> None:
        line = Line(system.port)
        for number, text in enumerate(said[client]):
            line.timed(f"{name}-{client}-{number // 10}", text)

    started = time.perf_counter()
    in_threads([lambda client=client: converse(client) for client in range(CLIENTS)])
    return sum(map(len, said)) / (time.perf_counter() - started)


def answer_held_out(system: System, figures: Figures, every: int) -> None:
    """Ask the held-out phrasings, each in a conversation of its own; right if the answer is of that question."""
    line = Line(system.port)
    held_out = [(question.id, text) for question in files.load().questions for text in question.held_out]
    for number, (id, text) in enumerate(held_out[::every]):
        messages = line.ask(f"held-out-{number}", text)
        answered = {message.get("custom", {}).get("question") for message in messages} - {None, ""}
        figures.right += id in answered
        figures.wrong += bool(answered) and id not in answered


def measure(folder: Path, epochs: int, quick: bool) -> dict[str, Figures]:
    """Train, start, ask; everything is stopped again."""
    say("training Tandem")
    figures = {"rasa init": Figures(default_bot.trained(epochs)), "Tandem": Figures(systems.train_tandem(folder))}
    with ExitStack() as stack:
        say("starting both, one after the other")
        both = [stack.enter_context(systems.default(folder, epochs)), stack.enter_context(systems.tandem(folder))]
        for system in both:
            figures[system.name].ready_s = system.ready_s
        _ask(both, figures, quick)
    return figures


def _ask(both: list[System], figures: dict[str, Figures], quick: bool) -> None:
    texts = phrasings()
    say("fresh conversations")
    fresh_conversations(both, figures, 12 if quick else 40, texts)
    long_conversations(both, figures, 1 if quick else 3, texts)
    for number in range(1 if quick else 3):
        for system in both:
            say(f"{CLIENTS} clients ask {system.name}")
            figures[system.name].per_second.append(crowd(system, 160 if quick else 320, texts, f"crowd-{number}"))
    for system in both:
        say(f"held-out questions to {system.name}")
        answer_held_out(system, figures[system.name], 10 if quick else 1)
        figures[system.name].memory = memory(system.processes())


def report(old: Figures, new: Figures) -> str:
    """The tables."""
    p99 = {id(one): statistics.quantiles(one.fresh, n=100)[98] for one in (old, new)}
    median = {id(one): statistics.median(one.fresh) for one in (old, new)}
    lines = [
        ("training, s", lambda one: one.training["wall_s"], "30"),
        ("training, s of processor time", lambda one: one.training["cpu_s"], ""),
        ("training, highest resident MB", lambda one: one.training["peak_mb"], ""),
        ("from start to the first answer, s", lambda one: one.ready_s, ""),
        ("memory of all processes, PSS in MB", lambda one: sum(part["pss"] for part in one.memory.values()), "700"),
        ("the same, RSS in MB", lambda one: sum(part["rss"] for part in one.memory.values()), ""),
        ("median turn, ms", lambda one: median[id(one)], "25, and a quarter"),
        ("10th percentile, ms (nearest to a quiet machine)", lambda one: statistics.quantiles(one.fresh, n=10)[0], ""),
        ("99th percentile, ms", lambda one: p99[id(one)], ""),
        ("processor time of a turn, all processes, ms", lambda one: statistics.mean(one.processor), ""),
        (f"turns per second, {CLIENTS} clients", lambda one: statistics.median(one.per_second), ""),
        *((f"turn {turn} of one conversation, ms", lambda one, turn=turn: one.at(turn), "") for turn in WINDOWS),
        ("turn 150 / turn 5", lambda one: one.at(150) / one.at(5), "1.3"),
    ]
    rows = [[what, _number(value(old)), _number(value(new)), f"{value(new) / value(old):.2f}", most] for what, value, most in lines]
    text = table(["", "rasa init", "Tandem", "Tandem / rasa init", "at most"], rows)
    text += f"\n{len(new.fresh)} turns in fresh conversations of ten; {len(new.by_turn[1])} conversations of 152 turns.\n"
    asked = [
        ["answered with the right question", *(one.right for one in (old, new))],
        ["answered with another", *(one.wrong for one in (old, new))],
    ]
    text += "\nHeld-out phrasings over REST:\n\n" + table(["", "rasa init", "Tandem"], asked)
    text += "\nMemory by process, MB:\n\n"
    parts = [(name, what, part) for name, one in (("rasa init", old), ("Tandem", new)) for what, part in one.memory.items()]
    return text + table(
        ["", "process", "PSS", "RSS"], [[name, what, f"{part['pss']:.0f}", f"{part['rss']:.0f}"] for name, what, part in parts]
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 3 else f"{value:.2f}"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.turns", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--epochs", type=int, default=100, help="of the bot of rasa init; the cost of its turns does not depend on it")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tandem-bench-") as folder:
        figures = measure(Path(folder), arguments.epochs, arguments.quick)
    print(report(figures["rasa init"], figures["Tandem"]))
    if arguments.epochs != 100:
        print(
            f"The bot of rasa init was trained for {arguments.epochs} epochs, not 100: "
            "its training time and its answers are not those of the default."
        )


if __name__ == "__main__":
    sys.exit(main())
