"""Sessions and the turns of their conversations, as they are kept. Functions of a connection; `database` runs them."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.errors import Problem
from channels.sessions import no_session
from channels.tables import conversations, sessions, turns

_SEEN_EVERY_S = 60


@dataclass(frozen=True)
class Said:
    """What a visitor typed, or the reference of the button that was pressed; and the key of this sending."""

    text: str = ""
    button: str | None = None
    key: str | None = None


@dataclass(frozen=True)
class Turn:
    """Something said and what came of it. `status` is open, answered or failed."""

    id: str
    conversation: str
    at: float
    text: str
    message: str
    button: str | None = None
    key: str | None = None
    status: str = "open"
    answered_at: float | None = None
    replies: list[dict[str, Any]] = field(default_factory=list)
    payloads: list[str] = field(default_factory=list)


# The statements of a turn are made once: making one costs three times what running it does.
_session = sa.select(sessions.c.conversation, sessions.c.seen_at).where(sessions.c.id == sa.bindparam("session"))
_seen = sessions.update().where(sessions.c.id == sa.bindparam("session")).values(seen_at=sa.bindparam("now"))
_new = turns.insert()
_by_key = sa.select(turns).where(turns.c.conversation == sa.bindparam("conversation"), turns.c.key == sa.bindparam("key"))
_by_id = sa.select(turns).where(turns.c.conversation == sa.bindparam("conversation"), turns.c.id == sa.bindparam("turn"))
_reopened = turns.update().where(turns.c.id == sa.bindparam("turn")).values(status="open")
_ended = turns.update().where(turns.c.id == sa.bindparam("turn"))
_ended = _ended.values({name: sa.bindparam(f"new_{name}") for name in ("status", "answered_at", "replies", "payloads")})


def open_session(connection: Connection, session: str, conversation: str, now: float, number: int = 0) -> None:
    """Keep a new session and its first, empty conversation."""
    connection.execute(sessions.insert().values(id=session, conversation=conversation, number=number, seen_at=now))
    connection.execute(conversations.insert().values(id=conversation, session=session))


def see(connection: Connection, session: str, now: float) -> str:
    """The conversation of *session* that is under way; notes that it is in use."""
    row = connection.execute(_session, {"session": session}).one_or_none()
    if row is None:
        raise no_session()
    if now - row.seen_at > _SEEN_EVERY_S:
        connection.execute(_seen, {"session": session, "now": now})
    return str(row.conversation)


def begin(connection: Connection, session: str, said: Said, now: float) -> Turn:
    """
    The turn in which *said* is answered: a new one, or the one that its key began.

    One that failed is open again, at its place.

    Raises:
        Problem: No such session, no such button here, or the key belongs to something else said.
    """
    conversation = see(connection, session, now)
    if said.key and (known := _turn(connection, _by_key, conversation=conversation, key=said.key)):
        return _again(connection, known, said)
    text, message = (said.text, said.text) if said.button is None else _pressed(connection, conversation, said.button)
    turn = Turn(f"t_{secrets.token_urlsafe(12)}", conversation, now, text, message, said.button, said.key)
    row = {"id": turn.id, "conversation": conversation, "key": said.key, "at": now, "text": text, "message": message, "button": said.button}
    connection.execute(_new, {**row, "status": turn.status, "replies": "[]", "payloads": "[]"})
    return turn


def _again(connection: Connection, turn: Turn, said: Said) -> Turn:
    if (said.button, said.text if said.button is None else turn.text) != (turn.button, turn.text):
        raise Problem(422, "key_reused", "This Idempotency-Key was sent with something else; each message needs a key of its own.")
    if turn.status != "failed":
        return turn
    connection.execute(_reopened, {"turn": turn.id})
    return Turn(turn.id, turn.conversation, turn.at, turn.text, turn.message, turn.button, turn.key)


def _pressed(connection: Connection, conversation: str, button: str) -> tuple[str, str]:
    """The title and the payload of *button*, which a turn of this conversation has shown."""
    turn_id, _, place = button.partition(".b")
    turn = _turn(connection, _by_id, conversation=conversation, turn=turn_id)
    if turn is None or not place.isascii() or not place.isdigit() or int(place) >= len(turn.payloads):
        raise Problem(410, "button_gone", "This button belongs to a conversation that is over. Please write what you would like to know.")
    return _title(turn.replies, button) or turn.payloads[int(place)], turn.payloads[int(place)]


def _title(shown: Any, button: str) -> str:
    if isinstance(shown, dict) and shown.get("button") == button:
        return str(shown.get("title", ""))
    inner = shown.values() if isinstance(shown, dict) else shown if isinstance(shown, list) else ()
    return next(filter(None, (_title(value, button) for value in inner)), "")


def finish(connection: Connection, turn: Turn) -> bool:
    """Keep what came of *turn*; False if it was forgotten meanwhile."""
    shown = {"new_replies": json.dumps(turn.replies), "new_payloads": json.dumps(turn.payloads)}
    kept = connection.execute(_ended, {"turn": turn.id, "new_status": turn.status, "new_answered_at": turn.answered_at, **shown})
    return bool(kept.rowcount)


def transcript(connection: Connection, session: str, now: float, *, before: str | None, limit: int) -> tuple[list[Turn], bool]:
    """The newest *limit* turns before the turn *before*, oldest first, and whether there are older ones."""
    conversation = see(connection, session, now)
    mine = sa.select(turns).where(turns.c.conversation == conversation)
    if before is not None:
        place = sa.select(turns.c.number).where(turns.c.id == before, turns.c.conversation == conversation).scalar_subquery()
        mine = mine.where(turns.c.number < place)
    rows = connection.execute(mine.order_by(turns.c.number.desc()).limit(limit + 1)).all()
    return [_read(row) for row in rows[:limit]][::-1], len(rows) > limit


def start_over(connection: Connection, session: str, name: Any, now: float) -> None:
    """Begin the next conversation of *session*; ``name(session, number)`` gives its id. What was said stays until purged."""
    see(connection, session, now)
    number = connection.execute(sa.select(sessions.c.number).where(sessions.c.id == session)).scalar_one() + 1
    connection.execute(conversations.insert().values(id=name(session, number), session=session))
    connection.execute(sessions.update().where(sessions.c.id == session).values(conversation=name(session, number), number=number))


def find(connection: Connection, session: str, turn: str, now: float) -> Turn | None:
    """The turn of that id, if it belongs to the conversation of *session* that is under way."""
    return _turn(connection, _by_id, conversation=see(connection, session, now), turn=turn)


def _turn(connection: Connection, which: Any, **values: str) -> Turn | None:
    row = connection.execute(which, values).one_or_none()
    return None if row is None else _read(row)


def _read(row: Any) -> Turn:
    kept = (json.loads(row.replies), json.loads(row.payloads))
    return Turn(row.id, row.conversation, row.at, row.text, row.message, row.button, row.key, row.status, row.answered_at, *kept)
