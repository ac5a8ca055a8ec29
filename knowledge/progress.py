"""How far a long job is: a bar in a terminal, a line now and then in a log, nothing for a short one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from knowledge.files import Progress as Callback

QUIET_S = 2.0
"""Seconds that a job may take without a word, and between two lines of a log."""


@contextmanager
def shown(doing: str, *, quiet_s: float = QUIET_S) -> Iterator[Callback]:
    """
    Show how far a job is, on the error output, once it takes longer than *quiet_s*.

    Args:
        doing: What is done, as in "Reading questions".

    Yields:
        What the job calls with how much is done, and of how much.
    """
    console = Console(stderr=True, soft_wrap=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=console, transient=True)
    task = bar.add_task(doing)
    said = time.monotonic()

    def tell(done: int, of: int) -> None:
        nonlocal said
        bar.update(task, completed=done, total=of)
        if time.monotonic() - said < quiet_s:
            return
        said = time.monotonic()
        if console.is_terminal:
            bar.start()
        else:
            console.print(f"{doing}: {done:,} of {of:,}", highlight=False)

    try:
        yield tell
    finally:
        if bar.live.is_started:  # stopping one that has not begun prints an empty line
            bar.stop()
