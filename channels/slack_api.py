"""Slack's Web API and response addresses, called once: whether to try again, the caller decides. The address of slack_sdk's clients."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from channels.deliveries import Unsent

_PATIENCE_S = 10
# How often a connection shows that it is alive; one that does not is closed, and opened anew.
_HEARTBEAT_S = 20
# Where Slack's response addresses are; nowhere else is anything posted to.
_RESPONSES = ("hooks.slack.com", "hooks.slack-gov.com")
_PASSING = ("internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org", "accesslimited")


class SlackApi:
    """Calls with the token of the app; connections are kept."""

    def __init__(self, token: str, url: str) -> None:
        self._token, self._url, self._hosts = token, url, (*_RESPONSES, urlsplit(url).netloc)
        self._kept: aiohttp.ClientSession | None = None

    async def call(self, method: str, *, token: str = "", **arguments: Any) -> Mapping[str, Any]:
        """
        Call *method* and give what it says.

        Raises:
            Unsent: It is called too often, has trouble of its own or cannot be reached; or, finally, it refuses that.
        """
        client = AsyncWebClient(token or self._token, self._url, session=self._session(), retry_handlers=[])
        try:
            answer = await client.api_call(method, json=arguments)
        except SlackApiError as error:
            raise _meaning(method, error) from error
        except (aiohttp.ClientError, asyncio.TimeoutError, SlackClientError, OSError) as error:
            raise Unsent(f"Slack cannot be reached for {method} ({type(error).__name__}).") from error
        return answer.data if isinstance(answer.data, Mapping) else {}

    async def respond(self, address: str, message: Mapping[str, Any]) -> None:
        """
        Post *message* to the response address that came with a command or a press.

        Raises:
            Unsent: As for `call`; finally too where the address is used up, after five messages or half an hour.
        """
        if urlsplit(address).netloc not in self._hosts:
            raise Unsent("A response address is not Slack's; nothing was sent there.", final=True)
        client = AsyncWebhookClient(address, session=self._session(), retry_handlers=[])
        try:
            answer = await client.send_dict(dict(message))
        except (aiohttp.ClientError, asyncio.TimeoutError, SlackClientError, OSError) as error:
            raise Unsent(f"Slack cannot be reached at a response address ({type(error).__name__}).") from error
        if answer.status_code != 200:
            raise _by_status("a response address", answer.status_code, answer.headers, str(answer.body)[:80])

    @asynccontextmanager
    async def socket(self, url: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """
        Open a connection for Socket Mode.

        Raises:
            Unsent: There is none to be had.
        """
        try:
            socket = await self._session().ws_connect(url, heartbeat=_HEARTBEAT_S)
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
            raise Unsent(f"Slack cannot be reached for Socket Mode ({type(error).__name__}).") from error
        try:
            yield socket
        finally:
            await socket.close()

    async def close(self) -> None:
        """Hang up."""
        if self._kept is not None:
            await self._kept.close()

    def _session(self) -> aiohttp.ClientSession:
        if self._kept is None or self._kept.closed:
            self._kept = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_PATIENCE_S), trust_env=True)
        return self._kept


def _meaning(method: str, error: SlackApiError) -> Unsent:
    answer = error.response
    said = answer.data if isinstance(getattr(answer, "data", None), Mapping) else {}
    code, about = str(said.get("error", "no reason given")), said.get("response_metadata")
    status = getattr(answer, "status_code", None) or getattr(answer, "status", 0)
    if code in ("ratelimited", "rate_limited"):
        status = 429
    elif code in _PASSING:
        status = 503
    reasons = about.get("messages") if isinstance(about, Mapping) else None
    return _by_status(method, status, getattr(answer, "headers", {}), f"{code} {reasons or ''}".strip())


def _by_status(what: str, status: int, headers: Mapping[str, str], reason: str) -> Unsent:
    if status == 429:
        wait = {name.lower(): value for name, value in headers.items()}.get("retry-after", "")
        return Unsent(f"Slack wants a pause at {what}.", retry_after_s=int(wait) if wait.isascii() and wait.isdigit() else 1)
    if status >= 500:
        return Unsent(f"Slack has trouble of its own at {what} (status {status}, {reason}).")
    return Unsent(f"Slack refuses {what}: {reason}.", final=True)
