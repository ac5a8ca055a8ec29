"""The phrasings as Rasa training data in YAML."""

from __future__ import annotations

import json

from knowledge.model import Base


def rasa_yaml(base: Base, *, held_out: bool = False) -> str:
    """Rasa 3.1 training data with one intent ``ask/<id>`` a question, of the phrasings trained on or held out."""
    lines = ['version: "3.1"', "nlu:"]
    for question in base.questions:
        texts = question.held_out if held_out else question.asked_as
        if texts:
            lines += [f"- intent: {json.dumps(f'ask/{question.id}')}", "  examples: |", *(f"    - {text}" for text in texts)]
    return "\n".join(lines) + "\n"
