"""
Calls to Telegram's Bot API, with its limits obeyed and its errors as ours. The address of python-telegram-bot.

Only its transport and its methods are used: what Telegram sends is read in telegram_updates.py, so that an update of a
form that the library does not know cannot stop the others.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from telegram import Bot, BotCommand, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from channels.deliveries import Unsent
from channels.errors import ChannelsError

Json = dict[str, Any]
log = logging.getLogger(__name__)
# It tells the address of each request, and the token is part of it.
logging.getLogger("httpx").setLevel(logging.WARNING)

# Where the Bot API lives; a server of one's own (github.com/tdlib/telegram-bot-api) works as well.
API = "https://api.telegram.org"
# How long getUpdates waits for one, in seconds.
_POLL_S = 25
_CONNECTIONS = 16
# How often, and how far apart, we try to change a keyboard.
_TRIES, PAUSE_S = 4, 1.0
_CONFLICT = (
    "Telegram brings the updates of this bot to somebody else: to a webhook, which python -m channels telegram remove ends, "
    "or to another program that asks for them."
)


class TelegramDown(ChannelsError):
    """Telegram cannot be reached, or refuses; the message says which. `retry_after_s`: when to ask again, if it says so."""

    retry_after_s = 0.0


class Telegram:
    """One bot."""

    def __init__(self, token: str, url: str = API) -> None:
        self.id = int(token.partition(":")[0])
        self._base = f"{url.rstrip('/')}/bot"
        verify = {"httpx_kwargs": {"verify": url.startswith("https:")}}
        self._talking = HTTPXRequest(_CONNECTIONS, read_timeout=10, **verify)
        self._polling = HTTPXRequest(1, **verify)
        self._bot = Bot(token, self._base, request=self._talking, get_updates_request=self._polling)
        self._name = ""
        self._silent_until: dict[int, float] = {}

    async def username(self) -> str:
        """What people write behind the @; asked for once."""
        if not self._name:
            self._name = (await self._ask(self._bot.get_me)).username or ""
        return self._name

    async def updates(self, offset: int, wanted: Sequence[str]) -> list[Json]:
        """Wait for updates from *offset* on; asking for them confirms those before."""
        about = urlencode({"offset": offset, "timeout": _POLL_S, "allowed_updates": json.dumps(wanted)})
        try:
            got = await self._ask(self._polling.post, f"{self._base}{self._bot.token}/getUpdates?{about}", read_timeout=_POLL_S + 10)
        except TelegramDown as error:
            if isinstance(error.__cause__, Conflict):
                raise TelegramDown(_CONFLICT) from error
            raise
        return [one for one in got if isinstance(one, dict)] if isinstance(got, list) else []

    async def send(self, where: Json, text: str, plain: str, keyboard: list[list[Json]]) -> None:
        """
        Send a message in HTML; if Telegram cannot read that, as it is.

        Raises:
            Unsent: Telegram did not take it.
        """
        about = {
            "message_thread_id": where.get("thread"),
            "reply_parameters": ReplyParameters(where["message"], allow_sending_without_reply=True) if where.get("reply") else None,
            "reply_markup": InlineKeyboardMarkup.de_json({"inline_keyboard": keyboard}, None) if keyboard else None,
            "link_preview_options": LinkPreviewOptions(is_disabled=True),
        }
        try:
            await self._deliver(where["chat"], self._bot.send_message, text=text, parse_mode=ParseMode.HTML, **about)
        except _NotUnderstood as error:
            log.error("Telegram cannot read a reply as HTML: %s", error)
            await self._deliver(where["chat"], self._bot.send_message, text=plain, **about)

    async def show_keyboard(self, chat: int, message: int, keyboard: list[list[Json]]) -> None:
        """Have a message show *keyboard* from now on. That it does already, or is gone, is no harm."""
        markup = InlineKeyboardMarkup.de_json({"inline_keyboard": keyboard}, None)
        for _ in range(_TRIES):
            try:
                return await self._deliver(chat, self._bot.edit_message_reply_markup, message_id=message, reply_markup=markup)
            except Unsent as error:
                if error.final:
                    return None
                await asyncio.sleep(error.retry_after_s or PAUSE_S)

    async def typing(self, chat: int, thread: int | None) -> None:
        """Show that we are typing, unless we are to be silent there."""
        await self._deliver(chat, self._bot.send_chat_action, action=ChatAction.TYPING, message_thread_id=thread)

    async def answer(self, query: str, text: str) -> None:
        """Tell a person that their press of a button arrived; *text*, if any, is shown for a moment."""
        await self._ask(self._bot.answer_callback_query, query, text or None)

    async def register(self, url: str, secret: str, wanted: Sequence[str]) -> None:
        """Have updates delivered to *url*."""
        await self._ask(self._bot.set_webhook, url, secret_token=secret, allowed_updates=list(wanted), max_connections=20)

    async def remove(self) -> None:
        """Have no updates delivered; they wait at Telegram until somebody asks for them."""
        await self._ask(self._bot.delete_webhook)

    async def command_menu(self, commands: dict[str, str]) -> None:
        """Have people's command menu show *commands*, with what they do."""
        await self._ask(self._bot.set_my_commands, [BotCommand(*command) for command in commands.items()])

    async def close(self) -> None:
        """Hang up."""
        await asyncio.gather(self._talking.shutdown(), self._polling.shutdown())

    async def _ask(self, method: Callable[..., Awaitable[Any]], *arguments: Any, **more: Any) -> Any:
        try:
            return await method(*arguments, **more)
        except TelegramError as error:
            down = TelegramDown(f"Telegram says: {error}")
            down.retry_after_s = _seconds(error) if isinstance(error, RetryAfter) else 0.0
            raise down from error

    async def _deliver(self, chat: int, method: Callable[..., Awaitable[Any]], **what: Any) -> None:
        """Call what a chat will show; nothing is sent there before Telegram wants to hear of it again."""
        clock = asyncio.get_running_loop().time
        if (wait_s := self._silent_until.pop(chat, 0.0) - clock()) > 0:
            self._silent_until[chat] = clock() + wait_s
            raise Unsent("Telegram wants a pause in this chat.", retry_after_s=wait_s)
        try:
            await method(chat_id=chat, **what)
        except RetryAfter as error:
            wait_s = _seconds(error)
            self._silent_until[chat] = clock() + wait_s
            raise Unsent(str(error), retry_after_s=wait_s) from error
        except ChatMigrated as error:
            await self._deliver(error.new_chat_id, method, **what)
        except Forbidden as error:
            raise Unsent(str(error), final=True) from error
        except BadRequest as error:
            raise (_NotUnderstood if "parse entities" in str(error).lower() else Unsent)(str(error), final=True) from error
        except TelegramError as error:
            raise Unsent(str(error)) from error


class _NotUnderstood(Unsent):
    """Telegram cannot read our HTML."""


def _seconds(error: RetryAfter) -> float:
    after = error.retry_after
    return float(after if isinstance(after, (int, float)) else after.total_seconds())
