"""
Where platforms deliver. What arrives is kept, then acknowledged, then answered: each person's in order, once.

A channel turns what a platform sends into a `Delivery` and hands it to `Inbox.accept`; the inbox asks the house, and
hands the finished turn to the channel's `show`. How a channel is added is told in the README.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from dataclasses import dataclass, field

from channels import conversations, deliveries
from channels.admission import Admission
from channels.attending import Attendant, Stopping
from channels.conversations import Said
from channels.database import Database
from channels.deliveries import Channel, Delivery, Kept, Sending, Unsent
from channels.errors import Problem
from channels.metrics import Metrics
from channels.sessions import Sessions
from channels.settings import Settings
from channels.tasks import end
from channels.tracker import Tracker
from channels.turns import Turns

__all__ = ["Channel", "Delivery", "Inbox", "Said", "Sending", "Unsent"]
log = logging.getLogger(__name__)


@dataclass
class _Lane:
    """The deliveries of one person that are not done, in order, and the task that works on them."""

    waiting: deque[Kept] = field(default_factory=deque)
    work: asyncio.Task[None] | None = None


class Inbox:
    """Takes deliveries of all channels."""

    def __init__(
        self, database: Database, sessions: Sessions, turns: Turns, tracker: Tracker, metrics: Metrics, settings: Settings
    ) -> None:
        # The first two for channels that look up more.
        self.database, self.sessions, self._metrics, self._settings = database, sessions, metrics, settings
        self._admission = Admission(settings, metrics)
        self.attendant = Attendant(database, sessions, turns, tracker, metrics, settings)
        self.channels: dict[str, Channel] = {}
        self._lanes: dict[str, _Lane] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._resuming, self._resumed = asyncio.Lock(), False

    def serve(self, channel: Channel) -> None:
        """Reply to what is delivered under the name of *channel* through it."""
        self.channels[channel.name] = channel

    async def accept(self, delivery: Delivery) -> bool:
        """
        Keep a delivery; it is answered even if we stop right after this returns. False if it was had before.

        Raises:
            StoreError: It cannot be kept; the platform should deliver it again.
        """
        await self.resume()
        session = self.sessions.elsewhere(delivery.channel, delivery.person)
        kept = await self.database.run_brief(deliveries.keep, self._admission.readable(delivery), session, time.time())
        if kept is None:
            self._metrics.deliveries.labels(delivery.channel, "repeated").inc()
            return False
        lane = self._lanes.setdefault(session, _Lane())
        if kept.verb == "forget":
            await self._void(session)
        elif not self._admission.within_limits(kept, len(lane.waiting)):
            await self.database.run_brief(deliveries.done, [kept.number])
            self._leave(session, lane)
            return True
        self._enter(kept)
        return True

    async def vote(self, channel: str, person: str, reply: str, vote: str | None, id: str | None = None) -> bool:
        """
        Keep what *person* thinks of *reply*: "up", "down", or with None take it back. False if delivery *id* was had before.

        Raises:
            Problem: There is no such reply in this conversation, or it is one vote of too many.

            StoreError: It cannot be kept.
        """
        session = self.sessions.elsewhere(channel, person)
        self._admission.count(session)
        if not deliveries.is_plain(reply):
            raise Problem(404, "not_found", "That answer is not part of this conversation.")
        if new := await self.database.run_brief(deliveries.keep_vote, channel, id, session, reply, vote, time.time()):
            self._metrics.votes.labels(vote or "taken back").inc()
        return new

    async def said(self, channel: str, person: str, turn: str) -> Said:
        """
        What *person* said in *turn*, to be said again.

        Raises:
            Problem: There is no such turn in this conversation.
        """
        session = self.sessions.elsewhere(channel, person)
        found = await self.database.run_brief(conversations.find, session, turn, time.time()) if deliveries.is_plain(turn) else None
        if found is None:
            raise Problem(404, "not_found", "That message is not part of this conversation.")
        return Said(button=found.button) if found.button else Said(found.text)

    async def resume(self) -> None:
        """
        Take up what was not done when we last stopped; before anything new, so that the order holds.

        Raises:
            StoreError: The database is away.
        """
        if self._resumed:
            return
        async with self._resuming:
            if not self._resumed:
                for kept in await self.database.run(deliveries.unfinished):
                    if kept.channel in self.channels:
                        self._enter(kept)
                self._resumed = True

    async def close(self) -> None:
        """End what is under way; what is only waiting is taken up at the next start."""
        self.attendant.stopping.set()
        tasks = {lane.work for lane in self._lanes.values() if lane.work is not None} | self._ending
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=self._settings.patience_s + 1)
            await end(*late)

    @property
    def waiting(self) -> int:
        """How many deliveries are waiting or being answered."""
        return sum(len(lane.waiting) for lane in self._lanes.values())

    async def _void(self, session: str) -> None:
        """Whoever wants to be forgotten waits for no answer, and for no pause that a platform wants us to make."""
        lane = self._lanes.pop(session)
        dropped = list(lane.waiting)
        for kept in dropped:
            kept.void = True
        lane.waiting.clear()
        if lane.work is not None:
            lane.work.cancel()
            self._ending.add(lane.work)
            lane.work.add_done_callback(self._ending.discard)
        if dropped:
            await self.database.run_brief(deliveries.done, [kept.number for kept in dropped])

    def _enter(self, kept: Kept) -> None:
        lane = self._lanes.setdefault(kept.session, _Lane())
        lane.waiting.append(kept)
        if lane.work is None:
            lane.work = asyncio.create_task(self._work(kept.session, lane))

    async def _work(self, session: str, lane: _Lane) -> None:
        try:
            while lane.waiting and not self.attendant.stopping.is_set():
                kept = lane.waiting[0]
                await self.attendant.attend(kept, self.channels[kept.channel])
                if not kept.void:
                    lane.waiting.popleft()
        except Stopping:
            log.info("%d deliveries are left for the next start.", len(lane.waiting))
        finally:
            lane.work = None
            self._leave(session, lane)

    def _leave(self, session: str, lane: _Lane) -> None:
        if lane.work is None and (not lane.waiting or self.attendant.stopping.is_set()) and self._lanes.get(session) is lane:
            del self._lanes[session]
