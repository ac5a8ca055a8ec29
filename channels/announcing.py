"""Say once, on the terminal, that everything answers: the last line of a start."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request

_EVERY_S = 0.5


def announce_when_ready(address: str) -> None:
    """Print that Tandem is ready at *address* as soon as it is; does not wait for that."""
    threading.Thread(target=_wait, args=(address,), daemon=True).start()


def _wait(address: str) -> None:
    while True:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5):
                break
        except (urllib.error.URLError, OSError):
            time.sleep(_EVERY_S)
    print(f"Tandem is ready: {address}", flush=True)
