"""What visitors read when Rasa is slow, dead or silent, and that they can go on when it is back."""

from __future__ import annotations

import asyncio
import time

import pytest

from channels.errors import RasaDown, RasaSilent, RasaSlow
from channels.rasa_client import RasaClient
from channels.replies import APOLOGY

pytestmark = pytest.mark.anyio


@pytest.fixture(name="client")
async def _client(rasa):
    client = RasaClient(rasa.url, connections=2, token="to/ken", actions_url=rasa.url)
    yield client
    await client.close()


async def hang(sender, message):
    """Never answer."""
    await asyncio.Event().wait()


class TestAsk:
    async def test_answer(self, client, rasa):
        """Rasa's messages come back as they are, and what is sent is exactly sender and message."""
        messages = await client.ask("web-1", "hellö", patience_s=1)

        assert [("web-1", "hellö")] == rasa.received
        assert "custom" in messages[1]

    async def test_connections_are_kept(self, client, rasa):
        """Turn after turn goes over the same connection."""
        for _ in range(3):
            await client.ask("web-1", "hello", patience_s=1)

        assert 1 == len(rasa._writers)

    async def test_nobody_there(self, client, rasa):
        """Where nothing listens, that is known at once."""
        await rasa.kill()

        with pytest.raises(RasaDown, match=r"nothing answers at 127\.0\.0\.1"):
            await client.ask("web-1", "hello", patience_s=1)

    async def test_killed_while_answering(self, client, rasa):
        """A connection that breaks ends the waiting."""
        rasa.answer = hang
        asking = asyncio.create_task(client.ask("web-1", "hello", patience_s=5))
        while not rasa.received:
            await asyncio.sleep(0.01)
        await rasa.kill()

        with pytest.raises(RasaDown):
            await asyncio.wait_for(asking, 1)

    async def test_hung_up_while_idle(self, client, rasa):
        """A kept connection that Rasa has closed meanwhile is replaced, unnoticed."""
        await client.ask("web-1", "one", patience_s=1)
        await rasa.kill()
        await rasa.start()
        await client.ask("web-1", "two", patience_s=1)

        assert 2 == len(rasa.received)

    async def test_slow(self, client, rasa):
        """Patience ends, and with it the connection."""
        rasa.answer = hang

        with pytest.raises(RasaSlow):
            await client.ask("web-1", "hello", patience_s=0.05)
        await asyncio.sleep(0.02)
        assert not client._rasa._idle

    async def test_waiting_in_line_counts(self, client, rasa):
        """Who waits for a place behind others loses patience as if with Rasa, and Rasa is not asked."""
        rasa.answer = hang
        asking = [asyncio.create_task(client.ask("web-1", word, patience_s=0.1)) for word in ("one", "two", "three")]
        ended = await asyncio.gather(*asking, return_exceptions=True)

        assert {RasaSlow} == {type(error) for error in ended}
        assert {"one", "two"} == {message for _, message in rasa.received}
        assert 0 == client.in_hand

    @pytest.mark.parametrize("said", [b"", b"[]", b"{}", b'"hello"', b"[1]", b"<html>", b"\xff", b'{"status": "failure"}'])
    async def test_no_reply(self, client, rasa, said):
        """Anything but a list of messages with one in it is silence."""

        async def answer(sender, message):
            return said

        rasa.answer = answer
        with pytest.raises(RasaSilent):
            await client.ask("web-1", "hello", patience_s=1)


class TestUnready:
    async def test_ready(self, client):
        """With a model loaded and actions up nothing is missing."""
        assert {} == await client.unready()

    async def test_api_off(self, client, rasa):
        """Where Rasa's HTTP API is off, its REST channel says whether it is there."""
        rasa.api_enabled = False
        assert {} == await client.unready()
        rasa.model_loaded = False

        assert "status 409" == (await client.unready())["rasa"]

    async def test_no_model(self, client, rasa):
        """A Rasa without a model is not ready."""
        rasa.model_loaded = False

        assert "status 409" == (await client.unready())["rasa"]

    async def test_down(self, client, rasa):
        """What does not answer is named."""
        await rasa.kill()

        assert {"rasa", "actions"} == set(await client.unready())


class TestOverHttp:
    @pytest.mark.parametrize("way", ["hangs", "dies", "is silent", "talks nonsense"])
    @pytest.mark.parametrize("changed", [{"patience_s": 0.3}])
    async def test_apology(self, visitor, rasa, way):
        """Whatever way Rasa fails, the visitor reads a sentence in time, and the next message works."""
        ways = {"dies": None, "is silent": [], "talks nonsense": b"<html>"}

        async def answer(sender, message):
            return await hang(sender, message) if way == "hangs" else ways[way]

        rasa.answer = answer
        before = time.monotonic()
        turn = await visitor.say("hello")
        took_s = time.monotonic() - before
        rasa.answer = None

        assert ("failed", APOLOGY, True) == (turn["status"], turn["replies"][0]["text"], turn["replies"][0]["retry"])
        assert took_s < 1
        assert "answered" == (await visitor.say("hello again"))["status"]

    async def test_within_five_seconds(self):
        """As it is set when nobody sets it, an apology takes less than five seconds."""
        from channels.settings import Settings

        assert Settings().patience_s < 5

    async def test_killed_and_started_again(self, visitor, rasa):
        """Rasa killed in the middle of an answer: an apology at once; started again, the conversation goes on as the same."""
        rasa.answer = hang
        turn = asyncio.create_task(visitor.say("hello"))
        while not rasa.received:
            await asyncio.sleep(0.01)
        await rasa.kill()
        assert "failed" == (await turn)["status"]
        assert "failed" == (await visitor.say("anybody?"))["status"]
        rasa.answer = None
        await rasa.start()
        assert "answered" == (await visitor.say("hello"))["status"]

        assert 1 == len({sender for sender, _ in rasa.received})
        assert ["failed", "failed", "answered"] == [turn["status"] for turn in await visitor.transcript()]

    @pytest.mark.parametrize("changed", [{"patience_s": 0.3}])
    async def test_behind_a_slow_one(self, visitor, rasa):
        """A message behind one that Rasa does not answer gets its own sentence, in time too."""
        rasa.answer = hang
        before = time.monotonic()
        turns = await asyncio.gather(visitor.say("one"), visitor.say("two"))

        assert ["failed", "failed"] == [turn["status"] for turn in turns]
        assert time.monotonic() - before < 1
        assert 1 == len(rasa.received)

    async def test_error_from_the_actions(self, visitor, rasa):
        """A reply that says something went wrong counts as one that may be tried again."""

        async def answer(sender, message):
            return [{"custom": {"kind": "error", "text": "The knowledge base cannot be read."}}]

        rasa.answer = answer
        turn = await visitor.say("hello")

        assert ("failed", True) == (turn["status"], turn["replies"][0]["retry"])

    async def test_our_own_fault(self, visitor, rasa, monkeypatch):
        """A mistake of ours ends in a sentence as well, and in the log."""
        monkeypatch.setattr("channels.replies.from_rasa", lambda *_: 1 / 0)

        assert "failed" == (await visitor.say("hello"))["status"]
