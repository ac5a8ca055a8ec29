"""Vectors of earlier trainings on disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from components import remembered


class Asked:
    """An embedder that remembers what it was asked."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """Two numbers of each text."""
        self.texts += texts
        return np.array([[len(text), text.count("a")] for text in texts], dtype=np.float32)


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> Path:
    """A place for vectors, with nothing in it yet."""
    return tmp_path / "some" / "vectors.npz"


def test_only_what_is_new_is_embedded(file: Path) -> None:
    """One phrasing more costs one vector, and every text gets its own."""
    remembered.vectors(["run", "lift"], Asked(), "m", file)
    embed = Asked()
    found = remembered.vectors(["lift", "a bar", "run"], embed, "m", file)

    assert ["a bar"] == embed.texts
    assert [[4, 0], [5, 2], [3, 0]] == found.tolist()


def test_what_is_no_longer_there_is_dropped(file: Path) -> None:
    """The file does not grow with every edit."""
    remembered.vectors(["run", "lift"], Asked(), "m", file)
    remembered.vectors(["run", "jog"], Asked(), "m", file)
    embed = Asked()
    remembered.vectors(["lift"], embed, "m", file)

    assert ["lift"] == embed.texts


def test_the_same_text_twice_is_embedded_once(file: Path) -> None:
    """Small talk may say what a question says."""
    embed = Asked()

    assert 2 == len(remembered.vectors(["run", "run"], embed, "m", file))
    assert ["run"] == embed.texts


def test_another_model_has_other_vectors(file: Path) -> None:
    """Nothing of the old one is used."""
    remembered.vectors(["run"], Asked(), "m", file)
    embed = Asked()
    remembered.vectors(["run"], embed, "another", file)

    assert ["run"] == embed.texts


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04"])
def test_a_broken_file_is_made_anew(file: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """It is said, and the training goes on."""
    file.parent.mkdir()
    file.write_bytes(content)

    assert [[3, 0]] == remembered.vectors(["run"], Asked(), "m", file).tolist()
    assert "made anew" in caplog.text
    embed = Asked()
    remembered.vectors(["run"], embed, "m", file)
    assert [] == embed.texts


def test_where_nothing_can_be_written_training_goes_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Somebody's disk is full, or the folder is not theirs."""
    (tmp_path / "file").write_text("")

    assert [[3, 0]] == remembered.vectors(["run"], Asked(), "m", tmp_path / "file" / "vectors.npz").tolist()
    assert "not kept" in caplog.text
