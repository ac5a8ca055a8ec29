"""What the benchmarks start and watch: processes with their ports, time, memory. The one address of psutil."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
_START_S = 900.0
"""How long a server may take to start on a busy machine."""


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody uses; all different."""
    listening = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in listening]
    for one in listening:
        one.close()
    return ports


def timed(command: Sequence[str], *, cwd: Path, log: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    """
    Run *command* to its end.

    Returns:
        *wall_s*, *cpu_s* (user and system, all threads: what a busy machine does not stretch), *peak_mb* (resident), *trained_at*.
    """
    started = time.monotonic()
    before = os.times()
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(command, cwd=cwd, env={**os.environ, **environment}, stdout=out, stderr=subprocess.STDOUT)
        peak = _watched(process)
    after = os.times()
    if process.returncode:
        tail = "".join(log.read_text(encoding="utf-8").splitlines(keepends=True)[-15:])
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}. The end of its log, {log}:\n{tail}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return {
        "wall_s": time.monotonic() - started,
        "cpu_s": cpu,
        "peak_mb": peak,
        "trained_at": datetime.now(timezone.utc).isoformat(timespec="minutes"),
    }


def _watched(process: subprocess.Popen[bytes]) -> float:
    """Wait for *process*, with a line a minute; returns its highest resident memory in MB."""
    peak, started, said = 0.0, time.monotonic(), time.monotonic()
    while process.poll() is None:
        try:
            peak = max(peak, psutil.Process(process.pid).memory_info().rss / 1e6)
        except psutil.NoSuchProcess:
            break
        if time.monotonic() - said > 60:
            said = time.monotonic()
            print(f"  {said - started:5.0f} s, {peak:,.0f} MB", file=sys.stderr, flush=True)
        time.sleep(0.2)
    process.wait()
    return peak


@contextmanager
def running(command: Sequence[str], *, cwd: Path, log: Path, environment: Mapping[str, str]) -> Iterator[psutil.Process]:
    """A process that runs while the block does; whatever it started ends with it."""
    with log.open("a", encoding="utf-8") as out:
        process = subprocess.Popen(command, cwd=cwd, env={**os.environ, **environment}, stdout=out, stderr=subprocess.STDOUT)
    try:
        yield psutil.Process(process.pid)
    finally:
        family = family_of(psutil.Process(process.pid)) if process.poll() is None else []
        process.terminate()
        _, alive = psutil.wait_procs(family, timeout=15)
        for one in alive:
            one.kill()
        process.wait()


def family_of(process: psutil.Process) -> list[psutil.Process]:
    """The process and all that it started."""
    return [process, *process.children(recursive=True)]


def wait_for(port: int, path: str, process: psutil.Process, log: Path, timeout_s: float = _START_S) -> None:
    """
    Wait until *path* at *port* of loopback answers with status 200.

    Raises:
        RuntimeError: *process* has ended, or the time is up; the end of *log* is in it.
    """
    until = time.monotonic() + timeout_s
    while time.monotonic() < until and process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        except http.client.HTTPException:
            pass
        finally:
            connection.close()
        time.sleep(0.05)
    tail = "".join(log.read_text(encoding="utf-8").splitlines(keepends=True)[-15:])
    raise RuntimeError(f"nothing answers at 127.0.0.1:{port}{path}. The end of {log}:\n{tail}")


def memory(processes: Iterable[psutil.Process]) -> dict[str, dict[str, float]]:
    """By process (what its command line runs): *pss* and *rss* in MB. In a sum of PSS shared pages count once, of RSS each time."""
    found: dict[str, dict[str, float]] = {}
    for process in processes:
        info = process.memory_full_info()
        words = [word for word in process.cmdline() if word.replace("_", "").replace(".", "").isalpha()]
        entry = found.setdefault(" ".join(words[:3]) or process.name(), {"pss": 0, "rss": 0})
        entry["pss"], entry["rss"] = entry["pss"] + info.pss / 1e6, entry["rss"] + info.rss / 1e6
    return found


def processor_s(processes: Iterable[psutil.Process]) -> float:
    """What the processes have used of the processor until now, in seconds: a busy machine stretches it little."""
    times = [process.cpu_times() for process in processes]
    return sum(one.user + one.system for one in times)


def in_threads(jobs: Sequence[Any]) -> None:
    """Run the callables at once, one thread each; an exception in one is raised here."""
    errors: list[BaseException] = []

    def run(job: Any) -> None:
        try:
            job()
        except BaseException as error:  # raised again below
            errors.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
