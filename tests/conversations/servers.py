"""The real action server and the real Rasa server, with the trained model, on ports and databases of their own."""

from __future__ import annotations

import os
import shlex
import socket
import string
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from .talking import Tandem

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models" / "tandem.tar.gz"
PATIENCE_S = 120.0
"""A quiet machine is ready in 15 s."""


@contextmanager
def running(folder: Path) -> Iterator[Tandem]:
    """
    Tandem, talking; it ends with the context.

    Args:
        folder: Databases, logs and the endpoints file go here.

    Raises:
        RuntimeError: A server did not start; its last words are in it.
    """
    rasa_port, actions_port = _free_ports(2)
    endpoints = folder / "endpoints.yml"
    endpoints.write_text((ROOT / "endpoints.yml").read_text(encoding="utf-8").replace(":5055/", f":{actions_port}/"), encoding="utf-8")
    environment = {
        **os.environ,
        "TANDEM_RASA_PORT": str(rasa_port),
        "TANDEM_ACTIONS_PORT": str(actions_port),
        "TANDEM_KNOWLEDGE_URL": f"sqlite:///{folder / 'knowledge.db'}",
        "TANDEM_TRACKER_URL": f"sqlite:///{folder / 'tracker.db'}",
        "TANDEM_MISSED_URL": f"sqlite:///{folder / 'missed.db'}",
        "TANDEM_CONTACT": "coach@example.org",
        "RASA_TELEMETRY_ENABLED": "false",
        "PYTHONWARNINGS": "ignore",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }
    subprocess.run([sys.executable, "-m", "knowledge", "build"], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    with ExitStack() as stack:
        started = {name: stack.enter_context(_process(name, environment, folder)) for name in ("rasa", "actions")}
        _wait(started["actions"], f"http://127.0.0.1:{actions_port}/health")
        _wait(started["rasa"], f"http://127.0.0.1:{rasa_port}/webhooks/rest/")
        yield Tandem(stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{rasa_port}", trust_env=False)))


@dataclass(frozen=True)
class _Process:
    process: subprocess.Popen[bytes]
    log: Path


@contextmanager
def _process(name: str, environment: dict[str, str], folder: Path) -> Iterator[_Process]:
    """The process of that name in the Procfile, with endpoints and log in *folder*; ends with the context."""
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    line = next(line.partition(".venv/bin/python")[2] for line in lines if line.startswith(f"{name}:"))
    words = [string.Template(word).substitute(environment) for word in shlex.split(line)]
    command = [sys.executable, *(word.replace("var/endpoints.yml", str(folder / "endpoints.yml")) for word in words)]
    log = folder / f"{name}.log"
    with log.open("wb") as out, subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT) as process:
        try:
            yield _Process(process, log)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(server: _Process, url: str) -> None:
    """Until *url* answers."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and server.process.poll() is None:
        try:
            if httpx.get(url, timeout=2, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    last = "".join(server.log.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)[-15:])
    raise RuntimeError(f"{url} did not answer within {PATIENCE_S:.0f} s, or its server ended:\n{last}")


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        return [stack.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1] for _ in range(count)]
