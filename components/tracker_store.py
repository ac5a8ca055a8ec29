"""
Conversations in SQL, with a turn that costs the same however long the conversation is.

Rasa reads and rebuilds every event since the session began, at every turn, and sends them all to the action server.
After `TURNS` turns this store therefore begins a new session inside the conversation and carries the slots over, as
Rasa does when a session expires: nothing is deleted, ``retrieve_full_tracker`` still gives everything.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from components import remote_action

logger = logging.getLogger(__name__)
Result = TypeVar("Result")
TURNS = 6
"""Turns that are kept at hand; what Tandem remembers beyond the last one is in slots."""
FORGET = "forget"
"""The slot by which a conversation asks to be deleted, with everything said in it."""
_STORED = "_tandem_stored_events"
_BEGUN = "_tandem_session_begun_at"
_NO_TABLE = "42P01"
"""PostgreSQL's code for it."""
DEFAULT_URL = "sqlite:///var/tracker.db"


class RollingTrackerStore(SQLTrackerStore):
    """An `SQLTrackerStore` by database address, rolling."""

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        url: str | None = None,
        **kwargs: Any,
    ) -> None:
        """
        Connect, and make tables that are not there.

        Args:
            host: What endpoints.yml has as `url`: Rasa hands it on by this name. The same, or the name of a host, with
                the other options of an `SQLTrackerStore`.

            url: Database address, sqlite:///FILE or postgresql://USER@HOST/DATABASE. Without either $TANDEM_TRACKER_URL,
                else `DEFAULT_URL`: endpoints.yml cannot give a default, and Rasa's own commands must work without it.
        """
        remote_action.install()  # endpoints.yml is read wherever the action server is called, and this is its only hook
        self._unread: set[str] = set()
        address = url or host or os.environ.get("TANDEM_TRACKER_URL") or DEFAULT_URL
        if address.startswith("sqlite:///"):
            os.makedirs(os.path.dirname(address.removeprefix("sqlite:///")) or ".", exist_ok=True)
        super().__init__(domain=domain, host=address, event_broker=event_broker, **kwargs)
        if self.engine.dialect.name == "sqlite":  # Rasa opens the file anew for each statement: 3 ms of a turn
            options: dict[str, Any] = {"poolclass": sa.pool.QueuePool, "connect_args": {"check_same_thread": False}}
            self.engine = sa.create_engine(self.engine.url, **options)
            self.sessionmaker.configure(bind=self.engine)
            sa.event.listen(self.engine, "connect", _settle)

    async def _retrieve(self, sender_id: str, fetch_events_from_all_sessions: bool) -> DialogueStateTracker | None:
        query = _ALL if fetch_events_from_all_sessions else _SINCE_SESSION
        self._unread.add(sender_id)
        rows = self._carry_out(lambda connection: connection.execute(query, {"sender": sender_id}).scalars().all())
        self._unread.discard(sender_id)
        if not rows or not self.domain:
            return None
        tracker = DialogueStateTracker.from_dict(sender_id, [json.loads(row) for row in rows], self.domain.slots)
        if not fetch_events_from_all_sessions:
            setattr(tracker, _STORED, len(tracker.events))
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """
        Store what is new; begin a new session where the current one has grown long; delete everything where that is wanted.

        What could not be read is not written: Rasa begins anew then, and a new beginning in the database would be the
        end of all that is remembered.
        """
        await self.stream_events(tracker)
        if FORGET in tracker.slots and tracker.get_slot(FORGET):
            self._carry_out(lambda connection: connection.execute(_EVENTS.delete().where(_EVENTS.c.sender_id == tracker.sender_id)))
        elif tracker.sender_id in self._unread:
            logger.error("A turn is not stored: its conversation could not be read.")
        else:
            rolled = self._carry_out(lambda connection: _store(connection, tracker))
            setattr(tracker, _STORED, len(tracker.events))
            if rolled:
                setattr(tracker, _BEGUN, len(tracker.events))

    def _carry_out(self, work: Callable[[sa.engine.Connection], Result]) -> Result:
        """Do *work* in one transaction; once more where the connection had died since the last, or there are no tables."""
        try:
            with self.engine.begin() as connection:
                return work(connection)
        except sa.exc.DBAPIError as error:
            if not error.connection_invalidated and not _is_without_tables(error.orig):
                raise
            logger.warning("The tracker database was away (%s); trying once more.", type(error.orig).__name__)
        self.Base.metadata.create_all(self.engine)
        with self.engine.begin() as connection:
            return work(connection)


_EVENTS = SQLTrackerStore.SQLEvent.__table__
_START = (
    sa.select(sa.func.max(_EVENTS.c.id))
    .where(_EVENTS.c.sender_id == sa.bindparam("sender"), _EVENTS.c.type_name == SessionStarted.type_name)
    .scalar_subquery()
)
_OF_SENDER = _EVENTS.c.sender_id == sa.bindparam("sender")
_SINCE = sa.and_(_OF_SENDER, _EVENTS.c.id >= sa.func.coalesce(_START, 0))
_ALL = sa.select(_EVENTS.c.data).where(_OF_SENDER).order_by(_EVENTS.c.id)
_SINCE_SESSION = sa.select(_EVENTS.c.data).where(_SINCE).order_by(_EVENTS.c.id)
_COUNT_SINCE_SESSION = sa.select(sa.func.count()).where(_SINCE)
_INSERT = _EVENTS.insert()


def _store(connection: sa.engine.Connection, tracker: DialogueStateTracker) -> bool:
    """Insert the events of *tracker* that are not stored yet; returns whether a new session begins after them."""
    stored = getattr(tracker, _STORED, None)
    if stored is None:
        stored = connection.execute(_COUNT_SINCE_SESSION, {"sender": tracker.sender_id}).scalar()
    new = list(itertools.islice(tracker.events, stored, None))
    said = sum(isinstance(event, UserUttered) for event in itertools.islice(tracker.events, getattr(tracker, _BEGUN, 0), None))
    if said >= TURNS:
        new += _new_session(tracker)
    if new:
        connection.execute(_INSERT, [_row(tracker.sender_id, event) for event in new])
    return said >= TURNS


def _row(sender_id: str, event: Event) -> dict[str, Any]:
    data = event.as_dict()
    intent = data.get("parse_data", {}).get("intent", {}).get("name")
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": intent,
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def _new_session(tracker: DialogueStateTracker) -> list[Event]:
    """The events by which Rasa begins a session, slots carried over. All are newer than any before."""
    now = time.time()
    slots = [SlotSet(name, value, timestamp=now) for name, value in tracker.current_slot_values().items() if value is not None]
    return [SessionStarted(timestamp=now), *slots, ActionExecuted("action_listen", timestamp=now)]


def _is_without_tables(error: BaseException | None) -> bool:
    """Whether *error* says so: the database was not there at the start, or its file was removed since."""
    return "no such table" in str(error) or getattr(error, "pgcode", None) == _NO_TABLE


def _settle(connection: Any, record: object) -> None:
    """
    Make commits cheap: the log is written ahead, and synced when it is folded in. A crash of the machine may lose the last turn.

    What is deleted is overwritten.
    """
    connection.execute("PRAGMA busy_timeout = 0")
    with suppress(sqlite3.OperationalError):  # of a new file, while somebody else does the same
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA busy_timeout = 5000")
