"""The database behind the conversations: another kind of it, and its going away and coming back."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace

import pytest
import sqlalchemy as sa
from visitors import Visitor, served

from channels.database import Database, answers
from channels.errors import StoreError

pytestmark = pytest.mark.anyio


class Way:
    """A way to a server that can be cut and restored, as when the server is killed and started again."""

    def __init__(self, host: str, port: int) -> None:
        self._there, self.port, self._server, self._lines = (host, port), 0, None, set()

    async def open(self) -> None:
        """Let everybody through."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Cut all lines; nobody gets through any more."""
        self._server.close()
        for writer in list(self._lines):
            writer.transport.abort()
        await asyncio.sleep(0.02)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(*self._there)
        self._lines |= {writer, back}
        await asyncio.gather(self._carry(reader, back), self._carry(there, writer))
        self._lines -= {writer, back}

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
        except ConnectionError:
            pass
        finally:
            writer.close()


@pytest.fixture(name="way")
async def _way(postgres):
    """A way to PostgreSQL that can be cut."""
    url = sa.engine.make_url(postgres)
    way = Way(url.host, url.port or 5432)
    await way.open()
    yield way
    await way.cut()


@pytest.fixture(name="far")
def _far(settings, postgres, way):
    """Settings with the conversations in PostgreSQL, over that way."""
    url = sa.engine.make_url(postgres).set(host="127.0.0.1", port=way.port)
    return replace(settings, conversations_url=url.render_as_string(hide_password=False))


async def test_postgresql(far):
    """Everything works on PostgreSQL as on SQLite: asking, pressing, judging, reading, starting over, forgetting, and again later."""
    async with served(far) as http:
        visitor = await Visitor(http).come_in()
        turn = await visitor.say("hello", Idempotency_Key="key-00001")
        await visitor.call("PUT", f"/api/feedback/{turn['replies'][0]['id']}", json={"vote": "up"})
        await visitor.press(turn["replies"][0]["follow_ups"][0]["button"])
    async with served(far) as http:
        visitor.http = http
        assert turn["turn"] == (await visitor.say("hello", Idempotency_Key="key-00001"))["turn"]
        first, second = await visitor.transcript()
        assert "up" == first["replies"][0]["feedback"]["vote"]
        assert second["button"]
        await visitor.call("POST", "/api/start-over")
        assert [] == await visitor.transcript()
        assert 204 == (await visitor.call("DELETE", "/api/session")).status_code
        assert 401 == (await visitor.call("GET", "/api/transcript")).status_code


async def test_killed_and_started_again(far, way):
    """While the database is away a message is refused with a sentence; once it is back the conversation goes on."""
    async with served(far) as http:
        visitor = await Visitor(http).come_in()
        await visitor.say("before")
        await way.cut()
        before = time.monotonic()
        refused = await visitor.send({"text": "meanwhile"})
        assert time.monotonic() - before < 5
        assert (503, "store_down") == (refused.status_code, refused.json()["error"])
        assert "not taken" in refused.json()["sentence"]
        assert "conversations" in (await http.get("/readyz")).json()["missing"]
        await way.open()
        assert "answered" == (await visitor.say("after"))["status"]

        assert ["before", "after"] == [turn["text"] for turn in await visitor.transcript()]


async def test_killed_while_answering(far, way, rasa):
    """A database that goes away in the middle of a turn: the visitor reads a sentence, and the message sent again is answered."""

    async def answer(sender, message):
        await way.cut()
        return [{"text": "cannot be kept"}]

    rasa.answer = answer
    async with served(far) as http:
        visitor = await Visitor(http).come_in()
        turn = await visitor.say("hello", Idempotency_Key="key-00001")
        await way.open()
        rasa.answer = None
        again = await visitor.say("hello", Idempotency_Key="key-00001")

    assert ("failed", "error") == (turn["status"], turn["replies"][0]["kind"])
    assert ("answered", turn["turn"]) == (again["status"], again["turn"])


async def test_away_at_the_start(settings, tmp_path):
    """The front door opens without its database, is not ready, and works once it is there."""
    away = replace(settings, conversations_url="postgresql://nobody@127.0.0.1:1/none")
    async with served(away) as http:
        assert 200 == (await http.get("/healthz")).status_code
        assert {"conversations"} == set((await http.get("/readyz")).json()["missing"])
        assert (503, "5") == ((refused := await http.post("/api/session")).status_code, refused.headers["retry-after"])


async def test_many_at_the_start(postgres):
    """Many who come at once to an empty database make its tables once."""
    metadata = sa.MetaData()
    sa.Table("made_at_the_start", metadata, sa.Column("x", sa.Integer))
    databases = [Database(postgres, metadata) for _ in range(3)]
    await asyncio.gather(*(database.run(answers) for database in databases for _ in range(4)))
    for database in databases:
        database.close()


async def test_slow(tmp_path):
    """A database that does not answer in time is not waited for."""
    database = Database(f"sqlite:///{tmp_path}/x.db", patience_s=0.05)
    with pytest.raises(StoreError, match="did not answer within"):
        await database.run(lambda connection: time.sleep(0.2))
    database.close()


async def test_somebody_else_writes(tmp_path):
    """Work of a moment that finds SQLite busy with another's writing is done when that is over; meanwhile nobody else waits."""
    database, other = Database(f"sqlite:///{tmp_path}/x.db"), sa.create_engine(f"sqlite:///{tmp_path}/x.db")
    await database.run(lambda connection: connection.execute(sa.text("create table t (x int)")))
    with other.connect() as writing:
        writing.exec_driver_sql("begin immediate")
        work = asyncio.create_task(database.run_brief(lambda connection: connection.execute(sa.text("insert into t values (1)")).rowcount))
        before = time.monotonic()
        await asyncio.sleep(0.05)
        assert time.monotonic() - before < 0.5
        assert not work.done()
        writing.exec_driver_sql("rollback")
        assert 1 == await work
    other.dispose()
    database.close()


async def test_refused(tmp_path):
    """What the database refuses is a sentence that says why."""
    database = Database(f"sqlite:///{tmp_path}/x.db")
    with pytest.raises(StoreError, match=r"does not do its work: near .nonsense."):
        await database.run(lambda connection: connection.execute(sa.text("nonsense")))
    database.close()


async def test_all_or_nothing(tmp_path):
    """What fails in the middle leaves nothing behind."""
    database = Database(f"sqlite:///{tmp_path}/x.db", sa.MetaData())

    def half(connection):
        connection.execute(sa.text("create table half (x int)"))
        connection.execute(sa.text("insert into half values (1)"))
        raise ZeroDivisionError

    await database.run(lambda connection: connection.execute(sa.text("create table half (x int)")))
    with pytest.raises(StoreError):
        await database.run(half)
    with pytest.raises(ZeroDivisionError):
        await database.run(lambda connection: (connection.execute(sa.text("insert into half values (1)")), 1 / 0))

    assert 0 == await database.run(lambda connection: connection.execute(sa.text("select count(*) from half")).scalar())
    database.close()


@pytest.mark.parametrize("steps", range(5))
async def test_cancelled_as_the_work_ends(tmp_path, steps):
    """Whoever is told to stop stops, also when that comes in the moment in which the database has answered."""
    database, ended = Database(f"sqlite:///{tmp_path}/x.db", sa.MetaData()), threading.Event()
    asking = asyncio.create_task(database.run(lambda connection: ended.set()))
    await asyncio.sleep(0)
    ended.wait(2)
    time.sleep(0.02)  # the loop stands still meanwhile: the answer is there when it goes on
    for _ in range(steps):
        await asyncio.sleep(0)
    heard = asking.cancel()
    await asyncio.wait({asking})

    assert heard == asking.cancelled()
    database.close()
