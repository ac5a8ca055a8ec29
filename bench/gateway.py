"""The front door for benchmarks: started with a database of its own, before a Rasa that runs or before the tests' stand-in."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.processes import ROOT, free_ports, running, wait_for

UNLIMITED = {f"TANDEM_{name}_PER_MINUTE": "100000000" for name in ("MESSAGES", "ADDRESS", "SESSIONS")}


@dataclass(frozen=True)
class Served:
    """Something that listens at *url*."""

    url: str
    process: psutil.Process


@contextmanager
def gateway(rasa: str, settings: dict[str, str] | None = None) -> Iterator[Served]:
    """The front door before the Rasa at *rasa*, as it is set when nobody sets it but for *settings*."""
    (port,) = free_ports(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        places = {"TANDEM_CONVERSATIONS_URL": f"sqlite:///{folder}/c.db", "TANDEM_TRACKER_URL": f"sqlite:///{folder}/t.db"}
        environment = {
            **places,
            "TANDEM_SECRET_FILE": f"{folder}/secret",
            "TANDEM_RASA_URL": rasa,
            "TANDEM_PORT": str(port),
            **(settings or {}),
        }
        log = folder / "gateway.log"
        with running([sys.executable, "-m", "channels"], cwd=ROOT, log=log, environment=environment) as process:
            wait_for(port, "/healthz", process, log)
            yield Served(f"http://127.0.0.1:{port}", process)


@contextmanager
def stand_in(delay_s: float = 0.0) -> Iterator[Served]:
    """The tests' stand-in for Rasa, which takes *delay_s* for an answer."""
    (port,) = free_ports(1)
    with tempfile.TemporaryDirectory() as folder:
        log, command = (
            Path(folder) / "rasa.log",
            [sys.executable, "tests/channels/stand_in.py", "--port", str(port), "--delay-s", str(delay_s)],
        )
        with running(command, cwd=ROOT, log=log, environment={}) as process:
            wait_for(port, "/status", process, log)
            yield Served(f"http://127.0.0.1:{port}", process)
