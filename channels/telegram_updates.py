"""
What a Telegram update says, if it says anything to us. Reads the JSON as documented at core.telegram.org/bots/api.

Nothing is taken on trust: what is not of the documented form is not there, and an update of which nothing is left asks for nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

# What we want to be told of.
WANTED = ("message", "callback_query")
# Kinds of message that hold something for a person to see, and what it is called.
_KINDS = {
    "sticker": "stickers", "voice": "voice messages", "audio": "recordings", "photo": "pictures", "video": "videos", "video_note": "videos",
    "animation": "animations", "document": "files", "location": "places", "venue": "places", "contact": "contacts", "poll": "polls",
    "dice": "dice", "game": "games", "story": "stories", "paid_media": "pictures", "checklist": "lists",
}  # fmt: skip
_LARGEST = 2**52


@dataclass(frozen=True)
class Place:
    """Who, and where a reply goes. `message` is what they wrote, or where the button is that they pressed."""

    chat: int
    user: int
    message: int
    thread: int | None
    private: bool


@dataclass(frozen=True)
class Message:
    """Something written: a command with what stands behind it, or text; or a kind that we cannot read."""

    place: Place
    text: str = ""
    command: str = ""
    unreadable: str = ""


@dataclass(frozen=True)
class Press:
    """A button of ours that was pressed: what it carries, and the keyboard that it is on."""

    id: str
    place: Place | None
    data: str
    keyboard: list[list[Json]]


# The username of the bot. Asked for only if it makes a difference: it is Telegram that knows it.
Username = Callable[[], Awaitable[str]]


async def read(update: Json, bot: int, username: Username) -> Message | Press | None:
    """What *update* says to the bot of that id, or None."""
    if (query := _object(update, "callback_query")) and (id := _text(query, "id")):
        message = _object(query, "message")
        return Press(id, _place(message, _object(query, "from")), _text(query, "data"), _keyboard(message))
    message = _object(update, "message")
    sender = _object(message, "from")
    place = _place(message, sender)
    if place is None or sender.get("is_bot") or message.get("is_automatic_forward") or "via_bot" in message:
        return None
    text, entities = _text(message, "text") or _text(message, "caption"), _entities(message)
    said = _units(text)
    command, at = _command(said, entities)
    if not place.private:
        meant = _number(_object(_object(message, "reply_to_message"), "from"), "id") == bot
        mine = [e for e in entities if e["type"] == "text_mention" and _number(_object(e, "user"), "id") == bot]
        if at or any(entity["type"] == "mention" for entity in entities):
            name = f"@{await username()}".lower()
            mine += [e for e in entities if e["type"] == "mention" and _cut(said, e).lower() == name]
            if command and at and f"@{at.lower()}" != name:
                return None
            meant = meant or bool(at)
        if not (meant or mine):
            return None
        for entity in sorted(mine, key=lambda e: -e["offset"]):
            said = said[: 2 * entity["offset"]] + said[2 * (entity["offset"] + entity["length"]) :]
    return _message(place, _string(said).strip(), command, message)


def _message(place: Place, text: str, command: str, message: Json) -> Message | None:
    if command:
        return Message(place, "".join(text.split(None, 1)[1:]), command)
    if text:
        return Message(place, text)
    unreadable = next((name for kind, name in _KINDS.items() if kind in message), "")
    mentioned = "text" in message and not place.private  # the mention alone
    if unreadable and place.private:
        return Message(place, unreadable=unreadable)
    return Message(place, command="start") if mentioned else None


def _command(said: bytes, entities: list[Json]) -> tuple[str, str]:
    """The command that a message begins with, and to whom it is addressed."""
    first = next((entity for entity in entities if entity["type"] == "bot_command" and entity["offset"] == 0), None)
    if first is None:
        return "", ""
    command, _, at = _cut(said, first).removeprefix("/").partition("@")
    return command.lower(), at


def _place(message: Json, sender: Json) -> Place | None:
    chat, user, number = _number(_object(message, "chat"), "id"), _number(sender, "id"), _number(message, "message_id")
    if chat is None or user is None or number is None:
        return None
    kind = _object(message, "chat").get("type")
    if kind not in ("private", "group", "supergroup"):
        return None
    thread = _number(message, "message_thread_id") if message.get("is_topic_message") is True else None
    return Place(chat, user, number, thread, kind == "private")


def _entities(message: Json) -> list[Json]:
    """Those that have a place in the text."""
    given = message.get("entities" if isinstance(message.get("text"), str) else "caption_entities")
    listed = [entity for entity in given if isinstance(entity, dict)] if isinstance(given, list) else []
    return [one for one in listed if _text(one, "type") and _number(one, "offset", -1) >= 0 and _number(one, "length", -1) >= 0]


def _keyboard(message: Json) -> list[list[Json]]:
    rows = _object(message, "reply_markup").get("inline_keyboard")
    rows = [row for row in rows if isinstance(row, list)] if isinstance(rows, list) else []
    return [[key for key in row if isinstance(key, dict) and _text(key, "text") and _text(key, "callback_data")] for row in rows]


def _object(holder: Json, name: str) -> Json:
    value = holder.get(name)
    return value if isinstance(value, dict) else {}


def _text(holder: Json, name: str) -> str:
    value = holder.get(name)
    return value if isinstance(value, str) else ""


def _number(holder: Json, name: str, otherwise: Any = None) -> Any:
    value = holder.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST else otherwise


def _units(text: str) -> bytes:
    """Telegram counts in UTF-16."""
    return text.encode("utf-16-le", "surrogatepass")


def _string(units: bytes) -> str:
    return units.decode("utf-16-le", "replace")


def _cut(said: bytes, entity: Json) -> str:
    return _string(said[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])])
