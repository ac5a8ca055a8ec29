"""The share of conversations right, by topic; see __init__.py."""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from .servers import MODEL, running
from .talking import Failure, hold
from .transcript import read_all


def main(topics: list[str]) -> int:
    """Returns 1 where a transcript is malformed, the model is missing or a topic is unknown."""
    conversations, complaints = read_all()
    known = sorted({conversation.topic for conversation in conversations})
    problems = [str(complaint) for complaint in complaints]
    problems += [f"there is no topic '{topic}'. Known: {', '.join(known)}." for topic in topics if topic not in known]
    if not MODEL.exists():
        problems.append(f"there is no trained model {MODEL}. Run: make train")
    if problems:
        print(*problems, sep="\n", file=sys.stderr)
        return 1
    results: dict[str, list[Failure | None]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as tandem:
        for conversation in conversations:
            if conversation.topic in (topics or known):
                results[conversation.topic].append(hold(conversation, tandem))
    _print(results, in_full=bool(topics))
    return 0


def _print(results: dict[str, list[Failure | None]], *, in_full: bool) -> None:
    for failure in (one for found in results.values() for one in found if one is not None):
        print(f"{failure}\n" if in_full else failure.short, file=sys.stderr)
    every = [one for found in results.values() for one in found]
    print("| topic | right | of | share |\n|---|---:|---:|---:|")
    for topic, found in [*results.items(), ("all", every)]:
        right = found.count(None)
        print(f"| {topic} | {right} | {len(found)} | {100 * right / len(found):.0f} % |")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
