"""Tables in Markdown, and where they go: stdout has the figures, stderr how far a run is."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence

_STARTED = time.monotonic()


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; the first column is text, the others are set to the right."""
    lines = [f"| {' | '.join(head)} |", f"|{'|'.join(['---'] + ['---:'] * (len(head) - 1))}|"]
    return "\n".join(lines + [f"| {' | '.join(map(str, row))} |" for row in rows]) + "\n"


def share(right: int, of: int) -> str:
    """As in "93.1 % (521 of 560)"."""
    return f"{100 * right / of:.1f} % ({right} of {of})" if of else "none"


def say(text: str) -> None:
    """One line about how far the run is."""
    print(f"  {time.monotonic() - _STARTED:5.0f} s  {text}", file=sys.stderr, flush=True)
