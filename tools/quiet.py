"""
Run a module without the deprecation notices of the releases that Rasa pins: Rasa and sanic switch them back on.

    python -m tools.quiet rasa run --port 5005
    python -m tools.quiet rasa_sdk --actions actions
"""

from __future__ import annotations

import os
import runpy
import sys
import warnings
from typing import Any

_NO_NEWS = (DeprecationWarning, PendingDeprecationWarning, FutureWarning)
_show = warnings.showwarning


def _show_news(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
    """Show a warning that somebody can do something about; whatever the filters say, they change at each import."""
    if not issubclass(category, _NO_NEWS):
        _show(message, category, *where, **more)


if __name__ == "__main__":
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    # A turn is a few small products of matrices: two threads wait for each other longer than they work (16 ms against 8).
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    warnings.simplefilter("ignore")
    warnings.showwarning = _show_news
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
