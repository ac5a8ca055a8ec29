"""Who asks: one connection, kept open, to the REST channel of a Rasa on loopback."""

from __future__ import annotations

import http.client
import json
import random
import time
from collections.abc import Iterator
from typing import Any

from knowledge import files

_HEADERS = {"Content-Type": "application/json"}


class Line:
    """A client's connection."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, sender: str, text: str) -> list[dict[str, Any]]:
        """One turn; returns Rasa's messages."""
        self._connection.request("POST", "/webhooks/rest/webhook", json.dumps({"sender": sender, "message": text}), _HEADERS)
        answer = self._connection.getresponse().read()
        messages: list[dict[str, Any]] = json.loads(answer)
        return messages

    def timed(self, sender: str, text: str) -> float:
        """
        One turn; returns its milliseconds.

        Raises:
            RuntimeError: Nobody answered, or with an apology: that is no turn to measure.
        """
        before = time.perf_counter()
        messages = self.ask(sender, text)
        took = (time.perf_counter() - before) * 1000
        if not messages or any(message.get("custom", {}).get("kind") == "error" for message in messages):
            raise RuntimeError(f"'{text}' was answered with {messages}")
        return took


def phrasings(seed: int = 0) -> Iterator[str]:
    """The phrasings trained on, shuffled, each once: a text heard before would find its vector remembered."""
    texts = [text for question in files.load().questions for text in question.asked_as]
    random.Random(seed).shuffle(texts)
    yield from texts
