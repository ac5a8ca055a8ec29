"""
Before anything is started: are the ports free, and where is everything? Writes var/endpoints.yml for Rasa.

    python -m tools.prepare         for make run
    python -m tools.prepare chat    for make chat, which has no front door
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

PORTS = {"TANDEM_PORT": "the front door", "TANDEM_RASA_PORT": "Rasa", "TANDEM_ACTIONS_PORT": "the action server"}
_LAST = 65_535


def complaint(name: str, what: str, goal: str = "run") -> str | None:
    """Why the port in the environment variable *name* cannot be used for *what* by make *goal*, or None."""
    value = os.environ.get(name, "")
    if not (value.isascii() and value.isdigit() and 0 < int(value) <= _LAST):
        return f"{name} is '{value}'. Expected the number of a port, 1 to {_LAST}."
    port = int(value)
    another = f"{name}={port + 1000 if port + 1000 <= _LAST else port - 1000} make {goal}"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            return f"Port {port}, wanted for {what}, may be used by an administrator only. Choose another: {another}"
        except OSError:
            return f"Port {port}, wanted for {what}, is taken. Stop what uses it, or choose another: {another}"
    return None


def main(goal: str = "run") -> int:
    """Returns 1 after complaints, each one sentence."""
    names = [name for name in PORTS if goal == "run" or name != "TANDEM_PORT"]
    complaints = [text for name in names if (text := complaint(name, PORTS[name], goal))]
    if complaints := complaints or _twice(names):
        print(*complaints, sep="\n", file=sys.stderr)
        return 1
    Path("var").mkdir(exist_ok=True)
    endpoints = Path("endpoints.yml").read_text(encoding="utf-8").replace(":5055/", f":{os.environ['TANDEM_ACTIONS_PORT']}/")
    Path("var/endpoints.yml").write_text(endpoints, encoding="utf-8")
    return 0


def _twice(names: list[str]) -> list[str]:
    """A complaint for each of *names* that has the port of an earlier one."""
    ports = [int(os.environ[name]) for name in names]
    return [
        f"{name} is {port}, and so is {names[ports.index(port)]}. Each needs a port of its own."
        for at, (name, port) in enumerate(zip(names, ports, strict=True))
        if ports.index(port) < at
    ]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
