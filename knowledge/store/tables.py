"""The tables. They mirror model.py; lists of ids and conditions are JSON, since nobody searches in them."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, MetaData, Table, Text

VERSION = "3"
"""Counts up with every change of the tables: a base built by another version is refused."""
SCHEMA = "tandem_knowledge"
"""The PostgreSQL schema that serves."""

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
goal = Table(
    "goal",
    metadata,
    Column("id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("phrase", Text, nullable=False),
)
condition = Table(
    "condition",
    metadata,
    Column("dimension", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("choices", JSON, nullable=False),
)
source = Table(
    "source",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("sections", JSON, nullable=False),
)
question = Table(
    "question",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("not_covered", Text),
    Column("follow_ups", JSON, nullable=False),
    Column("nearest", JSON, nullable=False),
)
phrasing = Table(
    "phrasing",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("question_id", ForeignKey(question.c.id), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("held_out", Boolean, nullable=False),
)
answer = Table(
    "answer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("question_id", ForeignKey(question.c.id), nullable=False, index=True),
    Column("goals", JSON, nullable=False),
    Column("conditions", JSON, nullable=False),
    Column("verdict", Text),
    Column("advice", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("caution", Text),
)
evidence = Table(
    "evidence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("answer_id", ForeignKey(answer.c.id), nullable=False, index=True),
    Column("source_id", ForeignKey(source.c.id), nullable=False),
    Column("section", Text, nullable=False),
    Column("stance", Text, nullable=False),
    Column("note", Text, nullable=False),
)
