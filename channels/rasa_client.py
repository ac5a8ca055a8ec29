"""One turn with Rasa over its REST channel, and whether Rasa and its actions are up."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import quote

from channels.errors import RasaDown, RasaSilent, RasaSlow
from channels.http1 import Broken, Neighbour

_READY_WITHIN_S = 2


class RasaClient:
    """
    A pool of connections to Rasa, and the queue in front of it.

    At most *connections* turns are with Rasa at once. The others wait here, first come, first served, so that one
    whose patience has run out never reaches Rasa.
    """

    def __init__(self, url: str, *, connections: int, token: str, actions_url: str) -> None:
        self._rasa, self._actions = Neighbour(url), Neighbour(actions_url)
        self._status = f"/status?token={quote(token, safe='')}" if token else "/status"
        self._places = asyncio.Semaphore(connections)
        self.in_hand = 0

    async def ask(self, conversation: str, message: str, *, patience_s: float) -> list[dict[str, Any]]:
        """
        Send *message* on behalf of *conversation* and wait for the replies.

        Args:
            conversation: The sender as Rasa knows it.

            message: What to send, as it is; whoever calls has made it harmless.

            patience_s: How long to wait, for a place in the queue and for the answer together.

        Returns:
            Rasa's messages in order, at least one.

        Raises:
            RasaError: There is none; its kinds say why. When patience runs out the connection is closed.
        """
        self.in_hand += 1
        try:
            status, body = await asyncio.wait_for(self._post(conversation, message), patience_s)
        except asyncio.TimeoutError as error:
            raise RasaSlow(f"Rasa did not answer within {patience_s:.1f} s.") from error
        except Broken as error:
            raise RasaDown(f"Rasa cannot be reached: {error}.") from error
        finally:
            self.in_hand -= 1
        return _messages(status, body)

    async def _post(self, conversation: str, message: str) -> tuple[int, bytes]:
        async with self._places:
            said = json.dumps({"sender": conversation, "message": message}).encode()
            return await self._rasa.request("POST", "/webhooks/rest/webhook", said)

    async def unready(self) -> dict[str, str]:
        """What keeps Rasa and its action server from answering, by name; empty if nothing does."""
        asked = {"rasa": self._rasa_state(), "actions": self._state(self._actions, "/health")}
        states = dict(zip(asked, await asyncio.gather(*asked.values()), strict=True))
        return {name: state for name, state in states.items() if state}

    async def _rasa_state(self) -> str:
        """Its HTTP API knows whether a model is loaded. Where that is off there is the REST channel, which opens after loading."""
        state = await self._state(self._rasa, self._status)
        return await self._state(self._rasa, "/webhooks/rest/") if state == "status 404" else state

    async def _state(self, neighbour: Neighbour, path: str) -> str:
        try:
            status, _ = await asyncio.wait_for(neighbour.request("GET", path), _READY_WITHIN_S)
        except asyncio.TimeoutError:
            return f"no answer within {_READY_WITHIN_S} s"
        except Broken as error:
            return str(error)
        return "" if status == 200 else f"status {status}"

    async def close(self) -> None:
        """Hang up."""
        await self._rasa.close()
        await self._actions.close()


def _messages(status: int, body: bytes) -> list[dict[str, Any]]:
    if status != 200:
        raise RasaSilent(f"Rasa answered with status {status}.")
    try:
        messages = json.loads(body)
    except ValueError as error:
        raise RasaSilent("Rasa's answer is not JSON.") from error
    if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
        raise RasaSilent("Rasa's answer is not a list of messages.")
    if not messages:
        raise RasaSilent("Rasa had nothing to say; its action server may be down.")
    return messages
