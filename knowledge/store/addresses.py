"""Where a knowledge base can be, how to connect to it, and what its troubles mean to a person."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import URL, Engine, create_engine, make_url
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError
from sqlalchemy.pool import NullPool, QueuePool

from knowledge.errors import StoreError

DEFAULT_URL = "sqlite:///var/knowledge.db"
BUILD = "Run: python -m knowledge build"

_EXPECTED = "Expected sqlite:///FILE or postgresql://USER@HOST/DATABASE."
_DRIVERS = ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg2")
_CONNECT_TIMEOUT_S = 5
_NO_TABLES = ("42P01", "3F000")
"""What PostgreSQL calls a table, and a schema, that is not there."""


def parse(url: str) -> URL:
    """
    Take *url* apart.

    Raises:
        StoreError: It is none of SQLite or PostgreSQL, or names no database. The message leaves passwords out.
    """
    try:
        parsed = make_url(url)
    except (SQLAlchemyError, ValueError):
        parsed = None
    if parsed is None or parsed.drivername not in _DRIVERS:
        raise StoreError(f"the database address '{printable(url)}' is not understood. {_EXPECTED}")
    if not parsed.database or parsed.database == ":memory:":
        raise StoreError(f"the database address '{printable(url)}' names no database. {_EXPECTED}")
    return parsed


def printable(url: str) -> str:
    """*url* without its password and options; of one that is not understood, only how it begins."""
    try:
        return str(make_url(url).set(query={}).render_as_string(hide_password=True))
    except (SQLAlchemyError, ValueError):
        return f"{url.partition(':')[0][:20]}…"


def is_file(url: URL) -> bool:
    """Whether *url* is a file, which is to say SQLite."""
    return bool(url.get_backend_name() == "sqlite")


def engine_for_reading(url: URL, schema: str) -> Engine:
    """Connections that read. A file is never made, and opened anew once another has taken its place."""
    if not is_file(url):
        # The schema by the connection's search path: SQLAlchemy would write it into every statement anew.
        waits = {"connect_timeout": _CONNECT_TIMEOUT_S, "options": f"-csearch_path={schema}"}
        return create_engine(url, pool_pre_ping=True, connect_args=waits)
    path = Path(url.database or "").absolute()

    def refuse_another_file(connection: _OpenFile, record: object, proxy: object) -> None:
        if connection.identity != _identity(path):
            raise DisconnectionError

    engine = create_engine(url, creator=lambda: _OpenFile.of(path), poolclass=QueuePool)
    event.listen(engine, "checkout", refuse_another_file)
    return engine


class _OpenFile(sqlite3.Connection):
    """A connection that knows which file it has open, whatever bears the name by now."""

    identity: tuple[int, int] | None

    @classmethod
    def of(cls, path: Path) -> _OpenFile:
        identity = _identity(path)  # before it is opened: if it is swapped in between, it is only opened once more
        opened = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, check_same_thread=False, factory=cls)
        opened.identity = identity
        return opened


def identity(url: URL) -> tuple[int, ...] | None:
    """What tells the file at *url* from any other, and from itself once it is written to; None of a server, or without a file."""
    if not is_file(url):
        return None
    try:
        found = Path(url.database or "").stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def engine_for_writing(url: URL, schema: str) -> Engine:
    """Connections that write, on PostgreSQL into *schema*."""
    if is_file(url):
        return create_engine(url, poolclass=NullPool)
    return create_engine(
        url,
        pool_pre_ping=True,
        connect_args={"connect_timeout": _CONNECT_TIMEOUT_S},
        executemany_mode="values_only",
        executemany_values_page_size=2_000,
        execution_options={"schema_translate_map": {None: schema}},
    )


@contextmanager
def troubles_explained(url: URL) -> Iterator[None]:
    """
    Turn what the database says into a sentence that says what to do.

    Raises:
        StoreError: Anything went wrong in the database.
    """
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreError(_sentence(url, error)) from error


def cause(error: BaseException) -> str:
    """The first line of what the database said, or what the system said of which file."""
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    said = str(getattr(error, "orig", None) or error)
    return next(iter(said.splitlines()), type(error).__name__).rstrip(". ")


def _sentence(url: URL, error: SQLAlchemyError) -> str:
    where, what = printable(str(url)), cause(error)
    if "no such table" in what or getattr(getattr(error, "orig", None), "pgcode", None) in _NO_TABLES:
        return f"there is no knowledge base in {where} yet. {BUILD}"
    if is_file(url):
        return f"the knowledge base {where} cannot be read: {what}. {BUILD}"
    return f"the database {where} does not answer: {what}. Start it, or set TANDEM_KNOWLEDGE_URL to another."
