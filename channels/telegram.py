"""
Telegram: a webhook or long polling on one side, messages with keyboards on the other. On if TANDEM_TELEGRAM_TOKEN is set.

    python -m channels telegram register      tell Telegram our commands, and the address of our webhook
    python -m channels telegram remove        have it forget the webhook
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections import deque
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from channels import telegram_keys as keys
from channels.conversations import Turn
from channels.errors import ChannelsError, Problem
from channels.inbox import Inbox, Said, Sending
from channels.limits import json_body
from channels.settings import Settings
from channels.tasks import end
from channels.telegram_api import Telegram, TelegramDown
from channels.telegram_deliveries import answering, asked, person
from channels.telegram_polling import poll
from channels.telegram_render import messages
from channels.telegram_settings import Given, manage, read_given
from channels.telegram_updates import Place, Press, read

__all__ = ["connect", "manage"]
log = logging.getLogger(__name__)

NOT_YOURS = "These buttons belong to somebody else's answer. Mention me to ask for yourself."
THANKS, KEPT = "Thank you.", "Nothing is deleted."
# A message may have 4,096 characters, and quote another; each may be written as six bytes.
_BODY_BYTES = 500_000
# How many presses we know to be acknowledged; a repeat of an older one is acknowledged again, which does no harm.
_REMEMBERED = 500


def connect(inbox: Inbox, given: Mapping[str, str], settings: Settings) -> TelegramChannel:
    """
    The channel, for what it was *given*.

    Raises:
        SettingsError: That does not fit.
    """
    return TelegramChannel(inbox, read_given(given))


class TelegramChannel:
    """Hears updates, and shows turns."""

    name = "telegram"

    def __init__(self, inbox: Inbox, given: Given) -> None:
        self._inbox, self._secret, self._api = inbox, given.secret, Telegram(given.token, given.api)
        self._beside: set[asyncio.Task[None]] = set()
        self._acknowledged: deque[str] = deque(maxlen=_REMEMBERED)

    def routes(self) -> list[BaseRoute]:
        """The webhook, if there is a secret by which to know that it is Telegram who calls."""
        return [Route("/telegram", self.webhook, methods=["POST"])] if self._secret else []

    async def start(self) -> None:
        """Ask for our name; and for updates, if they are not brought."""
        self._soon(self._introduce())
        if not self._secret:
            self._soon(poll(self._api, self.hear))

    async def stop(self) -> None:
        """Ask no more."""
        await end(*self._beside)
        await self._api.close()

    async def _introduce(self) -> None:
        name = await self._api.username()
        log.info("On Telegram at https://t.me/%s, by %s.", name, "webhook" if self._secret else "long polling")

    async def webhook(self, request: Request) -> Response:
        """Take an update from Telegram, and from nobody else."""
        given = request.headers.get("x-telegram-bot-api-secret-token", "").encode()
        if not hmac.compare_digest(given, self._secret.encode()):
            raise Problem(403, "forbidden", "This address is for Telegram.")
        update = await json_body(request, _BODY_BYTES)
        try:
            await self.hear(update)
        except TelegramDown as error:
            raise Problem(503, "busy", "Not now. Please deliver this again.", retry_after_s=5) from error
        return Response(status_code=200)

    async def hear(self, update: keys.Json) -> None:
        """
        Take *update* in, whatever it is; returns as soon as what it wants is kept.

        Raises:
            StoreError: It cannot be kept.

            TelegramDown: Our own name has to be known to read it.
        """
        if not isinstance(id := update.get("update_id"), int):
            return
        try:
            heard = await read(update, self._api.id, self._api.username)
            if isinstance(heard, Press):
                self._acknowledge(heard.id, await self._pressed(str(id), heard))
            elif heard is not None:
                await self._inbox.accept(asked(str(id), heard))
        except ChannelsError:
            raise
        except Exception:  # delivered again it would be the same
            log.exception("An update could not be read.")

    async def _pressed(self, id: str, press: Press) -> str:
        """Do what a key is for; what to tell whoever pressed it."""
        place = press.place
        if place is None:
            return ""
        parts = keys.carried(press.data, str(place.user), place.private)
        if parts is None:
            return NOT_YOURS
        match parts:
            case ["b" | "g", button]:
                await self._ask(id, press, place, Said(button=button))
            case ["r", turn]:
                await self._again(id, press, place, turn)
            case ["v", reply, ("up" | "down") as vote]:
                return await self._voted(id, press, place, reply, vote)
            case ["f", "yes"]:
                if await self._inbox.accept(replace(answering(id, place, Said()), verb="forget")):
                    self._show_keyboard(place, keys.chosen(press.keyboard, press.data, inert=True))
            case ["f", "no"]:
                self._show_keyboard(place, [])
                return KEPT
        return ""

    async def _ask(self, id: str, press: Press, place: Place, said: Said) -> None:
        """Have it answered; the key looks chosen at once."""
        keyboard = keys.chosen(press.keyboard, press.data)
        if await self._inbox.accept(answering(id, place, said)) and keyboard != press.keyboard:
            self._show_keyboard(place, keyboard)

    async def _again(self, id: str, press: Press, place: Place, turn: str) -> None:
        """Ask once more what got an apology."""
        try:
            said = await self._inbox.said(self.name, person(place), turn)
        except Problem:
            return
        await self._ask(id, press, place, said)

    async def _voted(self, id: str, press: Press, place: Place, reply: str, vote: str) -> str:
        """A thumb pressed again is taken back."""
        on = not keys.is_chosen(press.keyboard, press.data)
        try:
            new = await self._inbox.vote(self.name, person(place), reply, vote if on else None, id)
        except Problem as problem:
            return problem.sentence
        if new:
            self._show_keyboard(place, keys.chosen(press.keyboard, press.data, on=on))
        return THANKS if on else ""

    def _show_keyboard(self, place: Place, keyboard: keys.Keyboard) -> None:
        self._soon(self._api.show_keyboard(place.chat, place.message, keyboard))

    def _acknowledge(self, query: str, text: str) -> None:
        """Telegram wants to hear that of every press, and only once."""
        if query not in self._acknowledged:
            self._acknowledged.append(query)
            self._soon(self._api.answer(query, text))

    async def typing(self, where: keys.Json) -> None:
        """Show that we are typing."""
        await self._api.typing(where["chat"], where.get("thread"))

    async def show(self, where: keys.Json, turn: Turn, sending: Sending) -> None:
        """Send the replies."""
        for shown in messages(turn.replies, where.get("asker", "")):
            await sending.once(self._api.send, where, shown.text, shown.plain, shown.keyboard or where.get("keys", []))

    def _soon(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do it beside; that it fails is noted and does no harm."""
        task = asyncio.create_task(_noting(work))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)


async def _noting(work: Coroutine[Any, Any, Any]) -> None:
    try:
        await work
    except ChannelsError as error:
        log.warning("%s", error)
    except Exception:
        log.exception("Something beside failed.")
