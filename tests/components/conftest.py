"""What the tests of components share: small training data, components made as Rasa makes them, and the real reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import making
import pytest
from making import Made
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components import remembered
from components.reader import READ_AS, READING, Reader
from components.reading import Reading
from knowledge import files
from knowledge.model import Base


@pytest.fixture(name="made", scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """All components, trained once on the small data of making.py in the order of the pipeline."""
    return making.train(making.knowledge(tmp_path_factory.mktemp("knowledge")), LocalModelStorage(tmp_path_factory.mktemp("model")))


@pytest.fixture(name="reader", scope="session")
def _reader(real: Base, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """The reader, trained on the words of this repository."""
    messages = [Message.build(text, intent=f"ask/{question.id}") for question in real.questions for text in question.asked_as]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "load", lambda folder: real)  # read once a session is enough
        reader = making.create(Reader, LocalModelStorage(tmp_path_factory.mktemp("model")))
        reader.train(TrainingData(messages))
    return reader


@pytest.fixture(name="corrected", scope="session")
def _corrected(reader: Reader) -> Callable[[str], str]:
    """What the reader takes a typed text for."""
    return lambda text: str(_processed(reader, text).get(READ_AS))


@pytest.fixture(name="read", scope="session")
def _read(reader: Reader) -> Callable[[str], Reading]:
    """What the reader finds in a typed text."""
    return lambda text: Reading(**_processed(reader, text).get(READING))


@pytest.fixture(name="storage")
def _storage(tmp_path: Path) -> LocalModelStorage:
    """An empty place for a model."""
    folder = tmp_path / "model"
    folder.mkdir()
    return LocalModelStorage(folder)


def _processed(reader: Reader, text: str) -> Message:
    data: dict[str, Any] = {TEXT: text}
    return reader.process([Message(data)])[0]


@pytest.fixture(autouse=True, scope="session")
def _vectors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Trainings of tests leave the vectors of real ones alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(remembered, "FILE", tmp_path_factory.mktemp("vectors") / "vectors.npz")
        yield
