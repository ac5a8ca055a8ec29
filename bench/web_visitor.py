"""A visitor of the gateway for benchmarks: one kept connection, events read as they come, at little cost."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit


class Refused(Exception):
    """The gateway said no; the message is the code, as in "429 too_fast"."""

    def __init__(self, status: int, body: bytes) -> None:
        problem = json.loads(body)
        super().__init__(f"{status} {problem['error']}")
        self.retry_after_s = problem.get("retry_after", 1)


@dataclass
class Heard:
    """What came back: replies, how it ended, and milliseconds from sending to the typing sign and to the last event."""

    replies: list[dict[str, Any]] = field(default_factory=list)
    status: str = "cut"
    typing_ms: float = 0.0
    answer_ms: float = 0.0


class WebVisitor:
    """Somebody with a session."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str) -> None:
        self._reader, self._writer, self._address, self._token = reader, writer, address, ""

    @classmethod
    async def come_in(cls, url: str, address: str) -> WebVisitor:
        """Connect, and get a session as somebody from *address*."""
        parts = urlsplit(url)
        visitor = cls(*await asyncio.open_connection(parts.hostname, parts.port), address)
        status, body = await visitor._call("POST", "/api/session")
        if status != 201:
            raise Refused(status, body)
        visitor._token = json.loads(body)["token"]
        return visitor

    async def ask(self, text: str) -> Heard:
        """
        Say *text* and listen to the end.

        Raises:
            Refused: The gateway did not take it.
        """
        heard, before = Heard(), time.perf_counter()
        self._send("POST", "/api/messages", json.dumps({"text": text}).encode(), f"Idempotency-Key: {secrets.token_hex(12)}\r\n")
        status, size = await self._head()
        if status != 200:
            raise Refused(status, await self._reader.readexactly(size or 0))
        async for name, data in _events(self._chunks()):
            if name == "typing":
                heard.typing_ms = (time.perf_counter() - before) * 1000
            elif name == "reply":
                heard.replies.append(data)
            elif name == "done":
                heard.status, heard.answer_ms = data["status"], (time.perf_counter() - before) * 1000
        return heard

    async def transcript(self) -> list[str]:
        """What was said, as the gateway remembers it."""
        _, body = await self._call("GET", "/api/transcript")
        return [turn["text"] for turn in json.loads(body)["turns"]]

    def leave(self) -> None:
        """Hang up."""
        self._writer.close()

    async def _call(self, method: str, path: str) -> tuple[int, bytes]:
        self._send(method, path, b"")
        status, size = await self._head()
        return status, await self._reader.readexactly(size or 0)

    def _send(self, method: str, path: str, body: bytes, more: str = "") -> None:
        token = f"Authorization: Bearer {self._token}\r\n" if self._token else ""
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {self._address}\r\n{token}{more}"
        self._writer.write(f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)

    async def _head(self) -> tuple[int, int | None]:
        lines = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        sizes = [int(line.partition(":")[2]) for line in lines if line.lower().startswith("content-length:")]
        return int(lines[0].split()[1]), sizes[0] if sizes else None

    async def _chunks(self) -> AsyncIterator[bytes]:
        while size := int(await self._reader.readline(), 16):
            yield await self._reader.readexactly(size)
            await self._reader.readline()
        await self._reader.readline()


async def _events(chunks: AsyncIterator[bytes]) -> AsyncIterator[tuple[str, Any]]:
    """Server-sent events from chunks that each end with an event, as the gateway's do."""
    async for chunk in chunks:
        for part in chunk.decode().split("\n\n"):
            lines = dict(line.split(": ", 1) for line in part.split("\n") if ": " in line and not line.startswith(":"))
            if "event" in lines:
                yield lines["event"], json.loads(lines["data"])
