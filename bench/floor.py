"""
What a turn cannot do without: a sentence vector, a reading of the knowledge base, two hops of HTTP. And the parse around it.

    python -m bench.floor

The hops go to an echo server on the same web framework (Sanic) that Rasa and its action server run on.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bench import understanding
from bench.client import phrasings
from bench.processes import ROOT, free_ports, running, wait_for
from bench.tables import say, table
from components.embedding import Embedder
from knowledge import files
from knowledge.store import DEFAULT_URL, Store

_BODY = json.dumps({"sender": "floor", "message": "should i run after lifting?", "filling": "." * 2_000})


def milliseconds(do: Callable[[Any], object], things: Iterable[Any]) -> float:
    """The median time of ``do(thing)``."""
    times = []
    for thing in things:
        before = time.perf_counter()
        do(thing)
        times.append((time.perf_counter() - before) * 1000)
    return statistics.median(times[len(times) // 10 :])


def hop(count: int) -> float:
    """The median time of 2 KB there and back."""
    (port,) = free_ports(1)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "echo.log"
        with running([sys.executable, "-m", "bench.floor", "--echo", str(port)], cwd=ROOT, log=log, environment={}) as server:
            wait_for(port, "/", server, log)
            connection = http.client.HTTPConnection("127.0.0.1", port)

            def there_and_back(_: int) -> None:
                connection.request("POST", "/", _BODY)
                connection.getresponse().read()

            return milliseconds(there_and_back, range(count))


def echo(port: int) -> None:
    """Serve what comes in back."""
    from sanic import Sanic, response

    app = Sanic("echo")

    async def back(request: Any) -> Any:
        return response.raw(request.body)

    app.add_route(back, "/", methods=["GET", "POST"])
    app.run(host="127.0.0.1", port=port, access_log=False)


def report(count: int) -> str:
    """The table."""
    texts = list(itertools.islice(phrasings(seed=1), 2 * count))
    say("embedding")
    embedder = Embedder(threads=1)
    embed = milliseconds(lambda text: embedder.embed([text]), texts[:count])
    say("knowledge base")
    store, ids = Store(DEFAULT_URL), itertools.cycle(question.id for question in files.load().questions)
    lookup = milliseconds(lambda _: store.question(next(ids)), range(count))
    say("hops")
    one = hop(count)
    say("the whole parse")
    parse = milliseconds(understanding.load(), texts[count:])
    rows = [
        ["sentence vector (int8 ONNX, one thread, a text not heard before)", embed],
        ["one question from the knowledge base (SQLite)", lookup],
        ["two hops of HTTP", 2 * one],
    ]
    rows += [
        ["**the floor: all three**", embed + lookup + 2 * one],
        ["for comparison, the parse inside Rasa (reading, vector, selecting)", parse],
    ]
    return table(["", "median ms"], [[what, f"{took:.2f}"] for what, took in rows])


def main() -> None:
    """Print the table, or be the echo."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.floor", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="100 times each instead of 400")
    parser.add_argument("--echo", type=int, metavar="PORT", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.echo:
        echo(arguments.echo)
        return
    print(report(100 if arguments.quick else 400))


if __name__ == "__main__":
    main()
