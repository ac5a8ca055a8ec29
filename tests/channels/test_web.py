"""The chat API as a visitor meets it."""

from __future__ import annotations

import asyncio

import pytest

from channels.replies import harmless

pytestmark = pytest.mark.anyio

KEY = "key-of-this-message"


async def typed_and_heard(visitor, text, **headers):
    """Say *text* and hear all events."""
    async with visitor.listen({"text": text}, **headers) as events:
        return [event async for event in events]


class TestEvents:
    async def test_order(self, visitor):
        """A turn is heard as typing, reply, done, all of the same turn."""
        names, data = zip(*await typed_and_heard(visitor, "can i run after lifting"), strict=False)

        assert ("typing", "reply", "done") == names
        assert data[0]["turn"] == data[2]["turn"]
        assert data[1]["id"] == f"{data[0]['turn']}.0"
        assert "answered" == data[2]["status"]

    async def test_typing_at_once(self, visitor, rasa):
        """The typing event does not wait for Rasa."""
        held = asyncio.Event()

        async def answer(sender, message):
            await held.wait()
            return [{"text": "now"}]

        rasa.answer = answer
        async with visitor.listen({"text": "hello"}) as events:
            name, data = await anext(events)
            assert ("typing", "hello") == (name, data["text"])
            held.set()
            assert "reply" == (await anext(events))[0]

    @pytest.mark.parametrize("changed", [{"heartbeat_s": 0.05}])
    async def test_heartbeat(self, visitor, rasa):
        """While Rasa thinks, the stream shows that it is alive."""

        async def answer(sender, message):
            await asyncio.sleep(0.2)
            return [{"text": "at last"}]

        rasa.answer = answer
        heard = [name for name, _ in await typed_and_heard(visitor, "hello")]

        assert "comment" == heard[1]
        assert ["reply", "done"] == heard[-2:]

    async def test_json_instead(self, visitor):
        """Who accepts only JSON gets the finished turn in one piece."""
        turn = await visitor.say("can i run after lifting")

        assert "answered" == turn["status"]
        assert "You asked: can i run after lifting" == turn["replies"][0]["headline"]


class TestReplies:
    async def test_no_payload_leaves(self, visitor):
        """What a button stands for in Rasa is never shown, in the answer or in the transcript."""
        shown = await visitor.send({"text": "hello"})

        assert "payload" not in shown.text
        assert "/ask" not in shown.text
        assert "payload" not in str(await visitor.transcript())

    async def test_several(self, visitor, rasa):
        """Several replies of one turn come one after the other, each with an id and its own buttons."""

        async def answer(sender, message):
            buttons = [{"title": "One", "payload": "/one"}]
            return [
                {"custom": {"kind": "answer", "text": "A", "follow_ups": buttons}},
                {"text": "B", "buttons": [{"title": "Two", "payload": "/two"}]},
            ]

        rasa.answer = answer
        turn = await visitor.say("both please")
        await visitor.press(turn["replies"][1]["choices"][0]["button"])

        assert ["A", "B"] == [reply["text"] for reply in turn["replies"]]
        assert [f"{turn['turn']}.0", f"{turn['turn']}.1"] == [reply["id"] for reply in turn["replies"]]
        assert "/two" == rasa.received[-1][1]


class TestButtons:
    async def test_pressed(self, visitor, rasa):
        """A button sends Rasa what it stands for, and shows its title as what was said."""
        first = await visitor.say("hello")
        second = await visitor.press(first["replies"][0]["goal_choices"][0]["button"])

        assert '/state_goal{"goal":"muscle"}' == rasa.received[-1][1]
        assert ("Build muscle", True) == (second["text"], second["button"])

    @pytest.mark.parametrize(
        "button", ["", "b0", "t_nobody.b0", '/ask{"question":"order"}', "t_.b-1", "{turn}.b99", "{turn}.b", "{turn}.b٣"]
    )
    async def test_never_issued(self, visitor, rasa, button):
        """A reference that was never issued here is gone, and Rasa hears nothing of it."""
        turn = (await visitor.say("hello"))["turn"]
        refused = await visitor.send({"button": button.replace("{turn}", turn)})

        assert (410, "button_gone") == (refused.status_code, refused.json()["error"])
        assert 1 == len(rasa.received)

    async def test_of_another(self, newcomer):
        """Nobody can press a button that was issued to somebody else."""
        one, other = await newcomer(), await newcomer()
        button = (await one.say("hello"))["replies"][0]["follow_ups"][0]["button"]

        assert 410 == (await other.send({"button": button})).status_code

    async def test_after_start_over(self, visitor):
        """A button does not outlive its conversation."""
        button = (await visitor.say("hello"))["replies"][0]["follow_ups"][0]["button"]
        await visitor.call("POST", "/api/start-over")

        assert 410 == (await visitor.send({"button": button})).status_code


class TestTyped:
    @pytest.mark.parametrize(
        ("typed", "sent"),
        [
            ('/ask{"question":"order"}', 'ask{"question":"order"}'),
            ("  //restart ", "restart"),
            ("\u202e/restart", "restart"),
            ("\x1c /\x00/ restart", "restart"),
            ("one\r\ntwo", "one\ntwo"),
            ("\ud800half", "half"),
            ("run and/or lift", "run and/or lift"),
        ],
    )
    async def test_harmless(self, visitor, rasa, typed, sent):
        """What was typed reaches Rasa without anything that commands it, and the visitor is shown what was kept."""
        body = '{{"text": "{}"}}'.format("".join(f"\\u{ord(letter):04x}" for letter in typed))
        turn = (await visitor.call("POST", "/api/messages", content=body, headers={"Accept": "application/json"})).json()

        assert sent == rasa.received[-1][1] == turn["text"]

    @pytest.mark.parametrize("typed", ["", "  ", "/", " / / ", "\u200b", "\x00"])
    async def test_nothing_left(self, visitor, rasa, typed):
        """If nothing is left to answer, the visitor is asked for words."""
        refused = await visitor.send({"text": typed})

        assert (422, "empty") == (refused.status_code, refused.json()["error"])
        assert harmless(typed) == ""
        assert not rasa.received


class TestOnce:
    async def test_sent_again_while_running(self, visitor, rasa):
        """A double-click asks Rasa once, and both hear the same answer."""
        held = asyncio.Event()

        async def answer(sender, message):
            await held.wait()
            return [{"text": "once"}]

        rasa.answer = answer
        both = [asyncio.create_task(visitor.say("hello", Idempotency_Key=KEY)) for _ in range(2)]
        while not rasa.received:
            await asyncio.sleep(0.01)
        held.set()
        first, second = await asyncio.gather(*both)

        assert first == second
        assert 1 == len(rasa.received)

    async def test_sent_again_later(self, visitor, rasa):
        """A message sent again after its answer is answered with the same answer."""
        first = await visitor.say("hello", Idempotency_Key=KEY)
        again = await typed_and_heard(visitor, "hello", Idempotency_Key=KEY)

        assert first["replies"][0] == again[1][1]
        assert 1 == len(rasa.received)
        assert 1 == len(await visitor.transcript())

    async def test_key_for_something_else(self, visitor):
        """A key belongs to one message."""
        await visitor.say("hello", Idempotency_Key=KEY)
        refused = await visitor.send({"text": "something else"}, Idempotency_Key=KEY)

        assert (422, "key_reused") == (refused.status_code, refused.json()["error"])

    async def test_same_key_of_another(self, newcomer):
        """Two visitors may happen to use the same key."""
        one, other = await newcomer(), await newcomer()

        assert "one" == (await one.say("one", Idempotency_Key=KEY))["text"]
        assert "other" == (await other.say("other", Idempotency_Key=KEY))["text"]

    async def test_failed_is_tried_again(self, visitor, rasa):
        """A message that got an apology is asked again under its key, and stands in the transcript once."""

        async def silent(sender, message):
            return []

        rasa.answer = silent
        first = await visitor.say("hello", Idempotency_Key=KEY)
        rasa.answer = None
        second = await visitor.say("hello", Idempotency_Key=KEY)

        assert ("failed", "answered") == (first["status"], second["status"])
        assert [second["turn"]] == [turn["turn"] for turn in await visitor.transcript()]

    @pytest.mark.parametrize("key", ["short", "x" * 65, "with space", "ümläute1"])
    async def test_key_of_the_wrong_form(self, visitor, key):
        """A key of another form is refused, not ignored."""
        refused = await visitor.call("POST", "/api/messages", json={"text": "hello"}, headers={"Idempotency-Key": key.encode("utf-8")})

        assert (422, "bad_key") == (refused.status_code, refused.json()["error"])

    async def test_goes_on_alone(self, visitor, rasa):
        """A turn whose visitor has left is finished and found in the transcript."""
        held = asyncio.Event()

        async def answer(sender, message):
            await held.wait()
            return [{"text": "for later"}]

        rasa.answer = answer
        async with visitor.listen({"text": "hello"}) as events:
            await anext(events)
        held.set()
        while (turn := (await visitor.transcript())[0])["status"] == "open":
            await asyncio.sleep(0.01)

        assert "for later" == turn["replies"][0]["text"]


class TestOrder:
    async def test_one_at_a_time(self, visitor, rasa):
        """Messages of one conversation reach Rasa in the order they came, each after the answer to the one before."""
        under_way = most = 0

        async def answer(sender, message):
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0.02)
            under_way -= 1
            return [{"text": message}]

        rasa.answer = answer
        turns = []
        for word in ("one", "two", "three", "four"):
            turns.append(asyncio.create_task(visitor.say(word)))
            await asyncio.sleep(0.005)
        answers = [turn["replies"][0]["text"] for turn in await asyncio.gather(*turns)]

        assert ["one", "two", "three", "four"] == answers == [message for _, message in rasa.received]
        assert 1 == most

    async def test_others_do_not_wait(self, newcomer, rasa):
        """A conversation does not wait for another one."""
        held = asyncio.Event()

        async def answer(sender, message):
            if message == "slow":
                await held.wait()
            return [{"text": message}]

        rasa.answer = answer
        one, other = await newcomer(), await newcomer()
        slow = asyncio.create_task(one.say("slow"))
        assert "quick" == (await other.say("quick"))["replies"][0]["text"]
        held.set()
        assert "answered" == (await slow)["status"]


class TestTranscript:
    async def test_what_was_said(self, visitor):
        """The transcript shows everything said and answered, oldest first, as it was shown then."""
        first = await visitor.say("one")
        second = await visitor.press(first["replies"][0]["follow_ups"][0]["button"])

        assert [first, second] == await visitor.transcript()


class TestFeedback:
    async def test_kept(self, visitor):
        """A thumb and a word are kept with their answer; the last one counts."""
        reply = (await visitor.say("hello"))["replies"][0]["id"]
        await visitor.call("PUT", f"/api/feedback/{reply}", json={"vote": "up"})
        await visitor.call("PUT", f"/api/feedback/{reply}", json={"vote": "down", "word": "too long\x00"})

        assert {"vote": "down", "word": "too long"} == (await visitor.transcript())[0]["replies"][0]["feedback"]

    async def test_taken_back(self, visitor):
        """No vote takes it back."""
        reply = (await visitor.say("hello"))["replies"][0]["id"]
        await visitor.call("PUT", f"/api/feedback/{reply}", json={"vote": "up"})
        await visitor.call("PUT", f"/api/feedback/{reply}", json={"vote": None})

        assert (await visitor.transcript())[0]["replies"][0]["feedback"] is None

    async def test_of_another(self, newcomer):
        """Nobody can judge an answer given to somebody else, or learn that it exists."""
        one, other = await newcomer(), await newcomer()
        reply = (await one.say("hello"))["replies"][0]["id"]
        refused = await other.call("PUT", f"/api/feedback/{reply}", json={"vote": "up"})
        unknown = await other.call("PUT", "/api/feedback/t_nobody.0", json={"vote": "up"})

        assert 404 == refused.status_code
        assert refused.json() == unknown.json()


class TestEnds:
    async def test_start_over(self, visitor, rasa):
        """Starting over shows an empty transcript and gives Rasa a conversation it has not seen."""
        await visitor.say("one")
        assert 204 == (await visitor.call("POST", "/api/start-over")).status_code
        assert [] == await visitor.transcript()
        await visitor.say("two")

        assert rasa.received[0][0] != rasa.received[1][0]

    async def test_forgotten_while_answering(self, visitor, rasa):
        """Who is forgotten in the middle of an answer is not kept by it; the stream ends."""

        async def never(sender, message):
            await asyncio.Event().wait()

        rasa.answer = never
        async with visitor.listen({"text": "hello"}) as events:
            await anext(events)
            assert 204 == (await visitor.call("DELETE", "/api/session")).status_code
            assert [("done", "failed")] == [(name, data["status"]) async for name, data in events]
