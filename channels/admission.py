"""What of the deliveries is answered, and what refused: the gateway's limits, in words to the person."""

from __future__ import annotations

from dataclasses import replace

from channels.conversations import Said
from channels.deliveries import Delivery, Kept, is_plain
from channels.errors import Problem
from channels.limits import Rate
from channels.metrics import Metrics
from channels.replies import typed
from channels.settings import Settings

# How many refusals a minute one person reads; more of what comes too fast gets no reply.
_REFUSALS = 2


class Admission:
    """Looks at each delivery before it is answered."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._characters, self._queue_length, self._metrics = settings.message_characters, settings.queue_length, metrics
        self._rate, self._refusals = Rate(settings.messages_per_minute), Rate(_REFUSALS)

    def count(self, session: str) -> None:
        """
        Count one thing that *session* wants of us.

        Raises:
            Problem: It is one too many.
        """
        self._rate.take(session)

    def readable(self, delivery: Delivery) -> Delivery:
        """What was typed made harmless; what cannot be answered made the sentence that says so."""
        if delivery.verb != "say":
            return delivery
        try:
            if delivery.said.button is None:
                return replace(delivery, said=Said(typed(delivery.said.text, self._characters)))
            if not is_plain(delivery.said.button):
                raise Problem(410, "button_gone", "This button is not one of mine. Please write what you would like to know.")
            return delivery
        except Problem as problem:
            self._metrics.rejections.labels(problem.code).inc()
            return replace(delivery, verb="note", said=Said(problem.sentence))

    def within_limits(self, kept: Kept, waiting: int) -> bool:
        """Whether there is anything to say to this, of which so many are waiting: an answer, or a refusal, as which it is kept."""
        try:
            self.count(kept.session)
            if waiting > self._queue_length:
                raise Problem(429, "queue_full", "Your earlier messages are still being answered. Please wait for them.")
        except Problem as problem:
            self._metrics.rejections.labels(problem.code).inc()
            kept.verb, kept.said = "note", Said(problem.sentence)
            try:
                self._refusals.take(kept.session)
            except Problem:
                return False
        return True
