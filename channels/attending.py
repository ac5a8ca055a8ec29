"""What is done with one delivery: the turn that answers it, or another verb, and the sending of what came of that."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TypeVar

from channels import conversations, deliveries, forgetting, goals
from channels.conversations import Turn
from channels.database import Database
from channels.deliveries import Channel, Kept, Sending, Unsent
from channels.errors import Problem, StoreError
from channels.metrics import Metrics
from channels.sessions import Sessions
from channels.settings import Settings
from channels.tasks import end
from channels.tracker import Tracker
from channels.turns import Turns

Result = TypeVar("Result")
log = logging.getLogger(__name__)

FRESH = "A fresh start: I have put your goals aside. What would you like to know?"
FORGOTTEN = "Forgotten. Nothing of our conversation is kept."
PARTLY_FORGOTTEN = "Our conversation is deleted here; a copy in another database will be deleted as soon as that answers."
# How often sending is tried, and the longest of the pauses, which double.
_TRIES = 9
_LONGEST_PAUSE_S = 60.0
_SHORTEST_PAUSE_S = 0.05
# A reply that a platform does not want for that long is not sent any more.
_LONGEST_WAIT_S = 3_600.0


class Stopping(Exception):
    """The application ends; what is not done is taken up at the next start."""


def note(text: str) -> Turn:
    """Words of the house, in the shape of a turn, so that channels show them like any other."""
    return Turn("", "", time.time(), "", "", status="note", replies=[{"id": "", "kind": "talk", "text": text}])


class Attendant:
    """Answers one delivery at a time for each person, and many people's at once."""

    # After the first failure; then twice as long each time.
    pause_s = 1.0

    def __init__(
        self, database: Database, sessions: Sessions, turns: Turns, tracker: Tracker, metrics: Metrics, settings: Settings
    ) -> None:
        self._database, self._sessions, self._turns, self._tracker, self._metrics = database, sessions, turns, tracker, metrics
        self._places = asyncio.Semaphore(settings.rasa_connections)
        self.goals = partial(goals.question, settings.given("knowledge").get("url"))
        self.stopping = asyncio.Event()

    async def attend(self, kept: Kept, channel: Channel) -> None:
        """
        See to it that *kept* is answered, and nothing of it stays but that it was.

        Raises:
            Stopping: That has to wait until the next start.
        """
        outcome = "failed"
        try:
            typing = asyncio.create_task(_quietly(channel, kept))
            try:
                turn = await self._insisting(lambda: self._turn(kept))
            finally:
                await end(typing)
            outcome = await self._show(kept, channel, turn) if turn else "void"
        except Stopping:
            raise
        except Exception as error:  # whatever a channel stumbles over, the next delivery is not the worse for it
            log.exception("A delivery of %s could not be answered.", kept.channel)
            self._metrics.errors.labels(type(error).__name__).inc()
        self._metrics.deliveries.labels(kept.channel, outcome).inc()
        await self._insisting(lambda: self._database.run_brief(deliveries.done, [kept.number]))

    async def _turn(self, kept: Kept) -> Turn | None:
        """What there is to show; None if nobody waits for it any more."""
        if kept.verb == "note":
            return note(kept.said.text)
        if kept.verb == "forget":
            return note(await self._forget(kept.session))
        if kept.verb == "start_over":
            with suppress(Problem):  # nothing to put aside
                await self._database.run_brief(conversations.start_over, kept.session, self._sessions.conversation, time.time())
            return note(FRESH)
        try:
            return await (self._goals(kept) if kept.verb == "goals" else self._say(kept))
        except Problem as problem:
            return note(problem.sentence)

    async def _say(self, kept: Kept) -> Turn | None:
        said = replace(kept.said, key=kept.key)
        for _ in range(_TRIES):
            if kept.void:
                return None
            async with self._places:
                try:
                    running = await self._turns.begin(kept.session, said)
                    await asyncio.wait({running.task})
                    return None if running.task.cancelled() else running.task.result()
                except Problem as problem:
                    refusal = problem
            if refusal.code == "no_session":
                await self._open(kept.session)
            elif refusal.retry_after_s is not None:  # the house is full: who writes from elsewhere has time
                await self._pause(refusal.retry_after_s)
            else:
                break
        raise refusal

    async def _goals(self, kept: Kept) -> Turn:
        """The goals to choose from, as a turn of the conversation, so that its buttons can be pressed."""
        message = await asyncio.to_thread(self.goals)
        arguments = (kept.session, message, kept.key, time.time())
        try:
            return await self._database.run_brief(goals.offer, *arguments)
        except Problem:
            await self._open(kept.session)
            return await self._database.run_brief(goals.offer, *arguments)

    async def _open(self, session: str) -> None:
        """Begin at a number that nobody used: what was forgotten under an old one is still being deleted."""
        number = secrets.randbelow(2**30)
        conversation = self._sessions.conversation(session, number)
        await self._database.run_brief(conversations.open_session, session, conversation, time.time(), number)
        self._metrics.sessions.inc()

    async def _forget(self, session: str) -> str:
        self._turns.cancel(session)
        with suppress(Problem):  # nothing to forget
            await self._database.run(forgetting.forget, session, time.time())
        try:
            await self._database.tidy()
            await self._tracker.erase()
        except StoreError:
            return PARTLY_FORGOTTEN
        return FORGOTTEN

    async def _show(self, kept: Kept, channel: Channel, turn: Turn) -> str:
        """Send *turn*, again and again if it must be, but not for ever."""

        async def remember(steps: int) -> None:
            kept.sent = steps
            if turn.status != "failed":  # an apology may be followed by the answer
                with suppress(StoreError):
                    await self._database.run_brief(deliveries.sent, kept.number, steps)

        failures, waited_s = 0, 0.0
        while not kept.void:
            try:
                await channel.show(kept.where, turn, Sending(kept.sent, remember))
                return turn.status
            except Unsent as error:
                log.warning("%s did not take a reply: %s", kept.channel, error)
                self._metrics.errors.labels("Unsent").inc()
                failures += error.retry_after_s is None
                pause_s = self._backing_off(failures) if error.retry_after_s is None else max(error.retry_after_s, _SHORTEST_PAUSE_S)
                waited_s += pause_s
                if error.final or failures == _TRIES or waited_s > _LONGEST_WAIT_S:
                    break
                await self._pause(pause_s)
        return "unsent"

    async def _insisting(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """Do it, and while the database is away, try again."""
        failures = 0
        while True:
            try:
                return await work()
            except StoreError as error:
                log.warning("A delivery waits: %s", error)
                failures += 1
                await self._pause(self._backing_off(failures))

    def _backing_off(self, failures: int) -> float:
        return min(self.pause_s * 2 ** min(failures - 1, 9), _LONGEST_PAUSE_S)

    async def _pause(self, seconds: float) -> None:
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), seconds)
        if self.stopping.is_set():
            raise Stopping


async def _quietly(channel: Channel, kept: Kept) -> None:
    try:
        await channel.typing(kept.where)
    except Exception as error:
        log.info("%s does not show that we are typing: %s", kept.channel, error)
