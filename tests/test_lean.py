"""The stand-in for TensorFlow: Rasa's imports pass, and using one of its names says how to get the real library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.diet_classifier import DIETClassifier
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tensorflow import TensorFlowLeftOut

ROOT = Path(__file__).resolve().parent.parent


def test_what_is_installed_is_what_stands_here() -> None:
    """An edit of lean/ takes effect with the next `uv sync`, not some day."""
    assert Path(tensorflow.__file__).read_text(encoding="utf-8") == (ROOT / "lean" / "tensorflow" / "__init__.py").read_text(
        encoding="utf-8"
    )


def test_classes_can_be_built_on_its_names() -> None:
    """As Rasa builds its models and layers: bases, annotations, defaults, decorators."""
    import tensorflow as tf
    import tensorflow.keras.backend as backend
    from tensorflow.keras import layers
    from tensorflow.python.keras.utils import tf_utils

    class Model(tf.keras.Model):
        @tf.function
        def call(self, one: tf.Tensor, two: layers.Layer | None = None) -> tf.Tensor:
            return backend, tf_utils

    class Layer(layers.Dense, tf.keras.layers.Layer):
        kind = tf.float32

    assert Model.call(None, 1) == (backend, tf_utils)
    assert Layer.kind.__name__ == "float32"


@pytest.mark.parametrize(
    "use",
    [
        lambda tf: tf.constant(1),
        lambda tf: tf.keras.Model(),
        lambda tf: tf.keras.layers.Dense(units=3),
        lambda tf: type("Mine", (tf.keras.Model,), {})(),
        lambda tf: tf.config.set_visible_devices([], "GPU"),
        lambda tf: tf.random.set_seed(1),
    ],
    ids=["function", "model", "layer", "subclass", "config", "seed"],
)
def test_using_a_name_says_what_to_do(use: Any) -> None:
    """Which name it was, what needs it, and the command."""
    with pytest.raises(TensorFlowLeftOut, match=r"needs TensorFlow, which Tandem leaves out\..*DIETClassifier.*uv sync"):
        use(tensorflow)


def test_the_error_is_an_import_error() -> None:
    """What guards an import of TensorFlow elsewhere guards this too."""
    assert issubclass(TensorFlowLeftOut, ImportError)


def test_nothing_is_one_of_its_classes() -> None:
    """Rasa asks whether a value is a tensor; none is."""
    assert not isinstance(1.0, tensorflow.Tensor)
    assert not isinstance([], (tensorflow.Tensor, tensorflow.RaggedTensor))


def test_special_names_are_not_made_up() -> None:
    """Libraries that look for `__wrapped__` or `__array__` find none, and go on."""
    assert not hasattr(tensorflow, "__wrapped__")
    assert not hasattr(tensorflow.keras.Model, "__array__")


@pytest.mark.parametrize(
    "name", ["rasa.nlu.classifiers.diet_classifier", "rasa.core.policies.ted_policy", "rasa.nlu.selectors.response_selector"]
)
def test_rasas_own_parts_can_be_imported(name: str) -> None:
    """Rasa imports them at start, whatever the pipeline holds."""
    __import__(name)


def test_another_pipeline_is_told_what_it_needs() -> None:
    """Whoever puts a DIETClassifier into config.yml reads how to get TensorFlow, not an AttributeError."""
    messages = [Message.build("hello", "greet"), Message.build("bye", "goodbye")]
    for message in messages:
        message.add_features(Features(np.ones((1, 4), dtype=np.float32), FEATURE_TYPE_SENTENCE, TEXT, "a test"))
    config = {**DIETClassifier.get_default_config(), "constrain_similarities": True}  # as Rasa advises; it warns of the default
    classifier = DIETClassifier.create(config, None, Resource("diet"), ExecutionContext(GraphSchema({})))

    with pytest.raises(TensorFlowLeftOut, match="uv sync"):
        classifier.train(TrainingData(messages))
