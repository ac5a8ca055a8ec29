"""What Slack refuses: its documented limits on messages and views, as a list of complaints."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]

# <@U1>, <https://a.example|label>, <mailto:…>, <tel:…>; calling a whole channel is never what we want
_CONTROL = re.compile(r"<(@[UW][A-Z0-9]+|(https?://|mailto:|tel:)[^<>|\s]+(\|[^<>|]+)?)>")
_ENTITY = re.compile(r"&(?!amp;|lt;|gt;)")
_BLOCKS = {
    "section": {"type", "text", "block_id"},
    "context": {"type", "elements", "block_id"},
    "actions": {"type", "elements", "block_id"},
    "header": {"type", "text", "block_id"},
    "divider": {"type", "block_id"},
    "input": {"type", "block_id", "label", "element", "optional"},
}
_CONFIRM = {"title": 100, "text": 300, "confirm": 30, "deny": 30}


def length(text: str) -> int:
    """In UTF-16 units, which is never less than characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def message_complaints(message: Json) -> list[str]:
    """What is wrong with a message."""
    text, blocks = message.get("text"), message.get("blocks", [])
    found = [] if isinstance(text, str) and text else ["no text for notifications"]
    found += mrkdwn_complaints(text or "", 4_000)
    return found + blocks_complaints(blocks, 50)


def view_complaints(view: Json) -> list[str]:
    """What is wrong with a home tab or a modal."""
    kind = view.get("type")
    found = [] if kind in ("home", "modal") else [f"a view of type {kind!r}"]
    found += [] if length(view.get("private_metadata", "")) <= 3_000 else ["private_metadata over 3,000"]
    found += [] if length(view.get("callback_id", "")) <= 255 else ["callback_id over 255"]
    for name in ("title", "submit", "close") if kind == "modal" else ():
        found += plain_complaints(view.get(name), 24)
    found += [
        f"a view has no {name}" for name in set(view) - {"type", "blocks", "private_metadata", "callback_id", "title", "submit", "close"}
    ]
    return found + blocks_complaints(view.get("blocks", []), 100)


def blocks_complaints(blocks: Any, most: int) -> list[str]:
    """What is wrong with blocks."""
    if not isinstance(blocks, list):
        return ["blocks are no list"]
    found = [] if len(blocks) <= most else [f"{len(blocks)} blocks, {most} fit"]
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    actions = [button.get("action_id") for block in blocks if block.get("type") == "actions" for button in block.get("elements", [])]
    found += ["a block_id twice"] if len(ids) != len(set(ids)) else []
    found += ["an action_id twice"] if len(actions) != len(set(actions)) else []
    found += ["too much text in all blocks"] if sum(map(_text_in, blocks)) > 12_000 else []
    return found + [complaint for block in blocks for complaint in _block_complaints(block)]


def _block_complaints(block: Json) -> list[str]:
    kind = block.get("type")
    if kind not in _BLOCKS:
        return [f"a block of type {kind!r}"]
    found = [f"a {kind} block has no {name}" for name in set(block) - _BLOCKS[kind]]
    if not 1 <= len(block.get("block_id", "x")) <= 255:
        found.append("a block_id over 255")
    if kind == "section":
        found += _text_complaints(block.get("text"), 3_000)
    elif kind == "header":
        found += plain_complaints(block.get("text"), 150)
    elif kind == "input":
        found += plain_complaints(block.get("label"), 2_000)
    elements = block.get("elements", [])
    most = {"context": 10, "actions": 5}.get(kind, 0)
    if kind in ("context", "actions") and not 1 <= len(elements) <= most:
        found.append(f"{len(elements)} elements in a {kind} block, {most} fit")
    for element in elements:
        found += _text_complaints(element, 3_000) if kind == "context" else _button_complaints(element)
    return found


def _button_complaints(button: Json) -> list[str]:
    found = [f"a button has no {name}" for name in set(button) - {"type", "action_id", "text", "value", "style", "confirm"}]
    found += [] if button.get("type") == "button" else ["not a button"]
    found += plain_complaints(button.get("text"), 75)
    found += [] if 1 <= length(button.get("action_id", "")) <= 255 else ["an action_id over 255"]
    found += [] if 1 <= length(button.get("value", "x")) <= 2_000 else ["a value over 2,000"]
    found += [] if button.get("style", "primary") in ("primary", "danger") else ["an unknown style"]
    for name, most in _CONFIRM.items() if "confirm" in button else ():
        found += plain_complaints(button["confirm"].get(name), most)
    return found


def _text_complaints(text: Any, most: int) -> list[str]:
    if isinstance(text, dict) and text.get("type") == "mrkdwn":
        return mrkdwn_complaints(text.get("text"), most) or ([] if text["text"] else ["an empty text"])
    return plain_complaints(text, most)


def plain_complaints(text: Any, most: int) -> list[str]:
    """What is wrong with a plain_text object."""
    if not isinstance(text, dict) or text.get("type") != "plain_text" or not isinstance(text.get("text"), str):
        return [f"not a plain text: {text!r}"]
    return [] if 1 <= length(text["text"]) <= most else [f"{length(text['text'])} characters, {most} fit: {text['text'][:40]}"]


def mrkdwn_complaints(text: Any, most: int) -> list[str]:
    """What is wrong with text in mrkdwn: too long, or holding what Slack would take for a command."""
    if not isinstance(text, str):
        return [f"not a text: {text!r}"]
    bare = _CONTROL.sub("", text)
    found = [] if length(text) <= most else [f"{length(text)} characters, {most} fit"]
    found += [f"unescaped: {text[:60]!r}"] if "<" in bare or ">" in bare or _ENTITY.search(bare) else []
    return found


def _text_in(block: Json) -> int:
    text = block.get("text")
    inside = [text] if isinstance(text, dict) else []
    for element in block.get("elements", []):
        inside.append(element if isinstance(element.get("text"), str) else element.get("text", {}))
    return sum(length(str(part.get("text", ""))) for part in inside)
