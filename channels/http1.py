"""
Requests to a neighbour on loopback over kept-alive connections: HTTP/1.1, JSON bodies, nothing else.

A general client costs 2.4 ms of computing a request where this costs 0.15 (bench/gateway_overhead.py), more than the
rest of a turn at the front door together.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

# Below the five seconds after which Sanic, which Rasa runs on, closes an idle connection.
_IDLE_S = 4.0
_MOST_BYTES = 4_000_000


class Broken(Exception):
    """The neighbour is not there, hung up, or does not speak HTTP/1.1; the message says which."""


@dataclass
class _Line:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    idle_since: float = 0.0

    def usable(self, now: float) -> bool:
        return not self.reader.at_eof() and not self.writer.is_closing() and now - self.idle_since < _IDLE_S


class Neighbour:
    """One server; as many connections as there are requests at once."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port, self._base = parts.hostname or "", parts.port or 80, parts.path.rstrip("/")
        self._host_header = parts.netloc.rpartition("@")[2]
        self._idle: list[_Line] = []

    async def request(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """
        Send a request and give the status and the body of the answer. Cancelled, it hangs up.

        Raises:
            Broken: There was no complete answer.
        """
        head = f"{method} {self._base}{path} HTTP/1.1\r\nHost: {self._host_header}\r\nAccept: application/json\r\n"
        about = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
        sent = f"{head}{about}\r\n".encode("ascii") + body
        if (kept := self._kept()) is not None:
            try:
                return await self._exchange(kept, sent)
            except _NothingCame:
                pass  # it was hung up while idle, which a request may only find out by trying
        return await self._exchange(await self._connect(), sent)

    async def close(self) -> None:
        """Hang up."""
        while self._idle:
            self._idle.pop().writer.transport.abort()

    def _kept(self) -> _Line | None:
        now = asyncio.get_running_loop().time()
        while self._idle:
            line = self._idle.pop()
            if line.usable(now):
                return line
            line.writer.transport.abort()
        return None

    async def _connect(self) -> _Line:
        try:
            return _Line(*await asyncio.open_connection(self._host, self._port))
        except OSError as error:
            raise Broken(f"nothing answers at {self._host}:{self._port} ({error.strerror or type(error).__name__})") from error

    async def _exchange(self, line: _Line, sent: bytes) -> tuple[int, bytes]:
        done = False
        try:
            line.writer.write(sent)
            status, body, keep = await _answer(line.reader)
            done = True
        except asyncio.IncompleteReadError as error:
            raise (Broken if error.partial else _NothingCame)("the connection closed before the answer was complete") from error
        except OSError as error:
            raise _NothingCame(f"the connection broke ({type(error).__name__})") from error
        except (ValueError, asyncio.LimitOverrunError) as error:
            raise Broken("the answer is not HTTP/1.1 as we know it") from error
        finally:
            if not done:
                line.writer.transport.abort()
        line.idle_since = asyncio.get_running_loop().time()
        self._idle.append(line) if keep else line.writer.close()
        return status, body


class _NothingCame(Broken):
    """The connection ended before the first byte of an answer."""


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes, bool]:
    """Status, body, and whether the connection may be kept."""
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    protocol, _, rest = first.partition(" ")
    status = int(rest[:3]) if protocol in ("HTTP/1.1", "HTTP/1.0") else 0
    if not 200 <= status <= 599:
        raise ValueError("no status of a final answer")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    keep = protocol == "HTTP/1.1" and headers.get("connection", "").lower() != "close"
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return status, await _chunks(reader), keep
    size = int(headers["content-length"]) if "content-length" in headers else 0
    if not 0 <= size <= _MOST_BYTES:
        raise ValueError(f"an answer of {size} bytes")
    return status, await reader.readexactly(size), keep


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        if len(body) + size > _MOST_BYTES:
            raise ValueError(f"an answer of over {_MOST_BYTES} bytes")
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readuntil(b"\r\n")
    return body
