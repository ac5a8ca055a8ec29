"""The whole house as `make run` starts it, on ports and databases of its own, each of its processes to be killed and started again."""

from __future__ import annotations

import os
import shlex
import socket
import string
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models" / "tandem.tar.gz"
_START_S = 180.0
"""A quiet machine needs 15 s."""


class House:
    """Rasa, its actions and the front door."""

    def __init__(self, folder: Path, **addresses: str) -> None:
        """
        Choose ports, and build the knowledge base.

        Args:
            folder: Databases, logs and the endpoints file go here.

            addresses: Of databases that are elsewhere, by the names knowledge, tracker, missed and conversations.
        """
        with ExitStack() as stack:
            ports = [stack.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1] for _ in range(3)]
        self._folder, self._ports = folder, dict(zip(("web", "rasa", "actions"), ports, strict=True))
        self.tracker = folder / "tracker.db"
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TANDEM_")},
            "TANDEM_PORT": str(self._ports["web"]),
            "TANDEM_RASA_PORT": str(self._ports["rasa"]),
            "TANDEM_ACTIONS_PORT": str(self._ports["actions"]),
            **{
                f"TANDEM_{name.upper()}_URL": addresses.get(name, f"sqlite:///{folder / name}.db")
                for name in ("knowledge", "tracker", "missed", "conversations")
            },
            "TANDEM_SECRET_FILE": str(folder / "secret"),
            "RASA_TELEMETRY_ENABLED": "false",
            "PYTHONWARNINGS": "ignore",
        }
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        endpoints = (ROOT / "endpoints.yml").read_text(encoding="utf-8").replace(":5055/", f":{self._ports['actions']}/")
        (folder / "endpoints.yml").write_text(endpoints, encoding="utf-8")
        build = [sys.executable, "-m", "knowledge", "build"]
        subprocess.run(build, cwd=ROOT, env=self._environment, check=True, stdout=subprocess.DEVNULL)

    @property
    def url(self) -> str:
        """Where the front door is."""
        return f"http://127.0.0.1:{self._ports['web']}"

    def start(self, *names: str) -> None:
        """
        Start the processes of these names in the Procfile, and wait until the house is ready.

        Raises:
            RuntimeError: It does not get ready; the end of the logs is in it.
        """
        self.spawn(*names)
        self.wait()

    def spawn(self, *names: str) -> None:
        """Start the processes of these names in the Procfile."""
        for name in names:
            lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
            line = next(line.partition(".venv/bin/python")[2] for line in lines if line.startswith(f"{name}:"))
            words = [string.Template(word).substitute(self._environment) for word in shlex.split(line)]
            command = [sys.executable, *(word.replace("var/endpoints.yml", str(self._folder / "endpoints.yml")) for word in words)]
            with (self._folder / f"{name}.log").open("ab") as log:
                self._processes[name] = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=log, stderr=log)

    def wait(self) -> None:
        """
        Wait until the house is ready.

        Raises:
            RuntimeError: It does not get ready; the end of the logs is in it.
        """
        until = time.monotonic() + _START_S
        while not self._ready():
            if time.monotonic() > until or any(process.poll() is not None for process in self._processes.values()):
                raise RuntimeError("\n".join(self.log(name)[-1_500:] for name in self._processes))
            time.sleep(0.1)

    def kill(self, name: str) -> None:
        """SIGKILL."""
        process = self._processes.pop(name)
        process.kill()
        process.wait()

    def log(self, name: str) -> str:
        """What the process of that name has written."""
        return (self._folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def close(self) -> None:
        """End all of it."""
        for name in list(self._processes):
            self.kill(name)

    def _ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False


class Visitor:
    """Somebody at the front door."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=10, trust_env=False)
        token = self._http.post("/api/session").json()["token"]
        self._http.headers["Authorization"] = f"Bearer {token}"

    def say(self, text: str) -> dict[str, Any]:
        """Say *text*; the finished turn, with the seconds that it took as `took_s`."""
        before = time.monotonic()
        turn: dict[str, Any] = self._http.post("/api/messages", json={"text": text}, headers={"Accept": "application/json"}).json()
        return {**turn, "took_s": time.monotonic() - before}

    def forget_me(self) -> int:
        """Ask to be forgotten; the status."""
        return self._http.delete("/api/session").status_code

    def close(self) -> None:
        """Leave."""
        self._http.close()
