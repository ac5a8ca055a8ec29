"""What ``python -m knowledge`` can do; each verb takes the parsed command line and prints."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from knowledge import answering, checks, danger, files, missing, search, store, wording
from knowledge.documents import check_documents
from knowledge.errors import FilesError, KnowledgeError, UnknownQuestion
from knowledge.export import rasa_yaml
from knowledge.model import Base, Question
from knowledge.progress import shown
from knowledge.store.missed import Missed
from knowledge.texts import hint

_LIKE_ENOUGH = 0.6
"""Likeness from which on a phrasing counts as the one that was meant."""


def check(args: argparse.Namespace) -> None:
    """Report everything that is wrong in the files, with file and line; exit status 1."""
    if args.documents is not None and not args.documents.is_dir():
        raise KnowledgeError(f"--documents: there is no folder {args.documents}.")
    base = _checked(args.folder, args.documents)
    answers = sum(len(question.answers) for question in base.questions)
    gaps = sum(1 for question in base.questions if question.not_covered)
    print(f"All right: {len(base.questions)} questions ({gaps} of them not covered by the documents), {answers} answers.")


def build(args: argparse.Namespace) -> None:
    """Compile the files to the database."""
    store.parse(args.database)  # a wrong address is said before the work begins
    base = _checked(args.folder)
    began = time.monotonic()
    with shown("Writing rows") as progress:
        rows = store.build(base, args.database, progress=progress)
    answers = sum(len(question.answers) for question in base.questions)
    made = f"{len(base.questions):,} questions, {answers:,} answers, {rows:,} rows"
    print(f"Built {made} in {time.monotonic() - began:.1f} s: {store.printable(args.database)}")


def ask(args: argparse.Namespace) -> None:
    """Answer in the terminal."""
    reader = store.Store(args.database)
    goals = {goal.id: goal for goal in reader.goals()}
    for goal in args.goal:
        _known(goal, "--goal", goals)
    conditions = _conditions(args.when, reader.conditions())
    question = _meant(reader, args.text)
    print(f"[{question.id}] {question.title}\n")
    reply = answering.reply(question, args.goal, conditions)
    if reply is None:
        print(f"My sources do not say {question.not_covered}.")
    else:
        said = wording.word(reply, goals)
        print(f"{said.body}\n\nSources: {wording.cite(said.sources, {source.id: source.title for source in reader.sources()})}")
    next_ones = reader.titles(question.follow_ups or question.nearest)
    if next_ones:
        print("\nNext: " + " | ".join(next_ones.values()))


def export(args: argparse.Namespace) -> None:
    """Print the phrasings as Rasa YAML."""
    sys.stdout.write(rasa_yaml(files.load(args.folder), held_out=args.held_out))


def missed(args: argparse.Namespace) -> None:
    """List the questions that got no sure answer, like ones together; or draft a question file of a group."""
    found = missing.groups(Missed(args.database).all())
    if args.draft is None:
        print(missing.report(found) if found else "Nothing was missed so far.")
    elif 1 <= args.draft <= len(found):
        sys.stdout.write(missing.draft(found[args.draft - 1]))
    else:
        raise KnowledgeError(f"--draft {args.draft}: there are {len(found)} groups. Without --draft they are listed with their numbers.")


def _checked(folder: Path, documents: Path | None = None) -> Base:
    with shown("Reading questions") as progress:
        base, complaints = files.read(folder, progress=progress)
    with shown("Checking questions") as progress:
        complaints += checks.check(base, progress=progress)
    if (folder / danger.HERE.name).exists():
        complaints += danger.check(folder / danger.HERE.name)
    if documents is not None:
        complaints += check_documents(base, documents)
    if complaints:
        raise FilesError(complaints)
    return base


def _conditions(pairs: Iterable[str], known: dict[str, tuple[str, ...]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise KnowledgeError(f"--when {pair}: expected NAME=VALUE, such as body_part=lower. Names: {', '.join(known)}.")
        _known(name, "--when", known)
        _known(value, f"--when {name}=", known[name])
        if found.setdefault(name, value) != value:
            raise KnowledgeError(f"--when: '{name}' is given as '{found[name]}' and as '{value}'. Give it once.")
    return found


def _known(word: str, option: str, known: Iterable[str]) -> None:
    known = list(known)
    if word not in known:
        raise KnowledgeError(f"{option}: there is no '{word}'. Known: {', '.join(known)}.{hint(word, known)}")


def _meant(reader: store.Store, text: str) -> Question:
    """The question with the id *text*, or the one with the phrasing most like it."""
    try:
        return reader.question(text)
    except UnknownQuestion:
        phrasings = reader.phrasings()
    found = search.nearest_texts(text, {position: words for position, (words, _) in enumerate(phrasings)}, limit=1)
    if not found or found[0][1] < _LIKE_ENOUGH:
        raise KnowledgeError("nothing in the knowledge base is worded like that. Try other words, or the id of a question.")
    return reader.question(phrasings[found[0][0]][1])
