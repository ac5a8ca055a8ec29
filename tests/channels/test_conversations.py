"""What is kept of a conversation, and that it stays kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from visitors import Visitor, served

from channels import conversations, feedback
from channels.conversations import Said
from channels.errors import Problem

pytestmark = pytest.mark.anyio

NOW = 1_000_000.0


@pytest.fixture(name="session")
def _session(connection):
    """A session with an empty conversation."""
    conversations.open_session(connection, "session", "web-1", NOW)
    return "session"


def answered(connection, session, said, **result):
    """A turn that was answered with *result*."""
    turn = replace(conversations.begin(connection, session, said, NOW), status="answered", answered_at=NOW + 1, **result)
    assert conversations.finish(connection, turn)
    return turn


class TestBegin:
    def test_kept_before_asking(self, connection, session):
        """What was said is kept before it is answered, so that it is not lost without a word."""
        turn = conversations.begin(connection, session, Said("hello"), NOW)

        assert ([turn], False) == conversations.transcript(connection, session, NOW, before=None, limit=50)
        assert "open" == turn.status

    def test_left_open(self, connection, session):
        """A turn left open by a crash is taken up again by its key."""
        first = conversations.begin(connection, session, Said("hello", key="key-00001"), NOW)

        assert first == conversations.begin(connection, session, Said("hello", key="key-00001"), NOW + 9)

    def test_answered(self, connection, session):
        """An answered turn comes back by its key with its answer."""
        turn = answered(connection, session, Said("hello", key="key-00001"), replies=[{"id": "x", "text": "hi"}])

        assert turn == conversations.begin(connection, session, Said("hello", key="key-00001"), NOW)

    def test_key_of_a_button(self, connection, session):
        """A key sent with a button and then with its title typed is two different things said."""
        turn = answered(connection, session, Said("hello"), payloads=["/ask"])
        button = f"{turn.id}.b0"
        conversations.begin(connection, session, Said(button=button, key="key-00001"), NOW)

        assert "open" == conversations.begin(connection, session, Said(button=button, key="key-00001"), NOW).status
        with pytest.raises(Problem, match="Idempotency-Key"):
            conversations.begin(connection, session, Said("/ask", key="key-00001"), NOW)

    def test_unknown_session(self, connection):
        """Nothing is kept for a session that is not known."""
        with pytest.raises(Problem):
            conversations.begin(connection, "nobody", Said("hello"), NOW)

    def test_seen(self, connection, session):
        """A session in use is not taken for one that was left."""
        conversations.see(connection, session, NOW + 3600)

        assert NOW + 3600 == connection.exec_driver_sql("select seen_at from sessions").scalar_one()


class TestTranscript:
    def test_pages(self, connection, session):
        """The newest come first, each page oldest first, until there are no older ones."""
        said = [conversations.begin(connection, session, Said(str(number)), NOW).id for number in range(7)]
        newest, more = conversations.transcript(connection, session, NOW, before=None, limit=5)
        older, no_more = conversations.transcript(connection, session, NOW, before=newest[0].id, limit=5)

        assert (True, False) == (more, no_more)
        assert said == [turn.id for turn in [*older, *newest]]

    def test_before_another_s(self, connection, session):
        """The turn of somebody else is no place in this conversation."""
        conversations.open_session(connection, "other", "web-2", NOW)
        theirs = conversations.begin(connection, "other", Said("hello"), NOW)
        conversations.begin(connection, session, Said("hello"), NOW)

        assert ([], False) == conversations.transcript(connection, session, NOW, before=theirs.id, limit=5)


def test_feedback_of_one_reply(connection, session):
    """Each reply of a turn is judged by itself."""
    turn = answered(connection, session, Said("hello"), replies=[])
    turn = replace(turn, replies=[{"id": f"{turn.id}.{place}"} for place in range(2)])
    conversations.finish(connection, turn)
    feedback.keep(connection, session, f"{turn.id}.1", "up", "thanks", NOW)

    assert {f"{turn.id}.1": {"vote": "up", "word": "thanks"}} == feedback.given(connection, [turn])


async def test_across_restarts(settings):
    """Conversation, transcript, buttons and feedback outlive the process."""
    async with served(settings) as http:
        visitor = await Visitor(http).come_in()
        turn = await visitor.say("hello", Idempotency_Key="key-00001")
        await visitor.call("PUT", f"/api/feedback/{turn['replies'][0]['id']}", json={"vote": "up"})
    async with served(settings) as http:
        visitor.http = http
        (kept,) = await visitor.transcript()
        again = await visitor.say("hello", Idempotency_Key="key-00001")
        pressed = await visitor.press(turn["replies"][0]["follow_ups"][0]["button"])

    assert "up" == kept["replies"][0]["feedback"]["vote"]
    assert turn["turn"] == again["turn"]
    assert "answered" == pressed["status"]


async def test_same_conversation_for_rasa(settings, rasa):
    """After a restart Rasa sees the conversation under the same id, so it remembers the goals."""
    visitor = None
    for _ in range(2):
        async with served(settings) as http:
            visitor = Visitor(http, visitor.token) if visitor else await Visitor(http).come_in()
            await visitor.say("hello")

    assert rasa.received[0][0] == rasa.received[1][0]
