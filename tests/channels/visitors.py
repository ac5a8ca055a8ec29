"""The front door on a real port, and visitors who come to it over HTTP."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn

from channels.server import configuration
from channels.settings import Settings


@dataclass
class Visitor:
    """Someone with a session."""

    http: httpx.AsyncClient
    token: str = ""

    async def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Make a request with the token."""
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return await self.http.request(method, path, headers=headers, **more)

    async def come_in(self) -> Visitor:
        """Get a session."""
        self.token = (await self.http.post("/api/session")).json()["token"]
        return self

    async def send(self, said: dict[str, Any], **headers: str) -> httpx.Response:
        """Say something; the response as it comes."""
        return await self.call(
            "POST", "/api/messages", json=said, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    async def say(self, text: str, **headers: str) -> dict[str, Any]:
        """Say *text* and wait for the finished turn."""
        return (await self.send({"text": text}, Accept="application/json", **headers)).json()

    async def press(self, button: str) -> dict[str, Any]:
        """Press a button and wait for the finished turn."""
        return (await self.send({"button": button}, Accept="application/json")).json()

    async def transcript(self) -> list[dict[str, Any]]:
        """What was said so far."""
        return (await self.call("GET", "/api/transcript")).json()["turns"]

    @asynccontextmanager
    async def listen(self, said: dict[str, Any], **headers: str) -> AsyncIterator[AsyncIterator[tuple[str, Any]]]:
        """Say something and hear its events as they come; a sign of life is the event "comment"."""
        headers = {"Authorization": f"Bearer {self.token}", **{name.replace("_", "-"): value for name, value in headers.items()}}
        async with self.http.stream("POST", "/api/messages", json=said, headers=headers) as response:
            assert 200 == response.status_code, await response.aread()
            yield events(response)


async def events(response: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    """Server-sent events: name and data."""
    name = ""
    async for line in response.aiter_lines():
        if line.startswith(":"):
            yield "comment", line
        elif line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The application on a port of its own; gives a client of it."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = configuration(settings)
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[listening])
    limits = httpx.Limits(max_connections=None)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    # Without verify=False httpx reads the certificates of the world for every client, and asks none of them.
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=10, verify=False) as http:
        yield http
    # As uvicorn ends, without its waiting a tenth of a second for nobody.
    for each in server.servers:
        each.close()
    for connection in list(server.server_state.connections):
        connection.shutdown()
    await server.lifespan.shutdown()
    listening.close()
