"""Text to a feature as Rasa's classifiers know it."""

from __future__ import annotations

import making
import numpy as np
import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.encoder import Encoder, embed
from components.reader import READ_AS


@pytest.fixture(name="encoder")
def _encoder(storage: LocalModelStorage) -> Encoder:
    """An encoder as config.yml makes it."""
    return making.create(Encoder, storage)


def vector(of: Message) -> np.ndarray:
    """The sentence vector of a message, as a classifier gets it."""
    sequence, sentence = of.get_dense_features(TEXT)
    assert sequence is None
    assert sentence is not None
    assert sentence.type == FEATURE_TYPE_SENTENCE
    return np.asarray(sentence.features)


def test_a_message_gets_one_sentence_vector(encoder: Encoder) -> None:
    """In the shape that any classifier of Rasa's takes, of length one."""
    (message,) = encoder.process([making.message("can i run after lifting")])

    assert vector(message).shape == (1, 384)
    assert np.linalg.norm(vector(message)) == pytest.approx(1, abs=1e-5)


def test_the_corrected_text_is_what_counts(encoder: Encoder) -> None:
    """A misspelt message has the vector of what is meant."""
    (message,) = encoder.process([Message({TEXT: "cn i rnu", READ_AS: "can i run"})])

    assert np.array_equal(vector(message)[0], embed("can i run"))


def test_without_a_reader_the_typed_text_counts(encoder: Encoder) -> None:
    """The encoder can stand in a pipeline of Rasa's own parts."""
    (message,) = encoder.process([making.message("can i run")])

    assert np.array_equal(vector(message)[0], embed("can i run"))


def test_training_gives_the_vectors_of_serving(encoder: Encoder) -> None:
    """A phrasing that is asked word for word is as near to itself as can be."""
    texts = [text for texts in making.EXAMPLES.values() for text in texts]
    encoder.process_training_data(data := TrainingData([making.message(text) for text in texts]))
    served = encoder.process([making.message(text) for text in texts])

    for trained, one in zip(data.training_examples, served, strict=True):
        assert vector(trained) == pytest.approx(vector(one), abs=1e-3)


def test_messages_without_text_train_as_well(encoder: Encoder) -> None:
    """Rasa's training data holds messages of intents and actions too."""
    data = encoder.process_training_data(TrainingData([Message({"intent": "ask"}), making.message("hello")]))

    assert [0, 1] == [len(message.features) for message in data.training_examples]
