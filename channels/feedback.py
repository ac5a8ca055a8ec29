"""What visitors think of answers. Functions of a connection."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.conversations import Turn, find
from channels.errors import Problem
from channels.tables import feedback


def keep(connection: Connection, session: str, reply: str, vote: str | None, word: str, now: float) -> None:
    """
    Keep what the visitor thinks of *reply*, or with no vote take it back.

    Raises:
        Problem: There is no such reply in this conversation.
    """
    turn_id, _, place = reply.partition(".")
    turn = find(connection, session, turn_id, now)
    if turn is None or reply not in [shown["id"] for shown in turn.replies]:
        raise Problem(404, "not_found", "That answer is not part of this conversation.")
    connection.execute(feedback.delete().where(feedback.c.turn == turn_id, feedback.c.reply == int(place)))
    if vote is not None:
        connection.execute(feedback.insert().values(turn=turn_id, reply=int(place), vote=vote, word=word, at=now))


def given(connection: Connection, of: list[Turn]) -> dict[str, dict[str, str]]:
    """Feedback on the replies of these turns, by reply id."""
    rows = connection.execute(sa.select(feedback).where(feedback.c.turn.in_([turn.id for turn in of])))
    return {f"{row.turn}.{row.reply}": {"vote": row.vote, "word": row.word} for row in rows}
