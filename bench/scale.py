"""
How the knowledge base grows: generated bases of 100, 1,000 and 10,000 questions with ten answers each.

    python -m bench.scale                                   a Markdown table on the output, about three minutes
    python -m bench.scale --questions 100                   one size
    python -m bench.scale --postgres postgresql://u@h/d     another server; a database of its own is made there and dropped

Every figure is measured in a process of its own, so that its memory is its own. A lookup is one question with all its
answers and their evidence, at random; the first fifty are not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.generated import SEED, generated, write
from knowledge import checks, files, store

POSTGRES = os.environ.get("TANDEM_TEST_POSTGRES") or "postgresql://postgres@127.0.0.1:5432/test"
SIZES = (100, 1_000, 10_000)
COLUMNS = (
    "database",
    "questions",
    "answers",
    "rows",
    "files read and checked, s",
    "built, s",
    "size, MB",
    "memory while building, MB",
    "lookup, median, ms",
    "lookup, p99, ms",
    "memory while reading, MB",
)
LOOKUPS, WARM_UP = 2_000, 50


def measure_files(questions: int) -> dict[str, Any]:
    """Seconds that reading and checking the files takes, and the most memory."""
    with tempfile.TemporaryDirectory() as folder:
        write(generated(questions), Path(folder))
        began = time.perf_counter()
        base, complaints = files.read(Path(folder))
        complaints += checks.check(base)
        assert not complaints, complaints[:3]
        return {"seconds": time.perf_counter() - began}


def measure_build(questions: int, url: str) -> dict[str, Any]:
    """Seconds, rows, size and the most memory of a build."""
    base = generated(questions)
    began = time.perf_counter()
    rows = store.build(base, url)
    return {
        "seconds": time.perf_counter() - began,
        "rows": rows,
        "mb": size_mb(url),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def measure_lookups(questions: int, url: str) -> dict[str, Any]:
    """Median and 99th percentile in ms of looking questions up, and the memory that takes."""
    reader, chance, took = store.Store(url), random.Random(SEED), []
    for _ in range(WARM_UP + LOOKUPS):
        id = f"q{chance.randrange(questions)}"
        began = time.perf_counter()
        found = reader.question(id)
        took.append((time.perf_counter() - began) * 1_000)
        assert len(found.answers) == 10
    took = sorted(took[WARM_UP:])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"median": statistics.median(took), "p99": took[int(len(took) * 0.99)], "memory_mb": memory}


def size_mb(url: str) -> float:
    """What the base takes on disk."""
    if url.startswith("sqlite"):
        return Path(url.removeprefix("sqlite:///")).stat().st_size / 1e6
    query = (
        "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c WHERE relnamespace = 'tandem_knowledge'::regnamespace AND relkind = 'r'"
    )
    with sa.create_engine(url, poolclass=sa.pool.NullPool).connect() as connection:
        return float(connection.execute(sa.text(query)).scalar_one()) / 1e6


def in_a_process(verb: str, *args: object) -> dict[str, Any]:
    """What the measurement *verb* says, made in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "bench.scale", "--measure", verb, *map(str, args)], stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@contextmanager
def databases(server: str) -> Iterator[dict[str, str]]:
    """The addresses to build to: a file that goes away and, if *server* answers, a database there that does too."""
    with tempfile.TemporaryDirectory() as folder:
        found = {"SQLite": f"sqlite:///{folder}/scale.db"}
        engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool, connect_args={"connect_timeout": 3})
        name = f"tandem_bench_{secrets.token_hex(4)}"
        try:
            with engine.connect() as connection:
                connection.execute(sa.text(f"CREATE DATABASE {name}"))
        except sa.exc.SQLAlchemyError as error:
            print(f"PostgreSQL is left out: {str(error).splitlines()[0]}", file=sys.stderr)
            yield found
            return
        try:
            yield {**found, "PostgreSQL": engine.url.set(database=name).render_as_string(hide_password=False)}
        finally:
            with engine.connect() as connection:
                connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))


def table(sizes: list[int], server: str) -> Iterator[str]:
    """The lines of the table, each as soon as it is measured."""
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    yield f"{machine}, {LOOKUPS:,} lookups, load {os.getloadavg()[0]:.1f} at the start"
    yield ""
    yield f"| {' | '.join(COLUMNS)} |"
    yield f"|---{'|---:' * (len(COLUMNS) - 1)}|"
    with databases(server) as urls:
        for size in sizes:
            files_s = in_a_process("files", size)["seconds"]
            for name, url in urls.items():
                built, looked = in_a_process("build", size, url), in_a_process("lookups", size, url)
                cells = [
                    name,
                    f"{size:,}",
                    f"{size * 10:,}",
                    f"{built['rows']:,}",
                    f"{files_s:.1f}",
                    f"{built['seconds']:.1f}",
                    f"{built['mb']:.1f}",
                ]
                cells += [f"{built['memory_mb']:.0f}", f"{looked['median']:.2f}", f"{looked['p99']:.2f}", f"{looked['memory_mb']:.0f}"]
                yield f"| {' | '.join(cells)} |"


def main() -> None:
    """Print the table, or one measurement as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--postgres", default=POSTGRES, metavar="URL")
    parser.add_argument("--measure", nargs="+", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        verb, questions, *rest = args.measure
        print(json.dumps({"files": measure_files, "build": measure_build, "lookups": measure_lookups}[verb](int(questions), *rest)))
        return
    for line in table(args.questions, args.postgres):
        print(line, flush=True)


if __name__ == "__main__":
    main()
