"""
A stand-in for Slack: its Web API, response addresses and Socket Mode on loopback, and people who use it.

It refuses what Slack refuses (slack_rules.py), and complains where we are not acknowledging in time.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
from aiohttp import WSMsgType, web
from slack_rules import message_complaints, view_complaints

Json = dict[str, Any]

TOKEN, APP_TOKEN, SECRET, BOT = "xoxb-stand-in", "xapp-stand-in", "the signing secret of the stand-in", "UBOT"
_ACK_S = 3.0
_MESSAGE = {"channel", "thread_ts", "text", "blocks", "unfurl_links", "unfurl_media", "ts", "user"}
_RESPONSE = {"text", "blocks", "response_type", "replace_original", "delete_original"}


def signed(body: bytes, *, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """The headers with which Slack sends *body*."""
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


@dataclass
class StandInSlack:
    """
    Messages by channel and time, ephemeral ones by response address, home tabs and forms by person.

    `faults` are taken one by each request: a status, with Retry-After if it is 429, 0 to hang up, 200 for none.
    """

    messages: dict[tuple[str, str], Json] = field(default_factory=dict)
    ephemeral: dict[str, list[Json]] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)
    forms: list[Json] = field(default_factory=list)
    calls: list[tuple[str, Json]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    faults: list[int] = field(default_factory=list)
    retry_after: str = "1"
    acknowledged: dict[str, Any] = field(default_factory=dict)
    port: int = 0
    _runner: web.AppRunner | None = None
    _socket: web.WebSocketResponse | None = None
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen; on the same port again if it was stopped before."""
        app = web.Application()
        app.router.add_post("/api/{method}", self._api)
        app.router.add_post("/response/{id}", self._respond)
        app.router.add_get("/socket", self._open_socket)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await (site := web.TCPSite(self._runner, "127.0.0.1", self.port)).start()
        self.port = site._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Nobody listens any more."""
        if self._runner is not None:
            await self._runner.cleanup()

    def ts(self) -> str:
        """The time of a message, which is also its name."""
        return f"{1_700_000_000 + next(self._numbers)}.000100"

    def respond_at(self) -> str:
        """A new response address."""
        id = f"r{next(self._numbers)}"
        self.ephemeral[id] = []
        return f"{self.url}/response/{id}"

    def said_in(self, channel: str) -> list[Json]:
        """The messages of a channel, oldest first."""
        return [message for (where, _), message in sorted(self.messages.items(), key=lambda item: item[0][1]) if where == channel]

    async def _fault(self) -> web.Response | None:
        if not self.faults:
            return None
        if (status := self.faults.pop(0)) == 200:
            return None
        if status == 0:
            raise ConnectionResetError
        body = {"ok": False, "error": "ratelimited" if status == 429 else "internal_error"}
        return web.json_response(body, status=status, headers={"Retry-After": self.retry_after} if status == 429 else {})

    async def _api(self, request: web.Request) -> web.StreamResponse:
        try:
            if (fault := await self._fault()) is not None:
                return fault
        except ConnectionResetError:
            request.transport.abort()
            return web.Response(status=500)
        method = request.match_info["method"]
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token != (APP_TOKEN if method == "apps.connections.open" else TOKEN):
            return web.json_response({"ok": False, "error": "invalid_auth"})
        body = json.loads(await request.text() or "{}") if request.content_type == "application/json" else dict(await request.post())
        self.calls.append((method, body))
        return web.json_response(self._answer(method, body))

    def _answer(self, method: str, body: Json) -> Json:
        does = {
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "chat.postEphemeral": self._post_ephemeral,
            "views.publish": self._publish,
            "views.open": self._open_form,
            "auth.test": lambda _: {"ok": True, "user_id": BOT, "team_id": "T1"},
            "apps.connections.open": lambda _: {"ok": True, "url": f"{self.url}/socket".replace("http", "ws")},
        }
        return does[method](body) if method in does else self._refuse("unknown_method", [method])

    def _refuse(self, error: str, complaints: list[str]) -> Json:
        self.complaints += complaints
        return {"ok": False, "error": error, "response_metadata": {"messages": complaints}}

    def _post(self, body: Json) -> Json:
        found = message_complaints(body) + [f"a message has no {name}" for name in set(body) - _MESSAGE]
        if found:
            return self._refuse("invalid_blocks", found)
        if str(body.get("channel", ""))[:1] not in ("C", "D", "G", "U"):
            return self._refuse("channel_not_found", [str(body.get("channel"))])
        channel = f"D{body['channel'][1:]}" if body["channel"].startswith("U") else body["channel"]
        ts = self.ts()
        self.messages[channel, ts] = {**body, "channel": channel, "ts": ts}
        return {"ok": True, "channel": channel, "ts": ts}

    def _update(self, body: Json) -> Json:
        if (body.get("channel"), body.get("ts")) not in self.messages:
            return self._refuse("message_not_found", [f"{body.get('channel')} {body.get('ts')}"])
        if found := message_complaints(body):
            return self._refuse("invalid_blocks", found)
        self.messages[body["channel"], body["ts"]].update(body)
        return {"ok": True, "channel": body["channel"], "ts": body["ts"]}

    def _post_ephemeral(self, body: Json) -> Json:
        if found := message_complaints(body):
            return self._refuse("invalid_blocks", found)
        self.ephemeral.setdefault(f"{body['channel']} {body['user']}", []).append(body)
        return {"ok": True, "message_ts": self.ts()}

    def _publish(self, body: Json) -> Json:
        if found := view_complaints(body["view"]):
            return self._refuse("invalid_arguments", found)
        self.homes[body["user_id"]] = body["view"]
        return {"ok": True}

    def _open_form(self, body: Json) -> Json:
        found = view_complaints(body["view"]) + ([] if body.get("trigger_id") else ["no trigger_id"])
        if found:
            return self._refuse("invalid_arguments", found)
        self.forms.append(body["view"])
        return {"ok": True, "view": {"id": "V1"}}

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        try:
            if (fault := await self._fault()) is not None:
                return fault
        except ConnectionResetError:
            request.transport.abort()
            return web.Response(status=500)
        body, kept = await request.json(), self.ephemeral.get(request.match_info["id"])
        if kept is None:
            return web.Response(status=404, text="expired_url")
        found = message_complaints(body) + [f"a response has no {name}" for name in set(body) - _RESPONSE]
        self.complaints += found + (["a response address is used more than five times"] if len(kept) >= 5 else [])
        if found or len(kept) >= 5:
            return web.json_response({"ok": False, "error": "invalid_blocks"}, status=404 if len(kept) >= 5 else 400)
        kept.append(body)
        return web.Response(text="ok")

    async def _open_socket(self, request: web.Request) -> web.StreamResponse:
        self._socket = socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}})
        async for message in socket:
            if message.type == WSMsgType.TEXT and (answer := json.loads(message.data)).get("envelope_id"):
                self.acknowledged[answer["envelope_id"]] = answer.get("payload")
        return socket

    async def through_socket(self, kind: str, payload: Json, **more: Any) -> Any:
        """Send an envelope by Socket Mode and wait until it is acknowledged; gives what came with that."""
        await until(lambda: self._socket is not None and not self._socket.closed)
        id = f"e{next(self._numbers)}"
        await self._socket.send_json({"type": kind, "envelope_id": id, "payload": payload, "accepts_response_payload": True, **more})
        await until(lambda: id in self.acknowledged, within_s=_ACK_S)
        return self.acknowledged[id]

    async def hang_up(self) -> None:
        """Ask for another connection, as Slack does now and then to move an app to another server."""
        socket, self._socket = self._socket, None
        await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
        await until(lambda: socket.closed)


async def until(true: Callable[[], Any], *, within_s: float = 4.0) -> Any:
    """Wait until something is so, and give it."""
    for _ in range(int(within_s / 0.01)):
        if found := true():
            return found
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to be so")


Send = Callable[[str, bytes, dict[str, str]], Awaitable[httpx.Response]]


@dataclass
class Workspace:
    """People in Slack, and the requests that reach us for what they do."""

    slack: StandInSlack
    http: httpx.AsyncClient
    secret: str = SECRET

    async def send(self, path: str, body: bytes, kind: str = "application/json", **headers: str) -> httpx.Response:
        """A signed request; it must be acknowledged in time."""
        headers = {
            "Content-Type": kind,
            **signed(body, secret=self.secret),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        started = time.monotonic()
        response = await self.http.post(path, content=body, headers=headers)
        assert time.monotonic() - started < _ACK_S, "not acknowledged within three seconds"
        return response

    async def event(self, event: Json, *, id: str = "", **headers: str) -> httpx.Response:
        """Tell us of an event."""
        return await self.send("/slack/events", json.dumps(envelope(event, id or f"Ev{self.slack.ts()}")).encode(), **headers)

    async def action(self, payload: Json) -> httpx.Response:
        """Tell us what someone did."""
        return await self.send("/slack/actions", urlencode({"payload": json.dumps(payload)}).encode(), "application/x-www-form-urlencoded")

    async def direct(self, user: str, text: str, **more: Any) -> httpx.Response:
        """Someone writes to us directly."""
        return await self.event(message(user, f"D{user[1:]}", text, self.slack.ts(), channel_type="im", **more))

    async def mention(self, user: str, text: str, channel: str = "C1", **more: Any) -> httpx.Response:
        """Someone mentions us in a channel."""
        return await self.event({**message(user, channel, f"<@{BOT}> {text}", self.slack.ts(), **more), "type": "app_mention"})

    async def command(self, user: str, text: str, channel: str = "C1") -> tuple[httpx.Response, list[Json]]:
        """Someone types /tandem; what they see comes at the response address."""
        address = self.slack.respond_at()
        form = {"command": "/tandem", "text": text, "user_id": user, "channel_id": channel, "team_id": "T1", "response_url": address}
        body = urlencode({**form, "trigger_id": f"t{self.slack.ts()}", "is_enterprise_install": "false"}).encode()
        response = await self.send("/slack/commands", body, "application/x-www-form-urlencoded")
        return response, self.slack.ephemeral[address.rpartition("/")[2]]

    async def press(self, user: str, on: Json, title: str, **more: Any) -> httpx.Response:
        """Someone presses the button of that title on a message."""
        (button,) = [each for each in buttons(on) if each["text"]["text"] == title]
        return await self.action(self.pressed(user, on, button, **more))

    def pressed(self, user: str, on: Json, button: Json, **more: Any) -> Json:
        """What Slack tells of a press."""
        thread = {"thread_ts": on["thread_ts"]} if on.get("thread_ts") else {}
        return {
            "type": "block_actions",
            "user": {"id": user, "username": "someone", "team_id": "T1"},
            "api_app_id": "A1",
            "team": {"id": "T1", "domain": "stand-in"},
            "trigger_id": f"t{self.slack.ts()}",
            "container": {"type": "message", "message_ts": on["ts"], "channel_id": on["channel"], "is_ephemeral": False, **thread},
            "channel": {"id": on["channel"], "name": "somewhere"},
            "message": {"type": "message", "user": BOT, "ts": on["ts"], "text": on["text"], "blocks": on["blocks"], **thread},
            "response_url": self.slack.respond_at(),
            "actions": [{**button, "block_id": "b", "action_ts": self.slack.ts()}],
            **more,
        }

    async def answers(self, channel: str, count: int) -> list[Json]:
        """Wait until there are so many messages in a channel."""
        return await until(lambda: len(found := self.slack.said_in(channel)) >= count and found)


def envelope(event: Json, id: str) -> Json:
    """An event as the Events API wraps it."""
    authorization = {"enterprise_id": None, "team_id": "T1", "user_id": BOT, "is_bot": True, "is_enterprise_install": False}
    about = {"token": "old", "team_id": "T1", "api_app_id": "A1", "type": "event_callback", "event_id": id, "event_time": 1_700_000_000}
    return {**about, "event": event, "authorizations": [authorization], "is_ext_shared_channel": False, "event_context": "4-x"}


def message(user: str, channel: str, text: str, ts: str, **more: Any) -> Json:
    """A message event, with what Slack adds to it."""
    about = {
        "type": "message",
        "user": user,
        "channel": channel,
        "text": text,
        "ts": ts,
        "event_ts": ts,
        "team": "T1",
        "client_msg_id": f"m{ts}",
    }
    return {**about, "blocks": [{"type": "rich_text", "block_id": "x", "elements": []}], **more}


def buttons(shown: Json) -> list[Json]:
    """The buttons of a message or a view."""
    return [each for block in shown["blocks"] if block["type"] == "actions" for each in block["elements"]]


def words(shown: Json) -> str:
    """All text of a message or a view."""
    return json.dumps(shown["blocks"], ensure_ascii=False)
