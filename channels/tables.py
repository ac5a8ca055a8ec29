"""The tables of the conversation database."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

# Times are seconds since 1970, UTC.
sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("conversation", sa.String(64), nullable=False, doc="The one under way; its id is what Rasa knows."),
    sa.Column("number", sa.Integer, nullable=False, doc="How often it was started over."),
    sa.Column("seen_at", sa.Float, nullable=False, index=True),
)

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("session", sa.ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False, index=True),
)

turns = sa.Table(
    "turns",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(32), nullable=False, unique=True),
    sa.Column("conversation", sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("key", sa.String(64), doc="The idempotency key; None if the client sent none."),
    sa.Column("at", sa.Float, nullable=False, index=True),
    sa.Column("text", sa.Text, nullable=False, doc="What was typed, or the title of the button."),
    sa.Column("message", sa.Text, nullable=False, doc="What Rasa is sent."),
    sa.Column("button", sa.String(40), doc="The reference of the button that was pressed; None if typed."),
    sa.Column("status", sa.String(8), nullable=False, doc="open, answered or failed."),
    sa.Column("answered_at", sa.Float),
    sa.Column("replies", sa.Text, nullable=False, default="[]", doc="As shown, JSON."),
    sa.Column("payloads", sa.Text, nullable=False, default="[]", doc="What the buttons of the replies stand for, JSON."),
    sa.UniqueConstraint("conversation", "key"),
)

feedback = sa.Table(
    "feedback",
    metadata,
    sa.Column("turn", sa.ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("reply", sa.Integer, primary_key=True),
    sa.Column("vote", sa.String(4), nullable=False),
    sa.Column("word", sa.Text, nullable=False, default=""),
    sa.Column("at", sa.Float, nullable=False),
)

# Conversations that are to leave Rasa's tracker database. Kept a while after: a turn that was under way may write late.
erasures = sa.Table(
    "erasures",
    metadata,
    sa.Column("conversation", sa.String(64), primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
)

# What platforms delivered, kept before it is acknowledged. Once answered only channel, id and time are left: a repeat is recognised.
deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("id", sa.String(80), nullable=False, doc="As the platform numbers its deliveries."),
    sa.Column("at", sa.Float, nullable=False, index=True),
    sa.Column("session", sa.String(40), index=True, doc="Whose; None once it is done."),
    sa.Column("verb", sa.String(12), nullable=False, doc="say, note, goals, start_over or forget."),
    sa.Column("said", sa.Text, nullable=False, default="", doc="Text and button, JSON; empty once it is done."),
    sa.Column("place", sa.Text, nullable=False, default="", doc="Where the reply goes, JSON; empty once it is done."),
    sa.Column("sent", sa.Integer, nullable=False, default=0, doc="How many steps of the reply have been sent."),
    sa.Column("status", sa.String(8), nullable=False, index=True, doc="open or done."),
    sa.UniqueConstraint("channel", "id"),
)
