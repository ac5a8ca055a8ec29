"""
A stand-in for the gateway: its chat API over a table of replies, on a port of its own, in this process.

It can be told to be slow, to refuse, to cut the stream, and to go away, which the gateway cannot.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chat_answers import reply_to

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
PAGE_SIZE = 50


class StandIn:
    """
    The server.

    Attributes:
        pages: Path to HTML, besides the script itself at /tandem.js.

        refusals: What the next messages are answered with instead: (status, code, sentence, retry_after or None).

        cut: How many of the next streams end without "done".

        thinking: Cleared, replies wait until it is set again.

        asked: Every message that was really answered, by its text; a re-sent one is not here twice.
    """

    def __init__(self, script: Path, pages: dict[str, str]) -> None:
        self.script, self.pages = script, pages
        self.conversations: dict[str, list[dict[str, Any]]] = {}
        self.refusals: list[tuple[int, str, str, int | None]] = []
        self.cut = 0
        self.thinking = threading.Event()
        self.thinking.set()
        self.asked: list[str] = []
        self.requests: list[str] = []
        self.feedback: list[tuple[str, str | None, str]] = []
        self.port = 0
        self._number = 0
        self._http: ThreadingHTTPServer | None = None
        self.up()

    @property
    def address(self) -> str:
        """Its origin."""
        return f"http://127.0.0.1:{self.port}"

    def up(self) -> None:
        """Listen; on the same port again if it was down."""
        self._http = _Server(("127.0.0.1", self.port), _handler(self))
        self.port = self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def down(self) -> None:
        """Listen no more; what was waiting goes on."""
        self.thinking.set()
        if self._http:
            self._http.shutdown()
            self._http.server_close()
        self._http = None

    def number(self) -> int:
        """Give one that was not given before."""
        self._number += 1
        return self._number

    def begin(self, token: str, key: str, body: dict[str, Any]) -> tuple[dict[str, Any], str] | None:
        """The turn for *body*, the one there is for *key* or a new one, and what was said. None: no such button."""
        turns = self.conversations[token]
        known = next((turn for turn in turns if turn["key"] == key), None)
        offered = {found["button"]: found for turn in turns for reply in turn["replies"] for found in reply["_buttons"]}
        if "button" in body and body["button"] not in offered:
            return None
        button = offered.get(body.get("button", ""))
        text = button["title"] if button else body["text"]
        new = {"turn": f"t_{self.number()}", "key": key, "at": _now(), "text": text, "button": bool(button), "status": "new", "replies": []}
        turn = known or new
        if known is None:
            turns.append(turn)
        return turn, button["payload"] if button else text

    def finish(self, turn: dict[str, Any], said: str) -> None:
        """Answer *turn*; one that is being answered already is waited for."""
        while turn["status"] == "open":
            time.sleep(0.02)
        if turn["status"] == "answered":
            return
        turn.update(status="open", replies=[])
        self.asked.append(turn["text"])
        self.thinking.wait(20)
        turn["replies"] = [self._reply(turn["turn"], number, reply) for number, reply in enumerate(reply_to(said))]
        turn["status"] = "failed" if any(reply["kind"] == "error" for reply in turn["replies"]) else "answered"

    def _reply(self, turn: str, number: int, reply: dict[str, Any]) -> dict[str, Any]:
        buttons = []
        shown: dict[str, Any] = {"id": f"{turn}.{number}", "at": _now(), "feedback": None}
        for name, value in reply.items():
            if name in ("follow_ups", "goal_choices", "choices"):
                found = [{**one, "button": f"{turn}.b{self.number()}"} for one in value]
                buttons += found
                value = [{key: kept for key, kept in one.items() if key != "payload"} for one in found]
            shown[name] = value
        return {**shown, "_buttons": buttons}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _public(turn: dict[str, Any]) -> dict[str, Any]:
    return {**{name: value for name, value in turn.items() if name != "key"}, "replies": [_shown(reply) for reply in turn["replies"]]}


def _shown(reply: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in reply.items() if key != "_buttons"}


def _handler(stand_in: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: object) -> None:
            """Quiet."""

        def do_OPTIONS(self) -> None:
            self._send(204, b"", "text/plain")

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path == "/tandem.js":
                self._send(200, stand_in.script.read_bytes(), "text/javascript")
            elif path in stand_in.pages:
                policy = {"Content-Security-Policy": CSP} if path == "/" else {}
                self._send(200, stand_in.pages[path].encode(), "text/html; charset=utf-8", policy)
            elif path == "/api/transcript" and (token := self._token()):
                self._transcript(token)
            elif not path.startswith("/api/"):
                self._send(404, b"", "text/plain")

        def do_POST(self) -> None:
            body = self._body()
            stand_in.requests.append(self.path)
            if self.path == "/api/session":
                self._session()
            elif token := self._token():
                if self.path == "/api/start-over":
                    stand_in.conversations[token].clear()
                    self._send(204, b"", "text/plain")
                elif self.path == "/api/messages":
                    self._message(token, body)

        def do_PUT(self) -> None:
            body = self._body()
            if token := self._token():
                id = self.path.rsplit("/", 1)[-1]
                given = None if body["vote"] is None else {"vote": body["vote"], "word": body.get("word", "")}
                stand_in.feedback.append((id, body["vote"], body.get("word", "")))
                for turn in stand_in.conversations[token]:
                    for reply in turn["replies"]:
                        if reply["id"] == id:
                            reply["feedback"] = given
                self._json(200, {"reply": id, **(given or {"vote": None, "word": ""})})

        def do_DELETE(self) -> None:
            if token := self._token():
                del stand_in.conversations[token]
                self._send(204, b"", "text/plain")

        def _session(self) -> None:
            given = self.headers.get("Authorization", "").removeprefix("Bearer ")
            if given and given not in stand_in.conversations:
                return self._problem(401, "no_session", "Your conversation has expired.")
            token = given or f"token-{stand_in.number()}"
            stand_in.conversations.setdefault(token, [])
            self._json(200 if given else 201, {"token": token, "expires_at": _now()})

        def _transcript(self, token: str) -> None:
            turns = stand_in.conversations[token]
            before = parse_qs(urlsplit(self.path).query).get("before", [""])[0]
            end = next((i for i, turn in enumerate(turns) if turn["turn"] == before), len(turns))
            start = max(0, end - PAGE_SIZE)
            self._json(200, {"turns": [_public(turn) for turn in turns[start:end]], "more": start > 0})

        def _message(self, token: str, body: dict[str, Any]) -> None:
            if stand_in.refusals:
                return self._problem(*stand_in.refusals.pop(0))
            begun = stand_in.begin(token, self.headers["Idempotency-Key"], body)
            if begun is None:
                return self._problem(410, "button_gone", "This button belongs to an earlier conversation.")
            self.send_response(200)
            self._head("text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True
            for event, data in self._events(begun):
                self.wfile.write(f"event: {event}\ndata: {json.dumps(data)}\n\n: still here\n\n".encode())
                self.wfile.flush()

        def _events(self, begun: tuple[dict[str, Any], str]) -> Iterator[tuple[str, Any]]:
            turn, said = begun
            yield "typing", {"turn": turn["turn"], "at": turn["at"], "text": turn["text"]}
            if stand_in.cut:
                stand_in.cut -= 1
                return
            stand_in.finish(turn, said)
            for reply in turn["replies"]:
                yield "reply", _shown(reply)
            yield "done", {"turn": turn["turn"], "status": turn["status"]}

        def _token(self) -> str | None:
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            if token in stand_in.conversations:
                return token
            self._problem(401, "no_session", "Your conversation has expired.")
            return None

        def _body(self) -> dict[str, Any]:
            length = int(self.headers.get("Content-Length") or 0)
            return json.loads(self.rfile.read(length)) if length else {}

        def _json(self, status: int, data: object) -> None:
            self._send(status, json.dumps(data).encode(), "application/json")

        def _problem(self, status: int, code: str, sentence: str, retry_after: int | None = None) -> None:
            self._json(status, {"error": code, "sentence": sentence, **({"retry_after": retry_after} if retry_after else {})})

        def _send(self, status: int, body: bytes, kind: str, more: dict[str, str] | None = None) -> None:
            self.send_response(status)
            self._head(kind)
            for name, value in (more or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _head(self, kind: str) -> None:
            self.send_header("Content-Type", kind)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE")
            self.send_header("Access-Control-Allow-Headers", "authorization, content-type, idempotency-key")
            self.send_header("Cache-Control", "no-store")

    return Handler
