"""What no advice on training may follow: the kinds of danger in danger.yml, and whether a text speaks of one."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from knowledge.errors import Complaint, FilesError
from knowledge.nodes import Node
from knowledge.pages import NotText, Page
from knowledge.phrases import NUMBERS, Grammar, Line, Phrase, PhraseError, Text
from knowledge.texts import fold
from knowledge.typed import COMMA, STOP, Words

HERE = Path(__file__).resolve().parent / "danger.yml"
ENGLISH = HERE.with_name("english.txt")
LEVELS = ("emergency", "urgent", "professional")
DENIED = 8
"""Words that one "no" reaches at most."""

KEYS = ("sources", "forbidden", "small", "breaks", "real", "denials", "until", "through", "groups", "harmless", "kinds")
T = TypeVar("T")

_TRUE, _FALSE = (NotText(f"the truth value {value}") for value in ("true", "false"))
_SENTENCE_END = re.compile(r"[.?!](?= |$)")


@dataclass(frozen=True)
class Card:
    """What is said to somebody in danger; *level* is one of `LEVELS`, *contact* whether the operator's contact fits."""

    kind: str
    level: str
    title: str
    text: str
    contact: bool


@dataclass(frozen=True)
class Kind:
    """A danger: its card, and how people put it."""

    card: Card
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Danger:
    """
    All that danger.yml holds, the most serious kind first; the fields are named like its keys.

    *known* are its words, *spelled* those of them that are recognised when misspelt, *real* those that only look like one.
    """

    kinds: tuple[Kind, ...]
    harmless: tuple[Phrase, ...]
    denials: tuple[Phrase, ...]
    until: tuple[Phrase, ...]
    breaks: tuple[Phrase, ...]
    through: frozenset[str]
    small: frozenset[str]
    known: frozenset[str]
    spelled: frozenset[str]
    real: frozenset[str]


class Watch:
    """Looks for danger in texts."""

    def __init__(self, danger: Danger) -> None:
        self._danger = danger
        self._words = Words(danger.known, danger.real, danger.spelled)
        self._harmless: dict[str, list[Phrase]] = {}
        for phrase in danger.harmless:
            for word in phrase[0].heads:
                self._harmless.setdefault(word, []).append(phrase)
        self._kinds = [(kind.card, _by_anchor(kind.lines)) for kind in danger.kinds]

    def look(self, text: str) -> Card | None:
        """The card of the most serious danger that *text* speaks of anywhere, also behind a payload; None if of none."""
        whole = Text.of(self._words.read(text), self._danger.small, self._danger.breaks)
        harmless = [phrase for word in whole.where for phrase in self._harmless.get(word, ())]
        rest = whole.cut(harmless) if harmless else whole
        rest.negated = self._denied(rest)
        for card, lines in self._kinds:
            if any(rest.says(line, whole) for line in {line for word in lines.keys() & rest.where.keys() for line in lines[word]}):
                return card
        return None

    def _denied(self, text: Text) -> int:
        """The places that a "no" reaches: "no chest pain, dizziness or fainting" denies all three."""
        denied = text.after(self._danger.denials) & ~text.around(text.after(self._danger.until))
        if denied:
            before_or = text.any({"or", "nor"})
            for _ in range(DENIED):
                before_or |= (before_or >> 1) & text.going
            through = text.any(self._danger.through) | (text.where.get(COMMA, 0) & before_or)
            for _ in range(DENIED):
                denied |= (denied & through) << 1
        return denied


def _by_anchor(lines: tuple[Line, ...]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        for word in line.anchor:
            found.setdefault(word, []).append(line)
    return found


def load(path: Path = HERE) -> Danger:
    """
    Read the dangers.

    Raises:
        FilesError: There is any complaint about the file; all of them are in it.
    """
    danger, complaints = _read(path)
    if complaints:
        raise FilesError(complaints)
    return danger


def check(path: Path = HERE) -> list[Complaint]:
    """Every complaint about the file, sorted; empty if there is none."""
    return _read(path)[1]


def _read(path: Path) -> tuple[Danger, list[Complaint]]:
    page = Page(path, path.parent.parent)
    node = Node.top(page, "the file")
    danger = _Reader(node).danger() if node else Danger((), (), (), (), (), *[frozenset[str]()] * 5)
    return danger, sorted(set(page.complaints))


def _english() -> frozenset[str]:
    lines = ENGLISH.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _plural(word: str, known: Collection[str]) -> bool:
    """Whether *word* is one of *known* and an s; "needless" is none."""
    return len(word) > 4 and word[-1] == "s" != word[-2] and word[:-1] in known


class _Reader:
    """Reads the file, and notes what is wrong with it."""

    def __init__(self, node: Node) -> None:
        self.node = node.mapping(KEYS, required=KEYS)
        groups = self.node.inner("groups")
        self.grammar = Grammar({name: self.texts(groups, name) for name in groups.value}, self.texts(self.node, "small"))
        self.forbidden = self.texts(self.node, "forbidden")

    def danger(self) -> Danger:
        for source in self.node.items("a source", "sources"):
            source = source.mapping(("title", "for"), required=("title", "for"))
            source.text("title"), source.text("for")
        kinds = tuple(self.kind(item) for item in self.node.items("a kind", "kinds"))
        harmless, denials, until, breaks = (
            tuple(self.each(self.node, key, self.grammar.phrase)) for key in ("harmless", "denials", "until", "breaks")
        )
        through = frozenset().union(*self.each(self.node, "through", lambda entry: self.grammar.phrase(entry)[0].words))
        for name in sorted(self.grammar.groups.keys() - self.grammar.used):
            self.node.complain(f"the group '{name}' stands in no pattern. Use it, or remove it.", "groups", name)
        known = frozenset(self.grammar.known | self.grammar.small | through | set(NUMBERS))
        return Danger(
            kinds,
            harmless,
            denials,
            until,
            breaks,
            through,
            self.grammar.small,
            known=known - {COMMA, STOP},
            spelled=frozenset().union(*(line.words for kind in kinds for line in kind.lines)),
            real=frozenset(word for word in _english() if not _plural(word, known)) | set(self.texts(self.node, "real")),
        )

    def kind(self, node: Node) -> Kind:
        keys = ("id", "level", "title", "text", "contact", "patterns")
        node = node.mapping(keys, required=keys)
        contact = node.value.get("contact")
        if "contact" in node.value and not (isinstance(contact, NotText) and contact in (_TRUE, _FALSE)):
            node.complain(f"'contact' of {node.what} is '{contact}'. Expected true or false.", "contact")
        card = Card(node.text("id"), node.choice("level", LEVELS), node.text("title"), node.text("text"), contact == _TRUE)
        self.complain_of_reply(node, card)
        return Kind(card, tuple(self.each(node, "patterns", self.grammar.line)))

    def complain_of_reply(self, node: Node, card: Card) -> None:
        sentences = len(_SENTENCE_END.findall(card.text))
        if card.text and not 2 <= sentences <= 4:
            node.complain(f"the text has {sentences} sentences. Expected two to four: what to do now.", "text")
        for key in ("title", "text"):
            said = f" {fold(getattr(card, key))} "
            for word in self.forbidden:
                if f" {word} " in said:
                    node.complain(f"the {key} says '{word}'. No advice on training goes with a danger.", key)

    def texts(self, node: Node, key: str) -> tuple[str, ...]:
        found = node.texts(key)
        if node.value.get(key) == []:
            node.complain(f"'{key}' of {node.what} is an empty list. Write something into it, or delete it.", key)
        return found

    def each(self, node: Node, key: str, read: Callable[[str], T]) -> Iterator[T]:
        """What *read* makes of each text under *key*."""
        for position, text in enumerate(self.texts(node, key)):
            try:
                if text:
                    yield read(text)
            except PhraseError as error:
                node.complain(f"'{text}' cannot be read: {error}.", key, position)
