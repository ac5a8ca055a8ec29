"""Socket Mode: Slack's events over a connection that we open, for those who have no public address."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from channels.deliveries import Unsent
from channels.errors import StoreError
from channels.slack_api import SlackApi
from channels.slack_desk import Desk
from channels.tasks import end

log = logging.getLogger(__name__)

_LONGEST_PAUSE_S = 30.0


class Socket:
    """Keeps one connection, and opens it anew whenever it ends; Slack itself ends it every few hours."""

    def __init__(self, desk: Desk, api: SlackApi, token: str) -> None:
        self._desk, self._api, self._token = desk, api, token
        self._task: asyncio.Task[None] | None = None
        self.pause_s = 1.0

    def start(self) -> None:
        """Connect, now or as soon as that can be done."""
        self._task = asyncio.create_task(self._keep_connected())

    async def stop(self) -> None:
        """Hang up."""
        if self._task is not None:
            await end(self._task)

    async def _keep_connected(self) -> None:
        failures = 0
        while True:
            opened_at, pause_s = asyncio.get_running_loop().time(), min(self.pause_s * 2**failures, _LONGEST_PAUSE_S)
            try:
                opened = await self._api.call("apps.connections.open", token=self._token)
                async with self._api.socket(str(opened.get("url", ""))) as socket:
                    log.info("Connected to Slack by Socket Mode.")
                    failures = 0
                    await self._listen(socket)
            except Unsent as error:
                failures = min(failures + 1, 10)
                log.warning("Socket Mode waits: %s", error)
                pause_s = max(pause_s, error.retry_after_s or 0)
            except Exception:
                failures = min(failures + 1, 10)
                log.exception("The connection to Slack broke.")
            await asyncio.sleep(0 if asyncio.get_running_loop().time() - opened_at > pause_s else pause_s)

    async def _listen(self, socket: Any) -> None:
        """Until it ends, take one envelope after the other: the order is what counts, and each takes a moment."""
        async for message in socket:
            with suppress(ValueError, RecursionError):
                envelope = json.loads(message.data) if isinstance(message.data, str) else None
                if isinstance(envelope, dict):
                    if envelope.get("type") == "disconnect":
                        return
                    await self._take(socket, envelope)

    async def _take(self, socket: Any, envelope: Mapping[str, Any]) -> None:
        id, payload = envelope.get("envelope_id"), envelope.get("payload")
        if not isinstance(id, str):
            return
        does = {"events_api": self._desk.event, "interactive": self._desk.action, "slash_commands": self._desk.command}
        take = does.get(str(envelope.get("type")))
        try:
            answer = await take(payload) if take and isinstance(payload, dict) else None
        except StoreError as error:
            log.error("%s", error)  # not acknowledged: Slack sends it again
            return
        except Exception:
            log.exception("Something from Slack was not understood.")
            answer = None
        await socket.send_str(json.dumps({"envelope_id": id, "payload": answer} if answer else {"envelope_id": id}))
