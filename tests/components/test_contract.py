"""What every graph component promises; written once, crossed with all of them."""

from __future__ import annotations

import ast
import copy
import importlib
import inspect
import shutil
import sys
import textwrap
from pathlib import Path
from types import ModuleType

import making
import pytest
from making import PIPELINE, Made, outcome, same
from rasa.engine.graph import GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.local_model_storage import LocalModelStorage

import components
from components import choices, classifying, embedding, fingerprints, matching, order, picking, reading, scope, segments, spelling, wishes
from components.encoder import Encoder
from components.guard import Guard
from components.reader import Reader
from components.selector import Selector
from knowledge import danger, search

TEXTS = (
    "should i run after lifting?",
    "How long do I wait b4 an easy jog? And does creatine help?",
    "hello",
    "i have chest pain right now",
    "qwzx",
)
ODD = {
    "no text": None,
    "an empty text": "",
    "only blanks": " \n\t ",
    "an emoji": "🏃‍♀️",
    "a control character": "\x00",
    "a very long text": "should i run after lifting? " * 4_000,
    "a very long word": "a" * 100_000,
}
LEANS_ON = {
    Reader: (choices, matching, order, reading, segments, spelling, wishes, embedding),
    Encoder: (embedding,),
    Selector: (classifying, picking, scope),
    Guard: (danger,),
}
"""Modules that decide what a component does, beside its own."""

each = pytest.mark.parametrize("component", PIPELINE, ids=lambda one: one.__name__)


def test_every_graph_component_is_held_to_the_contract() -> None:
    """A component that is not in PIPELINE fails here, so none is forgotten."""
    modules = [importlib.import_module(f"components.{path.stem}") for path in Path(components.__file__).parent.glob("[!_]*.py")]
    found = {
        one
        for module in modules
        for one in vars(module).values()
        if inspect.isclass(one) and issubclass(one, GraphComponent) and one.__module__ == module.__name__
    }

    assert set(PIPELINE) == found


@each
class TestConfiguration:
    def test_every_option_has_a_default_with_its_reason_above(self, component: type[GraphComponent]) -> None:
        """The line above each option says what it does to the result."""
        lines = textwrap.dedent(inspect.getsource(component.get_default_config)).splitlines()
        for option in component.get_default_config():
            place = next(number for number, line in enumerate(lines) if line.strip().startswith(f'"{option}"'))

            assert lines[place - 1].strip().startswith("#")

    def test_every_option_that_is_read_has_a_default(self, component: type[GraphComponent]) -> None:
        """No option is known to the code alone."""
        read = set()
        for node in ast.walk(ast.parse(inspect.getsource(sys.modules[component.__module__]))):
            if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and ast.unparse(node.value).endswith("config"):
                read.add(node.slice.value)

        assert read <= set(component.get_default_config())

    def test_rasa_knows_it_by_its_class(self, component: type[GraphComponent]) -> None:
        """config.yml can name it: it is registered with the recipe, trainable if it trains."""
        registered = DefaultV1Recipe._from_registry(component.__name__)

        assert registered.clazz is component
        assert hasattr(component, "train") == registered.is_trainable


@each
class TestProcessing:
    def test_a_loaded_component_gives_what_the_trained_one_gave(self, component: type[GraphComponent], made: Made) -> None:
        """Nothing that matters is lost between training and loading."""
        trained = made.components[component].process(made.before(component, TEXTS))
        loaded = made.loaded(component).process(made.before(component, TEXTS))

        for one, other in zip(trained, loaded, strict=True):
            assert same(outcome(one), outcome(other))

    def test_it_does_something(self, component: type[GraphComponent], made: Made) -> None:
        """Some message comes out with more than it went in with; else the other rules hold of nothing."""
        before = made.before(component, TEXTS)
        after = made.components[component].process(copy.deepcopy(before))

        assert any(not same(outcome(one), outcome(other)) for one, other in zip(before, after, strict=True))

    def test_texts_and_the_number_of_messages_stay(self, component: type[GraphComponent], made: Made) -> None:
        """What was typed is what later components and the tracker see."""
        after = made.components[component].process(made.before(component, TEXTS))

        assert list(TEXTS) == [one.get("text") for one in after]

    @pytest.mark.parametrize("text", ODD.values(), ids=ODD)
    def test_any_text_passes(self, component: type[GraphComponent], made: Made, text: str | None) -> None:
        """Nothing that can be typed, or left out, raises."""
        (after,) = made.components[component].process(made.before(component, [text]))

        assert after.get("text") == text

    def test_no_message_is_no_trouble(self, component: type[GraphComponent], made: Made) -> None:
        """An empty batch comes back empty."""
        assert made.components[component].process([]) == []

    def test_the_same_text_gives_the_same_whatever_came_between(self, component: type[GraphComponent], made: Made) -> None:
        """Nothing carries over from one message to the next."""
        process = made.components[component].process
        (first,) = process(made.before(component, TEXTS[:1]))
        process(made.before(component, TEXTS[1:]))
        (again,) = process(made.before(component, TEXTS[:1]))

        assert same(outcome(first), outcome(again))

    def test_a_batch_gives_what_single_messages_give(self, component: type[GraphComponent], made: Made) -> None:
        """Who else is asking at the moment makes no difference."""
        process = made.components[component].process
        together = process(made.before(component, TEXTS))
        alone = [process(made.before(component, [text]))[0] for text in TEXTS]

        assert all(same(outcome(one), outcome(other)) for one, other in zip(together, alone, strict=True))

    def test_a_message_that_was_processed_stays_as_it_is(self, component: type[GraphComponent], made: Made) -> None:
        """A second pass over the same message adds nothing."""
        once = made.components[component].process(made.before(component, TEXTS))
        before = copy.deepcopy([outcome(one) for one in once])
        twice = made.components[component].process(once)

        assert all(same(one, outcome(other)) for one, other in zip(before, twice, strict=True))


@pytest.mark.parametrize("component", [one for one in PIPELINE if hasattr(one, "train")], ids=lambda one: one.__name__)
def test_before_training_a_message_passes_untouched(component: type[GraphComponent], made: Made, storage: LocalModelStorage) -> None:
    """A component that has not learnt anything leaves messages as they are."""
    before = made.before(component, TEXTS)
    after = making.create(component, storage, **made.options(component)).process(copy.deepcopy(before))

    assert all(same(outcome(one), outcome(other)) for one, other in zip(before, after, strict=True))


class TestFingerprint:
    @each
    def test_it_stays_while_nothing_changes(self, component: type[GraphComponent], made: Made) -> None:
        """The same sources give the same fingerprint, so nothing is trained for nothing."""
        config = making.configured(component, **made.options(component))

        assert component.fingerprint_addon(config) == component.fingerprint_addon(config) is not None

    @pytest.mark.parametrize(
        ("component", "module"),
        [
            pytest.param(component, module, id=f"{component.__name__}-{module.__name__}")
            for component, modules in LEANS_ON.items()
            for module in (sys.modules[component.__module__], *modules)
        ],
    )
    def test_it_changes_with_each_module_the_component_leans_on(
        self, component: type[GraphComponent], module: ModuleType, made: Made, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """An edited module is trained with, never an old result of it."""
        config = making.configured(component, **made.options(component))
        before = component.fingerprint_addon(config)
        edit(module, monkeypatch)

        assert before != component.fingerprint_addon(config)

    def test_the_readers_changes_with_what_corrects_spelling(self, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
        """What counts as misspelt is decided in knowledge/search.py, and the selector trains on corrected texts."""
        config = making.configured(Reader, **made.options(Reader))
        before = Reader.fingerprint_addon(config)
        edit(search, monkeypatch)

        assert before != Reader.fingerprint_addon(config)

    @pytest.mark.parametrize(("file", "changes"), [("goals", True), ("vocabulary", True), ("questions/order", False), ("sources", False)])
    def test_the_readers_changes_with_the_word_lists_only(self, tmp_path: Path, made: Made, file: str, changes: bool) -> None:
        """A new word of a goal trains; a new answer or title does not."""
        folder = tmp_path / "knowledge"
        shutil.copytree(made.folder, folder)
        config = making.configured(Reader, folder=str(folder))
        before = Reader.fingerprint_addon(config)
        with (folder / f"{file}.yml").open("a", encoding="utf-8") as one:
            one.write("# edited\n")

        assert changes == (before != Reader.fingerprint_addon(config))

    @pytest.mark.parametrize("component", [Reader, Encoder], ids=lambda one: one.__name__)
    def test_it_changes_with_the_language_model(self, component: type[GraphComponent], made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
        """Another model gives other vectors, and knows other words."""
        config = making.configured(component, **made.options(component))
        before = component.fingerprint_addon(config)
        monkeypatch.setattr(embedding, "identity", lambda: "another model")

        assert before != component.fingerprint_addon(config)

    def test_the_selectors_changes_with_the_fitted_limits(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Limits that were fitted anew are used, not those of the last training."""
        before = Selector.fingerprint_addon({})
        fitted = tmp_path / "scope.json"
        fitted.write_text(scope.FILE.read_text(encoding="utf-8").replace("0.4", "0.5"), encoding="utf-8")
        monkeypatch.setattr(scope, "FILE", fitted)

        assert before != Selector.fingerprint_addon({})


def edit(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the source of *module* look edited to fingerprints."""
    source = inspect.getsource
    monkeypatch.setattr(fingerprints.inspect, "getsource", lambda one: f"{source(one)}# edited" if one is module else source(one))
