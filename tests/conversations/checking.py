"""What is wrong with the replies of a turn: what no reply may be, and what the transcript expects of these."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from knowledge.files import HERE as KNOWLEDGE
from knowledge.nodes import Node
from knowledge.pages import Page

from .replies import Button, Reply
from .transcript import KINDS, NONE, NOT, SAME

_UNCHANGED = re.compile(r"That stays the same[^.]*\. ")
"""What a reply may say before its first words (actions/render.py)."""

Item = tuple[str, ...]
"""What is expected in one place: any of these."""
Expected = Mapping[str, tuple[Item, ...]]


@dataclass(frozen=True)
class Before:
    """What went before a turn: the last question, the buttons of the last replies, everything that was said."""

    question: str | None = None
    buttons: tuple[Button, ...] = ()
    said: frozenset[str] = frozenset()

    def after(self, replies: Sequence[Reply]) -> Before:
        """This, with *replies* said."""
        question = next((reply.question for reply in reversed(replies) if reply.question), self.question)
        buttons = tuple(button for reply in replies for button in reply.buttons)
        return Before(question, buttons, self.said | {reply.words for reply in replies})


def wrong(replies: Sequence[Reply], expected: Expected, before: Before) -> list[str]:
    """Everything that is wrong with *replies*, a line each."""
    found = list(sound(replies))
    if not replies:
        return found
    if "kind" not in expected and any(reply.kind == "error" for reply in replies):
        found.append("an apology")
    return found + [complaint for check, items in expected.items() if (complaint := _CHECKS[check](replies, items, before))]


def sound(replies: Sequence[Reply]) -> Iterator[str]:
    """What no replies may be, whatever was asked."""
    if not replies:
        yield "no reply at all"
    for reply in replies:
        if reply.kind not in KINDS:
            yield f"a reply without a kind: {reply.text[:60]!r}"
        if not reply.words:
            yield "a reply without words"
        if reply.kind == "answer" and not reply.custom.get("evidence"):
            yield "an answer without evidence"
        if reply.kind == "care" and (reply.buttons or len(replies) > 1):
            yield "a care card with buttons, or beside something else"
        if reply.kind == "did_you_mean" and not 2 <= sum(button.question is not None for button in reply.buttons) < len(reply.buttons) <= 4:
            yield f"'did you mean' without two or three questions and something else: {[button.title for button in reply.buttons]}"
    if len({reply.words for reply in replies}) < len(replies):
        yield "the same reply twice"


def _fits(found: str, item: Item) -> bool:
    return any(found != word.removeprefix(NOT) if word.startswith(NOT) else found == word for word in item)


def _either(item: Item) -> str:
    return " or ".join(item)


def _kind(replies: Sequence[Reply], items: Sequence[Item], before: Before) -> str | None:
    kinds = [reply.kind for reply in replies]
    return None if all(_fits(kind, items[0]) for kind in kinds) else f"kind {_either(items[0])}, got {', '.join(kinds)}"


def _questions(replies: Sequence[Reply], items: Sequence[Item], before: Before) -> str | None:
    wanted = [tuple(str(_meant(word, before)) for word in item) for item in items]
    found = [reply.question for reply in replies if reply.question] or [NONE]
    if len(found) == len(wanted) and all(map(_fits, found, wanted)):
        return None
    return f"question {', '.join(map(_either, wanted))}, got {', '.join(found)}"


def _question(replies: Sequence[Reply], items: Sequence[Item], before: Before) -> str | None:
    # What is missing of it may stand in a reply of its own.
    answers = [reply for reply in replies if reply.kind == "answer"]
    return _questions(answers if len(answers) == 1 else replies, items, before)


def _meant(word: str, before: Before) -> str | None:
    """The question that *word* stands for."""
    if word == SAME:
        return before.question
    if word.startswith("#"):
        place = int(word[1:])
        return before.buttons[place - 1].question if place <= len(before.buttons) else f"of button {word}, of {len(before.buttons)}"
    return word


def _missing(replies: Sequence[Reply], items: Sequence[Item], before: Before) -> str | None:
    text = _text(replies)
    unnamed = [item for item in items if not any(_not_covered(word).casefold() in text for word in item)]
    return f"to hear that no document says {' and '.join(_not_covered(item[0]) for item in unnamed)}" if unnamed else None


@cache
def _not_covered(question: str) -> str:
    """What the gap question says that the documents do not."""
    node = Node.top(Page(KNOWLEDGE / "questions" / f"{question}.yml", KNOWLEDGE.parent), "a question")
    return node.text("not_covered") if node else ""


def _goals(replies: Sequence[Reply], items: Sequence[Item], before: Before) -> str | None:
    answers = [reply for reply in replies if reply.kind == "answer"]
    wanted = {item[0] for item in items}
    bad = [sorted(answer.goals) for answer in answers if set(answer.goals) != wanted]
    return None if answers and not bad else f"goals {sorted(wanted)}, got {bad or 'no answer'}"


def _verdict(replies: Sequence[Reply], items: Sequence[Item], before: Before) -> str | None:
    found = next((str(reply.custom.get("verdict") or NONE) for reply in replies if reply.kind == "answer"), "no answer")
    return None if _fits(found, items[0]) else f"verdict {_either(items[0])}, got {found}"


def _starts(replies: Sequence[Reply], items: Sequence[Item], before: Before) -> str | None:
    first = _UNCHANGED.sub("", replies[0].words)
    if any(re.match(rf"{re.escape(word)}\b", first) for word in items[0]):
        return None
    return f"first words {_either(items[0])!r}, got {first[:40]!r}"


def _text(replies: Sequence[Reply]) -> str:
    return "\n".join(reply.words for reply in replies).casefold()


def _says(replies: Sequence[Reply], items: Sequence[Item], before: Before) -> str | None:
    text = _text(replies)
    unsaid = [_either(item) for item in items if not any(word.casefold() in text for word in item)]
    return f"to hear {' and '.join(map(repr, unsaid))}" if unsaid else None


def _never(replies: Sequence[Reply], items: Sequence[Item], before: Before) -> str | None:
    text = _text(replies)
    said = [word for item in items for word in item if word.casefold() in text]
    return f"not to hear {' and '.join(map(repr, said))}" if said else None


def _level(replies: Sequence[Reply], items: Sequence[Item], before: Before) -> str | None:
    found = str(replies[0].custom.get("level"))
    return None if _fits(found, items[0]) else f"level {_either(items[0])}, got {found}"


def _move(replies: Sequence[Reply], items: Sequence[Item], before: Before) -> str | None:
    found = [str(reply.custom.get("move") or NONE) for reply in replies]
    return None if any(_fits(move, items[0]) for move in found) else f"move {_either(items[0])}, got {', '.join(found)}"


def _offers(replies: Sequence[Reply], items: Sequence[Item], before: Before) -> str | None:
    offered = [button.question for reply in replies for button in reply.buttons if button.question]
    unoffered = [_either(item) for item in items if not any(word in offered for word in item)]
    return f"{', '.join(unoffered)} among the buttons, got {', '.join(offered) or 'none'}" if unoffered else None


def _asks_goal(replies: Sequence[Reply], items: Sequence[Item], before: Before) -> str | None:
    # Whoever has a goal is shown the others, to change it: that asks nothing.
    asked = "yes" if any(button.goal for reply in replies if not reply.goals for button in reply.buttons) else "no"
    return None if _fits(asked, items[0]) else f"the goal {'not ' if asked == 'yes' else ''}to be asked for"


def _new(replies: Sequence[Reply], items: Sequence[Item], before: Before) -> str | None:
    return "something not said before" if any(reply.words in before.said for reply in replies) else None


_CHECKS: dict[str, Callable[[Sequence[Reply], Sequence[Item], Before], str | None]] = {
    "kind": _kind,
    "question": _question,
    "questions": _questions,
    "missing": _missing,
    "goals": _goals,
    "verdict": _verdict,
    "starts": _starts,
    "says": _says,
    "never": _never,
    "level": _level,
    "move": _move,
    "offers": _offers,
    "asks_goal": _asks_goal,
    "new": _new,
}
