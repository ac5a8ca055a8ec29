"""
The errors of the knowledge base::

    KnowledgeError              anything below
    ├── FilesError              the YAML files have complaints; `complaints` lists all of them
    └── StoreError              the database is missing, unreachable, or was built by another version
        └── UnknownQuestion     there is no question with that id; the message names the nearest ids
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class KnowledgeError(Exception):
    """Something is wrong with the knowledge base; the message is a sentence to a person."""


@dataclass(frozen=True, order=True)
class Complaint:
    """One thing wrong in one place: found, expected, what to do."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class FilesError(KnowledgeError):
    """The files of the knowledge base cannot be used as they are."""

    def __init__(self, complaints: Iterable[Complaint]) -> None:
        self.complaints = sorted(set(complaints))
        super().__init__("\n".join(map(str, self.complaints)))


class StoreError(KnowledgeError):
    """The built knowledge base cannot be read or written."""


class UnknownQuestion(StoreError):
    """Nobody wrote a question with this id."""
