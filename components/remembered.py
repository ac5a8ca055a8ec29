"""Vectors of earlier trainings, on disk: after one phrasing more, one text is embedded, not five thousand."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

FILE = Path(".rasa") / "vectors.npz"
"""Beside Rasa's own cache of trainings. It may be deleted at any time."""
logger = logging.getLogger(__name__)


def vectors(texts: Sequence[str], embed: Callable[[Sequence[str]], np.ndarray], model: str, file: Path | None = None) -> np.ndarray:
    """
    ``embed(texts)``, ``(n_texts, n), float32``, asking only for texts that *file* does not have; it then holds these, and no others.

    Args:
        model: What the vectors depend on besides the text; those of another are not used.

        file: `FILE` without it.
    """
    file = file or FILE
    keys = [hashlib.sha256(f"{model}\0{text}".encode()).digest() for text in texts]
    known = _read(file)
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if missing:
        known.update(zip(missing, embed(list(missing.values())), strict=True))
    found = np.vstack([known[key] for key in keys])
    if missing:
        _write(file, keys, found)
    return found


def _read(file: Path) -> dict[bytes, np.ndarray]:
    try:
        with file.open("rb") as opened, np.load(opened) as kept:
            return dict(zip((key.tobytes() for key in kept["keys"]), kept["vectors"], strict=True))
    except FileNotFoundError:
        return {}
    except Exception as error:  # numpy raises whatever the broken part happens to break
        logger.warning("The vectors kept in %s cannot be read and are made anew: %s", file, error)
        return {}


def _write(file: Path, keys: Sequence[bytes], found: np.ndarray) -> None:
    """Aside and swapped, so that a training that is interrupted leaves the old ones."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".vectors.", suffix=".npz", dir=file.parent)
        with os.fdopen(handle, "wb") as aside:
            np.savez(aside, keys=np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(len(keys), -1), vectors=found)
        os.replace(name, file)
    except OSError as error:
        logger.warning("Vectors are not kept for the next training: %s", error)
