"""Small training data, and components made, trained and asked as Rasa does it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.encoder import Encoder
from components.guard import Guard
from components.reader import Reader
from components.selector import Selector

PIPELINE: tuple[type[GraphComponent], ...] = (Reader, Encoder, Selector, Guard)
"""All components, in the order in which they stand in config.yml."""
CONTEXT = ExecutionContext(GraphSchema({}))
Component = TypeVar("Component", bound=GraphComponent)

EXAMPLES = {
    "ask/order": [
        "run first or lift first",
        "should i run before lifting",
        "can i run after lifting",
        "cardio before weights",
        "lift then run",
        "which goes first, the run or the weights",
        "is it bad to run first",
        "what order should i train in",
    ],
    "ask/wait_time": [
        "how long should i wait between lifting and running",
        "how many hours between weights and a run",
        "how long after lifting can i run",
        "how much time between the two",
        "hours to wait before running",
        "is an hour enough between them",
        "how much rest between a lift and a jog",
        "how long a gap do i need",
    ],
    "ask/creatine": [
        "does creatine help",
        "should i take creatine",
        "creatine dose",
        "how much creatine a day",
        "creatine before or after training",
        "is creatine worth it",
    ],
    "greet": ["hello", "hi there", "hey", "good morning", "hello tandem", "hiya", "good evening"],
    "thanks": ["thanks", "thank you", "many thanks", "cheers, thanks", "thanks a lot", "thank you so much"],
}
"""Enough for the selector to tell five things apart."""

WORDS = {
    "goals": """\
- {id: muscle, title: Build muscle, phrase: building muscle, words: [muscle, gains]}
- {id: endurance, title: Run better, phrase: endurance, words: [endurance]}
""",
    "sources": "- {id: after, title: Running after lifting, sections: [What comes first]}\n",
    "vocabulary": """\
activities: {run: [run, running, jog, cardio], lift: [lift, lifting, weights]}
conditions:
  intensity: {easy: [easy], hard: [hard]}
order: {after: [after], before: [before], then: [then], first: [first]}
frames: {permission: [can i, should], threat: [bad], flip: [without], open: [which, how, what]}
days: {monday: [monday]}
slang: {b4: before}
""",
    "questions/order": """\
id: order
title: Run first or lift first?
asked_as: [run first or lift first]
answers:
  - goal: any
    verdict: lift_first
    advice: Lift first, then run.
    because: You lift best while you are fresh.
    evidence: [{source: after, section: What comes first, stance: supports, note: Puts weights first.}]
""",
}


def knowledge(folder: Path) -> Path:
    """Write the word lists of a tiny knowledge base to *folder*; returns it."""
    (folder / "questions").mkdir(parents=True)
    for name, text in WORDS.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return folder


def examples(labels: Sequence[str] = tuple(EXAMPLES)) -> TrainingData:
    """The phrasings of *labels* as training data."""
    return TrainingData([Message.build(text, intent=label) for label in labels for text in EXAMPLES[label]])


def configured(component: type[GraphComponent], **options: Any) -> dict[str, Any]:
    """The defaults of *component* with *options* over them, as Rasa puts them together."""
    return {**component.get_default_config(), **options}


def create(component: type[Component], storage: ModelStorage, **options: Any) -> Component:
    """*component* as it is before training."""
    return component.create(configured(component, **options), storage, Resource(component.__name__), CONTEXT)


def load(component: type[Component], storage: ModelStorage, **options: Any) -> Component:
    """*component* as it is loaded from a model, or made anew where nothing of it is in one."""
    return component.load(configured(component, **options), storage, Resource(component.__name__), CONTEXT)


def message(text: str | None) -> Message:
    """A message as it enters the pipeline."""
    return Message({TEXT: text})


@dataclass(frozen=True)
class Made:
    """Trained components in the order of the pipeline, and where their model is."""

    folder: Path
    storage: ModelStorage
    components: Mapping[type[GraphComponent], Any]

    def options(self, component: type[GraphComponent]) -> dict[str, Any]:
        """What config.yml would say for *component* on the tiny knowledge base."""
        return {"folder": str(self.folder)} if component is Reader else {}

    def loaded(self, component: type[Component]) -> Component:
        """*component*, from the model."""
        return load(component, self.storage, **self.options(component))

    def before(self, component: type[GraphComponent], texts: Sequence[str | None]) -> list[Message]:
        """Messages of *texts* as *component* gets them."""
        messages = [message(text) for text in texts]
        for earlier in PIPELINE[: PIPELINE.index(component)]:
            messages = self.components[earlier].process(messages)
        return messages


def train(folder: Path, storage: ModelStorage) -> Made:
    """Train all components on `EXAMPLES`, each on what the ones before it make of the data."""
    made = Made(folder, storage, {})
    data, components = examples(), {}
    for component in PIPELINE:
        components[component] = one = create(component, storage, **made.options(component))
        if hasattr(one, "train"):
            one.train(data)
        if hasattr(one, "process_training_data"):
            data = one.process_training_data(data)
    return Made(folder, storage, components)


def outcome(of: Message) -> dict[str, Any]:
    """Everything that *of* holds, features as lists."""
    features = [(one.origin, one.type, one.features.tolist()) for one in of.features]
    return {**of.data, "features": features}


def same(one: Any, other: Any) -> bool:
    """Whether two outcomes are alike, numbers to a millionth."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, abs_tol=1e-6)
    return bool(one == other)
