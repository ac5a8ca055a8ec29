"""
Rasa's messages made into replies that may be shown.

A payload ("/ask{…}") never leaves the house: whoever knew one could send it. A button carries a reference instead,
and the payload stays with the turn.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from channels.errors import Problem, RasaSilent

APOLOGY = "Sorry, I could not get an answer: something on our side is not responding. Please send your message again in a moment."
# Directions (bidi) that let text pose as other text, and invisible marks. Joiners stay: emoji and scripts need them.
_INVISIBLE = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]")
_BLANKS = re.compile(r"[^\S\n]+")


def harmless(text: str) -> str:
    """
    What a person typed, fit to be sent: no control characters, and nothing that Rasa takes for a command.

    Rasa obeys text that begins with "/" once blanks are stripped, on every channel.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp") else " " for c in text)
    kept = _BLANKS.sub(" ", _INVISIBLE.sub("", kept))
    return re.sub(r"\A[\s/]+", "", kept).rstrip()


def typed(text: str, most: int) -> str:
    """
    What a person typed, harmless, if it can be answered.

    Raises:
        Problem: It has more than *most* characters, or nothing is left of it.
    """
    if len(text) > most:
        raise Problem(413, "too_long", f"That is {len(text)} characters; {most} fit. Please ask it in fewer words.")
    if not (kept := harmless(text)):
        raise Problem(422, "empty", "There is nothing to answer in that. Please write your question in words.")
    return kept


def from_rasa(messages: list[dict[str, Any]], turn: str) -> tuple[list[dict[str, Any]], list[str]]:
    """
    Make the replies of *turn*, and the payloads that its buttons stand for.

    A message with a `custom` part is the structured form of the text message before it; that one is left out. Small
    talk has its words in the text message only.

    Returns:
        Replies, each with at least id, kind and text; and the payloads: the button "<turn>.b2" stands for the third.

    Raises:
        RasaSilent: There is no reply in them.
    """
    payloads: list[str] = []
    replies: list[dict[str, Any]] = []
    for before, message, after in zip([{}, *messages], messages, [*messages[1:], {}], strict=False):
        custom = message.get("custom")
        if isinstance(custom, dict):
            structured = custom if "text" in custom else {"text": before.get("text"), "choices": before.get("buttons") or [], **custom}
        elif "custom" in after or not isinstance(message.get("text"), str):
            continue
        else:
            structured = {"kind": "talk", "text": message["text"], "choices": message.get("buttons") or []}
        shown = _without_payloads(structured, turn, payloads)
        known = {name: shown[name] if isinstance(shown.get(name), str) else default for name, default in (("kind", "talk"), ("text", ""))}
        retry = {"retry": True} if known["kind"] == "error" else {}
        replies.append({**retry, **shown, **known, "id": f"{turn}.{len(replies)}"})
    if not replies:
        raise RasaSilent("Nothing in Rasa's answer can be shown.")
    return replies, payloads


def apology(turn: str) -> dict[str, Any]:
    """What is shown when there is no answer."""
    return {"id": f"{turn}.0", "kind": "error", "text": APOLOGY, "retry": True}


def _without_payloads(value: Any, turn: str, payloads: list[str]) -> Any:
    if isinstance(value, list):
        return [_without_payloads(item, turn, payloads) for item in value]
    if not isinstance(value, dict):
        return value
    shown = {key: _without_payloads(item, turn, payloads) for key, item in value.items() if key != "payload"}
    if isinstance(value.get("payload"), str):
        shown["button"] = f"{turn}.b{len(payloads)}"
        payloads.append(value["payload"])
    return shown
