"""
Replies as Slack messages: text, sources, and every button, drawn by kind. Pure: what is shown, not where.

A turn is one message, or several where one cannot hold it. Each button carries which of them it stands on and whose
conversation it continues, so that a press can be answered by drawing that message again, with what was chosen.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from channels.slack_blocks import Block, Page, button, context, contexts, header, packed, rows, section, sections
from channels.slack_text import cut, escape, link

_LEVELS = {"emergency": "🚨 Emergency", "urgent": "⚠️ Get help soon"}
_VOTES = {"up": "👍 Helpful", "down": "👎 Not helpful"}


def pages(replies: Iterable[Mapping[str, Any]], *, owner: str, greet: bool = False) -> list[Page]:
    """
    The messages that the *replies* of one turn make.

    Args:
        replies: As `replies.from_rasa` gives them.

        owner: Slack's id of the person whose conversation it is.

        greet: Whether to say for whom it is, where others read along.
    """
    blocks: list[Block] = []
    texts: list[str] = []
    for place, reply in enumerate(replies):
        shown = _reply(reply, place)
        blocks += [{"type": "divider"}, *shown] if blocks and shown else shown
        texts.append(_word(reply, "text") or _word(reply, "headline"))
    blocks = [*([context(f"For <@{escape(owner)}>")] if greet else []), *(blocks or sections("…"))]
    summary = escape(cut(" ".join(texts), 1_000)) or "…"
    return [Page(summary, [_signed(block, f"{number} {owner}") for block in page]) for number, page in enumerate(packed(blocks))]


def marked(page: Page, pressed: Collection[str], votes: Mapping[str, str]) -> Page:
    """*page* with what was chosen in place of the choices, and with the votes: reply ids and "up" or "down"."""
    chosen = {_place(each) for each in _all_buttons(page) if _reference(each) in pressed}
    return Page(page.text, [shown for block in page.blocks for shown in _marked(block, chosen, pressed, votes)])


def _marked(block: Block, chosen: set[str], pressed: Collection[str], votes: Mapping[str, str]) -> list[Block]:
    if block.get("block_id", "").startswith("label."):
        return [] if block["block_id"].partition(".")[2] in chosen else [block]
    if block["type"] != "actions":
        return [block]
    buttons = block["elements"]
    if buttons[0]["action_id"].startswith("vote."):
        given = votes.get(_reference(buttons[0]), "")
        why = {**button("why." + _place(buttons[0]), "✍️ Say why", ""), "value": buttons[0]["value"]}
        return [{**block, "elements": [*(_voted(each, given) for each in buttons), *([why] if given else [])]}]
    if _place(buttons[0]) not in chosen:
        return [block]
    return [context(f"✓ *{escape(each['text']['text'].replace('*', ''))}*") for each in buttons if _reference(each) in pressed]


def _voted(vote: Block, given: str) -> Block:
    return {**vote, "style": "primary"} if vote["action_id"].split(".")[1] == given else vote


def _all_buttons(page: Page) -> list[Block]:
    choices = [each for block in page.blocks if block["type"] == "actions" for each in block["elements"]]
    return [each for each in choices if not each["action_id"].startswith("vote.")]


def _place(choice: Block) -> str:
    """Which reply of the turn the button belongs to; the last part of a vote's action, the second of a choice's."""
    kind, *parts = choice["action_id"].split(".")
    return str(parts[-1] if kind == "vote" else parts[0])


def _reference(choice: Block) -> str:
    return str(choice["value"].split(" ")[0])


def _signed(block: Block, signature: str) -> Block:
    if block["type"] != "actions":
        return block
    return {**block, "elements": [{**each, "value": f"{each['value']} {signature}"} for each in block["elements"]]}


def _reply(reply: Mapping[str, Any], place: int) -> list[Block]:
    kind, id = _word(reply, "kind"), _word(reply, "id")
    shown = {"answer": _answer, "care": _care, "gap": _gap}.get(kind, _talk)(reply)
    goals = _choices(reply.get("goal_choices"))
    others = [choice for choice in _choices(dict(reply)) if choice not in goals]
    says = [button(f"say.{place}.{number}", title, ref) for number, (title, ref) in enumerate([*goals, *others])]
    if goals:
        label = "Or for:" if _titles(reply.get("goals")) else "Training for something? Choose a goal:"
        shown.append({**context(label), "block_id": f"label.{place}"})
    shown += [*rows(says[: len(goals)]), *rows(says[len(goals) :])]
    if kind in ("answer", "gap"):
        shown += rows([button(f"vote.{vote}.{place}", title, id) for vote, title in _VOTES.items()])
    if reply.get("retry") is True:
        shown += rows([button(f"again.{place}", "🔁 Try again", id)])
    return shown


def _answer(reply: Mapping[str, Any]) -> list[Block]:
    move = _word(reply, "move")
    if move not in ("", "repeat"):
        return [*sections(_word(reply, "text"), strong=move == "short"), *_sources(reply)]
    shown = [*sections(_word(reply, "headline") or _word(reply, "text"), strong=True), *sections(_word(reply, "reason"))]
    shown += sections(_word(reply, "missing"))
    if goals := _titles(reply.get("goals")):
        shown += contexts([f"Answer for: {', '.join(goals)}"])
    if differ := _word(reply, "disagreement"):
        shown += sections(f"⚖️ {differ}")
    return shown + _sources(reply)


def _care(reply: Mapping[str, Any]) -> list[Block]:
    level = _LEVELS.get(_word(reply, "level"), "🩺 See a professional")
    shown = [header(level), *sections(_word(reply, "title"), strong=True), *sections(_word(reply, "text"))]
    return shown + _contact(_word(reply, "contact"))


def _contact(contact: str) -> list[Block]:
    """A telephone number, a mail address or a web address can be pressed; anything else is shown."""
    if re.fullmatch(r"\+?[\d\s().-]{2,40}", contact, re.ASCII):
        return [section(link(f"tel:{re.sub('[^0-9+]', '', contact)}", contact))]
    if re.fullmatch(r"[^\s@<>|]{1,100}@[^\s@<>|]{1,100}", contact):
        return [section(link(f"mailto:{contact}", contact))]
    return sections(contact)


def _gap(reply: Mapping[str, Any]) -> list[Block]:
    return [context("Not in the sources"), *sections(_word(reply, "text"))]


def _talk(reply: Mapping[str, Any]) -> list[Block]:
    return sections(_word(reply, "text"))


def _sources(reply: Mapping[str, Any]) -> list[Block]:
    lines: list[str] = []
    evidence = reply.get("evidence")
    for piece in evidence if isinstance(evidence, list) else ():
        if isinstance(piece, dict) and (document := _word(piece, "document") or _word(piece, "source")):
            where = f", “{_word(piece, 'section')}”" if _word(piece, "section") else ""
            lines.append(f"{len(lines) + 1}. {document}{where}{' – says otherwise' if piece.get('stance') == 'contradicts' else ''}")
    return contexts(["Sources", *lines]) if lines else []


def _choices(value: Any) -> list[tuple[str, str]]:
    """Title and reference of every button in *value*, however deep: none is left out."""
    if isinstance(value, dict) and isinstance(value.get("button"), str):
        return [(_word(value, "title") or "Go on", value["button"])]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [choice for item in inner for choice in _choices(item)]


def _titles(goals: Any) -> list[str]:
    return [_word(goal, "title") for goal in goals if isinstance(goal, dict)] if isinstance(goals, list) else []


def _word(value: Mapping[str, Any], name: str) -> str:
    found = value.get(name)
    return found.strip() if isinstance(found, str) else ""
