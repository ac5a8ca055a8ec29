"""The channels beside the web: which there are, and which of them are on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module

from starlette.routing import BaseRoute

from channels.errors import SettingsError, StoreError
from channels.inbox import Inbox
from channels.settings import Settings
from channels.tasks import end

# Each is the module channels/<name>.py with a function ``connect(inbox, given, settings)`` that makes its Channel.
# It is on if a variable TANDEM_<NAME>_… is set; `given` holds these. Off, it costs nothing, not even its libraries.
# A function ``manage(what, given)`` answers to python -m channels <name> <what>.
CHANNELS = ("telegram", "slack")
_AGAIN_S = 5.0


def connect(inbox: Inbox, settings: Settings) -> Inbox:
    """
    Have *inbox* serve the channels that are on.

    Raises:
        SettingsError: What a channel was given does not fit.
    """
    for name in CHANNELS:
        if given := settings.given(name):
            inbox.serve(import_module(f"channels.{name}").connect(inbox, given, settings))
    return inbox


async def manage(name: str, what: str, settings: Settings) -> str:
    """
    Do what the channel of that name calls *what*, on the command line; what was done.

    Raises:
        ChannelsError: It cannot be done, or there is no such thing.
    """
    module = import_module(f"channels.{name}")
    if not hasattr(module, "manage"):
        raise SettingsError(f"There is nothing to do for {name} on the command line.")
    return str(await module.manage(what, settings.given(name)))


def routes(inbox: Inbox) -> list[BaseRoute]:
    """The addresses of all that are on."""
    return [route for channel in inbox.channels.values() for route in channel.routes()]


@asynccontextmanager
async def open_all(inbox: Inbox) -> AsyncIterator[None]:
    """Listen on all of them while open; on closing, hear nothing more and let what is under way end."""
    resuming = asyncio.create_task(_resume(inbox)) if inbox.channels else None
    for channel in inbox.channels.values():
        await channel.start()
    yield
    if resuming:
        await end(resuming)
    await inbox.close()
    for channel in inbox.channels.values():
        await channel.stop()


async def _resume(inbox: Inbox) -> None:
    """Take up what was left when we last stopped, as soon as the database answers."""
    while True:
        with suppress(StoreError):
            return await inbox.resume()
        await asyncio.sleep(_AGAIN_S)
