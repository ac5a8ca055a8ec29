"""The chat API: what a browser, or curl, says and hears. The shapes are in openapi.json."""

from __future__ import annotations

import re
import time
from contextlib import ExitStack
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from channels import conversations, feedback, forgetting
from channels.conversations import Said, Turn
from channels.errors import Problem, StoreError
from channels.house import House
from channels.limits import Rate, address, json_body
from channels.replies import harmless, typed
from channels.sessions import new_session
from channels.streams import EventStream, moment, shown_reply

_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
_PAGE = 50
_WORD_CHARACTERS = 500


class ChatApi:
    """The endpoints under /api. Each is one verb of the visitor."""

    def __init__(self, house: House) -> None:
        self._settings, self._sessions, self._database = house.settings, house.sessions, house.database
        self._turns, self._tracker, self._streams, self._metrics = house.turns, house.tracker, house.streams, house.metrics
        self._messages = Rate(house.settings.messages_per_minute)
        self._addresses = Rate(house.settings.address_per_minute)
        self._new_sessions = Rate(house.settings.sessions_per_minute)

    def routes(self) -> list[Route]:
        """Addresses and what answers them."""
        return [
            Route("/session", self.session, methods=["POST", "DELETE"]),
            Route("/messages", self.say, methods=["POST"]),
            Route("/transcript", self.transcript, methods=["GET"]),
            Route("/feedback/{reply}", self.vote, methods=["PUT"]),
            Route("/start-over", self.start_over, methods=["POST"]),
        ]

    async def session(self, request: Request) -> Response:
        """Tell the two verbs of this address apart."""
        return await (self.forget if request.method == "DELETE" else self.open_session)(request)

    async def open_session(self, request: Request) -> Response:
        """Get a session, or a fresh token for the one that is had."""
        if "authorization" in request.headers:
            session = self._admit(request)
            await self._database.run_brief(conversations.see, session, time.time())
            return self._token(session, 200)
        self._new_sessions.take(address(request))
        session = new_session()
        await self._database.run_brief(conversations.open_session, session, self._sessions.conversation(session, 0), time.time())
        self._metrics.sessions.inc()
        return self._token(session, 201)

    async def say(self, request: Request) -> Response:
        """Say something; hear the answer as events, or as JSON where that alone is wanted."""
        session = self._admit(request)
        self._messages.take(session)
        said = self._said(await json_body(request, self._settings.body_bytes), request.headers.get("idempotency-key"))
        with ExitStack() as place:
            place.enter_context(self._streams.one(session, address(request)))
            running = await self._turns.begin(session, said)
            if _wants_json(request):
                turn = await running.task
                return JSONResponse(shown_turn(turn, {}))
            return EventStream(running, self._settings.heartbeat_s, place.pop_all())

    async def transcript(self, request: Request) -> Response:
        """Read what was said in one's own conversation."""
        session = self._admit(request)
        if unknown := set(request.query_params) - {"before"}:
            raise Problem(400, "bad_request", f"The transcript takes the parameter 'before', not {min(unknown)[:40]!r}.")
        turns, votes, more = await self._database.run(_page, session, request.query_params.get("before"))
        return JSONResponse({"turns": [shown_turn(turn, votes) for turn in turns], "more": more})

    async def vote(self, request: Request) -> Response:
        """Judge an answer."""
        session, reply = self._admit(request), request.path_params["reply"]
        body = await json_body(request, self._settings.body_bytes)
        vote, word = body.get("vote"), body.get("word", "")
        if "vote" not in body or vote not in ("up", "down", None) or not isinstance(word, str) or set(body) - {"vote", "word"}:
            raise Problem(400, "bad_request", 'Feedback is {"vote": "up", "down" or null, "word": "if you like"}.')
        if len(word) > _WORD_CHARACTERS:
            raise Problem(413, "too_long", f"Please say it in {_WORD_CHARACTERS} characters.")
        word = harmless(word) if vote else ""
        await self._database.run(feedback.keep, session, reply, vote, word, time.time())
        self._metrics.votes.labels(vote or "taken back").inc()
        return JSONResponse({"reply": reply, "vote": vote, "word": word})

    async def start_over(self, request: Request) -> Response:
        """Begin a new conversation in the same session."""
        session = self._admit(request)
        await self._database.run(conversations.start_over, session, self._sessions.conversation, time.time())
        return Response(status_code=204)

    async def forget(self, request: Request) -> Response:
        """Have everything deleted."""
        session = self._admit(request)
        self._turns.cancel(session)
        await self._database.run(forgetting.forget, session, time.time())
        try:
            await self._database.tidy()
            await self._tracker.erase()
        except StoreError:
            sentence = "Your conversation is deleted here; a copy in another database will be deleted as soon as that answers."
            return JSONResponse({"sentence": sentence}, status_code=202)
        return Response(status_code=204)

    def _admit(self, request: Request) -> str:
        """The session of a request, counted against its address."""
        self._addresses.take(address(request))
        return self._sessions.read(request.headers.get("authorization", ""))

    def _token(self, session: str, status: int) -> Response:
        token, expires_at = self._sessions.issue(session)
        return JSONResponse({"token": token, "expires_at": moment(expires_at)}, status_code=status)

    def _said(self, body: dict[str, Any], key: str | None) -> Said:
        if key is not None and not _KEY.fullmatch(key):
            raise Problem(422, "bad_key", "An Idempotency-Key has 8 to 64 letters, digits, - or _.")
        text, button = body.get("text"), body.get("button")
        if len(body) == 1 and isinstance(button, str):
            return Said(button=button, key=key)
        if len(body) != 1 or not isinstance(text, str):
            raise Problem(400, "bad_request", 'A message is {"text": "…"} or {"button": "…"}.')
        return Said(text=typed(text, self._settings.message_characters), key=key)


def shown_turn(turn: Turn, votes: dict[str, dict[str, str]]) -> dict[str, Any]:
    """A turn as the API shows it."""
    shown = [shown_reply(reply, turn, votes.get(reply["id"])) for reply in turn.replies]
    about = {"turn": turn.id, "at": moment(turn.at), "text": turn.text, "button": turn.button is not None, "key": turn.key}
    return {**about, "status": turn.status, "replies": shown}


def _page(connection: Any, session: str, before: str | None) -> tuple[list[Turn], dict[str, dict[str, str]], bool]:
    turns, more = conversations.transcript(connection, session, time.time(), before=before, limit=_PAGE)
    return turns, feedback.given(connection, turns), more


def _wants_json(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return "application/json" in accept and "text/event-stream" not in accept
