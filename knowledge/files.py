"""YAML files to model. Unknown keys and wrong types are refused; every complaint carries file and line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from knowledge.errors import Complaint, FilesError
from knowledge.model import ANY, STANCES, VERDICTS, Answer, Base, Evidence, Goal, Question, Source, Vocabulary
from knowledge.nodes import Node
from knowledge.pages import Page

HERE = Path(__file__).resolve().parent
_TABLES = ("goals", "sources", "vocabulary")
_ID = re.compile(r"[a-z][a-z0-9_-]{0,59}")

Progress = Callable[[int, int], None]
"""Called with how much is done, and of how much."""


def read(folder: Path = HERE, *, progress: Progress = lambda done, of: None) -> tuple[Base, list[Complaint]]:
    """
    Read the files of a knowledge base.

    Args:
        folder: Holds goals.yml, vocabulary.yml, sources.yml and questions/<id>.yml.

        progress: Called after each question with the number read and the number there are.

    Returns:
        What could be read, and every complaint about the shape of the files, sorted.
    """
    tables = {name: Page(folder / f"{name}.yml", folder.parent) for name in _TABLES}
    paths, complaints = _question_files(folder)
    pages = {path.stem: Page(path, folder.parent) for path in paths}
    questions = []
    for done, page in enumerate(pages.values(), 1):
        questions.append(_question(page))
        progress(done, len(pages))
    base = Base(
        questions=tuple(question for question in questions if question is not None),
        goals=tuple(_goal(node) for node in _rows(tables["goals"], "a goal")),
        sources=tuple(_source(node) for node in _rows(tables["sources"], "a source")),
        vocabulary=_vocabulary(tables["vocabulary"]),
        where={name: page.place for name, page in tables.items()} | {f"questions/{id}": page.place for id, page in pages.items()},
    )
    for page in (*tables.values(), *pages.values()):
        complaints += page.complaints
    return base, sorted(set(complaints))


def load(folder: Path = HERE) -> Base:
    """
    Read the files of a knowledge base that has to be right.

    Raises:
        FilesError: There is any complaint about the shape of a file; all of them are in it.
    """
    base, complaints = read(folder)
    if complaints:
        raise FilesError(complaints)
    return base


def _question_files(folder: Path) -> tuple[list[Path], list[Complaint]]:
    """The question files, and complaints about what else lies among them; what starts with a dot is left alone."""
    found = sorted(path for path in (folder / "questions").glob("*") if not path.name.startswith("."))
    strange = [path for path in found if path.suffix != ".yml"]
    complaints = [
        Complaint(f"{folder.name}/questions/{path.name}", 1, "is not named <id>.yml, so it is not read. Rename or move it.")
        for path in strange
    ]
    if not found:
        complaints.append(Complaint(f"{folder.name}/questions", 1, "holds no question. Write questions/<id>.yml."))
    return [path for path in found if path.suffix == ".yml"], complaints


def _question(page: Page) -> Question | None:
    node = Node.top(page, "a question")
    if node is None:
        return None
    node = node.mapping(Question.__dataclass_fields__, required=("id", "title", "asked_as"))
    _id(node)
    if node.text("id") not in ("", page.path.stem):
        node.complain(f"the id is '{node.text('id')}', the file is {page.path.name}. Make them the same.", "id")
    has_answers = node.value.get("answers", []) != []
    if ("not_covered" in node.value) == has_answers:
        both = "both" if has_answers else "neither"
        node.complain(f"a question has either 'answers', or 'not_covered' with 'nearest'; this one has {both}.")
    return Question(
        id=page.path.stem,
        title=node.text("title"),
        asked_as=node.texts("asked_as"),
        held_out=node.texts("held_out"),
        answers=tuple(_answer(item) for item in node.items("an answer", "answers")),
        follow_ups=node.texts("follow_ups"),
        not_covered=node.text("not_covered") or None,
        nearest=node.texts("nearest"),
    )


def _answer(node: Node) -> Answer:
    keys = ("goal", "when", "verdict", "advice", "because", "caution", "evidence")
    node = node.mapping(keys, required=("goal", "advice", "because"))
    goals, when = node.texts("goal"), node.inner("when")
    if ANY in goals and len(goals) > 1:
        node.complain(f"'goal' names '{ANY}' beside others. Name either '{ANY}' or the goals.", "goal")
    evidence = tuple(_evidence(item) for item in node.items("evidence", "evidence"))
    if not any(piece.stance in ("supports", "") for piece in evidence):
        node.complain("answer without evidence that supports it. Name the source, section, stance: supports, and a note.")
    return Answer(
        goals=tuple(goal for goal in goals if goal != ANY),
        when={name: when.texts(name) for name in when.value},
        advice=node.text("advice"),
        because=node.text("because"),
        verdict=node.choice("verdict", VERDICTS) or None,
        caution=node.text("caution") or None,
        evidence=evidence,
    )


def _evidence(node: Node) -> Evidence:
    keys = tuple(Evidence.__dataclass_fields__)
    node = node.mapping(keys, required=keys)
    return Evidence(node.text("source"), node.text("section"), node.choice("stance", STANCES), node.text("note"))


def _rows(page: Page, what: str) -> list[Node]:
    node = Node.top(page, "the file")
    return [] if node is None else node.items(what)


def _goal(node: Node) -> Goal:
    keys = tuple(Goal.__dataclass_fields__)
    node = node.mapping(keys, required=keys)
    return Goal(_id(node), node.text("title"), node.text("phrase"), node.texts("words"))


def _source(node: Node) -> Source:
    keys = tuple(Source.__dataclass_fields__)
    node = node.mapping(keys, required=keys)
    return Source(_id(node), node.text("title"), node.texts("sections"))


def _id(node: Node) -> str:
    found = node.text("id")
    if found and not _ID.fullmatch(found):
        node.complain(f"the id is '{found}'. Expected small letters, digits, '_' and '-', a letter first, at most 60.", "id")
    return found


def _vocabulary(page: Page) -> Vocabulary:
    keys = tuple(Vocabulary.__dataclass_fields__)
    node = Node.top(page, "the vocabulary")
    if node is None:
        return Vocabulary({}, {}, {}, {}, {}, {})
    node = node.mapping(keys, required=keys)
    conditions, slang = node.inner("conditions"), node.inner("slang")
    lists = {key: _words(node.inner(key)) for key in ("activities", "order", "frames", "days")}
    return Vocabulary(
        conditions={name: _words(conditions.inner(name)) for name in conditions.value},
        slang={short: slang.text(short) for short in slang.value},
        **lists,
    )


def _words(node: Node) -> dict[str, tuple[str, ...]]:
    return {meaning: node.texts(meaning) for meaning in node.value}
