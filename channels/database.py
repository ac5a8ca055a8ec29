"""A database reached from an event loop: one transaction at a time per thread, failures as sentences."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from channels.errors import SettingsError, StoreError

Result = TypeVar("Result")
log = logging.getLogger(__name__)

PATIENCE_S = 2.0
# Any number that nobody else uses for an advisory lock: "tandem" as digits of a telephone.
_PREPARING = 826336


class Database:
    """
    Runs functions of a connection, each in one transaction, in threads of its own.

    The tables of *metadata* are made on first use, so a start does not depend on the database being up. SQLite gets
    one thread (it has one writer), a server gets five.
    """

    def __init__(self, url: str, metadata: sa.MetaData | None = None, *, patience_s: float = PATIENCE_S) -> None:
        self._engine = _engine(url, patience_s)
        self._at_once = _engine(url, 0) if self._engine.url.database and self._engine.dialect.name == "sqlite" else None
        self._metadata, self._prepared, self._patience_s = metadata, metadata is None, patience_s
        self._preparing = threading.Lock()
        self._threads = ThreadPoolExecutor(1 if self._engine.dialect.name == "sqlite" else 5, thread_name_prefix="database")

    async def run(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """
        Call ``work(connection, *arguments)`` in a transaction; what it returns, it returns.

        Raises:
            StoreError: The database does not answer, or not in time.
        """
        future = asyncio.get_running_loop().run_in_executor(self._threads, self.run_here, work, *arguments)
        future.add_done_callback(_forget)  # nobody may be left to hear of a failure
        # Not asyncio.wait_for: in Python 3.10 it swallows a cancellation that comes in the moment in which the work ends.
        done, _ = await asyncio.wait({future}, timeout=self._patience_s)
        if not done:
            raise StoreError(f"The database at {self} did not answer within {self._patience_s:.0f} s.")
        return future.result()

    async def run_brief(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """
        The same for the work of a moment.

        With SQLite it is done right here: changing threads twice costs more than the work. Only if somebody else is
        writing just then does it go to the thread, which can wait.
        """
        if self._at_once is None or not self._prepared:
            return await self.run(work, *arguments)
        try:
            with self._at_once.begin() as connection:
                return work(connection, *arguments)
        except OperationalError as error:
            if "locked" not in str(error.orig):
                raise self._failed(error) from error
        except SQLAlchemyError as error:
            raise self._failed(error) from error
        return await self.run(work, *arguments)

    async def tidy(self) -> None:
        """Let SQLite fold in what it wrote ahead: it takes a while, and until then deleted words are still in that file."""
        if self._at_once is not None:
            await self.run(lambda connection: connection.exec_driver_sql("pragma wal_checkpoint(truncate)").all())

    def run_here(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """The same in this thread; a connection that has gone stale is replaced once."""
        try:
            return self._transaction(work, *arguments)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise self._failed(error) from error
        except SQLAlchemyError as error:
            raise self._failed(error) from error
        log.warning("The connection to %s was lost; trying once more.", self)
        try:
            return self._transaction(work, *arguments)
        except SQLAlchemyError as error:
            raise self._failed(error) from error

    def _transaction(self, work: Callable[..., Result], *arguments: Any) -> Result:
        if not self._prepared:
            self._prepare()
        with self._engine.begin() as connection:
            return work(connection, *arguments)

    def _prepare(self) -> None:
        """Make the tables, one at a time: several threads, or the purge command, may come to it at once."""
        with self._preparing, self._engine.begin() as connection:
            if not self._prepared and self._metadata is not None:
                if connection.dialect.name == "postgresql":
                    connection.execute(sa.text(f"select pg_advisory_xact_lock({_PREPARING})"))
                self._metadata.create_all(connection)
                self._prepared = True

    def close(self) -> None:
        """Let what is under way end, and let go of the database."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        for engine in filter(None, (self._engine, self._at_once)):
            engine.dispose()

    def _failed(self, error: SQLAlchemyError) -> StoreError:
        """In a sentence. Only what it says of itself is repeated: other errors may quote what a visitor wrote."""
        about_itself = isinstance(error, OperationalError) and str(error.orig).strip()
        why = about_itself.splitlines()[0] if about_itself else type(error).__name__
        return StoreError(f"The database at {self} does not do its work: {why}")

    def __str__(self) -> str:
        return str(self._engine.url.render_as_string(hide_password=True))


def answers(connection: Connection) -> None:
    """The least that a database must be able to do; for readiness."""
    connection.execute(sa.text("select 1"))


def _engine(url: str, patience_s: float) -> Engine:
    try:
        parsed = sa.engine.make_url(url)
    except SQLAlchemyError as error:
        raise SettingsError(
            f"{url!r} is not the address of a database; it looks like sqlite:///var/conversations.db or postgresql://user:password@host/name."
        ) from error
    if parsed.get_backend_name() != "sqlite":
        limits = {"connect_timeout": 2, "options": f"-c statement_timeout={int(patience_s * 1000)}"}
        return sa.create_engine(parsed, pool_size=5, max_overflow=0, connect_args=limits)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(parsed, connect_args={"timeout": patience_s, "check_same_thread": False}, poolclass=sa.pool.StaticPool)
    sa.event.listen(engine, "connect", _settle)
    if not patience_s:
        sa.event.listen(engine, "connect", lambda connection, _: connection.execute("pragma wal_autocheckpoint=0"))
    return engine


def _settle(connection: Any, _record: Any) -> None:
    """SQLite: readers do not wait for writers, deleting a session deletes what hangs on it, deleted text is overwritten."""
    connection.executescript("pragma journal_mode=wal; pragma synchronous=normal; pragma foreign_keys=on; pragma secure_delete=on")


def _forget(future: asyncio.Future[Any]) -> None:
    if not future.cancelled():
        future.exception()
