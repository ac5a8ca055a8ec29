"""What tests share: a tiny knowledge base in a folder of its own, the real one, and the databases it can be built to."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from knowledge import files
from knowledge.model import Base

GOALS = """\
- {id: muscle, title: Build muscle, phrase: building muscle, words: [muscle, gains]}
- {id: endurance, title: Run better, phrase: endurance, words: [endurance]}
"""
SOURCES = """\
- id: after
  title: Running after lifting
  sections:
    - Introduction
    - What comes first
    - How long to wait
"""
VOCABULARY = """\
activities: {run: [run, jog], lift: [lift, weights]}
conditions:
  purpose: {race: [race], pace: [faster]}
  intensity: {easy: [easy], hard: [hard]}
order: {after: [after], before: [before]}
frames: {permission: [can i], threat: [bad]}
days: {monday: [monday]}
slang: {b4: before}
"""
ORDER = """\
id: order
title: Run first or lift first?
answers:
  - goal: any
    verdict: lift_first
    advice: Lift first, then run.
    because: You lift best while you are fresh.
    evidence:
      - {source: after, section: What comes first, stance: supports, note: Puts weights first.}
      - {source: after, section: Introduction, stance: contradicts, note: one passage would run first}
  - goal: endurance
    when: {purpose: [race, pace]}
    verdict: run_first
    advice: Run first, or on another day.
    because: A run goes better on fresh legs.
    evidence:
      - {source: after, section: How long to wait, stance: supports, note: Makes races the exception.}
  - goal: [muscle, endurance]
    advice: Use separate days.
    because: Then neither has to wait.
    caution: Rest when you are tired.
    evidence:
      - {source: after, section: How long to wait, stance: supports, note: Prefers separate days.}
      - {source: after, section: Introduction, stance: garbled, note: Half a sentence is missing.}
follow_ups: [wait_time]
"""
WAIT_TIME = """\
id: wait_time
title: How long should I wait?
answers:
  - goal: any
    advice: Wait six hours before a hard run.
    because: Tired legs run badly.
    evidence:
      - {source: after, section: How long to wait, stance: supports, note: Names six hours.}
follow_ups: [order]
"""
CREATINE = """\
id: creatine
title: Does creatine help?
not_covered: whether creatine helps
nearest: [wait_time]
"""


def phrasings(id: str) -> str:
    """As many phrasings as the checks ask for, and no two alike."""
    asked = "".join(f"  - {id} in words {number}\n" for number in range(15))
    held = "".join(f"  - {id} put otherwise {number}\n" for number in range(5))
    return f"asked_as:\n{asked}held_out:\n{held}"


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    """A tiny knowledge base without a complaint: two answered questions, one that the document does not cover."""
    folder = tmp_path / "library"
    (folder / "questions").mkdir(parents=True)
    for name, text in (("goals", GOALS), ("sources", SOURCES), ("vocabulary", VOCABULARY)):
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    for id, text in (("order", ORDER), ("wait_time", WAIT_TIME), ("creatine", CREATINE)):
        (folder / "questions" / f"{id}.yml").write_text(text + phrasings(id), encoding="utf-8")
    return folder


@pytest.fixture(name="edit")
def _edit(folder: Path) -> Callable[[str, str, str], None]:
    """Replace a text that stands once in a file of the tiny knowledge base."""

    def edit(file: str, old: str, new: str) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")

    return edit


@pytest.fixture(name="base")
def _base(folder: Path) -> Base:
    """The tiny knowledge base, read."""
    return files.load(folder)


@pytest.fixture(name="real", scope="session")
def _real() -> Base:
    """The knowledge base of this repository."""
    return files.load()


@pytest.fixture(name="postgres", scope="session")
def _postgres() -> Iterator[str]:
    """The address of an empty PostgreSQL database, which is dropped at the end."""
    server = os.environ.get("TANDEM_TEST_POSTGRES") or "postgresql://postgres@127.0.0.1:5432/test"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool, connect_args={"connect_timeout": 2})
    name = f"tandem_test_{secrets.token_hex(4)}"
    try:
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
    except sa.exc.SQLAlchemyError as error:
        pytest.skip(f"no PostgreSQL at {engine.url!r} (TANDEM_TEST_POSTGRES names another): {str(error.orig).splitlines()[0]}")
    yield engine.url.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(name="database", params=["sqlite", "postgres"])
def _database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that holds no knowledge base, of each kind that Tandem builds to."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'knowledge.db'}"
    url: str = request.getfixturevalue("postgres")
    with sa.create_engine(url, poolclass=sa.pool.NullPool).begin() as connection:
        connection.execute(sa.text("DROP SCHEMA IF EXISTS tandem_knowledge, tandem_knowledge_next CASCADE"))
    return url
