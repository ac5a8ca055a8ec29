"""What was read of one build of the knowledge base, until another takes its place."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

MOST = 2_000
"""Readings kept, about 10 KB each; then all are dropped."""


class Kept:
    """Readings of the build that serves. What is given out is shared: nobody may change it."""

    def __init__(self) -> None:
        self._serving: Hashable = None
        self._found: dict[Hashable, Any] = {}

    def of(self, serving: Hashable, key: Hashable) -> Any:
        """What was kept under *key* of the build *serving*, or None."""
        return self._found.get(key) if serving == self._serving else None

    def keep(self, serving: Hashable, key: Hashable, found: Any) -> Any:
        """Keep *found*, and give it back."""
        if serving != self._serving or len(self._found) >= MOST:
            self._serving, self._found = serving, {}
        self._found[key] = found
        return found
