"""What a Telegram message or a pressed button asks of the inbox, and where the reply goes."""

from __future__ import annotations

from dataclasses import replace

from channels import telegram_keys as keys
from channels.inbox import Delivery, Said
from channels.telegram_updates import Message, Place

UNREADABLE = "I cannot look at {kind}; I only read text. Please write what you would like to know."
UNKNOWN = "I do not know that command. Write what you would like to know, or choose one from the menu."
ASK_FORGET = "Delete our conversation and everything kept about it? This cannot be undone."
_FORGET = (("Delete", "f:yes"), ("Cancel", "f:no"))


def asked(id: str, message: Message) -> Delivery:
    """What a message asks for."""
    delivery = answering(id, message.place, Said(message.text))
    if message.unreadable:
        return replace(delivery, verb="note", said=Said(UNREADABLE.format(kind=message.unreadable)))
    match message.command, message.text:
        case ("", _):
            return delivery
        case ("start" | "help") as command, _:
            return replace(delivery, said=Said("hello" if command == "start" else "help"))
        case "goal", words:
            return delivery if words else replace(delivery, verb="goals")
        case "forget", _:
            asker = delivery.where.get("asker", "")
            confirm = [keys.key(title, data, asker) for title, data in _FORGET]
            return replace(delivery, verb="note", said=Said(ASK_FORGET), where={**delivery.where, "keys": [confirm]})
    return replace(delivery, verb="note", said=Said(UNKNOWN))


def answering(id: str, place: Place, said: Said) -> Delivery:
    """What a pressed button says."""
    return Delivery("telegram", id, person(place), said, _where(place))


def person(place: Place) -> str:
    """Whose conversation: in every chat a person has another."""
    return f"{place.chat}:{place.user}"


def _where(place: Place) -> keys.Json:
    """In a group a reply says to which message it is, and its buttons whose they are."""
    where: keys.Json = {"chat": place.chat, "thread": place.thread, "message": place.message}
    return where if place.private else {**where, "reply": True, "asker": str(place.user)}
