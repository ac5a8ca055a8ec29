"""Asking Telegram for updates, where it does not bring them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from channels.errors import ChannelsError
from channels.telegram_api import Telegram, TelegramDown
from channels.telegram_updates import WANTED, Json

log = logging.getLogger(__name__)

# Between two attempts after a failure; twice as long after each.
PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
# After an answer with no update in it; Telegram should have waited itself.
_BREATH_S = 0.1


async def poll(api: Telegram, hear: Callable[[Json], Awaitable[None]]) -> None:
    """Ask for updates and have each heard, for ever; what could not be kept is asked for again."""
    offset, pause_s = 0, PAUSE_S
    while True:
        try:
            updates = [update for update in await api.updates(offset, WANTED) if isinstance(update.get("update_id"), int)]
            for update in sorted(updates, key=lambda one: one["update_id"]):
                await hear(update)
                offset = update["update_id"] + 1
            await asyncio.sleep(0 if updates else _BREATH_S)
            pause_s = PAUSE_S
        except ChannelsError as error:
            log.warning("Updates of Telegram wait. %s", error)
            wanted_s = error.retry_after_s if isinstance(error, TelegramDown) else 0.0
            await asyncio.sleep(max(pause_s, wanted_s))
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        except Exception:  # whatever it is, the next updates come
            log.exception("Updates of Telegram could not be asked for.")
            await asyncio.sleep(LONGEST_PAUSE_S)
