"""What we show in Slack besides replies, beside everything else: the home tab, marks on pressed buttons, a word to one person."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

from channels.deliveries import Unsent
from channels.errors import ChannelsError
from channels.slack_api import SlackApi
from channels.slack_blocks import Page
from channels.slack_events import Place, Press
from channels.slack_home import home, said
from channels.slack_memory import Marks
from channels.slack_replies import marked, pages
from channels.tasks import end

log = logging.getLogger(__name__)

_TRIES, _LONGEST_PAUSE_S, _AT_ONCE, _REMEMBERED = 4, 30.0, 500, 1_000
_CLOSING_S = 2.0


class Show:
    """Starts what need not be waited for and may fail: nobody is left without an answer by it."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api
        self._tasks: set[asyncio.Task[None]] = set()
        # One update of a message after the other, so that the last one shows the last state.
        self._locks = [asyncio.Lock() for _ in range(64)]
        # What was just pressed, before the turn that it begins is kept.
        self._pressed: OrderedDict[str, set[str]] = OrderedDict()

    def home(self, place: Place) -> None:
        """Show the home tab."""
        self._beside(self._insist(lambda: self._api.call("views.publish", user_id=place.user, view=home(place.channel))))

    def form(self, trigger: str, view: dict[str, Any]) -> None:
        """Open a form; Slack takes it for three seconds after the press."""
        self._beside(self._insist(lambda: self._api.call("views.open", trigger_id=trigger, view=view), tries=1))

    def whisper(self, place: Place, sentence: str) -> None:
        """Say something that only they see."""
        self._beside(self._insist(lambda: self._whisper(place, said(sentence))))

    def mark(self, press: Press, find: Callable[[Press], Awaitable[Marks | None]], *, chosen: bool = False) -> None:
        """Show on the message what was chosen and voted."""
        if chosen:
            self._pressed.setdefault(press.message, set()).add(press.reference)
            while len(self._pressed) > _REMEMBERED:
                self._pressed.popitem(last=False)
        self._beside(self._mark(press, find))

    async def _mark(self, press: Press, find: Callable[[Press], Awaitable[Marks | None]]) -> None:
        async with self._locks[hash(press.message) % len(self._locks)]:
            found = await find(press)
            shown = pages(found.turn.replies, owner=press.owner, greet=not press.place.private) if found else []
            if found and press.page < len(shown):
                pressed = found.pressed | self._pressed.get(press.message, set())
                page = marked(shown[press.page], pressed, found.votes)
                await self._insist(lambda: self._replace(press, page))

    async def _replace(self, press: Press, page: Page) -> None:
        words = {"text": page.text, "blocks": page.blocks}
        if press.place.respond:
            await self._api.respond(press.place.respond, {**words, "replace_original": True})
        else:
            await self._api.call("chat.update", channel=press.place.channel, ts=press.message, **words)

    async def _whisper(self, place: Place, page: Page) -> None:
        words = {"text": page.text, "blocks": page.blocks}
        if place.respond:
            await self._api.respond(place.respond, {**words, "response_type": "ephemeral", "replace_original": False})
        elif place.channel[:1] in ("D", "U", "W"):
            await self._api.call("chat.postMessage", channel=place.channel, **words)
        else:
            thread = {"thread_ts": place.thread} if place.thread else {}
            await self._api.call("chat.postEphemeral", channel=place.channel, user=place.user, **thread, **words)

    async def _insist(self, step: Callable[[], Awaitable[Any]], *, tries: int = _TRIES) -> None:
        for attempt in range(tries):
            try:
                await step()
                return
            except Unsent as error:
                if error.final or attempt == tries - 1:
                    raise
                await asyncio.sleep(min(_LONGEST_PAUSE_S, 2**attempt if error.retry_after_s is None else error.retry_after_s))

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        if len(self._tasks) >= _AT_ONCE:
            log.warning("Too much is going on in Slack to show everything.")
            return work.close()
        task = asyncio.create_task(_logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Let what is under way end, but not for long."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_CLOSING_S)
            await end(*self._tasks)


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    with suppress(asyncio.CancelledError):
        try:
            await work
        except ChannelsError as error:
            log.warning("Something was not shown in Slack: %s", error)
        except Exception:
            log.exception("Something was not shown in Slack.")
