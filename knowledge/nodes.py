"""
A place in a YAML page, and what stands there.

It gives what is there as the type asked for, or complains and gives something empty of that type: one reading finds
everything that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from knowledge.pages import NOTHING, NotText, Page, Steps
from knowledge.texts import control_character, hint


@dataclass(frozen=True)
class Node:
    """A place in a page and what stands there; *what* is how complaints call it ("an answer")."""

    page: Page
    path: Steps
    value: Any
    what: str

    @classmethod
    def top(cls, page: Page, what: str) -> Node | None:
        """The whole of *page*, called *what*; None after a complaint that leaves nothing to use."""
        value = page.load()
        return None if value is None else cls(page, (), value, what)

    def complain(self, text: str, *below: str | int) -> None:
        """Note that something here, or *below* here, is wrong."""
        self.page.complain(self.page.place.line(*self.path, *below), text)

    def mapping(self, known: Iterable[str], required: Iterable[str] = ()) -> Node:
        """This node as a mapping with *known* keys only and all *required* ones; an empty mapping if it is none at all."""
        known = tuple(known)
        if not isinstance(self.value, dict):
            self.complain(f"{self.what} must be a mapping with the keys {', '.join(known)}; found {_kind(self.value)}.")
            return Node(self.page, self.path, {}, self.what)
        for key in self.value:
            if key not in known:
                self.complain(f"unknown key '{key}' in {self.what}. Known keys: {', '.join(known)}.{hint(key, known)}", key)
        for key in required:
            if key not in self.value:
                self.complain(f"{self.what} has no '{key}'. Add the line '{key}: …'.")
        return self

    def text(self, key: str) -> str:
        """The text under *key*, folded to one line; empty if there is none."""
        return self._line(self.value[key], key) if key in self.value else ""

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts under *key*; a single text counts as a list of one. What is no text is an empty one."""
        if isinstance(self.value.get(key), str):
            return (self.text(key),)
        return tuple(self._line(item, key, position) for position, item in enumerate(self._list(key)))

    def choice(self, key: str, allowed: Iterable[str]) -> str:
        """The text under *key*, which has to be one of *allowed*."""
        found, allowed = self.text(key), tuple(allowed)
        if found and found not in allowed:
            self.complain(f"'{key}' of {self.what} is '{found}'. Expected one of: {', '.join(allowed)}.{hint(found, allowed)}", key)
        return found

    def inner(self, key: str) -> Node:
        """The mapping under *key*, whatever keys it has; an empty one if there is none."""
        value = self.value.get(key, {})
        if not isinstance(value, dict):
            self.complain(f"'{key}' of {self.what} must be a mapping; found {_kind(value)}.", key)
        return Node(self.page, (*self.path, key), value if isinstance(value, dict) else {}, f"'{key}'")

    def items(self, what: str, *below: str) -> list[Node]:
        """The items of the list here, or of the one *below*, each called *what*."""
        return [Node(self.page, (*self.path, *below, position), item, what) for position, item in enumerate(self._list(*below))]

    def _list(self, *below: str) -> list[Any]:
        value = self.value.get(below[0], []) if below else self.value
        if isinstance(value, list):
            return value
        name = f"'{below[0]}' of {self.what}" if below else self.what
        self.complain(f"{name} must be a list; found {_kind(value)}.", *below)
        return []

    def _line(self, value: Any, *below: str | int) -> str:
        control = isinstance(value, str) and control_character(value) is not None
        if isinstance(value, str) and value.strip() and not control:
            return " ".join(value.split())
        advice = " Put it in quotes." if isinstance(value, NotText) and value != NOTHING else ""
        self.complain(
            f"'{below[0]}' of {self.what} must be a text; found {'a control character' if control else _kind(value)}.{advice}", *below
        )
        return ""


def _kind(value: object) -> str:
    if isinstance(value, NotText):
        return value.kind
    if isinstance(value, str):
        return "the text '" + value + "'" if value.strip() else "an empty text"
    return "a list" if isinstance(value, list) else "a mapping"
