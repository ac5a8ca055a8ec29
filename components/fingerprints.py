"""What the trained model depends on beyond a component's own class: Rasa's cache looks at the class only."""

from __future__ import annotations

import hashlib
import inspect
from pathlib import Path
from types import ModuleType


def of(*parts: ModuleType | Path | str) -> str:
    """A hash over the source of modules, the content of files, and texts."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, ModuleType):
            digest.update(inspect.getsource(part).encode())
        elif isinstance(part, Path):
            digest.update(part.read_bytes())
        else:
            digest.update(part.encode())
        digest.update(b"\0")
    return digest.hexdigest()
