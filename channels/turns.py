"""A turn from the message to the reply: one at a time in a conversation, in order, and always with an end."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field, replace

from channels import conversations, replies
from channels.conversations import Said, Turn
from channels.database import Database
from channels.errors import ChannelsError, Problem, RasaSlow, StoreError
from channels.metrics import Metrics
from channels.rasa_client import RasaClient
from channels.settings import Settings

log = logging.getLogger(__name__)

# With less than this part of our patience left Rasa is not asked any more: it would work for nobody.
_WORTH_ASKING = 0.1


@dataclass(frozen=True)
class Running:
    """A turn under way: what is known at once, and the task that ends with the finished turn."""

    turn: Turn
    said: Said
    task: asyncio.Task[Turn]


@dataclass
class _Lane:
    """The turns of one session that are not finished, in the order in which they arrived."""

    intake: asyncio.Lock = field(default_factory=asyncio.Lock)
    running: deque[Running] = field(default_factory=deque)
    arriving: int = 0

    def __len__(self) -> int:
        return len(self.running) + self.arriving


class Turns:
    """Takes what visitors say, in order, to Rasa."""

    def __init__(self, database: Database, rasa: RasaClient, metrics: Metrics, settings: Settings) -> None:
        self._database, self._rasa, self._metrics = database, rasa, metrics
        self._patience_s, self._queue_length, self._most = settings.patience_s, settings.queue_length, settings.streams
        self._lanes: dict[str, _Lane] = {}

    async def begin(self, session: str, said: Said) -> Running:
        """
        Accept what was said; it is answered whether or not anyone waits for it.

        Said again with the same key, it is the same turn.

        Raises:
            Problem: It cannot be accepted now, or not at all.

            StoreError: It cannot be kept.
        """
        lane = self._lanes.setdefault(session, _Lane())
        arrived = asyncio.get_running_loop().time()
        try:
            self._refuse_if_full(lane, said)
            lane.arriving += 1
            try:
                async with lane.intake:
                    return await self._enter(lane, session, said, arrived)
            finally:
                lane.arriving -= 1
        finally:
            self._leave(session, lane)

    def _refuse_if_full(self, lane: _Lane, said: Said) -> None:
        if said.key and any(running.said.key == said.key for running in lane.running):
            return
        if len(lane) > self._queue_length:
            raise Problem(429, "queue_full", "Your earlier messages are still being answered. Please wait for them.", retry_after_s=2)
        if self._rasa.in_hand >= self._most:
            raise Problem(503, "busy", "Many people are asking at this moment. Please try again in a few seconds.", retry_after_s=3)

    async def _enter(self, lane: _Lane, session: str, said: Said, arrived: float) -> Running:
        turn = await self._database.run_brief(conversations.begin, session, said, time.time())
        for running in lane.running:
            if running.turn.id == turn.id and not running.task.done():
                return running
        if turn.status == "answered":
            work = asyncio.create_task(_finished(turn))
            return Running(turn, said, work)
        before = lane.running[-1].task if lane.running else None
        task = asyncio.create_task(self._answer(turn, arrived, before))
        running = Running(turn, said, task)
        lane.running.append(running)

        def over(_: asyncio.Task[Turn]) -> None:
            lane.running.remove(running)
            self._leave(session, lane)

        task.add_done_callback(over)
        return running

    async def _answer(self, turn: Turn, arrived: float, before: asyncio.Task[Turn] | None) -> Turn:
        if before is not None and not before.done():
            await asyncio.wait({before})
        patience_s = arrived + self._patience_s - asyncio.get_running_loop().time()
        with self._metrics.turn() as outcome:
            try:
                turn = await self._ask(turn, patience_s)
                if not await self._database.run_brief(conversations.finish, turn):
                    turn = replace(turn, status="failed", replies=[], payloads=[])  # forgotten meanwhile
            except Exception as error:  # whatever it is, the visitor reads a sentence and the log has the cause
                log.error("Turn %s ends with an apology: %s", turn.id, error, exc_info=not isinstance(error, ChannelsError))
                self._metrics.errors.labels(type(error).__name__).inc()
                turn = await self._apologise(turn)
            outcome.status = turn.status
        return turn

    async def _ask(self, turn: Turn, patience_s: float) -> Turn:
        if patience_s < self._patience_s * _WORTH_ASKING:
            raise RasaSlow("Patience ran out behind earlier messages; Rasa was not asked.")
        messages = await self._rasa.ask(turn.conversation, turn.message, patience_s=patience_s)
        shown, payloads = replies.from_rasa(messages, turn.id)
        status = "failed" if all(reply["kind"] == "error" for reply in shown) else "answered"
        return replace(turn, status=status, answered_at=time.time(), replies=shown, payloads=payloads)

    async def _apologise(self, turn: Turn) -> Turn:
        turn = replace(turn, status="failed", answered_at=time.time(), replies=[replies.apology(turn.id)], payloads=[])
        with suppress(StoreError):  # then the transcript shows it as not answered, which is as true
            await self._database.run(conversations.finish, turn)
        return turn

    def cancel(self, session: str) -> None:
        """Stop what is under way for *session*; nobody wants it any more."""
        for running in list(self._lanes[session].running) if session in self._lanes else ():
            running.task.cancel()

    async def close(self) -> None:
        """Let what is under way end; that takes no longer than our patience."""
        tasks = {running.task for lane in self._lanes.values() for running in lane.running}
        if tasks:
            await asyncio.wait(tasks, timeout=self._patience_s + 1)

    @property
    def waiting(self) -> int:
        """How many turns are waiting or under way."""
        return sum(len(lane) for lane in self._lanes.values())

    def _leave(self, session: str, lane: _Lane) -> None:
        if not len(lane) and self._lanes.get(session) is lane:
            del self._lanes[session]


async def _finished(turn: Turn) -> Turn:
    return turn
