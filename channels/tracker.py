"""Rasa's tracker database, where a conversation can only be deleted from: Rasa has no verb for it."""

from __future__ import annotations

import time

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.database import Database
from channels.forgetting import BATCH, settled, to_erase

# Rasa's table (rasa/core/tracker_store.py, SQLTrackerStore.SQLEvent), as far as we need it.
events = sa.Table(
    "events", sa.MetaData(), sa.Column("id", sa.Integer), sa.Column("sender_id", sa.String(255)), sa.Column("timestamp", sa.Float)
)
# A turn that was under way when its conversation was forgotten may write this much later.
_LATE_S = 600


class Tracker:
    """Erases in Rasa's database what the conversation database says must go."""

    def __init__(self, ours: Database, rasas: Database | None) -> None:
        self._ours, self._rasas = ours, rasas

    async def erase(self) -> None:
        """
        Delete the events of all conversations that were forgotten.

        Raises:
            StoreError: One of the databases does not answer; what is due stays due.
        """
        due = await self._ours.run(to_erase)
        if not due:
            return
        if self._rasas is not None:
            await self._rasas.run(erase, due)
        await self._ours.run(settled, time.time() - _LATE_S)

    async def purge(self, older_than: float) -> int:
        """Delete events from before *older_than*, of whichever channel; returns how many."""
        gone = 0
        while self._rasas is not None and (some := await self._rasas.run(purge, older_than)):
            gone += some
        return gone


def erase(connection: Connection, conversations: list[str]) -> None:
    """Delete all events of these conversations."""
    if sa.inspect(connection).has_table("events"):
        for conversation in conversations:
            connection.execute(events.delete().where(events.c.sender_id == conversation))


def purge(connection: Connection, older_than: float) -> int:
    """Delete some of the events from before *older_than*; returns how many."""
    if not sa.inspect(connection).has_table("events"):
        return 0
    old = sa.select(events.c.id).where(events.c.timestamp < older_than).limit(BATCH)
    return int(connection.execute(events.delete().where(events.c.id.in_(old))).rowcount)
