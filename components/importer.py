"""The question files as Rasa training data: every phrasing an example of the intent ``ask/<id>``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from knowledge import files

INTENT = "ask"


class QuestionImporter(RasaFileImporter):
    """
    Reads what Rasa's own importer reads (domain.yml, data/), and the questions of a knowledge base; held-out phrasings stay out.

    Raises:
        FilesError: A file of the knowledge base has complaints. Training stops there.
    """

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        folder: str | None = None,
    ) -> None:
        """
        Read the knowledge base; the rest is read when Rasa asks for it.

        Args:
            folder: Where the knowledge base's files are (an option under ``importers:`` in config.yml); knowledge/ without it.
        """
        super().__init__(config_file, domain_path, training_data_paths)
        self._base = files.load(Path(folder) if folder else files.HERE)

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Small talk from data/, and every phrasing that is trained on."""
        examples = [
            Message.build(text, intent=f"{INTENT}/{question.id}") for question in self._base.questions for text in question.asked_as
        ]
        talk = super().get_nlu_data(language)
        # Not `merge`, which copies everything there is.
        return TrainingData([*talk.training_examples, *examples], responses={**talk.responses, **self._pointers()})

    def _pointers(self) -> dict[str, list[dict[str, Any]]]:
        """A pointer for each question, where Rasa wants a response: the words are in the knowledge base."""
        return {f"utter_{INTENT}/{question.id}": [{"custom": {"question": question.id}}] for question in self._base.questions}
