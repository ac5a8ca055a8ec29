"""A reply as Telegram messages: HTML that Telegram reads, no longer than it takes, with keyboards laid out by width."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from channels.telegram_keys import Json, Keyboard, buttons, keyboards, text

# How long a message may be, counted in UTF-16 after the markup is read.
MOST_UNITS = 4_096

_CARE = {"emergency": "🆘 Emergency", "urgent": "⚠️ Get help soon", "professional": "🩺 See a professional"}
_VERDICTS = {"lift_first": "🏋️ Lift → 🏃 Run", "run_first": "🏃 Run → 🏋️ Lift", "either_order": "🔁 Either order"}
ASK_GOAL = "Training for something? Choose a goal:"
_MARKS = re.compile(r"\*\*(\S(?:[^*]*\S)?)\*\*|\*(\S(?:[^*]*\S)?)\*|`([^`]+)`|\[([^\]]+)\]\((https?://[^()\s]+)\)")


@dataclass(frozen=True)
class Block:
    """A part of a message: words, and the tags around them. What is inside the words is marked up as well if `marked`."""

    words: str
    tags: tuple[str, ...] = ()
    marked: bool = True

    def html(self) -> str:
        """As Telegram reads it."""
        inner = _inline(self.words) if self.marked else html.escape(self.words, quote=False)
        for tag in reversed(self.tags):
            inner = f"<{tag}>{inner}</{tag.split()[0]}>"
        return inner


@dataclass(frozen=True)
class Shown:
    """A message to send: in HTML, and as plain text should Telegram not read that."""

    text: str
    plain: str
    keyboard: Keyboard = field(default_factory=list)


def messages(replies: list[Json], asker: str = "") -> list[Shown]:
    """
    The messages that show *replies*.

    Args:
        asker: Who may press the buttons, where others see them too; empty: whoever does.
    """
    shown: list[Shown] = []
    for reply in replies:
        texts = _packed(_blocks(reply))
        below = keyboards(reply, asker)
        shown += [Shown(_html(blocks), _plain(blocks)) for blocks in texts[:-1]]
        shown.append(Shown(_html(texts[-1]), _plain(texts[-1]), below[0]))
        shown += [Shown("…", "…", keyboard) for keyboard in below[1:]]
    return shown


def _blocks(reply: Json) -> list[Block]:
    kind, said = reply.get("kind"), text(reply, "text")
    if kind == "care":
        level = _CARE.get(text(reply, "level"), _CARE["professional"])
        blocks = [Block(level, ("b",)), Block(text(reply, "title"), ("b",)), Block(said), Block(text(reply, "contact"), marked=False)]
    elif kind == "answer":
        blocks = [*_told(reply), *_sources(reply)]
        if buttons(reply, "goal_choices"):
            blocks.append(Block(ASK_GOAL))
    else:
        blocks = [Block("🔎 Not in the sources", ("b",)) if kind == "gap" else Block(""), Block(said)]
    return [block for block in blocks if block.words.strip()] or [Block("…")]


def _told(answer: Json) -> list[Block]:
    """The answer; or where it is told again, for its reason or in short, that alone."""
    if text(answer, "move") not in ("", "repeat"):
        return [Block(text(answer, "text"))]
    headline, disagreement = text(answer, "headline") or text(answer, "text"), text(answer, "disagreement")
    return [
        Block(_VERDICTS.get(text(answer, "verdict"), "")),
        Block(headline, ("b",)),
        Block(text(answer, "reason")),
        Block(text(answer, "missing"), ("i",)),
        Block(disagreement and f"↔️ {disagreement}", ("i",)),
    ]


def _sources(answer: Json) -> list[Block]:
    """What the answer stands on, document by document, folded up until somebody wants to see it."""
    given = answer.get("evidence")
    documents: dict[str, list[Json]] = {}
    for piece in given if isinstance(given, list) else []:
        if isinstance(piece, dict):
            documents.setdefault(text(piece, "document") or text(piece, "source"), []).append(piece)
    lines = [line for document, pieces in documents.items() for line in [document, *map(_passage, pieces)]]
    return [Block("\n".join(["Sources", *lines]), ("blockquote expandable",), marked=False)] if lines else []


def _passage(piece: Json) -> str:
    note = text(piece, "note").strip().rstrip(".")
    stance = "says otherwise" if piece.get("stance") == "contradicts" else "supports this"
    return f"• “{text(piece, 'section')}” {stance}{f': {note}' if note else ''}."


def _packed(blocks: list[Block]) -> list[list[Block]]:
    """The blocks of each message; as many as fit, a paragraph apart."""
    packed: list[list[Block]] = [[]]
    for block in (piece for whole in blocks for piece in _pieces(whole)):
        if packed[-1] and units(_plain([*packed[-1], block])) > MOST_UNITS:
            packed.append([])
        packed[-1].append(block)
    return packed


def _pieces(block: Block) -> list[Block]:
    """A block that is too long for any message, in several: at line ends or blanks. Marks inside it are shown as typed."""
    if units(block.words) <= MOST_UNITS:
        return [block]
    words, pieces = block.words.strip(), []
    while words:
        cut = len(words) if units(words) <= MOST_UNITS else _cut(words)
        pieces.append(Block(words[:cut].rstrip(), block.tags, marked=False))
        words = words[cut:].lstrip()
    return pieces


def _cut(words: str) -> int:
    most = len(words.encode("utf-16-le", "replace")[: 2 * MOST_UNITS].decode("utf-16-le", "ignore"))
    for end in ("\n", ". ", " "):
        if (found := words.rfind(end, most // 2, most)) > 0:
            return found + 1
    return most


def units(words: str) -> int:
    """How long Telegram finds *words*."""
    return len(words.encode("utf-16-le", "replace")) // 2


def _html(blocks: list[Block]) -> str:
    return "\n\n".join(block.html() for block in blocks)


def _plain(blocks: list[Block]) -> str:
    return "\n\n".join(block.words for block in blocks)


def _inline(words: str) -> str:
    """**strong**, *emphasis*, `code` and [links](https://…); everything else stays the text it is."""
    out, end = "", 0
    for found in _MARKS.finditer(words):
        strong, emphasis, code, label, address = (html.escape(part or "") for part in found.groups())
        tag, inner = ("b", strong) if strong else ("i", emphasis) if emphasis else ("code", code)
        out += html.escape(words[end : found.start()], quote=False)
        out += f'<a href="{address}">{label}</a>' if address else f"<{tag}>{inner}</{tag}>"
        end = found.end()
    return out + html.escape(words[end:], quote=False)
