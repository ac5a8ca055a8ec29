"""What is deleted on a visitor's wish or for its age, here and in Rasa's tracker database."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa
from visitors import served

from channels import conversations, forgetting
from channels.conversations import Said
from channels.errors import StoreError
from channels.house import open_databases
from channels.housekeeping import DAY_S, purge
from channels.tables import metadata
from channels.tracker import Tracker

pytestmark = pytest.mark.anyio

NOW = 1_000_000.0


@pytest.fixture(name="tracker")
def _tracker(settings):
    """Rasa's tracker database, with a table as Rasa makes it; a function that adds an event and one that counts them."""
    engine = sa.create_engine(settings.tracker_url)
    engine.execute(
        sa.text("create table events (id integer primary key, sender_id varchar(255), type_name varchar(255), timestamp float, data text)")
    )

    class Events:
        """What Rasa keeps."""

        def add(self, sender: str, timestamp: float = 0.0) -> None:
            engine.execute(
                sa.text("insert into events (sender_id, timestamp) values (:sender, :timestamp)"),
                sender=sender,
                timestamp=timestamp or time.time(),
            )

        def of(self, sender: str) -> int:
            return engine.execute(sa.text("select count(*) from events where sender_id = :sender"), sender=sender).scalar()

    yield Events()
    engine.dispose()


def everything(settings) -> str:
    """All that stands in the conversation database."""
    engine = sa.create_engine(settings.conversations_url)
    rows = [str(engine.execute(table.select()).all()) for table in metadata.sorted_tables]
    engine.dispose()
    return "".join(rows)


class TestForgetMe:
    async def test_deleted(self, newcomer, rasa, tracker, settings, tmp_path):
        """Everything of this visitor is deleted: sessions, turns, feedback, Rasa's events, of all conversations, to the last byte; others stay."""
        one, other = await newcomer(), await newcomer()
        await one.say("a private matter")
        await one.call("POST", "/api/start-over")
        turn = await one.say("another private matter")
        await one.call("PUT", f"/api/feedback/{turn['replies'][0]['id']}", json={"vote": "up", "word": "a private word"})
        await other.say("something else")
        senders = [sender for sender, _ in rasa.received]
        for sender in senders:
            tracker.add(sender)
        assert 204 == (await one.call("DELETE", "/api/session")).status_code

        assert "private" not in everything(settings)
        assert "something else" in everything(settings)
        for file in tmp_path.glob("conversations.db*"):
            assert b"private" not in file.read_bytes(), file
        assert [0, 0, 1] == [tracker.of(sender) for sender in senders]

    async def test_written_late(self, visitor, rasa, tracker, settings):
        """What Rasa writes after that, because a turn was under way, is deleted by the next round of housekeeping."""
        await visitor.say("hello")
        await visitor.call("DELETE", "/api/session")
        tracker.add(rasa.received[0][0])
        databases = open_databases(settings)
        await Tracker(databases["conversations"], databases["tracker"]).erase()
        for database in databases.values():
            database.close()

        assert 0 == tracker.of(rasa.received[0][0])

    @pytest.mark.parametrize("changed", [{"tracker_url": "postgresql://nobody@127.0.0.1:1/none"}])
    async def test_tracker_away(self, visitor, settings):
        """If Rasa's database is away the visitor learns that a part follows, and it stays due."""
        await visitor.say("a private matter")
        answer = await visitor.call("DELETE", "/api/session")

        assert 202 == answer.status_code
        assert "as soon as" in answer.json()["sentence"]
        assert "private" not in everything(settings)
        assert "web-" in everything(settings)

    async def test_names_do_not_stay(self, connection):
        """Even the id of a forgotten conversation is deleted once nothing can be written under it any more."""
        conversations.open_session(connection, "session", "web-1", NOW)
        forgetting.forget(connection, "session", NOW)
        forgetting.settled(connection, NOW)
        assert ["web-1"] == forgetting.to_erase(connection)
        forgetting.settled(connection, NOW + 1)

        assert [] == forgetting.to_erase(connection)


class TestPurge:
    def test_old_turns(self, connection):
        """Old turns go, the new ones of the same conversation stay."""
        conversations.open_session(connection, "session", "web-1", NOW)
        conversations.begin(connection, "session", Said("old"), NOW)
        conversations.begin(connection, "session", Said("new"), NOW + 100)

        assert (1, 0) == forgetting.purge(connection, NOW + 50, NOW)
        assert ["new"] == [turn.text for turn in conversations.transcript(connection, "session", NOW, before=None, limit=9)[0]]

    def test_old_sessions(self, connection):
        """A session that was not seen for long goes with all that it said, and leaves Rasa's database too."""
        conversations.open_session(connection, "session", "web-1", NOW)
        conversations.begin(connection, "session", Said("old"), NOW)
        conversations.open_session(connection, "seen lately", "web-2", NOW + 100)

        assert (1, 1) == forgetting.purge(connection, NOW + 50, NOW)
        assert ["web-1"] == forgetting.to_erase(connection)

    def test_a_little_at_a_time(self, connection, monkeypatch):
        """Visitors do not wait for a long deletion: it goes in small steps."""
        monkeypatch.setattr(forgetting, "BATCH", 2)
        conversations.open_session(connection, "session", "web-1", NOW + 100)
        for _ in range(5):
            conversations.begin(connection, "session", Said("old"), NOW)

        assert [2, 2, 1, 0] == [forgetting.purge(connection, NOW + 50, NOW)[0] for _ in range(4)]

    async def test_everywhere(self, settings, tracker, monkeypatch):
        """A purge deletes in both databases, events of other channels included, and says how much."""
        monkeypatch.setattr("channels.tracker.BATCH", 2)
        for _ in range(5):
            tracker.add("telegram-1", time.time() - 40 * DAY_S)
        tracker.add("telegram-1")
        databases = open_databases(settings)
        await databases["conversations"].run(conversations.open_session, "session", "web-1", time.time() - 40 * DAY_S)
        await databases["conversations"].run(conversations.begin, "session", Said("old"), time.time() - 39 * DAY_S)
        purged = await purge(databases["conversations"], Tracker(databases["conversations"], databases["tracker"]), 30)
        for database in databases.values():
            database.close()

        assert (1, 5) == (purged.turns, purged.events)
        assert 1 == tracker.of("telegram-1")

    async def test_by_itself(self, settings, tracker):
        """The running application purges without being told."""
        databases = open_databases(settings)
        await databases["conversations"].run(conversations.open_session, "session", "web-1", NOW)
        databases["conversations"].close()
        databases["tracker"].close()
        tracker.add("web-1")
        async with served(settings):
            for _ in range(200):
                if "session" not in everything(settings) and not tracker.of("web-1"):
                    break
                await _moment()

        assert "session" not in everything(settings)
        assert 0 == tracker.of("web-1")


async def test_database_away():
    """A database that does not answer is a sentence without its password."""
    from channels.database import Database

    database = Database("postgresql://nobody:secret@127.0.0.1:1/none")
    with pytest.raises(StoreError, match="does not do its work") as error:
        await database.run(lambda connection: None)
    database.close()

    assert "secret" not in str(error.value)


async def _moment() -> None:
    import asyncio

    await asyncio.sleep(0.01)
