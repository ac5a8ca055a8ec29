"""One custom action a turn, answered from a dict."""

import json
from pathlib import Path

from rasa_sdk import Action

SAID = json.loads(Path(__file__).with_name("answers.json").read_text(encoding="utf-8"))


class Answer(Action):
    """Says the text of the question that the ResponseSelector picked."""

    def name(self):
        """(see parent class for full docstring)"""
        return "action_answer"

    def run(self, dispatcher, tracker, domain):
        """(see parent class for full docstring)"""
        selectors = tracker.latest_message.get("response_selector") or {}
        key = selectors.get("default", {}).get("response", {}).get("intent_response_key") or ""
        question = key.partition("/")[2]
        dispatcher.utter_message(text=SAID["answers"].get(question, "I did not get that."), json_message={"question": question})
        return []


def _other(action):
    return type(action, (Answer,), {"name": lambda self: action})


OTHERS = [_other(name) for name in SAID["actions"] if name != "action_answer"]
