"""A turn as server-sent events: typing at once, a sign of life while waiting, the replies, done."""

from __future__ import annotations

import asyncio
import json
from contextlib import AbstractContextManager
from datetime import datetime, timezone
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from channels.conversations import Turn
from channels.turns import Running

_STILL_HERE = b": still here\n\n"


def moment(seconds: float) -> str:
    """A time in UTC, as the API writes it."""
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def shown_reply(reply: dict[str, Any], turn: Turn, feedback: dict[str, Any] | None = None) -> dict[str, Any]:
    """A reply as the API shows it."""
    return {**reply, "at": moment(turn.answered_at or turn.at), "feedback": feedback}


def event(name: str, data: dict[str, Any]) -> bytes:
    """One server-sent event."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


class EventStream(Response):
    """
    The events of a turn as they come, holding *place* until the last.

    A visitor who leaves is not watched for: a turn ends within our patience, and so does this.
    """

    media_type = "text/event-stream"

    def __init__(self, running: Running, heartbeat_s: float, place: AbstractContextManager[Any, Any]) -> None:
        self._running, self._heartbeat_s, self._place = running, heartbeat_s, place
        self.status_code, self.background = 200, None
        self.init_headers({"X-Accel-Buffering": "no"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events."""

        async def say(chunk: bytes, *, more: bool = True) -> None:
            await send({"type": "http.response.body", "body": chunk, "more_body": more})

        turn, task = self._running.turn, self._running.task
        with self._place:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await say(event("typing", {"turn": turn.id, "at": moment(turn.at), "text": turn.text, "key": turn.key}))
            while not (await asyncio.wait({task}, timeout=self._heartbeat_s))[0]:
                await say(_STILL_HERE)
            await say(_ending(turn, task.result() if _came_to_an_end(task) else None), more=False)


def _ending(turn: Turn, done: Turn | None) -> bytes:
    replies = [event("reply", shown_reply(reply, done)) for reply in done.replies] if done else []
    return b"".join(replies) + event("done", {"turn": turn.id, "status": done.status if done else "failed"})


def _came_to_an_end(task: asyncio.Task[Turn]) -> bool:
    return not task.cancelled() and task.exception() is None
