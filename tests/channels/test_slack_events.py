"""What is understood of what Slack sends."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_stand_in import BOT, envelope, message

from channels.slack_events import AtHome, Heard, Place, read_action, read_command, read_event

few = settings(max_examples=50, deadline=None)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["U1", "D1", "C1", "im", BOT, "1.2"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
KEYS = (
    "type",
    "user",
    "channel",
    "text",
    "ts",
    "thread_ts",
    "subtype",
    "bot_id",
    "channel_type",
    "tab",
    "id",
    "view",
    "container",
    "message",
)
KEYS += (
    "actions",
    "action_id",
    "value",
    "callback_id",
    "response_url",
    "trigger_id",
    "private_metadata",
    "state",
    "values",
    "is_ephemeral",
)
KINDS = ("message", "app_mention", "app_home_opened", "block_actions", "message_action", "view_submission", "view")
SHAPES = st.recursive(JSON, lambda inner: st.dictionaries(st.sampled_from(KEYS), inner | st.sampled_from(KINDS), max_size=9), max_leaves=8)


def direct(text="hello", **more):
    """A direct message."""
    return envelope(message("U1", "D1", text, "1.2", channel_type="im", **more), "Ev1")


def in_channel(text, kind="app_mention", **more):
    """A message in a channel."""
    return envelope({**message("U1", "C1", text, "1.2", channel_type="channel", **more), "type": kind}, "Ev1")


class TestEvents:
    def test_direct(self):
        """A direct message is heard, in the one private conversation of its person, and answered where it stands."""
        assert Heard("D1:1.2", Place("U1", "D1"), "hello") == read_event(direct())
        assert Place("U1", "D1", "1.1") == read_event(direct(thread_ts="1.1")).place
        assert "U1" == read_event(direct(thread_ts="1.1")).place.person

    def test_mention(self):
        """A mention begins a thread, or goes on in the one it stands in; each person of a thread has their own conversation."""
        begun, later = read_event(in_channel(f"<@{BOT}> run?")), read_event(in_channel(f"so <@{BOT}>?", thread_ts="1.1"))

        assert (Place("U1", "C1", "1.2"), "run?") == (begun.place, begun.text)
        assert "C1:1.1:U1" == later.place.person

    def test_mentioned_and_said(self):
        """The two events that Slack sends of one mention are the same thing heard."""
        assert read_event(in_channel(f"<@{BOT}> run?")) == read_event(in_channel(f"<@{BOT}> run?", kind="message"))

    def test_not_for_us(self):
        """What is said in a channel without mentioning us is not heard."""
        assert read_event(in_channel("run?", kind="message")) is None
        assert read_event(in_channel("<@U2> run?", kind="message", thread_ts="1.1")) is None

    @pytest.mark.parametrize(
        "more",
        [
            {"bot_id": "B1"},
            {"bot_profile": {"id": "B1"}},
            {"user": BOT},
            {"subtype": "bot_message"},
            {"subtype": "message_changed", "message": {"text": "hello"}},
            {"subtype": "message_deleted"},
            {"subtype": "channel_join"},
            {"subtype": "something new"},
            {"hidden": True},
            {"edited": {"user": "U1", "ts": "1.3"}},
            {"user": None},
            {"channel": None},
            {"ts": None},
            {"text": ""},
            {"text": None, "subtype": "file_share"},
        ],
    )
    def test_ignored(self, more):
        """Our own words, other bots', edits, deletions, joins, pictures and nothing at all are not heard."""
        assert read_event(envelope({**direct()["event"], **more}, "Ev1")) is None

    @pytest.mark.parametrize("more", [{"subtype": "file_share"}, {"subtype": "thread_broadcast", "thread_ts": "1.1"}, {"new": [1]}])
    def test_said_otherwise(self, more):
        """What is said with a file, or shown in the channel too, or with fields that we do not know, is heard."""
        assert "hello" == read_event(direct(**more)).text

    def test_only_a_mention(self):
        """Who mentions us and says nothing wants to know what we can do."""
        assert "help" == read_event(in_channel(f"<@{BOT}>")).text

    def test_unknown_self(self):
        """Where Slack does not say who we are, whoever a mention begins with is us."""
        told = {**in_channel("<@UX> can <@U2> run?"), "authorizations": None}

        assert "can someone run?" == read_event(told).text

    def test_home(self):
        """Whoever opens the home tab is at home; on the other tab they are not."""
        event = {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"}

        assert AtHome(Place("U1", "D1")) == read_event(envelope(event, "Ev1"))
        assert read_event(envelope({**event, "tab": "messages"}, "Ev1")) is None


class TestOthers:
    def test_command(self):
        """A command is answered where only its person sees it, in their private conversation."""
        form = {
            "command": "/tandem",
            "text": "run &amp; lift?",
            "user_id": "U1",
            "channel_id": "C1",
            "response_url": "https://x",
            "trigger_id": "1",
        }
        heard = read_command(form)

        assert ("run & lift?", "U1") == (heard.text, heard.place.person)
        assert read_command({**form, "response_url": ""}) is None

    def test_shortcut(self):
        """What a shortcut is used on is what is asked, by whoever uses it."""
        payload = {
            "type": "message_action", "callback_id": "ask_tandem", "user": {"id": "U1"}, "channel": {"id": "C1"}, "trigger_id": "1",
            "message": {"user": "U2", "text": f"<@{BOT}> run first?", "ts": "1.1"}, "response_url": "https://x",
        }  # fmt: skip

        assert ("run first?", "U1") == (read_action(payload).text, read_action(payload).place.person)
        assert read_action({**payload, "callback_id": "another"}) is None


class TestAnything:
    @few
    @given(SHAPES, SHAPES)
    def test_events(self, event, authorizations):
        """No event, however strange, is more than not understood."""
        read_event({"type": "event_callback", "event": event, "authorizations": authorizations})

    @few
    @given(st.dictionaries(st.sampled_from(KEYS), SHAPES | st.sampled_from(KINDS), max_size=9))
    def test_actions(self, payload):
        """The same for presses, shortcuts and forms."""
        read_action({"user": {"id": "U1"}, **payload})
        read_command({"user_id": "U1", **payload})
