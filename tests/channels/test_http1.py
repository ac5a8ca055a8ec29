"""The small client: what it takes for an answer, and that nothing else passes for one."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.http1 import Broken, Neighbour

pytestmark = pytest.mark.anyio


async def answered_with(sent: bytes, *, times: int = 1) -> list[tuple[int, bytes]]:
    """Ask a server that sends these bytes to every request and hangs up."""
    serving = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.append(asyncio.current_task())
        await reader.readuntil(b"\r\n\r\n")
        writer.write(sent)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    neighbour = Neighbour(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/base/")
    try:
        return [await asyncio.wait_for(neighbour.request("GET", "/status"), 2) for _ in range(times)]
    finally:
        await neighbour.close()
        server.close()
        await asyncio.gather(*serving)


@pytest.mark.parametrize(
    "sent",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\ncontent-length:5\r\nConnection: close\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n",
    ],
)
async def test_answer(sent):
    """A body is read by its length or in chunks, and a connection that was closed is not used again."""
    assert [(200, b"hello")] * 2 == await answered_with(sent, times=2)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"HTTP/1.1 200",
        b"hello\r\n\r\n",
        b"HTTP/1.1 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000,
    ],
)
async def test_no_answer(sent):
    """What is cut off, too large or not HTTP/1.1 is no answer."""
    with pytest.raises(Broken):
        await answered_with(sent)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_anything(sent):
    """Whatever the other side sends, the caller gets an answer or Broken."""
    try:
        asyncio.run(answered_with(b"HTTP/1.1 200 OK\r\n" + sent))
    except Broken:
        pass


async def test_under_a_path():
    """An address with a path in front is used as it is."""
    heard = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append((await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0])
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    neighbour = Neighbour(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/rasa/")
    assert (204, b"") == await neighbour.request("GET", "/status")
    await neighbour.close()
    server.close()

    assert [b"GET /rasa/status HTTP/1.1"] == heard
