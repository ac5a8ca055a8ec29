"""The parts of the front door, made once from the settings and handed to whoever serves visitors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from channels import elsewhere
from channels.database import PATIENCE_S, Database
from channels.housekeeping import DAY_S, keep_house
from channels.inbox import Inbox
from channels.limits import Streams
from channels.metrics import Metrics
from channels.rasa_client import RasaClient
from channels.sessions import Sessions, secret_from
from channels.settings import Settings
from channels.tables import metadata
from channels.tasks import end
from channels.tracker import Tracker
from channels.turns import Turns


@dataclass(frozen=True)
class House:
    """What channels share: a web visitor, and whoever writes from elsewhere, is served by the same parts."""

    settings: Settings
    sessions: Sessions
    databases: dict[str, Database]
    rasa: RasaClient
    turns: Turns
    tracker: Tracker
    streams: Streams
    metrics: Metrics
    inbox: Inbox

    @property
    def database(self) -> Database:
        """Where conversations are kept."""
        return self.databases["conversations"]

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Keep house while open; on closing let what is under way end first."""
        housekeeping = asyncio.create_task(keep_house(self.database, self.tracker, self.settings.retention_days))
        async with elsewhere.open_all(self.inbox):
            yield
        await end(housekeeping)
        await self.turns.close()
        await self.rasa.close()
        for database in self.databases.values():
            database.close()


def build(settings: Settings) -> House:
    """
    Make the parts. Whatever they need from outside may come later: nothing is connected to yet.

    Raises:
        SettingsError: The secret or the address of a database is not usable.
    """
    metrics, databases = Metrics(), open_databases(settings)
    rasa = RasaClient(settings.rasa_url, connections=settings.rasa_connections, token=settings.rasa_token, actions_url=settings.actions_url)
    turns = Turns(databases["conversations"], rasa, metrics, settings)
    streams = Streams(per_session=settings.streams_per_session, per_address=settings.streams_per_address, most=settings.streams)
    metrics.watch(queue=lambda: turns.waiting, streams=lambda: streams.total)
    sessions = Sessions(secret_from(settings.secret, settings.secret_file), settings.session_days * DAY_S)
    tracker = Tracker(databases["conversations"], databases.get("tracker"))
    return House(
        settings=settings,
        sessions=sessions,
        databases=databases,
        rasa=rasa,
        turns=turns,
        tracker=tracker,
        streams=streams,
        metrics=metrics,
        inbox=elsewhere.connect(Inbox(databases["conversations"], sessions, turns, tracker, metrics, settings), settings),
    )


def open_databases(settings: Settings, *, patience_s: float = PATIENCE_S) -> dict[str, Database]:
    """The databases by name: ours, and Rasa's if it is told where that is."""
    databases = {"conversations": Database(settings.conversations_url, metadata, patience_s=patience_s)}
    if settings.tracker_url:
        databases["tracker"] = Database(settings.tracker_url, patience_s=patience_s)
    return databases
