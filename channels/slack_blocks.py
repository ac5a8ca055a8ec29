"""The few kinds of Block Kit blocks that we use, each within its limits. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from channels.slack_text import bold, cut, mrkdwn, pieces, units

Block = dict[str, Any]

# What Slack takes: buttons in a row of actions, blocks in a message, characters on a button and in a header.
BUTTONS, BLOCKS, TITLE, HEADER = 5, 50, 75, 150
# 3,000 fit into one block; a message whose blocks hold too much together is refused too, from where is not documented.
_TEXT, _MESSAGE = 2_900, 9_000


@dataclass(frozen=True)
class Page:
    """One message: its blocks, and what notifications say of it."""

    text: str
    blocks: list[Block]


def section(text: str) -> Block:
    """A paragraph; *text* is mrkdwn."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def sections(text: str, *, strong: bool = False) -> list[Block]:
    """*text* as paragraphs, as many as it takes."""
    shown = [bold(piece) for piece in pieces(text, _TEXT // 2)] if strong else [mrkdwn(piece) for piece in pieces(text, _TEXT)]
    return [section(said) for said in shown if said.strip()]


def context(text: str) -> Block:
    """Something in small print; *text* is mrkdwn."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}


def contexts(lines: Iterable[str]) -> list[Block]:
    """Lines in small print, in as many blocks as it takes."""
    return [context(mrkdwn(piece)) for piece in pieces("\n".join(lines), _TEXT)]


def header(text: str) -> Block:
    """A title."""
    return {"type": "header", "text": {"type": "plain_text", "text": cut(text, HEADER), "emoji": True}}


def button(action: str, title: str, value: str, **more: Any) -> Block:
    """A button; what it is pressed for stands in its action and its value."""
    return {
        "type": "button",
        "action_id": action,
        "text": {"type": "plain_text", "text": cut(title, TITLE), "emoji": True},
        "value": value,
        **more,
    }


def rows(buttons: list[Block]) -> list[Block]:
    """All these buttons, in rows of at most five."""
    return [{"type": "actions", "elements": buttons[i : i + BUTTONS]} for i in range(0, len(buttons), BUTTONS)]


def packed(blocks: list[Block]) -> list[list[Block]]:
    """All these blocks, on as few messages as hold them, in order."""
    found: list[list[Block]] = [[]]
    size = 0
    for block in blocks:
        more = _size(block)
        if found[-1] and (len(found[-1]) == BLOCKS or size + more > _MESSAGE):
            found.append([])
            size = 0
        found[-1].append(block)
        size += more
    return found


def _size(block: Block) -> int:
    inside = [block.get("text"), *block.get("elements", ())]
    texts = [part["text"] if isinstance(part["text"], str) else part["text"]["text"] for part in inside if part]
    return sum(map(units, texts))
