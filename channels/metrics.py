"""What is counted, for Prometheus. Numbers only: nothing of what was said, nobody's address. The address of prometheus_client."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


@dataclass
class Outcome:
    """How a turn ended; `cut` if nobody said."""

    status: str = "cut"


class Metrics:
    """The counters of one application; another one counts for itself."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.turns = Counter("tandem_turns", "Turns that ended, by how.", ["status"], registry=registry)
        self.seconds = Histogram("tandem_turn_seconds", "From a turn's start to its kept reply.", buckets=_SECONDS, registry=registry)
        self.errors = Counter("tandem_errors", "What went wrong, by kind.", ["kind"], registry=registry)
        self.rejections = Counter("tandem_rejections", "Requests refused, by code.", ["code"], registry=registry)
        self.sessions = Counter("tandem_sessions", "Sessions issued.", registry=registry)
        self.votes = Counter("tandem_votes", "Feedback given, by vote.", ["vote"], registry=registry)
        self.deliveries = Counter("tandem_deliveries", "Deliveries of other platforms, by how.", ["channel", "outcome"], registry=registry)
        self._streams = Gauge("tandem_streams", "Event streams that are open.", registry=registry)
        self._queue = Gauge("tandem_queue", "Turns that are waiting or under way.", registry=registry)

    def watch(self, *, queue: Callable[[], float], streams: Callable[[], float]) -> None:
        """Read these whenever the numbers are asked for."""
        self._queue.set_function(queue)
        self._streams.set_function(streams)

    @contextmanager
    def turn(self) -> Iterator[Outcome]:
        """Time a turn; whoever runs it says in the outcome how it ended."""
        outcome, started = Outcome(), time.perf_counter()
        try:
            yield outcome
        finally:
            self.seconds.observe(time.perf_counter() - started)
            self.turns.labels(outcome.status).inc()

    def text(self) -> bytes:
        """All numbers in Prometheus' text format."""
        return generate_latest(self.registry)
