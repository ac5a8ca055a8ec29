"""
Run a module without the deprecation notices of the releases that Rasa pins (sanic switches them back on at import).

    python -m tools.quiet rasa run --port 5005
    python -m tools.quiet rasa_sdk --actions actions
"""

from __future__ import annotations

import os
import runpy
import sys
import warnings

os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
warnings.simplefilter("ignore")

import sanic.app  # noqa: E402, F401  (its filter has to come before ours)

for category in (DeprecationWarning, PendingDeprecationWarning, FutureWarning):
    warnings.filterwarnings("ignore", category=category)

if __name__ == "__main__":
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
