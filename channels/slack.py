"""
Slack: events, presses and commands at three addresses or by Socket Mode, answers as Block Kit.

How the app is set up is in docs/slack-manifest.yml and the README.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.routing import BaseRoute

from channels.conversations import Turn
from channels.deliveries import Sending, Unsent
from channels.errors import SettingsError, StoreError
from channels.inbox import Inbox
from channels.settings import Settings
from channels.slack_api import SlackApi
from channels.slack_blocks import Page
from channels.slack_desk import NAME, Desk
from channels.slack_door import Door
from channels.slack_events import Place
from channels.slack_memory import talked_in
from channels.slack_replies import pages
from channels.slack_show import Show
from channels.slack_socket import Socket

_KNOWN = ("bot_token", "signing_secret", "app_token", "api_url")
_SLACK = "https://slack.com/api/"


def connect(inbox: Inbox, given: Mapping[str, str], settings: Settings) -> Slack:
    """
    Slack as it was *given*: `bot_token`, and `signing_secret` for a public address or `app_token` for Socket Mode.

    Raises:
        SettingsError: One of these is missing, or there is something else.
    """
    if unknown := sorted(set(given) - set(_KNOWN)):
        known = ", ".join(f"TANDEM_SLACK_{name.upper()}" for name in _KNOWN)
        raise SettingsError(f"TANDEM_SLACK_{unknown[0].upper()} is not known. Slack is told: {known}.")
    if not given.get("bot_token", "").startswith("xoxb-"):
        raise SettingsError("TANDEM_SLACK_BOT_TOKEN must be the app's Bot User OAuth Token, which begins with xoxb-.")
    if not given.get("signing_secret") and not given.get("app_token"):
        raise SettingsError("Slack needs TANDEM_SLACK_SIGNING_SECRET, or TANDEM_SLACK_APP_TOKEN where there is no public address.")
    if not given.get("app_token", "xapp-").startswith("xapp-"):
        raise SettingsError("TANDEM_SLACK_APP_TOKEN must be an App-Level Token, which begins with xapp-.")
    if urlsplit(given.get("api_url", _SLACK)).scheme not in ("http", "https"):
        raise SettingsError(f"TANDEM_SLACK_API_URL is {given['api_url']!r}; it must look like {_SLACK}.")
    return Slack(inbox, given)


class Slack:
    """The channel, for one workspace."""

    name = NAME

    def __init__(self, inbox: Inbox, given: Mapping[str, str]) -> None:
        self._sessions, self._database = inbox.sessions, inbox.database
        self._api = SlackApi(given["bot_token"], given.get("api_url", _SLACK))
        self._show = Show(self._api)
        desk, secret, token = Desk(inbox, self._show), given.get("signing_secret"), given.get("app_token")
        self._door = Door(desk, secret) if secret else None
        self._socket = Socket(desk, self._api, token) if token else None

    def routes(self) -> list[BaseRoute]:
        """Addresses at which Slack reaches us; none without the signing secret that proves that it is Slack."""
        return self._door.routes() if self._door else []

    async def start(self) -> None:
        """Connect by Socket Mode, where there is a token for it, as soon as that can be done."""
        if self._socket:
            self._socket.start()

    async def stop(self) -> None:
        """Hang up."""
        if self._socket:
            await self._socket.stop()
        await self._show.close()
        await self._api.close()

    async def typing(self, where: dict[str, Any]) -> None:
        """Slack shows no typing of apps."""

    async def show(self, where: dict[str, Any], turn: Turn, sending: Sending) -> None:
        """Send the replies of *turn*; nothing where nobody waits for words."""
        if not where:
            return
        place = Place(**where)
        if turn.id and not place.private:
            await self._note_thread(place)
        for page in pages(turn.replies, owner=place.user, greet=not place.private):
            await sending.once(self._send, place, page)

    async def _note_thread(self, place: Place) -> None:
        session, user = self._sessions.elsewhere(NAME, place.person), self._sessions.elsewhere(NAME, place.user)
        try:
            await self._database.run_brief(talked_in, session, user, f"{place.channel}:{place.thread}")
        except StoreError as error:
            raise Unsent(f"The thread could not be noted. {error}") from error

    async def _send(self, place: Place, page: Page) -> None:
        words = {"text": page.text, "blocks": page.blocks}
        if place.respond:
            try:
                return await self._api.respond(place.respond, {**words, "response_type": "ephemeral", "replace_original": False})
            except Unsent as error:
                if not error.final:
                    raise
        channel = place.user if place.respond else place.channel  # an address that is used up: then directly
        thread = {"thread_ts": place.thread} if place.thread else {}
        await self._api.call("chat.postMessage", channel=channel, **thread, unfurl_links=False, unfurl_media=False, **words)
