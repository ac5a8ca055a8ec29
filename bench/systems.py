"""The two systems that are compared, each started as its makers start it, with ports and databases of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from bench import default_bot
from bench.client import Line
from bench.processes import ROOT, family_of, free_ports, running, timed, wait_for
from bench.tables import say

QUIET = {"RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}


@dataclass(frozen=True)
class System:
    """A system that runs: its REST channel's *port*, *ready_s* from start to the first answer, and what was started."""

    name: str
    port: int
    ready_s: float
    roots: tuple[psutil.Process, ...]

    def processes(self) -> list[psutil.Process]:
        """Everything that runs for it."""
        return [process for root in self.roots for process in family_of(root)]


def train_tandem(folder: Path) -> dict[str, Any]:
    """Train Tandem from nothing, as ``make train`` does, into *folder*; returns what `timed` measured."""
    command = [
        sys.executable,
        "-m",
        "tools.quiet",
        "rasa",
        "train",
        "--skip-validation",
        "--out",
        str(folder),
        "--fixed-model-name",
        "tandem",
    ]
    return timed(command, cwd=ROOT, log=folder / "train.log", environment={**QUIET, "RASA_CACHE_DIRECTORY": str(folder / "cache")})


def tandem_environment(folder: Path, ports: list[int]) -> dict[str, str]:
    """The settings that ``make run`` gives to the processes, with places in *folder*."""
    web, rasa, actions = ports
    return {
        **QUIET,
        "TANDEM_PORT": str(web),
        "TANDEM_RASA_PORT": str(rasa),
        "TANDEM_ACTIONS_PORT": str(actions),
        "TANDEM_RASA_URL": f"http://127.0.0.1:{rasa}",
        "TANDEM_ACTIONS_URL": f"http://127.0.0.1:{actions}",
        "TANDEM_KNOWLEDGE_URL": f"sqlite:///{folder}/knowledge.db",
        "TANDEM_TRACKER_URL": f"sqlite:///{folder}/tracker.db",
        "TANDEM_CONVERSATIONS_URL": f"sqlite:///{folder}/conversations.db",
        "TANDEM_SECRET_FILE": f"{folder}/secret",
    }


@contextmanager
def tandem(folder: Path) -> Iterator[System]:
    """Tandem by honcho and its own Procfile, with the model that `train_tandem` left in *folder*."""
    ports = free_ports(3)
    environment = tandem_environment(folder, ports)
    subprocess.run(
        [sys.executable, "-m", "knowledge", "build"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL, env={**os.environ, **environment}
    )
    endpoints = (ROOT / "endpoints.yml").read_text(encoding="utf-8").replace(":5055/", f":{ports[2]}/")
    (folder / "endpoints.yml").write_text(endpoints, encoding="utf-8")
    procfile = (ROOT / "Procfile").read_text(encoding="utf-8")
    procfile = procfile.replace("models/tandem.tar.gz", str(folder / "tandem.tar.gz")).replace(
        "var/endpoints.yml", str(folder / "endpoints.yml")
    )
    (folder / "Procfile").write_text(procfile, encoding="utf-8")
    command = [sys.executable, "-m", "honcho", "-f", str(folder / "Procfile"), "-d", str(ROOT), "start"]
    log, started = folder / "tandem.log", time.monotonic()
    with running(command, cwd=ROOT, log=log, environment=environment) as honcho:
        for port, path in ((ports[2], "/health"), (ports[1], "/webhooks/rest/"), (ports[0], "/")):
            wait_for(port, path, honcho, log)
        _first_answer(ports[1], log)
        yield System("Tandem", ports[1], time.monotonic() - started, (honcho,))


@contextmanager
def default(folder: Path, epochs: int) -> Iterator[System]:
    """The bot of ``rasa init`` by ``rasa run`` and ``rasa run actions``, as Rasa's manual says; conversations in memory."""
    project = Path(default_bot.trained(epochs)["folder"])
    rasa, actions = free_ports(2)
    endpoints = folder / "default-endpoints.yml"
    endpoints.write_text((project / "endpoints.yml").read_text(encoding="utf-8").replace(":5055/", f":{actions}/"), encoding="utf-8")
    verb = [str(default_bot.PYTHON), "-m", "rasa", "run"]
    serve = [*verb, "--interface", "127.0.0.1", "--port", str(rasa), "--model", "models/default.tar.gz", "--endpoints", str(endpoints)]
    logs, started = (folder / "default-rasa.log", folder / "default-actions.log"), time.monotonic()
    with ExitStack() as stack:
        server = stack.enter_context(running(serve, cwd=project, log=logs[0], environment=QUIET))
        helper = stack.enter_context(running([*verb, "actions", "--port", str(actions)], cwd=project, log=logs[1], environment=QUIET))
        wait_for(actions, "/health", helper, logs[1])
        wait_for(rasa, "/webhooks/rest/", server, logs[0])
        _first_answer(rasa, logs[0])
        yield System("rasa init", rasa, time.monotonic() - started, (server, helper))


def _first_answer(port: int, log: Path) -> None:
    """Ask until there is an answer; a silent turn is said, for it should not be."""
    for number in range(3):
        if Line(port).ask(f"first-{number}", "should i run after lifting?"):
            return
        say(f"Rasa at 127.0.0.1:{port} is up and says nothing to its first question")
    tail = "".join(log.read_text(encoding="utf-8").splitlines(keepends=True)[-30:])
    raise RuntimeError(f"Rasa at 127.0.0.1:{port} is up and says nothing. The end of {log}:\n{tail}")
