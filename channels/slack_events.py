"""
What Slack sends, read: who says what, and where. Pure, and takes any shape: what is not for us, or no sense, is None.

People have one private conversation (direct messages, /tandem, the home tab) and one in each thread of a channel.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from channels.slack_text import typed

Json = dict[str, Any]

# Said by a person, though not plainly: with a file, as "/me …", or shown in the channel as well as in the thread.
_SAID = ("", "file_share", "me_message", "thread_broadcast")
ASK_ABOUT = "ask_tandem"


@dataclass(frozen=True)
class Place:
    """Where *user* is spoken to: a channel or a thread of it; or, with a response address, where only they can see it."""

    user: str
    channel: str
    thread: str = ""
    respond: str = ""

    @property
    def private(self) -> bool:
        """Whether nobody reads along."""
        return bool(self.respond) or self.channel[:1] in ("D", "U", "W")

    @property
    def person(self) -> str:
        """Whose conversation it is."""
        return self.user if self.private else f"{self.channel}:{self.thread}:{self.user}"

    def where(self) -> Json:
        """As JSON; `Place(**where)` is the place again."""
        return asdict(self)


@dataclass(frozen=True)
class Heard:
    """Something that is to be answered. *id*: the same however often and in whichever way Slack tells of it."""

    id: str
    place: Place
    text: str


@dataclass(frozen=True)
class AtHome:
    """Someone looks at the home tab."""

    place: Place


@dataclass(frozen=True)
class Press:
    """
    A button was pressed: which (the action), and what it stands for (the reference).

    *owner*: whose conversation it continues. *page*, *message*: which message of the turn it stands on, and its id.
    """

    place: Place
    action: str
    reference: str
    owner: str
    page: int
    message: str
    trigger: str


@dataclass(frozen=True)
class Word:
    """Why someone voted as they did."""

    place: Place
    reply: str
    vote: str
    word: str


def read_event(envelope: Mapping[str, Any]) -> Heard | AtHome | None:
    """What an event of the Events API tells us."""
    event = envelope.get("event")
    if envelope.get("type") != "event_callback" or not isinstance(event, dict):
        return None
    user, channel, bot = at(event, "user"), at(event, "channel"), _bot(envelope)
    if event.get("type") == "app_home_opened":
        return AtHome(Place(user, channel or user)) if user and event.get("tab") == "home" else None
    if event.get("type") not in ("message", "app_mention") or not (user and channel and at(event, "ts")):
        return None
    if user == bot or any(event.get(sign) for sign in ("bot_id", "bot_profile", "edited", "hidden")) or at(event, "subtype") not in _SAID:
        return None
    return _heard(event, Place(user, channel), bot)


def _heard(event: Json, place: Place, bot: str) -> Heard | None:
    said, ts, thread = at(event, "text"), at(event, "ts"), at(event, "thread_ts")
    direct = event.get("channel_type") == "im" or place.private
    mentioned = event["type"] == "app_mention" or (bool(bot) and (f"<@{bot}>" in said or f"<@{bot}|" in said))
    if not direct and not mentioned:
        return None
    text = typed(said, bot or (_mentioned_first(said) if mentioned else ""))
    if not text and not mentioned:  # a picture, say
        return None
    return Heard(f"{place.channel}:{ts}", Place(place.user, place.channel, thread or ("" if direct else ts)), text or "help")


def _bot(envelope: Mapping[str, Any]) -> str:
    """The user that the app is in the workspace."""
    found = envelope.get("authorizations")
    bots = (at(one, "user_id") for one in found if isinstance(one, dict) and one.get("is_bot")) if isinstance(found, list) else ()
    return next(filter(None, bots), "")


def _mentioned_first(text: str) -> str:
    """Whom the text begins by speaking to."""
    return text[2:].partition(">")[0].partition("|")[0] if text.startswith("<@") else ""


def read_command(form: Mapping[str, Any]) -> Heard | None:
    """What someone asks with a slash command; the text is empty if they only typed the command."""
    user, respond = at(form, "user_id"), at(form, "response_url")
    if not user or not respond or not at(form, "command"):
        return None
    id = at(form, "trigger_id") or respond
    return Heard(f"command:{id}", Place(user, at(form, "channel_id") or user, "", respond), typed(at(form, "text")))


def read_action(payload: Mapping[str, Any]) -> Heard | Press | Word | None:
    """What someone did with a button, a shortcut or a form of ours."""
    user, kind, trigger = at(payload, "user", "id"), payload.get("type"), at(payload, "trigger_id")
    if not user:
        return None
    if kind == "block_actions":
        return _press(payload, user, trigger)
    if kind == "message_action" and payload.get("callback_id") == ASK_ABOUT and (respond := at(payload, "response_url")):
        text = typed(said := at(payload, "message", "text"), _mentioned_first(said))
        place = Place(user, at(payload, "channel", "id") or user, "", respond)
        return Heard(f"shortcut:{trigger or respond}", place, text)
    if kind == "view_submission":
        return _word(payload, user)
    return None


def _press(payload: Mapping[str, Any], user: str, trigger: str) -> Press | None:
    actions = payload.get("actions")
    action = actions[0] if isinstance(actions, list) and actions else None
    if not at(action, "action_id"):
        return None
    channel = at(payload, "channel", "id") or at(payload, "container", "channel_id") or at(payload, "view", "private_metadata") or user
    thread = at(payload, "container", "thread_ts") or at(payload, "message", "thread_ts")
    container = payload.get("container")
    hidden = isinstance(container, dict) and container.get("is_ephemeral") is True
    place = Place(user, channel, "" if hidden else thread, at(payload, "response_url") if hidden else "")
    value = at(action, "value")
    reference, page, owner = (*value.split(" "), "", "")[:3] if payload.get("view") is None else (value, "", user)
    message = at(payload, "container", "message_ts") or at(payload, "message", "ts")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 4 else 0
    return Press(place, at(action, "action_id"), reference, owner, number, message, trigger or at(action, "action_ts"))


def _word(payload: Mapping[str, Any], user: str) -> Word | None:
    try:
        about = json.loads(at(payload, "view", "private_metadata"))
        place = Place(**{name: str(value) for name, value in about["where"].items()})
        word = at(payload, "view", "state", "values", "word", "word", "value")
        return Word(place, str(about["reply"]), str(about["vote"]), word) if place.user == user else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def at(value: Any, *path: str) -> str:
    """The text that stands in *value* under these names; empty if there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else ""
