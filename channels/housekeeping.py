"""What happens without a visitor: forgotten conversations leave Rasa's database, old ones leave both."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass

from channels import forgetting
from channels.database import Database
from channels.errors import StoreError
from channels.tracker import Tracker

log = logging.getLogger(__name__)

DAY_S = 86_400
_ERASE_EVERY_S = 30
_PURGE_EVERY_S = 3_600


@dataclass(frozen=True)
class Purged:
    """How much was deleted."""

    sessions: int
    turns: int
    events: int


async def purge(database: Database, tracker: Tracker, days: float) -> Purged:
    """
    Delete everything older than *days*: turns and what hangs on them, sessions not seen since, Rasa's events.

    Raises:
        StoreError: One of the databases does not answer; what was deleted so far stays deleted.
    """
    now = time.time()
    turns = sessions = 0
    while any(some := await database.run(forgetting.purge, now - days * DAY_S, now)):
        turns, sessions = turns + some[0], sessions + some[1]
    await tracker.erase()
    return Purged(sessions, turns, await tracker.purge(now - days * DAY_S))


async def keep_house(database: Database, tracker: Tracker, days: float) -> None:
    """Erase and purge for as long as the application runs. A database that is away is tried again."""
    purge_at = time.monotonic()
    while True:
        try:
            await tracker.erase()
            await database.tidy()
            if time.monotonic() >= purge_at:
                await purge(database, tracker, days)
                purge_at = time.monotonic() + _PURGE_EVERY_S
        except StoreError as error:
            log.warning("Housekeeping waits: %s", error)
        await asyncio.sleep(_ERASE_EVERY_S)
