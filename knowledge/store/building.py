"""
Model to tables, all or nothing.

SQLite is written to a file aside and swapped in; PostgreSQL is filled in a schema aside and renamed inside one
transaction. Whoever reads meanwhile sees the old base or the new one, never half of one. On PostgreSQL that takes a
rule: a reader opens with ``meta`` and stays in one transaction (see reading.py), the builder locks ``meta`` before it
touches what serves. DROP SCHEMA alone would lock the tables in any order, and now and then deadlock with a reader.
"""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, text
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import SQLAlchemyError

from knowledge.errors import StoreError
from knowledge.model import Answer, Base, Question
from knowledge.store.addresses import DEFAULT_URL, cause, engine_for_writing, is_file, parse, printable
from knowledge.store.tables import SCHEMA, VERSION, answer, condition, evidence, goal, meta, metadata, phrasing, question, source

if TYPE_CHECKING:
    from knowledge.files import Progress

_ASIDE = f"{SCHEMA}_next"
_BATCH = 2_000

Row = tuple[Table, dict[str, Any]]


def build(base: Base, url: str = DEFAULT_URL, *, progress: Progress = lambda done, of: None) -> int:
    """
    Write *base* to the database at *url*, in place of what is there, all or nothing.

    Args:
        progress: Called now and then with the number of rows written and of all rows.

    Returns:
        How many rows were written.

    Raises:
        StoreError: The database cannot be reached or written; what was there before still serves.
    """
    parsed = parse(url)
    try:
        (_build_file if is_file(parsed) else _build_schema)(base, parsed, progress)
    except (SQLAlchemyError, OSError, ValueError) as error:
        raise StoreError(
            f"the knowledge base could not be written to {printable(url)}: {cause(error)}. The old one, if any, still serves."
        ) from error
    return count_rows(base)


def count_rows(base: Base) -> int:
    """How many rows *base* makes."""
    answers = [one for q in base.questions for one in q.answers]
    phrasings = sum(len(q.asked_as) + len(q.held_out) for q in base.questions)
    tables = len(base.goals) + len(base.dimensions) + len(base.sources) + len(base.questions)
    return 2 + tables + phrasings + len(answers) + sum(len(one.evidence) for one in answers)


def _build_file(base: Base, url: URL, progress: Progress) -> None:
    target = Path(url.database or "")
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    os.close(handle)
    try:
        engine = engine_for_writing(URL.create("sqlite", database=name), SCHEMA)
        with engine.begin() as connection:
            _fill(connection, base, progress)
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, target)
    finally:
        Path(name).unlink(missing_ok=True)


def _umask() -> int:
    """What the user lets nobody else do; it can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _build_schema(base: Base, url: URL, progress: Progress) -> None:
    engine = engine_for_writing(url, _ASIDE)
    try:
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA IF EXISTS {_ASIDE} CASCADE"))
            connection.execute(text(f"CREATE SCHEMA {_ASIDE}"))  # a second builder waits here until the first is done
            _fill(connection, base, progress)
            for table in metadata.sorted_tables:
                connection.execute(text(f"ANALYZE {_ASIDE}.{table.name}"))
            _swap_schema(connection)
    finally:
        engine.dispose()


def _swap_schema(connection: Connection) -> None:
    connection.execute(text("SET LOCAL lock_timeout = '30s'"))
    if connection.execute(text(f"SELECT to_regclass('{SCHEMA}.{meta.name}')")).scalar() is not None:
        connection.execute(text(f"LOCK TABLE {SCHEMA}.{meta.name} IN ACCESS EXCLUSIVE MODE"))
    connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
    connection.execute(text(f"ALTER SCHEMA {_ASIDE} RENAME TO {SCHEMA}"))


def _fill(connection: Connection, base: Base, progress: Progress) -> None:
    metadata.create_all(connection)
    waiting: dict[Table, list[dict[str, Any]]] = {table: [] for table in metadata.sorted_tables}
    rows = count_rows(base)
    for done, (table, row) in enumerate(_rows(base), 1):
        waiting[table].append(row)
        if done % _BATCH == 0 or done == rows:
            for parents_first, batch in waiting.items():
                if batch:
                    connection.execute(parents_first.insert(), batch)
                    batch.clear()
            progress(done, rows)


def _rows(base: Base) -> Iterator[Row]:
    """Every row of *base*, parents before children."""
    yield meta, {"key": "version", "value": VERSION}
    yield meta, {"key": "build", "value": uuid.uuid4().hex}
    for position, g in enumerate(base.goals):
        yield goal, {"id": g.id, "position": position, "title": g.title, "phrase": g.phrase}
    for position, (dimension, choices) in enumerate(base.dimensions.items()):
        yield condition, {"dimension": dimension, "position": position, "choices": list(choices)}
    for s in base.sources:
        yield source, {"id": s.id, "title": s.title, "sections": list(s.sections)}
    answer_id = 0
    for q in base.questions:
        yield from _question_rows(q)
        for a in q.answers:
            answer_id += 1
            yield from _answer_rows(a, answer_id, q.id)


def _question_rows(q: Question) -> Iterator[Row]:
    yield (
        question,
        {"id": q.id, "title": q.title, "not_covered": q.not_covered, "follow_ups": list(q.follow_ups), "nearest": list(q.nearest)},
    )
    for held_out, texts in ((False, q.asked_as), (True, q.held_out)):
        for words in texts:
            yield phrasing, {"question_id": q.id, "text": words, "held_out": held_out}


def _answer_rows(a: Answer, answer_id: int, question_id: str) -> Iterator[Row]:
    yield (
        answer,
        {
            "id": answer_id,
            "question_id": question_id,
            "goals": list(a.goals),
            "conditions": {dimension: list(values) for dimension, values in a.when.items()},
            "verdict": a.verdict,
            "advice": a.advice,
            "because": a.because,
            "caution": a.caution,
        },
    )
    for piece in a.evidence:
        yield (
            evidence,
            {"answer_id": answer_id, "source_id": piece.source, "section": piece.section, "stance": piece.stance, "note": piece.note},
        )
