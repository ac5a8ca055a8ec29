"""
What the front door adds to a turn: the same question to Rasa directly and through the gateway, by turns.

    python -m bench.gateway_overhead                                  against the tests' stand-in, started here
    python -m bench.gateway_overhead --rasa http://127.0.0.1:5005     against a Rasa that runs

The difference is taken pair by pair in one run, so that a busy machine weighs on both alike. What the gateway computes
a turn is given beside it: that does not depend on who else is busy. The client is a bare socket and costs next to nothing.
"""

from __future__ import annotations

import argparse
import json
import socket
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

from bench.gateway import UNLIMITED, Served, gateway, stand_in
from bench.tables import table

_WARM = 20


class Line:
    """One kept-alive HTTP connection."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host = parts.netloc
        self._socket = socket.create_connection((parts.hostname or "", parts.port or 80))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb")

    def post(self, path: str, body: dict[str, str], **headers: str) -> bytes:
        """The body of the answer, chunked or not."""
        sent = json.dumps(body).encode()
        lines = {"Host": self._host, "Content-Type": "application/json", "Content-Length": str(len(sent)), **headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self._socket.sendall(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + sent)
        size = None
        while (line := self._file.readline()) not in (b"\r\n", b""):
            if line.lower().startswith(b"content-length:"):
                size = int(line.split(b":")[1])
        return self._file.read(size) if size is not None else b"".join(self._chunks())

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self._file.readline(), 16):
            yield self._file.read(size)
            self._file.readline()
        self._file.readline()


def measure(rasa: str, front: Served, turns: int) -> tuple[dict[str, list[float]], float]:
    """Milliseconds of *turns* turns, directly and through the gateway; and what the gateway computed for one."""
    direct, through = Line(rasa), Line(front.url)
    token = json.loads(through.post("/api/session", {}))["token"]
    times: dict[str, list[float]] = {"Rasa directly": [], "through the gateway": []}
    for number in range(turns + _WARM):
        if number == _WARM:
            before_cpu = sum(front.process.cpu_times()[:2])
        said = f"should i run after lifting {number}"
        before = time.perf_counter()
        direct.post("/webhooks/rest/webhook", {"sender": "bench-direct", "message": said})
        middle = time.perf_counter()
        answer = through.post("/api/messages", {"text": said}, Authorization=f"Bearer {token}")
        after = time.perf_counter()
        if b'"status": "answered"' not in answer:
            raise RuntimeError(f"no answer to '{said}': {answer!r}")
        if number >= _WARM:
            times["Rasa directly"].append((middle - before) * 1000)
            times["through the gateway"].append((after - middle) * 1000)
    times["the gateway adds, pair by pair"] = [after - before for before, after in zip(*times.values(), strict=True)]
    return times, (sum(front.process.cpu_times()[:2]) - before_cpu) * 1000 / turns


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rasa", help="address of a running Rasa; without it the stand-in")
    parser.add_argument("--turns", type=int, default=500)
    arguments = parser.parse_args()
    with ExitStack() as stack:
        rasa = arguments.rasa or stack.enter_context(stand_in()).url
        times, computed = measure(rasa, stack.enter_context(gateway(rasa, UNLIMITED)), arguments.turns)
    cuts = {name: statistics.quantiles(series, n=100) for name, series in times.items()}
    rows = [(name, *(f"{cut[at]:.2f}" for at in (49, 89, 98))) for name, cut in cuts.items()]
    whom = "a running Rasa" if arguments.rasa else "the stand-in"
    print(f"{arguments.turns} turns, {whom}; the gateway computes {computed:.2f} ms a turn.\n")
    print(table(("ms", "median", "p90", "p99"), rows))


if __name__ == "__main__":
    main()
