"""The question files as training data: everything that is trained on, nothing that is held out, and no half of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT_RESPONSE_KEY, TEXT

from components.importer import QuestionImporter
from knowledge import files
from knowledge.errors import FilesError
from knowledge.model import Base

ROOT = Path(__file__).parents[2]
NLU = """\
version: "3.1"
nlu:
  - intent: greet
    examples: |
      - hello
"""


@pytest.fixture(name="project")
def _project(folder: Path, tmp_path: Path) -> Callable[[], QuestionImporter]:
    """The importer on the tiny knowledge base, with a little small talk beside it."""
    (tmp_path / "nlu.yml").write_text(NLU, encoding="utf-8")
    return lambda: QuestionImporter(training_data_paths=[str(tmp_path / "nlu.yml")], folder=str(folder))


def phrasings(importer: TrainingDataImporter) -> dict[str, set[str]]:
    """The texts of each question."""
    found: dict[str, set[str]] = {}
    for message in importer.get_nlu_data().intent_examples:
        if key := message.get(INTENT_RESPONSE_KEY):
            found.setdefault(key, set()).add(message.get(TEXT))
    return found


def test_every_phrasing_is_trained_on(project: Callable[[], QuestionImporter], base: Base) -> None:
    """Under the intent ask and the id of its question."""
    assert {f"ask/{question.id}": set(question.asked_as) for question in base.questions} == phrasings(project())


def test_no_held_out_phrasing_is_trained_on(project: Callable[[], QuestionImporter], base: Base) -> None:
    """They are what the score is made of."""
    trained = {message.get(TEXT) for message in project().get_nlu_data().training_examples}

    assert trained.isdisjoint({text for question in base.questions for text in question.held_out})


def test_small_talk_comes_from_its_files(project: Callable[[], QuestionImporter]) -> None:
    """What Rasa's own importer reads is read as ever."""
    assert "greet" in project().get_nlu_data().intents


def test_each_question_has_a_pointer(project: Callable[[], QuestionImporter], base: Base) -> None:
    """Rasa wants a response for each; it says which question, and no words of an answer."""
    responses = project().get_nlu_data().responses

    assert responses == {f"utter_ask/{question.id}": [{"custom": {"question": question.id}}] for question in base.questions}


def test_a_broken_file_stops_training(project: Callable[[], QuestionImporter], edit: Callable[[str, str, str], None]) -> None:
    """With file and line; a question is never left out in silence."""
    edit("questions/order.yml", "title: Run first", "titel: Run first")

    with pytest.raises(FilesError, match=r"library/questions/order\.yml:2: .*titel"):
        project()


def test_all_broken_files_are_named_at_once(project: Callable[[], QuestionImporter], edit: Callable[[str, str, str], None]) -> None:
    """Nobody repairs them one run at a time."""
    edit("questions/order.yml", "verdict: lift_first", "verdict: weights")
    edit("questions/wait_time.yml", "id: wait_time", "id: waiting")

    with pytest.raises(FilesError) as caught:
        project()
    assert {complaint.file for complaint in caught.value.complaints} == {"library/questions/order.yml", "library/questions/wait_time.yml"}


@pytest.mark.filterwarnings("ignore::UserWarning")  # Rasa tells every domain with slots that it changed in 3.0
def test_config_yml_names_this_importer(real: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Rasa makes of this repository holds its questions; a few of them say as much as all."""
    monkeypatch.chdir(ROOT)
    real = replace(real, questions=real.questions[:3])
    monkeypatch.setattr(files, "load", lambda folder: real)
    importer = TrainingDataImporter.load_from_config("config.yml", "domain.yml", ["data"])

    assert {f"ask/{question.id}": set(question.asked_as) for question in real.questions} == phrasings(importer)
