"""What the tests of actions share: a small built knowledge base, notes of their own, and a conversation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dialogue
import pytest
from dialogue import Conversation, forget_addresses

from actions import base
from knowledge import store
from knowledge.store.missed import Missed


@pytest.fixture(name="database", scope="session")
def _database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the small knowledge base, built."""
    url = f"sqlite:///{tmp_path_factory.mktemp('built') / 'knowledge.db'}"
    store.build(dialogue.BASE, url)
    return url


@pytest.fixture(name="addresses", autouse=True)
def _addresses(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Actions read the small knowledge base, and write their notes to a file of the test."""
    monkeypatch.setenv("TANDEM_KNOWLEDGE_URL", database)
    monkeypatch.setenv("TANDEM_MISSED_URL", f"sqlite:///{tmp_path / 'missed.db'}")
    monkeypatch.delenv("TANDEM_CONTACT", raising=False)
    forget_addresses()
    yield
    forget_addresses()


@pytest.fixture(name="talk")
def _talk() -> Conversation:
    """A conversation that has just begun."""
    return Conversation()


@pytest.fixture(name="missed")
def _missed() -> Missed:
    """The notes of questions without a sure answer."""
    return base.missed()


@pytest.fixture(name="unreachable")
def _unreachable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no knowledge base."""
    monkeypatch.setenv("TANDEM_KNOWLEDGE_URL", f"sqlite:///{tmp_path / 'nothing' / 'knowledge.db'}")
    forget_addresses()
