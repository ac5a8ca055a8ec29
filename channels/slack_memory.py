"""What is remembered for Slack: who has talked in which threads; what was chosen and voted. Functions of a connection."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels import conversations, feedback
from channels.conversations import Turn
from channels.errors import Problem
from channels.tables import metadata, turns

# So that whoever wants to be forgotten is forgotten in every thread. It goes with the session.
threads = sa.Table(
    "slack_threads",
    metadata,
    sa.Column("session", sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("user", sa.String(40), nullable=False, index=True, doc="Whose; a keyed hash."),
    sa.Column("thread", sa.String(80), nullable=False, doc="Channel and time, as Slack names them."),
)


@dataclass(frozen=True)
class Marks:
    """What was chosen of a turn's buttons, and the votes on its replies."""

    turn: Turn
    pressed: frozenset[str]
    votes: dict[str, str]


def talked_in(connection: Connection, session: str, user: str, thread: str) -> None:
    """Note that *user* has talked in *thread*."""
    known = connection.execute(sa.select(threads.c.session).where(threads.c.session == session)).first()
    if not known and connection.execute(sa.text("select 1 from sessions where id = :id"), {"id": session}).first():
        connection.execute(threads.insert().values(session=session, user=user, thread=thread))


def threads_of(connection: Connection, user: str) -> list[str]:
    """The threads in which *user* has talked."""
    return list(connection.execute(sa.select(threads.c.thread).where(threads.c.user == user)).scalars())


def marks(connection: Connection, session: str, turn: str, now: float) -> Marks | None:
    """What became of that turn's buttons; None if it does not belong to the conversation that is under way."""
    try:
        found = conversations.find(connection, session, turn, now)
    except Problem:
        return None
    if found is None:
        return None
    pressed = sa.select(turns.c.button).where(
        turns.c.conversation == found.conversation, turns.c.button.startswith(f"{turn}.", autoescape=True)
    )
    votes = {reply: given["vote"] for reply, given in feedback.given(connection, [found]).items()}
    return Marks(found, frozenset(connection.execute(pressed).scalars()), votes)
