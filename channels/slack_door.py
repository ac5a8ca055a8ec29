"""Where Slack's requests arrive over HTTP: nothing is read before its signature is checked, on the bytes as they came."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from channels.errors import Problem
from channels.slack_desk import Desk

# A request that is older is a copy of one that somebody kept.
_WINDOW_S = 300
_MOST_BYTES, _BODY_TIME_S = 1_000_000, 5.0
_MOST_FIELDS = 100


class Door:
    """The three request URLs of the app."""

    def __init__(self, desk: Desk, secret: str) -> None:
        self._desk, self._secret = desk, secret.encode()

    def routes(self) -> list[BaseRoute]:
        """Addresses and what answers them."""
        return [
            Route("/slack/events", self._signed(self.events), methods=["POST"]),
            Route("/slack/actions", self._signed(self.actions), methods=["POST"]),
            Route("/slack/commands", self._signed(self.commands), methods=["POST"]),
        ]

    async def events(self, body: bytes) -> Response:
        """Take what happened; or prove, when the address is entered in the app's settings, that we are there."""
        envelope = _json(body)
        if envelope.get("type") == "url_verification":
            return JSONResponse({"challenge": str(envelope.get("challenge", ""))})
        await self._desk.event(envelope)
        return Response()

    async def actions(self, body: bytes) -> Response:
        """Take a press, a shortcut or a form."""
        await self._desk.action(_json(_form(body).get("payload", "").encode("utf-8", "surrogatepass")))
        return Response()

    async def commands(self, body: bytes) -> Response:
        """Take a slash command."""
        answer = await self._desk.command(_form(body))
        return Response() if answer is None else JSONResponse(answer)

    def _signed(self, answer: Callable[[bytes], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def checked(request: Request) -> Response:
            body = await _body(request)
            if not genuine(self._secret, body, request.headers):
                raise Problem(401, "bad_signature", "This request is not signed by Slack, or is too old.")
            return await answer(body)

        return checked


def genuine(secret: bytes, body: bytes, headers: Any, now: float | None = None) -> bool:
    """Whether *body* was signed with *secret*, and within the last five minutes; compared in constant time."""
    stamp, given = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return False
    expected = f"v0={hmac.new(secret, b'v0:' + stamp.encode() + b':' + body, hashlib.sha256).hexdigest()}"
    fresh = abs((time.time() if now is None else now) - int(stamp)) <= _WINDOW_S
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass")) and fresh


async def _body(request: Request) -> bytes:
    async def read() -> bytes:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > _MOST_BYTES:
                raise Problem(413, "too_large", f"That is more than {_MOST_BYTES} bytes.")
        return body

    try:
        return await asyncio.wait_for(read(), _BODY_TIME_S)
    except asyncio.TimeoutError as error:
        raise Problem(408, "slow_body", "The request took too long to arrive.") from error
    except ClientDisconnect as error:
        raise Problem(400, "bad_request", "The connection closed before the request had arrived.") from error


def _json(body: bytes) -> dict[str, Any]:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "bad_request", "This is not JSON in UTF-8.") from error
    if not isinstance(read, dict):
        raise Problem(400, "bad_request", "This is no JSON object.")
    return read


def _form(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError as error:
        raise Problem(400, "bad_request", "This is not a form in UTF-8.") from error
