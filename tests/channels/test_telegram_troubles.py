"""Telegram when something goes wrong: repeats, bursts, floods, failures, restarts."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import replace

import pytest
from chatting import TOKEN, Chat, Person, StandInTelegram, served, until, with_telegram

from channels.attending import Attendant

pytestmark = pytest.mark.anyio

PAUSE_S = 0.002


@pytest.fixture(name="telegram")
async def _telegram(monkeypatch):
    """A Telegram that has nothing to refuse."""
    monkeypatch.setattr(Attendant, "pause_s", PAUSE_S)
    monkeypatch.setattr("channels.telegram_api.PAUSE_S", 0.01)
    monkeypatch.setattr("channels.telegram_polling.PAUSE_S", PAUSE_S)
    telegram = StandInTelegram()
    await telegram.start()
    yield telegram
    await telegram.kill()
    assert [] == telegram.refused


@pytest.fixture(name="there")
def _there(settings, telegram):
    """Opens the front door with a webhook; again is a restart."""
    return lambda **more: served(with_telegram(settings, telegram, **more))


@pytest.fixture(name="ann")
async def _ann(there, telegram):
    """Somebody with a private chat."""
    async with there() as http:
        yield Chat(http, Person(telegram, 7))


def echo(rasa, delay_s=0.0):
    """Have Rasa say plainly what it was asked."""

    async def answer(sender, message):
        await asyncio.sleep(delay_s)
        return [{"text": f"re: {message}"}]

    rasa.answer = answer


class TestOnce:
    async def test_twice(self, ann, rasa):
        """An update that is delivered again, one after the other or at once, is answered once."""
        update = ann.person.writes("hello")
        await ann.heard(update)
        await asyncio.gather(*(ann.deliver(update) for _ in range(5)))

        assert 1 == await ann.quiet(0.1)
        assert 1 == len(rasa.received)

    async def test_after_a_restart(self, there, telegram, rasa):
        """Also after a restart, and also if it was a button."""
        ann = Chat(None, Person(telegram, 7))
        async with there() as ann.http:
            update = ann.person.writes("hello")
            await ann.heard(update)
            press = ann.person.presses("Same day?")
            await ann.heard(press)
        async with there() as ann.http:
            for repeated in (update, press):
                await ann.deliver(repeated)
            assert 2 == await ann.quiet(0.1)
        telegram.refused.clear()  # a press that was acknowledged before the restart is acknowledged again

        assert 2 == len(rasa.received)

    async def test_old_forgetting(self, there, telegram, rasa):
        """An old wish to be forgotten that is replayed deletes nothing that came after it."""
        ann = Chat(None, Person(telegram, 7))
        async with there() as ann.http:
            await ann.writes("/forget")
            forget = ann.person.presses("Delete")
            await ann.heard(forget)
            await ann.writes("hello")
        async with there() as ann.http:
            await ann.deliver(forget)
            await ann.writes("again")
        telegram.refused.clear()

        assert 1 == len({sender for sender, _ in rasa.received})

    async def test_nothing_kept_of_it(self, ann, settings, tmp_path):
        """What is kept to recognise a repeat does not say who wrote what."""
        await ann.writes("a private matter")
        await ann.writes("/forget")
        await ann.presses("Delete")
        await asyncio.sleep(0.05)

        for file in tmp_path.glob("conversations.db*"):
            assert b"private" not in file.read_bytes(), file


class TestOrder:
    async def test_of_one_person(self, ann, rasa):
        """One after the other, in the order in which they came."""
        echo(rasa, 0.01)
        for text in ("one", "two", "three"):
            await ann.deliver(ann.person.writes(text))
        await until(lambda: len(ann.shown) == 3)

        assert ["re: one", "re: two", "re: three"] == ann.shown

    async def test_out_of_order(self, ann, rasa):
        """Updates that come in another order than they were numbered are all answered, once."""
        echo(rasa)
        updates = [ann.person.writes(text) for text in ("one", "two", "three")]
        for update in [updates[2], updates[0], updates[1], updates[2]]:
            await ann.deliver(update)
        await until(lambda: len(ann.shown) == 3)

        assert ["re: one", "re: three", "re: two"] == sorted(ann.shown)
        assert 3 == await ann.quiet(0.05)

    async def test_many_people(self, there, telegram, rasa):
        """Nobody waits for somebody else's slow answer."""
        held = asyncio.Event()

        async def answer(sender, message):
            if message == "slow":
                await held.wait()
            return [{"text": f"re: {message}"}]

        rasa.answer = answer
        async with there() as http:
            slow, *others = (Chat(http, Person(telegram, number)) for number in range(1, 20))
            await slow.deliver(slow.person.writes("slow"))
            await asyncio.gather(*(one.writes("quick") for one in others))
            assert not slow.shown
            held.set()
            await until(lambda: slow.shown)

    async def test_burst(self, ann, rasa):
        """Whoever sends more than fits is told, at most twice, and the others are answered."""
        echo(rasa, 0.01)
        for number in range(40):
            assert 200 == (await ann.deliver(ann.person.writes(f"number {number}"))).status_code
        await until(lambda: len(ann.shown) == len(rasa.received) + 2)
        await ann.quiet(0.2)

        refusals = [text for text in ann.shown if not text.startswith("re:")]
        assert len(refusals) == 2
        assert len(rasa.received) == len(ann.shown) - 2 >= 5


class TestFloodControl:
    async def test_obeyed(self, ann, telegram):
        """After a 429 nothing is sent to that chat before its time; then the reply is."""
        telegram.fail("sendMessage", {"retry_after": 1})
        started = time.monotonic()
        await ann.writes("hello")

        assert time.monotonic() - started >= 1
        assert 1 == await ann.quiet(0.1)

    async def test_others(self, there, telegram, rasa):
        """In a group nobody else's reply is sent meanwhile; another chat does not wait."""
        telegram.fail("sendMessage", {"retry_after": 1})
        async with there() as http:
            ann, ben, cleo = Chat(http, Person(telegram, 7, -5)), Chat(http, Person(telegram, 8, -5)), Chat(http, Person(telegram, 9))
            await ann.deliver(ann.person.writes("@tandem_bot hello"))
            await until(lambda: any(method == "sendMessage" for method, _ in telegram.calls))
            await ben.deliver(ben.person.writes("@tandem_bot hello"))
            await cleo.writes("hello")
            assert not ann.shown
            await until(lambda: len(ann.shown) == 2)

    async def test_forgotten_meanwhile(self, ann, telegram):
        """Whoever wants to be forgotten while we have to be silent gets no answer any more."""
        await ann.writes("/forget")
        telegram.fail("sendMessage", {"retry_after": 1})
        await ann.deliver(ann.person.writes("hello"))
        await until(lambda: telegram.calls[-1][0] == "sendMessage" and not telegram.next_calls["sendMessage"])
        await ann.presses("Delete")

        assert "Forgotten" in ann.shown[-1]
        assert 2 == await ann.quiet(0.1)


class TestFailures:
    @pytest.mark.parametrize("how", [500, 502, 404, "hang up"])
    async def test_tried_again(self, ann, telegram, rasa, how):
        """A reply that Telegram could not take is sent again, and Rasa is not asked again."""
        telegram.fail("sendMessage", how, how)
        await ann.writes("hello")

        assert 1 == await ann.quiet(0.1)
        assert 1 == len(rasa.received)

    async def test_between_two_messages(self, ann, telegram, rasa):
        """Of a reply in two messages only the one that failed is sent again."""

        async def answer(sender, message):
            return [{"text": "A"}, {"text": "B"}]

        rasa.answer = answer
        telegram.fail("sendMessage", None, "hang up", 500)

        assert ["A", "B"] == await ann.writes("hello", replies=2)
        assert 2 == await ann.quiet(0.1)

    async def test_network_lost(self, ann, telegram):
        """While there is no network the reply waits."""
        await ann.writes("hello")
        await telegram.kill()
        await ann.deliver(ann.person.writes("are you there?"))
        await asyncio.sleep(0.05)
        await telegram.start()
        await until(lambda: len(ann.shown) == 2)

        assert "are you there?" in ann.shown[-1]

    async def test_blocked(self, ann, telegram):
        """Whoever has blocked us is not written to again and again, and may come back."""
        telegram.fail("sendMessage", 403)
        await ann.deliver(ann.person.writes("hello"))
        await until(lambda: telegram.calls[-1][0] == "sendMessage")
        assert 0 == await ann.quiet(0.1)

        assert "You asked: I am back" in (await ann.writes("I am back"))[0]

    async def test_not_for_ever(self, ann, telegram):
        """What Telegram never takes is given up in the end, and the next is sent."""
        telegram.fail("sendMessage", *[500] * 9)
        await ann.deliver(ann.person.writes("hello"))
        await until(lambda: not telegram.next_calls["sendMessage"], 20)

        assert "You asked: next" in (await ann.writes("next"))[0]
        assert 1 == len(ann.shown)

    async def test_html_refused(self, ann, telegram):
        """Should Telegram not be able to read our markup, the words are sent without it."""
        telegram.fail("sendMessage", "400 can't parse entities: whatever")
        (text,) = await ann.writes("hello")

        assert "You asked: hello" in text
        assert text == telegram.chats[7][-1]["html"]

    async def test_group_moved(self, there, telegram):
        """A group that has become a supergroup is answered there."""
        telegram.fail("sendMessage", {"migrate_to_chat_id": -1005})
        async with there() as http:
            await Chat(http, Person(telegram, 7, -5)).deliver(Person(telegram, 7, -5).writes("@tandem_bot hello"))
            await until(lambda: telegram.shown(-1005))

    async def test_token_stays_secret(self, ann, telegram, caplog):
        """The token, which is part of every address, is in no line of the log."""
        caplog.set_level("INFO")
        telegram.fail("sendMessage", 500, "hang up", 404)
        await ann.writes("hello")

        assert caplog.records
        assert TOKEN not in caplog.text

    async def test_keyboard_gone(self, ann, telegram, rasa):
        """That a pressed keyboard cannot be changed any more is no reason not to answer."""
        await ann.writes("hello")
        telegram.fail("editMessageReplyMarkup", 400)
        await ann.presses("Same day?")

        assert 2 == len(rasa.received)

    async def test_not_acknowledged(self, ann, telegram, rasa):
        """Nor that the press cannot be acknowledged."""
        await ann.writes("hello")
        telegram.fail("answerCallbackQuery", "hang up")
        await ann.presses("Same day?")

        assert 2 == len(rasa.received)

    async def test_database_away(self, settings, telegram):
        """What cannot be kept is not acknowledged, so that Telegram delivers it again."""
        settings = replace(settings, conversations_url="postgresql://nobody@127.0.0.1:1/none")
        async with served(with_telegram(settings, telegram)) as http:
            ann = Chat(http, Person(telegram, 7))

            assert 503 == (await ann.deliver(ann.person.writes("hello"))).status_code


class TestRestart:
    async def test_before_the_answer(self, there, telegram, rasa):
        """What was acknowledged and not answered when we stopped is answered after the next start, in order."""
        ann = Chat(None, Person(telegram, 7))
        await rasa.kill()
        telegram.fail("sendMessage", {"retry_after": 1})  # so that it cannot be sent before we stop
        async with there() as ann.http:
            for text in ("one", "two"):
                await ann.deliver(ann.person.writes(text))
            await until(lambda: any(method == "sendMessage" for method, _ in telegram.calls))
        assert [] == ann.shown
        await rasa.start()
        echo(rasa)
        telegram._silent_until.clear()
        async with there() as ann.http:
            await ann.deliver(ann.person.writes("three"))
            await until(lambda: len(ann.shown) == 3)

        assert ["re: one", "re: two", "re: three"] == ann.shown

    async def test_between_two_messages(self, there, telegram, rasa):
        """What of a reply was sent before we stopped is not sent again."""

        async def answer(sender, message):
            return [{"text": "A"}, {"text": "B"}]

        rasa.answer = answer
        ann = Chat(None, Person(telegram, 7))
        telegram.fail("sendMessage", None, {"retry_after": 1})
        async with there() as ann.http:
            await ann.deliver(ann.person.writes("hello"))
            await until(lambda: sum(method == "sendMessage" for method, _ in telegram.calls) == 2)
        telegram._silent_until.clear()
        async with there() as ann.http:
            await until(lambda: len(ann.shown) == 2)
            await ann.quiet(0.05)

        assert ["A", "B"] == ann.shown
        assert 1 == len(rasa.received)


class TestPolling:
    async def test_conversation(self, there, telegram):
        """Without a secret we ask for updates, and there is no webhook."""
        ann = Person(telegram, 7)
        telegram.queue.append(ann.writes("hello"))
        async with there(secret="") as http:
            assert 404 == (await http.post("/telegram", json={})).status_code
            await until(lambda: telegram.shown(7))
            telegram.queue.append(ann.presses("Same day?"))
            await until(lambda: len(telegram.shown(7)) == 2)
            await until(lambda: not telegram.queue)

    async def test_interrupted(self, there, telegram):
        """Failures, webhooks that are still set, and nonsense do not end it, nor is anything answered twice."""
        ann = Person(telegram, 7)
        telegram.fail("getUpdates", 500, "hang up", {"retry_after": 1}, 409, "lost", 401)
        telegram.queue += [ann.writes("hello"), None, "nonsense", {"update_id": "x"}, {}, telegram.update(message=3), ann.writes("again")]
        async with there(secret=""):
            await until(lambda: len(telegram.shown(7)) == 2)
        async with there(secret=""):
            telegram.queue.insert(0, telegram.update(message=ann.writes("third")["message"]))
            await until(lambda: len(telegram.shown(7)) == 3)

        assert ["hello", "again", "third"] == [text.split("You asked: ")[1].split("\n")[0] for text in telegram.shown(7)]


async def test_all_at_once(there, telegram, rasa):
    """Whatever comes between, everybody's every message is answered exactly once and in order."""
    chance = random.Random(5)
    echo(rasa, 0.002)
    for method in ("sendMessage", "sendChatAction"):
        telegram.fail(method, *(chance.choice([None, None, None, 500, "hang up"]) for _ in range(30)))
    people = [Person(telegram, number) for number in range(1, 9)]
    async with there() as http:
        for number in range(5):
            updates = [person.writes(f"{number}") for person in people]
            deliveries = updates + chance.sample(updates, 4)
            await asyncio.gather(*(Chat(http, people[0]).deliver(update) for update in deliveries))
            await asyncio.sleep(0.03)
        await until(lambda: all(len(telegram.shown(person.id)) == 5 for person in people), 20)

    assert [[f"re: {number}" for number in range(5)]] * 8 == [telegram.shown(person.id) for person in people]
