"""
The verbs of the knowledge base. Each has --help with an example.

    python -m knowledge check       is every question file right?
    python -m knowledge build       compile the files to the database that answers
    python -m knowledge ask "…"     answer here in the terminal
    python -m knowledge export      Rasa YAML, for rasa test nlu
    python -m knowledge missed      what people asked and did not get
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from knowledge import files, store, verbs
from knowledge.errors import FilesError, KnowledgeError
from knowledge.store.missed import MISSED_URL


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit status."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    args = parser().parse_args(argv)
    try:
        args.run(args)
    except FilesError as error:
        print(f"{error}\n\n{len(error.complaints)} complaints. Mend them and run again.", file=sys.stderr)
        return 1
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. What was built before still serves.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read has gone; nothing is left to say
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line, one verb a subparser."""
    top = argparse.ArgumentParser(prog="python -m knowledge", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = top.add_subparsers(required=True, metavar="VERB")

    check = _verb(add, verbs.check, "python -m knowledge check --documents ~/articles")
    check.add_argument("--documents", type=Path, metavar="DIR", help="also look every title and section up in the text files of DIR")
    _folder(check)

    build = _verb(add, verbs.build, "python -m knowledge build --database postgresql://me@127.0.0.1/tandem")
    _folder(build)
    _database(build)

    ask = _verb(add, verbs.ask, 'python -m knowledge ask "should i run after lifting?" --goal fat_loss')
    ask.add_argument("text", help="a question in any words, or the id of one")
    ask.add_argument("--goal", action="append", default=[], help="may be given twice")
    ask.add_argument("--when", action="append", default=[], metavar="NAME=VALUE", help="a condition, such as body_part=lower")
    _database(ask)

    export = _verb(add, verbs.export, "python -m knowledge export --held-out > held_out.yml && rasa test nlu --nlu held_out.yml")
    export.add_argument("--held-out", action="store_true", help="the held-out phrasings instead of those trained on")
    _folder(export)

    missed = _verb(add, verbs.missed, "python -m knowledge missed --draft 1 > knowledge/questions/new_question.yml")
    missed.add_argument("--draft", type=int, metavar="N", help="print a question file made of group N")
    where = f"where they are noted (default: $TANDEM_MISSED_URL, else {MISSED_URL})"
    missed.add_argument("--database", default=os.environ.get("TANDEM_MISSED_URL") or MISSED_URL, metavar="URL", help=where)
    return top


def _verb(add: argparse._SubParsersAction[argparse.ArgumentParser], run: Callable[..., None], example: str) -> argparse.ArgumentParser:
    added = add.add_parser(run.__name__, help=run.__doc__, description=run.__doc__, epilog=f"Example: {example}")
    added.set_defaults(run=run)
    return added


def _folder(to: argparse.ArgumentParser) -> None:
    where = "where goals.yml, sources.yml, vocabulary.yml and questions/ are (default: %(default)s)"
    to.add_argument("--folder", type=Path, default=files.HERE, metavar="DIR", help=where)


def _database(to: argparse.ArgumentParser) -> None:
    where = f"sqlite:///FILE or postgresql://USER@HOST/DATABASE (default: $TANDEM_KNOWLEDGE_URL, else {store.DEFAULT_URL})"
    to.add_argument("--database", default=os.environ.get("TANDEM_KNOWLEDGE_URL") or store.DEFAULT_URL, metavar="URL", help=where)


if __name__ == "__main__":
    sys.exit(main())
