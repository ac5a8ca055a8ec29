"""
The errors of the front door::

    ChannelsError
    ├── SettingsError           an environment variable does not fit; the start ends with its sentence
    ├── RasaError               Rasa gave no answer; the visitor reads an apology
    │   ├── RasaDown            nothing listens there, or the connection broke
    │   ├── RasaSlow            no answer within our patience
    │   └── RasaSilent          an answer without a reply in it, or not of the form we know
    ├── StoreError              the conversation database does not answer
    ├── TrackerError            Rasa's tracker database does not answer
    └── Problem                 the request is refused; carries status, code and a sentence to the visitor
"""

from __future__ import annotations


class ChannelsError(Exception):
    """Something is wrong at the front door; the message is a sentence to a person."""


class SettingsError(ChannelsError):
    """An environment variable does not fit."""


class RasaError(ChannelsError):
    """Rasa gave no answer that can be shown."""


class RasaDown(RasaError):
    """Nothing listens at Rasa's address, or the connection broke before the answer."""


class RasaSlow(RasaError):
    """Rasa took longer than our patience."""


class RasaSilent(RasaError):
    """Rasa answered with no reply, or with something that is not a list of replies."""


class StoreError(ChannelsError):
    """The conversation database does not answer."""


class TrackerError(ChannelsError):
    """Rasa's tracker database does not answer."""


class Problem(ChannelsError):
    """
    A request that is refused.

    Args:
        code: For programs; listed in openapi.json.

        sentence: For the visitor: what is wrong and what to do.

        retry_after_s: When to come back, for 429 and 503.
    """

    def __init__(self, status: int, code: str, sentence: str, *, retry_after_s: int | None = None) -> None:
        super().__init__(sentence)
        self.status, self.code, self.sentence, self.retry_after_s = status, code, sentence, retry_after_s

    def body(self) -> dict[str, object]:
        """What the visitor's browser is sent."""
        body: dict[str, object] = {"error": self.code, "sentence": self.sentence}
        return body if self.retry_after_s is None else {**body, "retry_after": self.retry_after_s}
