"""
Talk to Tandem in the terminal. Starts the action server and Rasa, and ends them with itself.

    python -m tools.chat
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import httpx

LOGS = Path("var/log")
PATIENCE_S = 120


def servers() -> list[subprocess.Popen[bytes]]:
    """Start what answers; their output goes to `LOGS`."""
    LOGS.mkdir(parents=True, exist_ok=True)
    python, started = sys.executable, []
    ports = os.environ["TANDEM_ACTIONS_PORT"], os.environ["TANDEM_RASA_PORT"]
    commands = {
        "actions": f"rasa_sdk --quiet --actions actions --port {ports[0]}",
        "rasa": f"rasa run --interface 127.0.0.1 --port {ports[1]} --model models/tandem.tar.gz --endpoints var/endpoints.yml",
    }
    for name, command in commands.items():
        with (LOGS / f"{name}.log").open("w") as log:
            started.append(
                subprocess.Popen(
                    [python, "-m", "tools.quiet", *command.split()], stdout=log, stderr=subprocess.STDOUT, start_new_session=True
                )
            )
    return started


def wait(url: str, running: list[subprocess.Popen[bytes]]) -> bool:
    """Whether Rasa answers before one of *running* ends, or patience does."""
    print("Starting", end="", flush=True)
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and all(process.poll() is None for process in running):
        try:
            if httpx.get(f"{url}/", timeout=2).status_code == 200:
                print(" ready. Ask away; an empty line or Ctrl-C ends.\n")
                return True
        except httpx.HTTPError:
            print(".", end="", flush=True)
            time.sleep(1)
    print(f"\nIt did not start. Why is in {LOGS}/rasa.log and {LOGS}/actions.log.", file=sys.stderr)
    return False


def talk(url: str) -> None:
    """Read lines, print replies; a number presses the button of that number."""
    sender, buttons = uuid.uuid4().hex, []
    while typed := input("> ").strip():
        pressed = buttons[int(typed) - 1]["payload"] if typed.isdigit() and 0 < int(typed) <= len(buttons) else None
        message = pressed or typed.lstrip("/ ")
        replies: list[dict[str, Any]] = httpx.post(
            f"{url}/webhooks/rest/webhook", json={"sender": sender, "message": message}, timeout=30
        ).json()
        buttons = [button for reply in replies for button in reply.get("buttons") or []] or buttons
        print("\n" + "\n\n".join(reply["text"] for reply in replies if "text" in reply))
        print("".join(f"\n  [{i}] {button['title']}" for i, button in enumerate(buttons, 1)) + "\n")


def main() -> int:
    """Returns 1 if the servers did not start."""
    url, running = f"http://127.0.0.1:{os.environ['TANDEM_RASA_PORT']}", servers()
    try:
        if not wait(url, running):
            return 1
        talk(url)
    except (EOFError, KeyboardInterrupt):
        print()
    except httpx.HTTPError as error:
        print(f"Rasa does not answer any more ({type(error).__name__}). Why is in {LOGS}/rasa.log.", file=sys.stderr)
        return 1
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=20)
    return 0


if __name__ == "__main__":
    sys.exit(main())
