"""The front door with Telegram on, and what tests of it share."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import httpx
from telegram_stand_in import TOKEN, Person, StandInTelegram
from visitors import served

from channels.settings import Settings

SECRET = "only-telegram-knows-this"


def with_telegram(settings: Settings, telegram: StandInTelegram, **more: str) -> Settings:
    """Settings with Telegram on, brought by a webhook; ``secret=""`` for long polling."""
    given = {"token": TOKEN, "api": telegram.url, "secret": SECRET, **more}
    return replace(settings, elsewhere={f"TANDEM_TELEGRAM_{name.upper()}": value for name, value in given.items() if value})


async def until(true: Callable[[], Any], seconds: float = 5.0) -> None:
    """Wait until something is *true*; fails if that takes too long."""
    for _ in range(int(seconds / 0.005)):
        if true():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it did not come true")


@dataclass
class Chat:
    """A person's chat with the bot whose webhook answers at `http`."""

    http: httpx.AsyncClient
    person: Person

    @property
    def shown(self) -> list[str]:
        """What the bot has written here."""
        return self.person.telegram.shown(self.person.chat)

    async def deliver(self, update: Any, secret: str = SECRET) -> httpx.Response:
        """As Telegram brings an update to the webhook."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret, "Content-Type": "application/json"}
        return await self.http.post("/telegram", content=json.dumps(update), headers=headers)

    async def heard(self, update: Any, replies: int = 1) -> list[str]:
        """Deliver *update* and wait for so many more messages of the bot; these."""
        before = len(self.shown)
        assert 200 == (await self.deliver(update)).status_code
        await until(lambda: len(self.shown) >= before + replies)
        return self.shown[before:]

    async def writes(self, text: str, replies: int = 1) -> list[str]:
        """Write, and wait for the replies."""
        return await self.heard(self.person.writes(text), replies)

    async def presses(self, title: str, replies: int = 1) -> list[str]:
        """Press the latest key of that title, and wait for the replies."""
        return await self.heard(self.person.presses(title), replies)

    async def quiet(self, seconds: float = 0.15) -> int:
        """How many messages the bot has written here, when nothing more comes."""
        await asyncio.sleep(seconds)
        return len(self.shown)


__all__ = ["SECRET", "TOKEN", "Chat", "Person", "StandInTelegram", "served", "until", "with_telegram"]
