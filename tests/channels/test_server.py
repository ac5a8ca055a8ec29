"""The front door as a process: what it says when it cannot start, and what survives a SIGKILL."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
from visitors import Visitor

from channels.__main__ import main

pytestmark = pytest.mark.anyio

KEY = "key-of-this-message"


@pytest.fixture(name="environment")
def _environment(settings, monkeypatch):
    """The settings of the tests as environment variables, and no other."""
    for variable in [name for name in os.environ if name.startswith("TANDEM_")]:
        monkeypatch.delenv(variable)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    names = ("rasa_url", "actions_url", "conversations_url", "tracker_url", "secret", "patience_s")
    for name, value in {**{name: getattr(settings, name) for name in names}, "port": port}.items():
        monkeypatch.setenv(f"TANDEM_{name.upper()}", str(value))
    return os.environ


@asynccontextmanager
async def started(environment) -> AsyncIterator[tuple[subprocess.Popen, httpx.AsyncClient]]:
    """The front door as a process, and a client of it."""
    process = subprocess.Popen([sys.executable, "-m", "channels"], env=environment, stdout=subprocess.DEVNULL)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{environment['TANDEM_PORT']}", timeout=10, verify=False) as http:
            for _ in range(3_000):
                try:
                    await http.get("/healthz")
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.01)
            yield process, http
    finally:
        process.kill()
        process.wait()


async def test_killed_while_answering(environment, rasa):
    """Killed in the middle of an answer and started again: what was said is there, marked as open, and answered when sent again."""

    async def hang(sender, message):
        await asyncio.Event().wait()

    rasa.answer = hang
    async with started(environment) as (process, http):
        visitor = await Visitor(http).come_in()
        heard = []
        with suppress(httpx.TransportError):
            async with visitor.listen({"text": "hello"}, Idempotency_Key=KEY) as events:
                async for name, _ in events:
                    heard.append(name)
                    process.send_signal(signal.SIGKILL)
    rasa.answer = None
    async with started(environment) as (_, http):
        visitor.http = http
        (before,) = await visitor.transcript()
        again = await visitor.say("hello", Idempotency_Key=KEY)
        (after,) = await visitor.transcript()

    assert ["typing"] == heard
    assert ("open", KEY) == (before["status"], before["key"])
    assert "answered" == again["status"]
    assert again == after


async def test_asked_to_stop(environment, rasa):
    """Asked to stop, it finishes the answer that is under way."""
    held = asyncio.Event()

    async def answer(sender, message):
        await held.wait()
        return [{"text": "just in time"}]

    rasa.answer = answer
    async with started(environment) as (process, http):
        visitor = await Visitor(http).come_in()
        async with visitor.listen({"text": "hello"}) as events:
            await anext(events)
            process.send_signal(signal.SIGTERM)
            await asyncio.sleep(0.2)
            held.set()
            heard = [name async for name, _ in events]
        await asyncio.to_thread(process.wait, 5)

    assert ["reply", "done"] == heard


class TestUnfinished:
    """Requests that never end hold nobody up."""

    async def test_endless_head(self, http):
        """Headers without end are hung up on."""
        reader, writer = await asyncio.open_connection(http.base_url.host, http.base_url.port)
        with suppress(ConnectionError, RuntimeError):  # uvloop says the second where asyncio says the first
            writer.write(b"GET / HTTP/1.1\r\n")
            for _ in range(50):
                writer.write(b"X-More: " + b"x" * 4_000 + b"\r\n")
                await asyncio.sleep(0.001)
            assert b"" == await asyncio.wait_for(reader.read(), 5)
        writer.close()

    @pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n"])
    async def test_no_more_comes(self, http, monkeypatch, sent):
        """So is somebody who connects, or begins, and says no more."""
        monkeypatch.setattr("channels.server._HEAD_S", 0.05)
        reader, writer = await asyncio.open_connection(http.base_url.host, http.base_url.port)
        writer.write(sent)

        assert b"" == await asyncio.wait_for(reader.read(), 5)
        writer.close()

    async def test_slow_but_there(self, http, monkeypatch):
        """Who thinks between two requests is not."""
        monkeypatch.setattr("channels.server._HEAD_S", 0.05)
        reader, writer = await asyncio.open_connection(http.base_url.host, http.base_url.port)
        for _ in range(2):
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"alive" in await asyncio.wait_for(reader.readuntil(b"}"), 5)
            await asyncio.sleep(0.1)
        writer.close()


class TestCannotStart:
    async def test_port_taken(self, environment, capsys):
        """A taken port is one sentence that names it and the way out."""
        with socket.create_server(("127.0.0.1", int(environment["TANDEM_PORT"]))):
            assert 1 == await _main()
        said = capsys.readouterr().err

        assert environment["TANDEM_PORT"] in said
        assert "TANDEM_PORT" in said
        assert 1 == said.count("\n")

    async def test_setting_does_not_fit(self, environment, capsys, monkeypatch):
        """So is a setting that does not fit."""
        monkeypatch.setenv("TANDEM_CONVERSATIONS_URL", "nonsense")
        assert 1 == await _main()

        assert re.match(r"'nonsense' is not the address of a database.*\n$", capsys.readouterr().err)


class TestPurge:
    async def test_says_what_it_did(self, environment, capsys):
        """The purge command says how much it deleted, and how old it was."""
        assert 0 == await _main("purge", "--days", "7")

        assert "Deleted what is older than 7 days: 0 turns, 0 sessions, 0 events of Rasa's.\n" == capsys.readouterr().out

    async def test_database_away(self, environment, capsys, monkeypatch):
        """Where the database is away that is said, and the exit status too."""
        monkeypatch.setenv("TANDEM_CONVERSATIONS_URL", "postgresql://nobody@127.0.0.1:1/none")
        before = time.monotonic()
        assert 1 == await _main("purge")

        assert "does not do its work" in capsys.readouterr().err
        assert time.monotonic() - before < 5


async def _main(*arguments: str) -> int:
    before, sys.argv = sys.argv, ["channels", *arguments]
    try:
        return await asyncio.to_thread(main)
    finally:
        sys.argv = before
