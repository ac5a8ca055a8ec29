"""
A file of conversations, read. What is wrong in it is a complaint with file and line.

One conversation::

    - name: a goal given afterwards answers the question again
      turns:
        - you: should i run after lifting?
          tandem: {kind: answer, question: order, verdict: lift_first, starts: "Yes"}
        - press: Lose fat                # a button of the last reply by its title, or by its place: "#2"
          tandem: {question: order, goals: [fat_loss]}

A turn may repeat its text: ``times: "500"``. What is checked of the turn's replies, each only where it is named:

=============  ====================================================================================================
kind           answer, gap, did_you_mean, talk, care, error; of every reply. "not care": anything else
question       the one question that is answered, or whose answer is missing. "same": the one before again; "#2": that
               of the second button of the last reply; none: no question
questions      several, in their order
missing        a gap question that is named as not in the documents, beside whatever is answered
goals          all goals the answers are for; []: none
verdict        of the first answer; none: it has none
starts         how the first reply begins, but for "That stays the same"
says, never    words that must, or must not, occur anywhere
level          of the care card: emergency, urgent, professional
move           custom.move of an answer told again: why, evidence, more, short, repeat
offers         questions among the buttons
asks_goal      yes, no: whether there are buttons for the goal
new            yes: nothing of it was said in this conversation before
=============  ====================================================================================================

"a or b" is either. Whatever a turn names, every reply has to be sound (checking.sound).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge.errors import Complaint
from knowledge.files import HERE as KNOWLEDGE
from knowledge.model import VERDICTS
from knowledge.nodes import Node
from knowledge.pages import Page
from knowledge.texts import hint

HERE = Path(__file__).resolve().parent
KINDS = ("answer", "gap", "did_you_mean", "talk", "care", "error")
NONE, SAME, NOT = "none", "same", "not "
_PLACES = tuple(f"#{place}" for place in range(1, 7))


@dataclass(frozen=True)
class Turn:
    """What is typed or pressed, and what is expected: by check, alternatives of each item."""

    line: int
    said: str
    pressed: bool
    expected: Mapping[str, tuple[tuple[str, ...], ...]]


@dataclass(frozen=True)
class Conversation:
    """One conversation; *topic* is its file."""

    topic: str
    name: str
    line: int
    turns: tuple[Turn, ...]


def read(path: Path) -> tuple[list[Conversation], list[Complaint]]:
    """The conversations of a file that are right, and complaints about the others, with file and line."""
    page = Page(path, HERE.parents[1])
    top = Node.top(page, "a list, each item a conversation,")
    found = []
    for node in top.items("a conversation") if top else []:
        before = len(page.complaints)
        conversation = _conversation(node, path.stem)
        if len(page.complaints) == before:
            found.append(conversation)
    return found, sorted(page.complaints)


def read_all(folder: Path = HERE) -> tuple[list[Conversation], list[Complaint]]:
    """The same of every file of *folder*."""
    conversations, complaints = [], []
    for path in sorted(folder.glob("*.yml")):
        right, wrong = read(path)
        conversations += right
        complaints += wrong
    return conversations, complaints


def _conversation(node: Node, topic: str) -> Conversation:
    node = node.mapping(("name", "turns"), required=("name", "turns"))
    turns = tuple(map(_turn, node.items("a turn", "turns")))
    if not 2 <= len(turns) <= 8:
        node.complain(f"has {len(turns)} turns. Expected 2 to 8: one turn is no conversation, and long ones say little.")
    return Conversation(topic, node.text("name"), _line(node), turns)


def _turn(node: Node) -> Turn:
    node = node.mapping(("you", "press", "times", "tandem"), required=("tandem",))
    said = {key: node.value[key] for key in ("you", "press") if key in node.value}
    if len(said) != 1 or not all(isinstance(text, str) for text in said.values()):
        node.complain("a turn has either the text 'you', in quotes if YAML takes it for something else, or 'press'.")
    times = node.text("times") or "1"
    if not times.isdigit():
        node.complain(f"'times' is '{times}'. Expected a number in quotes.", "times")
    expected = node.inner("tandem").mapping(CHECKS, required=())
    if not expected.value:
        node.complain("expects nothing. Say what the reply must be.")
    texts = [text for text in said.values() if isinstance(text, str)]
    said_text = "".join(texts) * (int(times) if times.isdigit() else 1)
    return Turn(_line(node), said_text, "press" in said, {check: _expected(expected, check) for check in expected.value if check in CHECKS})


def _expected(node: Node, check: str) -> tuple[tuple[str, ...], ...]:
    """Each item of what *check* expects, with its alternatives; complains of words that it cannot be."""
    items = tuple(tuple(text.split(" or ")) for text in node.texts(check))
    if len(items) != 1 and not CHECKS[check]:
        node.complain(f"'{check}' is one text; found {len(items)}.", check)
    known = _known()[check] if check in _known() else ()
    for word in (word.removeprefix(NOT) for item in items for word in item):
        if known and word not in known:
            node.complain(f"'{check}' names '{word}'. Known: {', '.join(known)}.{hint(word, known)}", check)
    return items


CHECKS = {  # and whether each takes a list
    "kind": False,
    "question": False,
    "questions": True,
    "missing": True,
    "goals": True,
    "verdict": False,
    "starts": False,
    "says": True,
    "never": True,
    "level": False,
    "move": False,
    "offers": True,
    "asks_goal": False,
    "new": False,
}


@cache
def _known() -> dict[str, tuple[str, ...]]:
    """What each check may name; a check that is not here takes any words."""
    questions = tuple(sorted(path.stem for path in (KNOWLEDGE / "questions").glob("*.yml")))
    goals = Node.top(Page(KNOWLEDGE / "goals.yml", KNOWLEDGE.parent), "a list, each item a goal,")
    return {
        "kind": KINDS,
        "question": (*questions, SAME, NONE, *_PLACES),
        "questions": questions,
        "missing": questions,
        "offers": questions,
        "goals": tuple(goal.text("id") for goal in goals.items("a goal")) if goals else (),
        "verdict": (*VERDICTS, NONE),
        "level": ("emergency", "urgent", "professional"),
        "move": ("why", "evidence", "more", "short", "repeat"),
        "asks_goal": ("yes", "no"),
        "new": ("yes",),
    }


def _line(node: Node) -> int:
    return node.page.place.line(*node.path)
