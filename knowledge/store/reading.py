"""
Tables to model: the few queries that answering takes.

Each reading asks ``meta`` for version and build before anything else and stays in one transaction, so that a build
cannot swap the tables under it. What was read is kept until another build serves: a turn asks for the same goals,
documents and questions as the one before. (Questions only where the base is a file: on a server to ask which build
serves costs as much as to ask for the question, which is one statement.)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Text, bindparam, select
from sqlalchemy import cast as as_type
from sqlalchemy.engine import Connection, Row

from knowledge.errors import StoreError, UnknownQuestion
from knowledge.model import Answer, Evidence, Goal, Question, Source
from knowledge.search import nearest_words
from knowledge.store.addresses import BUILD, DEFAULT_URL, engine_for_reading, identity, is_file, parse, printable, troubles_explained
from knowledge.store.kept import Kept
from knowledge.store.tables import SCHEMA, VERSION, answer, condition, evidence, goal, meta, phrasing, question, source

Read = TypeVar("Read")

# Made once: SQLAlchemy then finds them compiled.
_META = select(meta.c.key, meta.c.value)  # before anything else: it is what the builder locks
_VERSION, _BUILT = meta.alias("version"), meta.alias("built")
_QUESTION = (  # all of it in one statement, since each costs a way to the server and back
    select(
        _VERSION.c.value.label("version"),
        _BUILT.c.value.label("build"),
        *(question.c[name] for name in ("id", "title", "not_covered")),
        *(as_type(question.c[name], Text) for name in ("follow_ups", "nearest")),  # JSON is read once, not in each row
        answer.c.id.label("answer_id"),
        *(as_type(answer.c[name], Text) for name in ("goals", "conditions")),
        *(answer.c[name] for name in ("advice", "because", "verdict", "caution")),
        *(evidence.c[name] for name in ("source_id", "section", "stance", "note")),
    )
    .select_from(
        _VERSION.outerjoin(_BUILT, _BUILT.c.key == "build")
        .outerjoin(question, question.c.id == bindparam("id"))
        .outerjoin(answer, answer.c.question_id == question.c.id)
        .outerjoin(evidence, evidence.c.answer_id == answer.c.id)
    )
    .where(_VERSION.c.key == "version")
    .order_by(answer.c.id, evidence.c.id)
)


class Store:
    """Reads a built knowledge base. One object serves a whole process; it sees a new build at the next call."""

    def __init__(self, url: str = DEFAULT_URL) -> None:
        self._url = parse(url)
        self._engine = engine_for_reading(self._url, SCHEMA)
        self._kept = Kept()

    def question(self, id: str) -> Question:
        """
        The question with its answers and their evidence; phrasings are left out (see `phrasings`).

        Raises:
            UnknownQuestion: There is no such question; the message names the nearest ids.

            StoreError: There is no built knowledge base there, or it is of another version.
        """
        serving = identity(self._url)
        if serving and (kept := self._kept.of(serving, ("question", id))) is not None:
            return cast(Question, kept)
        with self._connect() as connection:
            rows = connection.execute(_QUESTION, {"id": id if _storable(id) else ""}).all()
            self._refuse_other_versions(rows[0].version if rows else None)
            if rows[0].id is None:
                nearest = nearest_words(id, (known for (known,) in connection.execute(select(question.c.id))))
                raise UnknownQuestion(f"there is no question {id!r}. Nearest: {', '.join(nearest) or 'none'}.")
        found = _question(rows)
        return cast(Question, self._kept.keep(serving, ("question", id), found)) if serving else found

    def titles(self, ids: Iterable[str]) -> dict[str, str]:
        """The titles of those of *ids* that exist, in their order."""
        wanted = tuple(id for id in ids if _storable(id))
        return dict(self._read(("titles", wanted), lambda connection: _titles(connection, wanted)))

    def goals(self) -> tuple[Goal, ...]:
        """All goals, in the order of their file; their words are left out."""
        rows = select(goal).order_by(goal.c.position)
        return self._read("goals", lambda connection: tuple(Goal(row.id, row.title, row.phrase) for row in connection.execute(rows)))

    def conditions(self) -> dict[str, tuple[str, ...]]:
        """What an answer can depend on beside the goal: dimension to values, in the order of their file."""
        rows = select(condition).order_by(condition.c.position)
        return dict(self._read("conditions", lambda connection: [(row.dimension, tuple(row.choices)) for row in connection.execute(rows)]))

    def sources(self) -> tuple[Source, ...]:
        """All documents."""
        rows = select(source).order_by(source.c.id)
        return self._read(
            "sources", lambda connection: tuple(Source(row.id, row.title, tuple(row.sections)) for row in connection.execute(rows))
        )

    def phrasings(self, *, held_out: bool = False) -> list[tuple[str, str]]:
        """(text, question id) of every phrasing of the kind."""
        wanted = select(phrasing.c.text, phrasing.c.question_id).where(phrasing.c.held_out == held_out)
        with self._reading() as connection:
            return [(row.text, row.question_id) for row in connection.execute(wanted.order_by(phrasing.c.id))]

    def close(self) -> None:
        """Let go of the connections; the next call opens new ones."""
        self._engine.dispose()

    def _read(self, key: Hashable, read: Callable[[Connection], Read]) -> Read:
        """What *read* gives, or gave since the base was built. A file tells by itself that it is the same one."""
        serving: Hashable = identity(self._url)
        if serving and (kept := self._kept.of(serving, key)) is not None:
            return cast(Read, kept)
        with self._connect() as connection:
            build = self._build(connection)
            serving = serving or build
            if (kept := self._kept.of(serving, key)) is None:
                kept = self._kept.keep(serving, key, read(connection))
        return cast(Read, kept)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """A connection that has asked which build serves."""
        with self._connect() as connection:
            self._build(connection)
            yield connection

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        if is_file(self._url) and not Path(self._url.database or "").is_file():
            raise StoreError(f"there is no knowledge base at {self._url.database}. {BUILD}")
        with troubles_explained(self._url), self._engine.connect() as connection:
            yield connection

    def _build(self, connection: Connection) -> str:
        """Which build serves; refuses one of another version."""
        found = dict(connection.execute(_META).all())
        self._refuse_other_versions(found.get("version"))
        return str(found.get("build"))

    def _refuse_other_versions(self, version: str | None) -> None:
        if version != VERSION:
            where = printable(str(self._url))
            raise StoreError(f"the knowledge base {where} was built by version {version}, this program reads {VERSION}. {BUILD}")


def _question(rows: Sequence[Row]) -> Question:
    """The question of *rows*, one for each piece of evidence."""
    # Unpacked by position, which for the hundred pieces of a big question is several times faster than by name.
    answers: dict[int, tuple[Any, ...]] = {}
    pieces: dict[int, list[Evidence]] = {}
    for row in rows:
        *_, answer_id, goals, when, advice, because, verdict, caution, source_id, section, stance, note = row
        if answer_id is not None and answer_id not in answers:
            answers[answer_id] = (goals, when, advice, because, verdict, caution)
        if source_id is not None:
            pieces.setdefault(answer_id, []).append(Evidence(source_id, section, stance, note))
    _, _, id, title, not_covered, follow_ups, nearest, *_ = rows[0]
    return Question(
        id,
        title,
        answers=tuple(_answer(told, pieces.get(answer_id, ())) for answer_id, told in answers.items()),
        follow_ups=tuple(json.loads(follow_ups)),
        not_covered=not_covered,
        nearest=tuple(json.loads(nearest)),
    )


def _answer(told: tuple[Any, ...], pieces: Iterable[Evidence]) -> Answer:
    goals, when, advice, because, verdict, caution = told
    conditions = {name: tuple(values) for name, values in json.loads(when).items()}
    return Answer(tuple(json.loads(goals)), conditions, advice, because, verdict, caution, tuple(pieces))


def _titles(connection: Connection, ids: tuple[str, ...]) -> list[tuple[str, str]]:
    found = dict(connection.execute(select(question.c.id, question.c.title).where(question.c.id.in_(ids))).all())
    return [(id, found[id]) for id in ids if id in found]


def _storable(text: str) -> bool:
    """Whether a database could hold *text*: what it could not, it does not, and some refuse to look."""
    return text.isprintable()
