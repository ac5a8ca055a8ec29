"""What leaves the conversation database: on a visitor's wish, or for its age. Functions of a connection."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.conversations import see
from channels.tables import conversations, deliveries, erasures, sessions, turns

# How much is deleted in one transaction, so that visitors do not wait for it.
BATCH = 500


def forget(connection: Connection, session: str, now: float) -> None:
    """Delete all of *session*, and note which conversations Rasa's tracker database must lose."""
    see(connection, session, now)
    _erase(connection, conversations.c.session == session, now)
    connection.execute(sessions.delete().where(sessions.c.id == session))


def purge(connection: Connection, older_than: float, now: float) -> tuple[int, int]:
    """Delete some of the turns from before *older_than* and of the sessions not seen since. Returns how many of each."""
    old = sa.select(turns.c.number).where(turns.c.at < older_than).limit(BATCH)
    gone_turns = connection.execute(turns.delete().where(turns.c.number.in_(old))).rowcount
    had = sa.select(deliveries.c.number).where(deliveries.c.at < older_than).limit(10 * BATCH)  # a row of these is a few bytes
    connection.execute(deliveries.delete().where(deliveries.c.number.in_(had)))
    stale = list(connection.execute(sa.select(sessions.c.id).where(sessions.c.seen_at < older_than).limit(BATCH)).scalars())
    _erase(connection, conversations.c.session.in_(stale), now)
    return gone_turns, connection.execute(sessions.delete().where(sessions.c.id.in_(stale))).rowcount


def to_erase(connection: Connection) -> list[str]:
    """The conversations that Rasa's tracker database must not have any more."""
    return list(connection.execute(sa.select(erasures.c.conversation)).scalars())


def settled(connection: Connection, before: float) -> None:
    """Those that had to go before *before* are gone for good."""
    connection.execute(erasures.delete().where(erasures.c.at < before))


def _erase(connection: Connection, which: Any, now: float) -> None:
    known = sa.select(erasures.c.conversation)
    leaving = sa.select(conversations.c.id, sa.literal(now)).where(which, conversations.c.id.not_in(known))
    connection.execute(erasures.insert().from_select(["conversation", "at"], leaving))
