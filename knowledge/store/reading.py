"""
Tables to model: the few queries that answering takes.

Each reading asks ``meta`` for the version before anything else and stays in one transaction, so that a build cannot
swap the tables under it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection, Row

from knowledge.errors import StoreError, UnknownQuestion
from knowledge.model import Answer, Evidence, Goal, Question, Source
from knowledge.search import nearest_words
from knowledge.store.addresses import BUILD, DEFAULT_URL, engine_for_reading, is_file, parse, printable, troubles_explained
from knowledge.store.tables import SCHEMA, VERSION, answer, condition, evidence, goal, meta, phrasing, question, source

# Made once: SQLAlchemy then finds them compiled.
_VERSION = select(meta.c.value).where(meta.c.key == "version")
_QUESTION = (
    select(meta.c.value.label("version"), question)
    .select_from(meta.outerjoin(question, question.c.id == bindparam("id")))  # meta first: it is what the builder locks
    .where(meta.c.key == "version")
)
_ANSWERS = (
    select(*(answer.c[name] for name in ("id", "goals", "conditions", "advice", "because", "verdict", "caution")))
    .where(answer.c.question_id == bindparam("id"))
    .order_by(answer.c.id)
)
_EVIDENCE = (
    select(evidence.c.answer_id, evidence.c.source_id, evidence.c.section, evidence.c.stance, evidence.c.note)
    .where(evidence.c.answer_id.in_(bindparam("ids", expanding=True)))
    .order_by(evidence.c.id)
)


class Store:
    """Reads a built knowledge base. One object serves a whole process; it sees a new build at the next call."""

    def __init__(self, url: str = DEFAULT_URL) -> None:
        self._url = parse(url)
        self._engine = engine_for_reading(self._url, SCHEMA)

    def question(self, id: str) -> Question:
        """
        The question with its answers and their evidence; phrasings are left out (see `phrasings`).

        Raises:
            UnknownQuestion: There is no such question; the message names the nearest ids.

            StoreError: There is no built knowledge base there, or it is of another version.
        """
        with self._connect() as connection:
            row = connection.execute(_QUESTION, {"id": id if _storable(id) else ""}).first()
            self._refuse_other_versions(row and row.version)
            if row.id is None:
                nearest = nearest_words(id, (known for (known,) in connection.execute(select(question.c.id))))
                raise UnknownQuestion(f"there is no question {id!r}. Nearest: {', '.join(nearest) or 'none'}.")
            answers = connection.execute(_ANSWERS, {"id": id}).all()
            pieces = connection.execute(_EVIDENCE, {"ids": [found.id for found in answers]}).all() if answers else []
        return Question(
            row.id,
            row.title,
            answers=_answers(answers, pieces),
            follow_ups=tuple(row.follow_ups),
            not_covered=row.not_covered,
            nearest=tuple(row.nearest),
        )

    def titles(self, ids: Iterable[str]) -> dict[str, str]:
        """The titles of those of *ids* that exist, in their order."""
        ids = [id for id in ids if _storable(id)]
        with self._reading() as connection:
            found = dict(connection.execute(select(question.c.id, question.c.title).where(question.c.id.in_(ids))).all())
        return {id: found[id] for id in ids if id in found}

    def goals(self) -> tuple[Goal, ...]:
        """All goals, in the order of their file; their words are left out."""
        with self._reading() as connection:
            rows = connection.execute(select(goal).order_by(goal.c.position))
            return tuple(Goal(row.id, row.title, row.phrase) for row in rows)

    def conditions(self) -> dict[str, tuple[str, ...]]:
        """What an answer can depend on beside the goal: dimension to values, in the order of their file."""
        with self._reading() as connection:
            rows = connection.execute(select(condition).order_by(condition.c.position))
            return {row.dimension: tuple(row.choices) for row in rows}

    def sources(self) -> tuple[Source, ...]:
        """All documents."""
        with self._reading() as connection:
            rows = connection.execute(select(source).order_by(source.c.id))
            return tuple(Source(row.id, row.title, tuple(row.sections)) for row in rows)

    def phrasings(self, *, held_out: bool = False) -> list[tuple[str, str]]:
        """(text, question id) of every phrasing of the kind."""
        wanted = select(phrasing.c.text, phrasing.c.question_id).where(phrasing.c.held_out == held_out)
        with self._reading() as connection:
            return [(row.text, row.question_id) for row in connection.execute(wanted.order_by(phrasing.c.id))]

    def close(self) -> None:
        """Let go of the connections; the next call opens new ones."""
        self._engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """A connection that has asked for the version."""
        with self._connect() as connection:
            self._refuse_other_versions(connection.execute(_VERSION).scalar())
            yield connection

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        if is_file(self._url) and not Path(self._url.database or "").is_file():
            raise StoreError(f"there is no knowledge base at {self._url.database}. {BUILD}")
        with troubles_explained(self._url), self._engine.connect() as connection:
            yield connection

    def _refuse_other_versions(self, version: str | None) -> None:
        if version != VERSION:
            where = printable(str(self._url))
            raise StoreError(f"the knowledge base {where} was built by version {version}, this program reads {VERSION}. {BUILD}")


def _answers(rows: Iterable[Row], pieces: Iterable[Row]) -> tuple[Answer, ...]:
    # Unpacked by position, which for the hundred pieces of a big question is several times faster than by name.
    found: dict[int, list[Evidence]] = {}
    for answer_id, source_id, section, stance, note in pieces:
        found.setdefault(answer_id, []).append(Evidence(source_id, section, stance, note))
    return tuple(
        Answer(
            tuple(goals),
            {name: tuple(values) for name, values in when.items()},
            advice,
            because,
            verdict,
            caution,
            tuple(found.get(id, ())),
        )
        for id, goals, when, advice, because, verdict, caution in rows
    )


def _storable(text: str) -> bool:
    """Whether a database could hold *text*: what it could not, it does not, and some refuse to look."""
    return text.isprintable()
