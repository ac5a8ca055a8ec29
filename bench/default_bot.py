"""
The bot to compare with: what ``rasa init`` gives, on Tandem's training data, in var/bench/default.

    python -m bench.default_bot              install, write and train it (an hour; TensorFlow has 100 epochs four times)
    python -m bench.default_bot --epochs 2   the same in minutes; its answers are worth nothing, its turns cost the same

bench/default/ holds its config.yml, domain and actions; intents, examples and rules are taken from the question files,
data/ and domain.yml. The questions are retrieval intents of one ResponseSelector, as in Tandem; the server's action
answers with a text from a dict. Its conversations are kept where ``rasa init`` keeps them: in memory.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bench.processes import ROOT, timed
from knowledge import export, files

HERE = ROOT / "bench" / "default"
PLACE = ROOT / "var" / "bench"
PYTHON = PLACE / "default-venv" / "bin" / "python"
ENVIRONMENT = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "RASA_TELEMETRY_ENABLED": "false",
    "PYTHONWARNINGS": "ignore",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


def install() -> None:
    """Install plain Rasa, as locked in bench/default/uv.lock, into a place of its own."""
    uv = ROOT / ".uv" / "bin" / "uv"
    command = [str(uv) if uv.exists() else "uv", "sync", "--frozen", "--quiet", "--project", str(HERE)]
    print("Installing plain Rasa with TensorFlow (2 GB the first time) ...", flush=True)
    subprocess.run(command, check=True, env={**os.environ, "UV_PROJECT_ENVIRONMENT": str(PYTHON.parents[1])})


def write(epochs: int) -> Path:
    """Write the project; returns its folder."""
    folder = PLACE / f"default-{epochs}"
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "actions").mkdir(exist_ok=True)
    for name in ("credentials.yml", "endpoints.yml", "data/stories.yml", "actions/__init__.py"):
        shutil.copy(HERE / Path(name).name.replace("__init__", "actions"), folder / name)
    config = (HERE / "config.yml").read_text(encoding="utf-8").replace("epochs: 100", f"epochs: {epochs}")
    (folder / "config.yml").write_text(config, encoding="utf-8")
    base = files.load()
    (folder / "data" / "questions.yml").write_text(export.rasa_yaml(base), encoding="utf-8")
    shutil.copy(ROOT / "data" / "nlu.yml", folder / "data" / "nlu.yml")
    # What Tandem's selector calls unsure is nlu_fallback here.
    rules = (ROOT / "data" / "rules.yml").read_text(encoding="utf-8")
    rules = re.sub(r"  - rule: [^\n]*\n    steps: \[\{intent: nlu_fallback\}[^\n]*\n", "", rules).replace(
        "intent: unsure", "intent: nlu_fallback"
    )
    (folder / "data" / "rules.yml").write_text(rules, encoding="utf-8")
    domain = json.dumps(_domain([question.id for question in base.questions]), indent=1, ensure_ascii=False)  # JSON is YAML
    (folder / "domain.yml").write_text(domain, encoding="utf-8")
    answers = {
        question.id: f"{question.answers[0].advice} {question.answers[0].because}" if question.answers else "No source says."
        for question in base.questions
    }
    actions = [
        name
        for action in YAML(typ="safe").load(ROOT / "domain.yml")["actions"]
        for name in ([action] if isinstance(action, str) else action)
    ]
    said = {"actions": actions, "answers": answers}
    (folder / "actions" / "answers.json").write_text(json.dumps(said), encoding="utf-8")
    return folder


def _domain(questions: list[str]) -> dict[str, Any]:
    """Tandem's domain without slots, and with a pointer as response of each question."""
    domain: dict[str, Any] = YAML(typ="safe").load(ROOT / "domain.yml")
    responses = {**domain["responses"], **{f"utter_ask/{id}": [{"custom": {"question": id}}] for id in questions}}
    intents = [intent for intent in domain["intents"] if intent not in ("unsure", "nlu_fallback")] + ["nlu_fallback"]
    return {"version": "3.1", "intents": intents, "entities": domain["entities"], "actions": domain["actions"], "responses": responses}


def _identity(folder: Path) -> str:
    """A hash of what is trained from."""
    digest = hashlib.sha256()
    for path in (folder / "config.yml", folder / "domain.yml", *sorted((folder / "data").glob("*.yml"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def train(epochs: int) -> dict[str, Any]:
    """
    Install what is not there, write the project and train it from nothing.

    Returns:
        *folder*, how many *examples* there were, and of the training *wall_s*, *cpu_s*, *peak_mb*, *trained_at*.
    """
    if not PYTHON.exists():
        install()
    folder = write(epochs)
    examples = sum(
        line.lstrip().startswith("- ") and ":" not in line[:12]
        for name in ("questions", "nlu")
        for line in (folder / "data" / f"{name}.yml").open(encoding="utf-8")
    )
    identity = _identity(folder)
    print(f"Training the bot of rasa init, {epochs} epochs; log: {folder / 'train.log'}", flush=True)
    command = [str(PYTHON), "-m", "rasa", "train", "--skip-validation", "--force", "--fixed-model-name", "default"]
    cost = timed(command, cwd=folder, log=folder / "train.log", environment=ENVIRONMENT)
    found = {"identity": identity, "examples": examples, "folder": str(folder), **cost}
    (folder / "trained.json").write_text(json.dumps(found), encoding="utf-8")
    return found


def trained(epochs: int) -> dict[str, Any]:
    """What `train` returned the last time, or returns now; an hour is too long to train for every figure."""
    record = PLACE / f"default-{epochs}" / "trained.json"
    return json.loads(record.read_text(encoding="utf-8")) if record.exists() else train(epochs)


def main() -> int:
    """Train anew."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.default_bot", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--epochs", type=int, default=100)
    found = train(parser.parse_args().epochs)
    took = f"{found['wall_s']:.0f} s ({found['cpu_s']:.0f} s of processor time)"
    print(f"{found['folder']}: trained in {took}, at most {found['peak_mb']:,.0f} MB.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
