"""What is made harmless on the way in, and what is kept back on the way out."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.errors import RasaSilent
from channels.replies import from_rasa, harmless

ANY_TEXT = st.text(st.characters(exclude_categories=())) | st.text(st.sampled_from("/ \t\n\r\x00\x1c\x85\u200b\u202e\ufeff\u2028abc{"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["kind", "text", "payload", "title", "choices", "id"]), inner, max_size=4)
    ),
    max_leaves=15,
)
BUTTONS = [{"title": "One", "payload": "/one"}, {"title": "Two", "payload": "/two"}]


class TestHarmless:
    @given(ANY_TEXT)
    def test_no_command(self, text):
        """Whatever is typed, what is sent does not begin with "/", however it is stripped."""
        assert not harmless(text).strip().startswith("/")

    @given(ANY_TEXT)
    def test_sendable(self, text):
        """What is left can be encoded, has no control character but the line break, and stays as it is the second time."""
        kept = harmless(text)

        assert kept.encode("utf-8").decode("utf-8") == kept == harmless(kept)
        assert not any(c < " " or "\x7f" <= c <= "\x9f" for c in kept.replace("\n", ""))

    @pytest.mark.parametrize("text", ["should i run 5/10 km?", "a\nb", "नमस्ते", "مرحبا", "👩‍👧 run", "lose 5 kg"])
    def test_left_alone(self, text):
        """What people write in earnest is not touched, in any script."""
        assert text == harmless(text)


class TestFromRasa:
    def test_structured_instead_of_text(self):
        """The structured form takes the place of the text before it, for each reply of several."""
        custom = {"kind": "answer", "text": "A"}
        replies, _ = from_rasa(
            [{"text": "A"}, {"custom": custom}, {"text": "B"}, {"text": "C"}, {"custom": {**custom, "text": "C"}}], "t_1"
        )

        assert [("answer", "A"), ("talk", "B"), ("answer", "C")] == [(reply["kind"], reply["text"]) for reply in replies]

    def test_buttons(self):
        """Buttons of all lists and depths are numbered through, and what else they say is kept."""
        replies, payloads = from_rasa(
            [{"custom": {"text": "A", "choices": BUTTONS}}, {"custom": {"text": "B", "goal_choices": [{"id": "x", **BUTTONS[0]}]}}], "t_1"
        )

        assert [{"title": "One", "button": "t_1.b0"}, {"title": "Two", "button": "t_1.b1"}] == replies[0]["choices"]
        assert [{"id": "x", "title": "One", "button": "t_1.b2"}] == replies[1]["goal_choices"]
        assert ["/one", "/two", "/one"] == payloads

    @pytest.mark.parametrize("messages", [[{}], [{"image": "x.png"}], [{"text": None}], [{"custom": None}]])
    def test_nothing_to_show(self, messages):
        """Messages without words are silence."""
        with pytest.raises(RasaSilent):
            from_rasa(messages, "t_1")

    @given(st.lists(st.dictionaries(st.sampled_from(["text", "custom", "buttons"]), JSON, max_size=3), max_size=3))
    def test_anything(self, messages):
        """Whatever Rasa says, every reply has id, kind and text, and no payload is shown."""
        try:
            replies, _ = from_rasa(messages, "t_1")
        except RasaSilent:
            return

        assert [f"t_1.{place}" for place in range(len(replies))] == [reply["id"] for reply in replies]
        for reply in replies:
            assert isinstance(reply["kind"], str)
            assert isinstance(reply["text"], str)
        assert '"payload":' not in json.dumps(replies)
