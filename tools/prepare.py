"""
Before anything is started: are the ports free, and where is everything? Writes var/endpoints.yml for Rasa.

    python -m tools.prepare
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

PORTS = {"TANDEM_PORT": "the front door", "TANDEM_RASA_PORT": "Rasa", "TANDEM_ACTIONS_PORT": "the action server"}


def complaint(name: str, what: str) -> str | None:
    """Why the port in the environment variable *name* cannot be used for *what*, or None."""
    value = os.environ.get(name, "")
    if not value.isdigit() or not 0 < int(value) < 65_536:
        return f"{name} is '{value}'. Expected the number of a port, 1 to 65535."
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(value)))
        except OSError:
            return f"Port {value}, wanted for {what}, is taken. Stop what uses it, or choose another: {name}={int(value) + 1000} make run"
    return None


def main() -> int:
    """Returns 1 after complaints, each one sentence."""
    complaints = [text for name, what in PORTS.items() if (text := complaint(name, what))]
    print(*complaints, sep="\n", end="\n" if complaints else "", file=sys.stderr)
    Path("var").mkdir(exist_ok=True)
    endpoints = Path("endpoints.yml").read_text(encoding="utf-8").replace(":5055/", f":{os.environ['TANDEM_ACTIONS_PORT']}/")
    Path("var/endpoints.yml").write_text(endpoints, encoding="utf-8")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
