"""What a Telegram message or a pressed button asks of the inbox, and where the reply goes."""

from __future__ import annotations

from dataclasses import replace

from channels import telegram_keys as keys
from channels.inbox import Delivery, Said
from channels.telegram_updates import Message, Place, Press

UNREADABLE = "I cannot look at {kind}; I only read text. Please write what you would like to know."
UNKNOWN = "I do not know that command. Write what you would like to know, or choose one from the menu."
ASK_FORGET = "Delete our conversation and everything kept about it? This cannot be undone."
_FORGET = (("Delete", "f:yes"), ("Cancel", "f:no"))


def asked(id: str, message: Message) -> Delivery:
    """What a message asks for."""
    delivery = Delivery("telegram", id, person(message.place), Said(message.text), _where(message.place))
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


def chosen(id: str, press: Press, place: Place, said: Said) -> Delivery:
    """What a pressed button asks for; the keyboard will show that it was."""
    delivery = Delivery("telegram", id, person(place), said, _where(place))
    keyboard = keys.chosen(press.keyboard, press.data)
    return delivery if keyboard == press.keyboard else _with_keyboard(delivery, keyboard)


def confirmed(id: str, place: Place) -> Delivery:
    """Forgetting, for sure; what is left of the keyboard asks nothing any more."""
    delivery = Delivery("telegram", id, person(place), Said(), _where(place), verb="forget")
    return _with_keyboard(delivery, [[keys.key("✓ Delete", "x", delivery.where.get("asker", ""))]])


def _with_keyboard(delivery: Delivery, keyboard: keys.Keyboard) -> Delivery:
    """As asked by a button: the reply begins with its keyboard."""
    pressed = {"message": delivery.where["message"], "keyboard": keyboard}
    return replace(delivery, where={**delivery.where, "pressed": pressed})


def person(place: Place) -> str:
    """Whose conversation: in every chat a person has another."""
    return f"{place.chat}:{place.user}"


def _where(place: Place) -> keys.Json:
    """In a group a reply says to which message it is, and its buttons whose they are."""
    where: keys.Json = {"chat": place.chat, "thread": place.thread, "message": place.message}
    return where if place.private else {**where, "reply": True, "asker": str(place.user)}
