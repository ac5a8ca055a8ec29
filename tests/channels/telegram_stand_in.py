"""
A stand-in for Telegram: its Bot API over real HTTP on loopback, and people who write and press.

It refuses what Telegram is documented to refuse (core.telegram.org/bots/api), is strict where Telegram is lenient, and
remembers every refusal: a test that has any in `refused` at its end has found a fault.
"""

from __future__ import annotations

import asyncio
import html
import json
import re
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
BOT = {"id": 110201543, "is_bot": True, "first_name": "Tandem", "username": "tandem_bot"}
_TAGS = {
    "b": r"", "strong": r"", "i": r"", "em": r"", "u": r"", "s": r"", "code": r"", "pre": r"", "tg-spoiler": r"",
    "a": r' href="[^"<>]+"', "blockquote": r"( expandable)?",
}  # fmt: skip
_TOKEN = re.compile(
    r"<(?P<close>/?)(?P<tag>[a-z-]+)(?P<more>[^<>]*)>|&(?P<entity>lt|gt|amp|quot|#\d+|#x[0-9a-f]+);|(?P<stray>[<>&])|[^<>&]+"
)


class Refused(Exception):
    """Telegram would answer with this status and description."""

    def __init__(self, description: str, status: int = 400, **parameters: Any) -> None:
        super().__init__(description)
        self.status, self.parameters = status, parameters


def read_html(text: str) -> str:
    """What is left of *text* when its markup is read; refuses what is not well formed."""
    out, opened = "", []
    for found in _TOKEN.finditer(text):
        tag = found["tag"]
        if found["stray"]:
            raise Refused(f"Bad Request: can't parse entities: unescaped {found['stray']!r} at {found.start()}")
        if tag and found["close"]:
            if not opened or opened.pop() != tag:
                raise Refused(f"Bad Request: can't parse entities: unexpected end tag {tag!r}")
        elif tag:
            if tag not in _TAGS or not re.fullmatch(_TAGS[tag], found["more"]):
                raise Refused(f"Bad Request: can't parse entities: unsupported start tag {found[0]!r}")
            if {"code", "pre"} & set(opened) or (tag == "blockquote" and tag in opened):
                raise Refused(f"Bad Request: can't parse entities: {tag!r} inside {opened}")
            opened.append(tag)
        else:
            out += html.unescape(found[0])
    if opened:
        raise Refused(f"Bad Request: can't parse entities: no end tag for {opened}")
    return out


def check_keyboard(markup: Any) -> list[list[dict[str, Any]]]:
    """An inline keyboard as documented."""
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, list) and row for row in rows):
        raise Refused("Bad Request: inline keyboard must be an array of arrays")
    keys = [key for row in rows for key in row]
    if len(keys) > 100 or any(len(row) > 8 for row in rows):
        raise Refused("Bad Request: too many keys")
    for key in keys:
        if set(key) != {"text", "callback_data"} or not key["text"].strip():
            raise Refused("Bad Request: a key needs a text and one action")
        if not 1 <= len(key["callback_data"].encode()) <= 64:
            raise Refused("Bad Request: BUTTON_DATA_INVALID")
    return rows


@dataclass
class StandInTelegram:
    """
    Takes calls until told otherwise: what `next_calls` holds is done with the next calls of that method instead.

    A number is the status to fail with, a dict the parameters of a failure, "400 why" a refusal; "hang up" closes the
    connection unheard, and "lost" does it after the call was done.
    """

    port: int = 0
    next_calls: dict[str, deque[Any]] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    chats: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    queries: dict[str, Any] = field(default_factory=dict)
    queue: list[Any] = field(default_factory=list)
    webhook: dict[str, Any] = field(default_factory=dict)
    commands: list[dict[str, str]] = field(default_factory=list)
    last_update: int = 1000
    _last_message: int = 0
    _silent_until: dict[int, float] = field(default_factory=dict)
    _server: asyncio.AbstractServer | None = None
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen; on the same port again if it was stopped before."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def kill(self) -> None:
        """As if the network were gone."""
        if self._server is not None:
            self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()
        await asyncio.sleep(0)

    def fail(self, method: str, *how: Any) -> None:
        """Have the next calls of *method* go so."""
        self.next_calls.setdefault(method, deque()).extend(how)

    def shown(self, chat: int) -> list[str]:
        """What stands in *chat*, as people read it."""
        return [message["text"] for message in self.chats.get(chat, []) if message["from"]["id"] == BOT["id"]]

    def number(self) -> int:
        """The next message's."""
        self._last_message += 1
        return self._last_message

    def update(self, **what: Any) -> dict[str, Any]:
        """An update with a number of its own."""
        self.last_update += 1
        return {"update_id": self.last_update, **what}

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
                size = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
                body = await reader.readexactly(int(size[1])) if size else b""
                answer = await self._respond(head.split(" ")[1], body)
                if answer is None:
                    return
                writer.write(answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _respond(self, target: str, body: bytes) -> bytes | None:
        parts = urlsplit(target)
        _, bot, method = parts.path.split("/")
        given = {name: _value(name, value) for name, value in [*parse_qsl(parts.query), *parse_qsl(body.decode())]}
        self.calls.append((method, given))
        how = self.next_calls[method].popleft() if self.next_calls.get(method) else None
        try:
            if how == "hang up":
                return None
            if isinstance(how, int):
                raise Refused("Internal Server Error", how)
            if isinstance(how, str) and how.startswith("400 "):
                raise Refused(f"Bad Request: {how[4:]}")
            if isinstance(how, dict) and "migrate_to_chat_id" in how:
                raise Refused("Bad Request: group chat was upgraded to a supergroup chat", **how)
            if isinstance(how, dict):
                self._silent_until[given.get("chat_id", 0)] = time.monotonic() + how["retry_after"]
                raise Refused("Too Many Requests", 429, **how)
            if bot != f"bot{TOKEN}":
                raise Refused("Unauthorized", 401)
            known = getattr(self, f"_{re.sub('([A-Z])', lambda found: f'_{found[1].lower()}', method)}", None)
            if known is None:
                raise Refused("Not Found", 404)
            result = await known(**given)
            return None if how == "lost" else _response({"ok": True, "result": result})
        except Refused as error:
            if how is None:
                self.refused.append(f"{method}: {error}")
            failed = {"ok": False, "error_code": error.status, "description": str(error)}
            return _response({**failed, "parameters": error.parameters} if error.parameters else failed, error.status)
        except TypeError as error:
            self.refused.append(f"{method}: {error}")
            return _response({"ok": False, "error_code": 400, "description": f"Bad Request: {error}"}, 400)

    def _check_pace(self, chat: int) -> None:
        if time.monotonic() < self._silent_until.get(chat, 0) - 0.01:
            raise Refused("Too Many Requests: sooner than told", 429, retry_after=1)
        if chat in self.blocked:
            raise Refused("Forbidden: bot was blocked by the user", 403)

    async def _get_me(self) -> dict[str, Any]:
        return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}

    async def _send_message(
        self,
        chat_id: int,
        text: str,
        parse_mode: str | None = None,
        reply_markup: Any = None,
        message_thread_id: int | None = None,
        reply_parameters: Any = None,
        link_preview_options: Any = None,
        entities: Any = None,
    ) -> dict[str, Any]:
        self._check_pace(chat_id)
        if parse_mode not in (None, "HTML"):
            raise Refused(f"Bad Request: unsupported parse_mode {parse_mode!r}")
        read = read_html(str(text)) if parse_mode else str(text)
        if not read.strip():
            raise Refused("Bad Request: message text is empty")
        if len(read.encode("utf-16-le")) // 2 > 4096:
            raise Refused("Bad Request: message is too long")
        keyboard = None if reply_markup is None else check_keyboard(reply_markup)
        message = {"message_id": self.number(), "from": BOT, "date": int(time.time()), "chat": _chat(chat_id), "text": read}
        if keyboard:
            message["reply_markup"] = {"inline_keyboard": keyboard}
        about = {"html": text, "thread": message_thread_id, "reply_to": (reply_parameters or {}).get("message_id")}
        self.chats.setdefault(chat_id, []).append({**message, **about})
        return message

    async def _edit_message_reply_markup(self, chat_id: int, message_id: int, reply_markup: Any = None) -> dict[str, Any]:
        self._check_pace(chat_id)
        keyboard = check_keyboard(reply_markup or {"inline_keyboard": []})
        message = next((one for one in self.chats.get(chat_id, []) if one["message_id"] == message_id), None)
        if message is None:
            raise Refused("Bad Request: message to edit not found")
        if message.get("reply_markup", {"inline_keyboard": []}) == {"inline_keyboard": keyboard}:
            raise Refused("Bad Request: message is not modified")
        message["reply_markup"] = {"inline_keyboard": keyboard}
        return {name: message[name] for name in ("message_id", "from", "date", "chat", "text", "reply_markup")}

    async def _send_chat_action(self, chat_id: int, action: str, message_thread_id: int | None = None) -> bool:
        self._check_pace(chat_id)
        if action != "typing":
            raise Refused("Bad Request: wrong parameter action in request")
        return True

    async def _answer_callback_query(self, callback_query_id: str, text: str = "") -> bool:
        if self.queries.get(str(callback_query_id), "unknown") is not None:
            raise Refused("Bad Request: query is too old and response timeout expired or query ID is invalid")
        if len(text) > 200:
            raise Refused("Bad Request: MESSAGE_TOO_LONG")
        self.queries[str(callback_query_id)] = text
        return True

    async def _set_my_commands(self, commands: Any) -> bool:
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]) or not 1 <= len(command["description"]) <= 256:
                raise Refused("Bad Request: BOT_COMMAND_INVALID")
        self.commands = commands
        return True

    async def _set_webhook(self, url: str, secret_token: str = "", allowed_updates: Any = None, max_connections: int = 40) -> bool:
        if not url.startswith("https://") or not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret_token):
            raise Refused("Bad Request: bad webhook")
        self.webhook = {"url": url, "secret_token": secret_token, "allowed_updates": allowed_updates}
        return True

    async def _delete_webhook(self, drop_pending_updates: bool = False) -> bool:
        self.webhook = {}
        return True

    async def _get_updates(self, offset: int = 0, timeout: int = 0, limit: int = 100, allowed_updates: Any = None) -> list[Any]:
        if self.webhook:
            raise Refused(
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first", 409
            )
        self.queue = [one for one in self.queue if _number(one) is None or _number(one) >= offset]
        until = time.monotonic() + timeout
        while not self.queue and time.monotonic() < until:
            await asyncio.sleep(0.01)
        told = self.queue[:limit]
        self.queue = [one for one in self.queue if _number(one) is not None]  # nonsense cannot be confirmed
        return told


@dataclass
class Person:
    """Somebody who writes to the bot, in their own chat or in a group. Makes updates; a test delivers them."""

    telegram: StandInTelegram
    id: int
    group: int | None = None
    thread: int | None = None

    @property
    def chat(self) -> int:
        """Where they write."""
        return self.group or self.id

    def writes(self, text: str, **more: Any) -> dict[str, Any]:
        """The update of a message with the entities that Telegram finds in it."""
        entities = [
            {
                "type": "bot_command" if found[0].startswith("/") else "mention",
                "offset": units(text[: found.start()]),
                "length": units(found[0]),
            }
            for found in re.finditer(r"(?:(?<=\s)|^)/\w+(@\w+)?|(?<!\w)@\w+", text)
        ]
        return self.sends(text=text, **({"entities": entities} if entities else {}), **more)

    def sends(self, **what: Any) -> dict[str, Any]:
        """The update of a message of any kind."""
        thread = {"message_thread_id": self.thread, "is_topic_message": True} if self.thread else {}
        message = {
            "message_id": self.telegram.number(),
            "date": int(time.time()),
            "from": self._me(),
            "chat": _chat(self.chat),
            **thread,
            **what,
        }
        self.telegram.chats.setdefault(self.chat, []).append(message)
        return self.telegram.update(message=message)

    def presses(self, title: str, message: dict[str, Any] | None = None) -> dict[str, Any]:
        """The update of a press on the latest key of that title in the chat, or on that of *message*."""
        messages = [message] if message else reversed(self.telegram.chats[self.chat])
        for one in messages:
            for key in (key for row in one.get("reply_markup", {}).get("inline_keyboard", []) for key in row):
                if key["text"] == title:
                    return self.calls_back(key["callback_data"], one)
        raise AssertionError(f"there is no key {title!r} in {self.telegram.chats[self.chat]}")

    def calls_back(self, data: str, message: dict[str, Any] | None) -> dict[str, Any]:
        """The update of a press on a key that carries *data*."""
        query = str(10_000 + len(self.telegram.queries))
        self.telegram.queries[query] = None
        about = {"message": json.loads(json.dumps(message))} if message else {}
        return self.telegram.update(callback_query={"id": query, "from": self._me(), "chat_instance": "1", "data": data, **about})

    def keys(self) -> list[list[str]]:
        """The latest keyboard in the chat, by its titles."""
        keyboards = [one["reply_markup"]["inline_keyboard"] for one in self.telegram.chats[self.chat] if "reply_markup" in one]
        return [[key["text"] for key in row] for row in keyboards[-1]]

    def _me(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "first_name": "Ann", "language_code": "en"}


def units(text: str) -> int:
    """How long Telegram finds it."""
    return len(text.encode("utf-16-le")) // 2


def _chat(id: int) -> dict[str, Any]:
    return {"id": id, "type": "private", "first_name": "Ann"} if id > 0 else {"id": id, "type": "supergroup", "title": "Runners"}


def _number(update: Any) -> int | None:
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else None


def _value(name: str, text: str) -> Any:
    return json.loads(text) if name != "text" and re.fullmatch(r"-?\d+|\{.*\}|\[.*\]|true|false", text, re.DOTALL) else text


def _response(answer: dict[str, Any], status: int = 200) -> bytes:
    body = json.dumps(answer).encode()
    return f"HTTP/1.1 {status} Whatever\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
