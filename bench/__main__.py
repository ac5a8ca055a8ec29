"""
All figures of bench/RESULTS.md, one after the other; each table goes between its markers there.

    python -m bench                     all, two hours and more: the bot of `rasa init` takes most of it
    python -m bench --quick             the same in little, printed and not written
    python -m bench understanding turns only these
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from bench.processes import ROOT
from bench.tables import say

RESULTS = Path(__file__).with_name("RESULTS.md")
COMMANDS: dict[str, tuple[Sequence[str], Sequence[str]]] = {  # what is run, and what --quick adds
    "understanding": (("-m", "bench.understanding"), ()),
    "development": (("-m", "bench.development"), ()),
    "conversations": (("-m", "tests.conversations"), ()),
    "features": (("-m", "bench.features"), ("--quick",)),
    "order_parse": (("-m", "bench.order_parse"), ()),
    "floor": (("-m", "bench.floor"), ("--quick",)),
    "turns": (("-m", "bench.turns"), ("--quick", "--epochs", "1")),
    "public_sets": (("-m", "bench.public_sets"), ("--quick",)),
    "scale": (("-m", "bench.scale"), ("--questions", "100")),
    "gateway_overhead": (("bench/gateway_overhead.py",), ("--turns", "50")),
    "load": (("bench/load.py",), ("--seconds", "20")),
}


def run(name: str, quick: bool, more: Sequence[str] = ()) -> str | None:
    """Run one benchmark; returns its tables, or None if it failed. Too little understood (status 1) is a result."""
    command, in_little = COMMANDS[name]
    say(f"{name} ...")
    arguments = [sys.executable, *command, *(in_little if quick else ()), *more]
    done = subprocess.run(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    if done.returncode and not (name == "understanding" and done.returncode == 1):
        say(f"{name} failed with exit status {done.returncode}; its table stays as it was")
        return None
    shown = " ".join(["python", *command, *(in_little if quick else ()), *more])
    return f"`{shown}`, {conditions()}:\n\n{done.stdout.strip()}\n"


def conditions() -> str:
    """When, on which commit, on which machine, and how busy it was."""
    commit = _said("git", "rev-parse", "--short", "HEAD") + ("+" if _said("git", "status", "--porcelain", "--untracked-files=no") else "")
    processor = (
        re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8")) if Path("/proc/cpuinfo").exists() else None
    )
    now, load = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M"), os.getloadavg()[2]
    return f"{now} UTC, commit {commit}, {os.cpu_count()} cores ({processor[1] if processor else platform.processor()}), load {load:.1f}"


def _said(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def write(name: str, tables: str) -> None:
    """
    Put *tables* between the markers of *name* in RESULTS.md.

    Raises:
        ValueError: There are no such markers.
    """
    text = RESULTS.read_text(encoding="utf-8")
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    if begin not in text or end not in text:
        raise ValueError(f"{RESULTS.name} has no lines '{begin}' and '{end}'. Write them where the table of {name} is to stand.")
    head, _, rest = text.partition(begin)
    RESULTS.write_text(f"{head}{begin}\n{tables}{end}{rest.partition(end)[2]}", encoding="utf-8")


def main() -> int:
    """Returns how many benchmarks failed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(COMMANDS)}")
    parser.add_argument("--quick", action="store_true")
    arguments, more = parser.parse_known_args()
    if unknown := sorted(set(arguments.names) - set(COMMANDS)):
        parser.error(f"there is no benchmark named {', '.join(unknown)}. There are: {', '.join(COMMANDS)}")
    failed = 0
    for name in arguments.names or COMMANDS:
        tables = run(name, arguments.quick, more)
        failed += tables is None
        if tables and arguments.quick:
            print(f"## {name}\n\n{tables}", flush=True)
        elif tables:
            write(name, tables)
    return failed


if __name__ == "__main__":
    sys.exit(main())
