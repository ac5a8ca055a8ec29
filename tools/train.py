"""
Train the model, showing what is trained instead of Rasa's log; the log goes to a file.

    python -m tools.train models/tandem.tar.gz
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

LOG = Path("var/log/train.log")
_STEP = re.compile(r"(Starting to train|Finished training|Restored) component '(\w+)'")
_WORDS = {"Starting to train": "training {}", "Finished training": "trained {}", "Restored": "{} is unchanged"}


def main(model: str) -> int:
    """Train *model*; returns the exit status of Rasa."""
    path = Path(model)
    LOG.parent.mkdir(parents=True, exist_ok=True)
    print("Training what has changed; this takes about half a minute the first time.", flush=True)
    started = time.monotonic()
    arguments = ["--skip-validation", "--out", str(path.parent), "--fixed-model-name", path.name.removesuffix(".tar.gz")]
    status = _shown([sys.executable, "-m", "tools.quiet", "rasa", "train", *arguments], started)
    if status or not path.exists():
        tail = "".join(LOG.read_text(encoding="utf-8").splitlines(keepends=True)[-15:])
        print(f"{tail}\nTraining failed. The whole log: {LOG}", file=sys.stderr)
        return status or 1
    path.touch()
    print(f"Trained {path} in {time.monotonic() - started:.0f} s.")
    return 0


def _shown(command: list[str], started: float) -> int:
    """Run *command*, its output to `LOG` and its steps to the terminal; returns its exit status."""
    with (
        LOG.open("w", encoding="utf-8") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process,
    ):
        for line in process.stdout or ():
            log.write(line)
            if step := _STEP.search(line):
                print(f"  {time.monotonic() - started:4.0f} s  {_WORDS[step[1]].format(step[2])}", flush=True)
    return process.returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit(130)
