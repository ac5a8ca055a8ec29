"""Questions that got no sure answer, noted for whoever runs Tandem. Never who asked them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from knowledge.errors import StoreError
from knowledge.store.addresses import cause, is_file, parse, printable

MISSED_URL = "sqlite:///var/missed.db"
MAX_TEXT = 500
"""Characters that are kept of a message."""

_metadata = sa.MetaData()
_missed = sa.Table(
    "missed",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("channel", sa.String(40), nullable=False),
    sa.Column("nearest", sa.String(60)),
    sa.Column("scores", sa.JSON, nullable=False),
    sa.Column("chosen", sa.String(60)),
)


@dataclass(frozen=True)
class MissedQuestion:
    """One message: *kind* is unsure, unknown or gap; *nearest* the likeliest question, *chosen* the one the person meant, if they said."""

    at: datetime
    text: str
    kind: str
    channel: str
    nearest: str | None
    scores: Mapping[str, float]
    chosen: str | None


class Missed:
    """The notes, in a database of their own: a new build of the knowledge base leaves them alone."""

    def __init__(self, url: str = MISSED_URL) -> None:
        self._url = parse(url)

    @cached_property
    def _engine(self) -> Engine:
        if is_file(self._url):
            os.makedirs(Path(self._url.database or "").absolute().parent, exist_ok=True)
        engine = sa.create_engine(self._url)
        _metadata.create_all(engine)
        return engine

    def add(self, *, text: str, kind: str, channel: str, nearest: str | None, scores: Mapping[str, float]) -> None:
        """
        Note one message.

        Raises:
            StoreError: The database cannot be written.
        """
        at = datetime.now(timezone.utc).replace(tzinfo=None)
        rounded = {id: round(score, 3) for id, score in scores.items()}
        self._write(_missed.insert().values(at=at, text=_kept(text), kind=kind, channel=channel[:40], nearest=nearest, scores=rounded))

    def choose(self, *, text: str, chosen: str) -> None:
        """Note which question was meant by *text*, on the latest note of it."""
        latest = sa.select(sa.func.max(_missed.c.id)).where(_missed.c.text == _kept(text)).scalar_subquery()
        self._write(_missed.update().where(_missed.c.id == latest).values(chosen=chosen))

    def all(self) -> list[MissedQuestion]:
        """Every note, the newest first."""
        with self._troubles_explained("read"), self._engine.connect() as connection:
            rows = connection.execute(sa.select(_missed).order_by(_missed.c.id.desc())).all()
        return [MissedQuestion(row.at, row.text, row.kind, row.channel, row.nearest, row.scores, row.chosen) for row in rows]

    def _write(self, statement: Any) -> None:
        with self._troubles_explained("written"), self._engine.begin() as connection:
            connection.execute(statement)

    @contextmanager
    def _troubles_explained(self, what: str) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            raise StoreError(f"the missed questions at {printable(str(self._url))} cannot be {what}: {cause(error)}.") from error


def _kept(text: str) -> str:
    """*text* as it is kept: not too long, and without what no database takes."""
    return text[:MAX_TEXT].replace("\0", "").encode("utf-8", "replace").decode("utf-8")
