"""One YAML file while it is read: what stands in it, on which line, and what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import ScalarNode, SequenceNode

from knowledge.errors import Complaint
from knowledge.model import Place
from knowledge.texts import control_character

_KINDS = {"null": "nothing", "bool": "the truth value {}", "int": "the number {}", "float": "the number {}", "timestamp": "the date {}"}

Steps = tuple[str | int, ...]


@dataclass(frozen=True)
class NotText:
    """A scalar that YAML takes for something else than a text."""

    kind: str


NOTHING = NotText("nothing")


class Page:
    """One YAML file while it is read."""

    def __init__(self, path: Path, root: Path) -> None:
        self.path = path
        self.name = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
        self.complaints: list[Complaint] = []
        self.lines: dict[Steps, int] = {}

    @property
    def place(self) -> Place:
        """The file and its lines, for those who complain later."""
        return Place(self.name, self.lines)

    def complain(self, line: int, text: str) -> None:
        """Note that something on *line* is wrong."""
        self.complaints.append(Complaint(self.name, line, text))

    def load(self) -> Any:
        """The file as dicts, lists and texts; None after a complaint that leaves nothing to use."""
        text = self._text()
        if text is None:
            return None
        try:
            top = YAML(typ="safe").compose(text)
        except YAMLError as error:
            self._complain_of_yaml(error, text)
            return None
        if top is None:
            self.complain(1, "is empty. Write something into it, or delete the file.")
            return None
        return self._plain(top, (), set())

    def _text(self) -> str | None:
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            self.complain(1, "this file is missing. Restore it, or take it from the repository.")
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            self.complain(line, f"is not UTF-8 (the byte {error.object[error.start]:#04x} at {error.start}). Save it as UTF-8.")
        except OSError as error:
            self.complain(1, f"cannot be read: {error.strerror}.")
        else:
            wrong = control_character(text)
            if wrong is None:
                return text
            self.complain(text.count("\n", 0, wrong) + 1, f"holds the control character {text[wrong]!r}. Delete it.")
        return None

    def _complain_of_yaml(self, error: YAMLError, text: str) -> None:
        context, problem = (getattr(error, name, None) or "" for name in ("context", "problem"))
        opened_here = getattr(error, "context_mark", None) if "quoted" in context else None
        mark = opened_here or getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = mark.line + 1 if mark else 1
        lines = text.splitlines()
        indent = re.match(r"\s*", lines[line - 1])[0] if line <= len(lines) else ""  # type: ignore[index]
        if "\t" in indent:
            self.complain(line, "is not readable YAML: a tab indents this line. Use spaces.")
        else:
            found = ", ".join(filter(None, [context, problem])) or str(error).splitlines()[0]
            self.complain(line, f"is not readable YAML: {found}. Quote texts that hold ': ' or start with a sign.")

    def _plain(self, node: Any, path: Steps, seen: set[int]) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if id(node) in seen:
            self.complain(self.place.line(*path[:-1]), "an alias (*name) stands here or below. Write the text out.")
            return NotText("an alias")
        seen.add(id(node))
        if isinstance(node, ScalarNode):
            kind = node.tag.rpartition(":")[2]
            return node.value if kind == "str" else NotText(_KINDS.get(kind, "something tagged {}").format(node.value or kind))
        if isinstance(node, SequenceNode):
            return [self._plain(item, (*path, position), seen) for position, item in enumerate(node.value)]
        return self._mapping(node, path, seen)

    def _mapping(self, node: Any, path: Steps, seen: set[int]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, ScalarNode) else "?"
            step, line = (*path, name), key.start_mark.line + 1
            if name in found:
                self.complain(line, f"the key '{name}' stands a second time; the first is on line {self.lines[step]}. Keep one.")
            else:
                self.lines[step] = line
                found[name] = self._plain(value, step, seen)
        return found
