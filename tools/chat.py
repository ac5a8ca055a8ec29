"""
Talk to Tandem in the terminal. Starts the action server and Rasa, and ends them with itself.

    python -m tools.chat
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

LOGS = Path("var/log")
PATIENCE_S = 120
SILENCE = f"(no answer; why is in {LOGS}/rasa.log)"


def start(running: list[subprocess.Popen[bytes]]) -> None:
    """Start what answers, into *running*; its output goes to `LOGS`."""
    LOGS.mkdir(parents=True, exist_ok=True)
    ports = os.environ["TANDEM_ACTIONS_PORT"], os.environ["TANDEM_RASA_PORT"]
    commands = {
        "actions": f"rasa_sdk --quiet --actions actions --port {ports[0]}",
        "rasa": f"rasa run --interface 127.0.0.1 --port {ports[1]} --model models/tandem.tar.gz --endpoints var/endpoints.yml",
    }
    for name, command in commands.items():
        arguments = [sys.executable, "-m", "tools.quiet", *command.split()]
        with (LOGS / f"{name}.log").open("w") as log:
            running.append(subprocess.Popen(arguments, stdout=log, stderr=subprocess.STDOUT, start_new_session=True))


def end(running: list[subprocess.Popen[bytes]]) -> None:
    """End all of *running*, by force what does not listen."""
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def wait(url: str, running: list[subprocess.Popen[bytes]]) -> bool:
    """Whether Rasa answers before one of *running* ends, or patience does."""
    print("Starting", end="", flush=True)
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and all(process.poll() is None for process in running):
        with suppress(httpx.HTTPError):
            if httpx.get(f"{url}/", timeout=2, trust_env=False).status_code == 200:
                print(" ready. Ask away; an empty line or Ctrl-C ends.\n")
                return True
        print(".", end="", flush=True)
        time.sleep(1)
    print(f"\nIt did not start. Why is in {LOGS}/rasa.log and {LOGS}/actions.log.", file=sys.stderr)
    return False


def talk(url: str) -> None:
    """Read lines, print replies; a number presses the button of that number."""
    sender, buttons = uuid.uuid4().hex, []
    while typed := input("> ").strip():
        pressed = buttons[int(typed) - 1]["payload"] if typed.isdecimal() and 0 < int(typed) <= len(buttons) else None
        said = {"sender": sender, "message": pressed or typed.lstrip("/ ")}
        response = httpx.post(f"{url}/webhooks/rest/webhook", json=said, timeout=30, trust_env=False).raise_for_status()
        replies: list[dict[str, Any]] = response.json()
        buttons = [button for reply in replies for button in reply.get("buttons") or []] or buttons
        print("\n" + ("\n\n".join(reply["text"] for reply in replies if "text" in reply) or SILENCE))
        print("".join(f"\n  [{i}] {button['title']}" for i, button in enumerate(buttons, 1)) + "\n")


def _leave(number: int, _: object) -> None:
    """End in order, once: a terminal that is closed says so more than once."""
    for other in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
        signal.signal(other, signal.SIG_IGN)
    sys.exit(128 + number)


def main() -> int:
    """Returns 1 if the servers did not start, or stopped."""
    for number in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, _leave)
    with suppress(ImportError):
        import readline  # noqa: F401  (arrow keys, in input)
    url, running = f"http://127.0.0.1:{os.environ['TANDEM_RASA_PORT']}", list[subprocess.Popen[bytes]]()
    try:
        start(running)
        if not wait(url, running):
            return 1
        talk(url)
    except (EOFError, KeyboardInterrupt):
        print()
    except httpx.HTTPError as error:
        print(f"Rasa does not answer any more ({type(error).__name__}). Why is in {LOGS}/rasa.log.", file=sys.stderr)
        return 1
    finally:
        end(running)
    return 0


if __name__ == "__main__":
    sys.exit(main())
