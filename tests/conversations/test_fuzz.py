"""Whatever is sent to Rasa, with the trained model: a sound reply, never silence and never an apology."""

from __future__ import annotations

import json
import secrets
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from .checking import sound
from .servers import ROOT
from .talking import Tandem

INTENTS = tuple(YAML(typ="safe").load(ROOT / "domain.yml")["intents"])
WORDS = (
    "run",
    "lift",
    "after",
    "before",
    "leg day",
    "muscle",
    "lose fat",
    "?",
    "why",
    "and for",
    "the second one",
    "chest pain",
    "no",
    "5k",
    "i want",
)
BUILT_IN = ("restart", "back", "session_start", "nlu_fallback")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(("order", "muscle", "fat_loss", "creatine")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
TEXTS = st.text(max_size=200) | st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=30).map(" ".join)
ENTITIES = st.dictionaries(st.sampled_from(("question", "goal", "thread", "forget")) | st.text(max_size=8), VALUES, max_size=3)


@st.composite
def commands(draw: Any) -> str:
    """What Rasa takes for a command: known and unknown names, with entities of any shape, or cut off in the middle."""
    name = draw(st.sampled_from((*INTENTS, *BUILT_IN)) | st.text(max_size=12))
    text = f"/{name}" + draw(st.just("") | ENTITIES.map(json.dumps))
    return text[: draw(st.integers(1, len(text)))] if draw(st.booleans()) else text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(messages=st.lists(TEXTS | commands(), min_size=1, max_size=4))
def test_anything_is_answered(tandem: Tandem, messages: list[str]) -> None:
    """A conversation of anything: each turn has a reply that is sound, and the next one is answered as well."""
    sender = secrets.token_hex(8)
    for message in [*messages, "should i run after lifting?"]:
        came = tandem.say(sender, message)

        assert [] == list(sound(came)), message
        assert "error" not in {reply.kind for reply in came}, message
    assert came[-1].kind in ("answer", "care")
