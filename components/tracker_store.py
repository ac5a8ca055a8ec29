"""
Conversations in SQL, with a turn that costs the same however long the conversation is.

Rasa reads and rebuilds every event since the session began, at every turn, and sends them all to the action server.
After `TURNS` turns this store therefore begins a new session inside the conversation and carries the slots over, as
Rasa does when a session expires: nothing is deleted, ``retrieve_full_tracker`` still gives everything.
"""

from __future__ import annotations

import itertools
import json
import os
import time
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from components import remote_action

TURNS = 6
"""Turns that are kept at hand; what Tandem remembers beyond the last one is in slots."""
FORGET = "forget"
"""The slot by which a conversation asks to be deleted, with everything said in it."""
_STORED = "_tandem_stored_events"
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
            url: Database address, sqlite:///FILE or postgresql://USER@HOST/DATABASE. Without it $TANDEM_TRACKER_URL,
                else `DEFAULT_URL`: endpoints.yml cannot give a default, and Rasa's own commands must work without it.
        """
        remote_action.install()  # endpoints.yml is read wherever the action server is called, and this is its only hook
        address = url or os.environ.get("TANDEM_TRACKER_URL") or DEFAULT_URL
        if address.startswith("sqlite:///"):
            os.makedirs(os.path.dirname(address.removeprefix("sqlite:///")) or ".", exist_ok=True)
        super().__init__(domain=domain, host=address, event_broker=event_broker, **kwargs)
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", _settle)

    async def _retrieve(self, sender_id: str, fetch_events_from_all_sessions: bool) -> DialogueStateTracker | None:
        with self.engine.connect() as connection:
            rows = connection.execute(_ALL if fetch_events_from_all_sessions else _SINCE_SESSION, {"sender": sender_id}).scalars().all()
        if not rows or not self.domain:
            return None
        tracker = DialogueStateTracker.from_dict(sender_id, [json.loads(row) for row in rows], self.domain.slots)
        if not fetch_events_from_all_sessions:
            setattr(tracker, _STORED, len(tracker.events))
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what is new; begin a new session where the current one has grown long; delete everything where that is wanted."""
        await self.stream_events(tracker)
        with self.engine.begin() as connection:
            if FORGET in tracker.slots and tracker.get_slot(FORGET):
                connection.execute(_EVENTS.delete().where(_EVENTS.c.sender_id == tracker.sender_id))
                return
            stored = getattr(tracker, _STORED, None)
            if stored is None:
                stored = connection.execute(_COUNT_SINCE_SESSION, {"sender": tracker.sender_id}).scalar()
            new = list(itertools.islice(tracker.events, stored, None))
            if sum(isinstance(event, UserUttered) for event in tracker.events) >= TURNS:
                new += _new_session(tracker)
            if new:
                connection.execute(_INSERT, [_row(tracker.sender_id, event) for event in new])
        setattr(tracker, _STORED, len(tracker.events))


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


def _settle(connection: Any, record: object) -> None:
    """Make commits cheap: the log is written ahead, and synced when it is folded in. A crash of the machine may lose the last turn."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
