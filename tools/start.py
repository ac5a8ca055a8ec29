"""
Start what the Procfile names, and end it together: at Ctrl-C, when the terminal is closed, or as soon as one of it ends.

    python -m tools.start
"""

from __future__ import annotations

import runpy
import signal
import sys
from contextlib import suppress
from typing import Any, TextIO


class Lenient:
    """A stream to a terminal that may be closed: what it does not take any more is dropped."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write *text* if that is possible."""
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """The same with what waits."""
        with suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


if __name__ == "__main__":
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # ignored by nohup, which wants just that
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))  # honcho knows this one
    sys.stdout = Lenient(sys.stdout)  # type: ignore[assignment]
    sys.argv = ["honcho", "start", *sys.argv[1:]]
    runpy.run_module("honcho", run_name="__main__", alter_sys=True)
