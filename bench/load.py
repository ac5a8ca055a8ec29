"""
Many visitors in conversation at once through the gateway, each checking that every answer is its own.

    python -m bench.load                                        200 visitors, two minutes, against the tests' stand-in
    python -m bench.load --rasa http://127.0.0.1:5005           before a Rasa that runs, with a gateway of its own
    python -m bench.load --gateway http://127.0.0.1:8080        through a gateway that runs (make run)

Each visitor has a goal, states it, and asks questions, thinking in between. What is right for a goal and a question is
learned beforehand, one visitor alone; under load each answer must be the same, word for word. At the end each visitor
reads its transcript, which must be what it said and heard. Every visitor comes from an address of its own
(X-Forwarded-For; the gateway believes loopback), so that the limits are those of a public site.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import statistics
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from bench.gateway import Served, gateway, stand_in
from bench.tables import say, table
from bench.web_visitor import Refused, WebVisitor

GOALS = ("I want to build muscle", "I want to lose fat", "I want to get stronger", "I want to run a faster race")
QUESTIONS = (
    "should i run before or after lifting weights?",
    "how long should i wait between lifting and running?",
    "will jogging eat my muscle?",
    "can i run and lift on the same day?",
    "what should i eat after running?",
    "does running burn belly fat?",
)


@dataclass
class Tally:
    """What happened to all visitors together."""

    counts: Counter[str] = field(default_factory=Counter)
    typing_ms: list[float] = field(default_factory=list)
    answer_ms: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def substance(replies: list[dict[str, Any]]) -> list[Any]:
    """What of the replies depends on goal and question alone."""
    return [[reply.get(name) for name in ("kind", "question", "goals", "headline", "text")] for reply in replies]


async def learn(url: str) -> dict[tuple[str, str], list[Any]]:
    """The right answer to each question for each goal, as somebody alone gets it."""
    right = {}
    for number, goal in enumerate(GOALS):
        visitor = await WebVisitor.come_in(url, f"198.18.{number}.1")
        await visitor.ask(goal)
        for question in QUESTIONS:
            right[goal, question] = substance((await visitor.ask(question)).replies)
        visitor.leave()
    return right


async def converse(number: int, url: str, until: float, think_s: float, right: dict[tuple[str, str], list[Any]], tally: Tally) -> None:
    """One visitor's conversation."""
    dice = random.Random(number)
    await asyncio.sleep(dice.random() * think_s)
    visitor = await WebVisitor.come_in(url, f"198.19.{number // 250}.{number % 250 + 1}")
    goal, said = GOALS[number % len(GOALS)], []
    for text in itertools.chain([goal], itertools.repeat("")):
        if time.monotonic() > until:
            break
        text = text or dice.choice(QUESTIONS)
        try:
            heard = await visitor.ask(text)
        except Refused as refused:
            tally.counts[f"refused with {refused}"] += 1
            await asyncio.sleep(refused.retry_after_s)
            continue
        said.append(text)
        tally.counts[heard.status] += 1
        tally.typing_ms.append(heard.typing_ms)
        tally.answer_ms.append(heard.answer_ms)
        if heard.status == "answered" and text != goal and substance(heard.replies) != right[goal, text]:
            tally.wrong.append(f"visitor {number}, {goal!r}, {text!r}: {substance(heard.replies)}")
        await asyncio.sleep(dice.uniform(0.5, 1.5) * think_s)
    transcript = await visitor.transcript()
    if transcript != said[-len(transcript) :]:
        tally.wrong.append(f"visitor {number}: the transcript is not what was said")
    visitor.leave()


async def load(url: str, visitors: int, seconds: float, think_s: float) -> Tally:
    """All conversations at once; an exception in one counts as an error."""
    say("learning the right answers")
    right, tally = await learn(url), Tally()
    say(f"{visitors} visitors for {seconds:.0f} s")
    until = time.monotonic() + seconds
    ended = await asyncio.gather(*(converse(one, url, until, think_s, right, tally) for one in range(visitors)), return_exceptions=True)
    for error in ended:
        if isinstance(error, BaseException):
            tally.counts[f"error: {type(error).__name__} {error}"[:100]] += 1
    return tally


def report(tally: Tally, front: Served | None, arguments: argparse.Namespace) -> None:
    """Print what happened; wrong answers in full."""
    print(f"{arguments.visitors} visitors, {arguments.seconds:.0f} s, thinking {arguments.think_s:g} s on average.\n")
    outcomes = [("answers that were another's, or not in the transcript", len(tally.wrong)), *tally.counts.most_common()]
    print(table(("what", "how often"), [*outcomes, ("turns a second", f"{len(tally.answer_ms) / arguments.seconds:.1f}")]))
    rows = []
    for name, series in (("typing sign", tally.typing_ms), ("last event", tally.answer_ms)):
        cuts = statistics.quantiles(series, n=100)
        rows.append((name, *(f"{cuts[at]:.0f}" for at in (49, 89, 98)), f"{max(series):.0f}"))
    print(table(("ms from sending", "median", "p90", "p99", "longest"), rows))
    if front is not None:
        used = front.process.cpu_times()
        print(f"The gateway: {front.process.memory_info().rss / 1e6:.0f} MB, {used.user + used.system:.1f} s of computing.")
    print("\n".join(tally.wrong[:20]))


def main() -> None:
    """Start what is asked for, load it, report; the exit status says whether every answer was its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rasa", help="address of a running Rasa; without it the stand-in")
    parser.add_argument("--gateway", help="address of a running gateway")
    parser.add_argument("--visitors", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--think-s", type=float, default=8, help="seconds between an answer and the next question, on average")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        front = None
        if not arguments.gateway:
            rasa = arguments.rasa or stack.enter_context(stand_in(delay_s=0.02)).url
            front = stack.enter_context(gateway(rasa))
        url = arguments.gateway or (front.url if front else "")
        tally = asyncio.run(load(url, arguments.visitors, arguments.seconds, arguments.think_s))
        report(tally, front, arguments)
    raise SystemExit(1 if tally.wrong or any(name.startswith("error") for name in tally.counts) else 0)


if __name__ == "__main__":
    main()
