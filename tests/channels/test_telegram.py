"""Conversations in Telegram, with a stand-in that refuses what Telegram refuses."""

from __future__ import annotations

import asyncio

import pytest
from chatting import SECRET, Chat, Person, StandInTelegram, served, until, with_telegram

from channels.attending import FORGOTTEN, Attendant
from channels.replies import APOLOGY
from channels.telegram import NOT_YOURS
from channels.telegram_deliveries import ASK_FORGET, UNKNOWN

pytestmark = pytest.mark.anyio

GROUP = -1001


@pytest.fixture(name="telegram")
async def _telegram(monkeypatch):
    """A Telegram that has nothing to refuse."""
    monkeypatch.setattr(Attendant, "pause_s", 0.01)
    monkeypatch.setattr("channels.telegram_api.PAUSE_S", 0.01)
    monkeypatch.setattr("channels.telegram_polling.PAUSE_S", 0.01)
    telegram = StandInTelegram()
    await telegram.start()
    yield telegram
    await telegram.kill()
    assert [] == telegram.refused


@pytest.fixture(name="bot")
async def _bot(settings, telegram, changed):
    """The front door with a webhook."""
    async with served(with_telegram(settings, telegram, **changed)) as http:
        yield http


@pytest.fixture(name="ann")
def _ann(bot, telegram):
    """Somebody with a private chat."""
    return Chat(bot, Person(telegram, 7))


async def lined_up(rasa):
    """Have Rasa hold its answers until the event that is returned is set."""
    held = asyncio.Event()

    async def answer(sender, message):
        await held.wait()
        return [{"text": f"re: {message}"}]

    rasa.answer = answer
    return held


class TestConversation:
    async def test_answer(self, ann, telegram):
        """An answer has its headline, reason and sources, and keys for goals, what to ask next, and thumbs."""
        (text,) = await ann.writes("should i run after lifting?")

        assert text.startswith("🏋️ Lift → 🏃 Run\n\nYou asked: should i run after lifting?\n\nAs telegram-")
        assert "A document\n• “A section” supports this." in text
        assert [["Build muscle"], ["How long should I wait?"], ["Same day?"], ["👍", "👎"]] == ann.person.keys()
        assert "<blockquote expandable>Sources\nA document" in telegram.chats[7][-1]["html"]

    async def test_typing(self, ann, telegram, rasa):
        """While Rasa thinks, the chat shows that we are typing."""
        held = await lined_up(rasa)
        await ann.deliver(ann.person.writes("hello"))
        await until(lambda: ("sendChatAction", {"chat_id": 7, "action": "typing"}) in telegram.calls)
        held.set()
        await until(lambda: ann.shown)

    async def test_goal_chosen(self, ann, telegram, rasa):
        """A goal that is pressed is told to Rasa, and shows as chosen where it was pressed."""
        await ann.writes("should i run after lifting?")
        first = telegram.chats[7][-1]
        await ann.presses("Build muscle")

        assert '/state_goal{"goal":"muscle"}' == rasa.received[-1][1]
        await until(lambda: "✓ Build muscle" == first["reply_markup"]["inline_keyboard"][0][0]["text"])
        assert [""] == list(telegram.queries.values())

    async def test_asked_next(self, ann, rasa):
        """A key of what to ask next asks it; a pressed one can be pressed again."""
        await ann.writes("should i run after lifting?")
        await ann.presses("Same day?")
        await until(lambda: "✓ Same day?" in str(ann.person.telegram.chats[7]))
        await ann.presses("✓ Same day?")

        assert ['/ask{"question":"same_day"}'] * 2 == [message for _, message in rasa.received[1:]]

    async def test_several_answers(self, ann, rasa):
        """Each of several answers is a message with its own keys."""

        async def answer(sender, message):
            return [
                {"custom": {"kind": "answer", "text": "A", "follow_ups": [{"title": "One", "payload": "/one"}]}},
                {"custom": {"kind": "answer", "text": "B", "follow_ups": [{"title": "Two", "payload": "/two"}]}},
            ]

        rasa.answer = answer
        assert ["A", "B"] == await ann.writes("both please", replies=2)
        await ann.presses("One", replies=2)

        assert "/one" == rasa.received[-1][1]

    async def test_care(self, ann, rasa, telegram):
        """A care card says how urgent it is and has no keys."""

        async def answer(sender, message):
            return [
                {"text": "x"},
                {
                    "custom": {
                        "kind": "care",
                        "level": "emergency",
                        "title": "Stop <now>",
                        "text": "Call for help & wait.",
                        "contact": "112",
                    }
                },
            ]

        rasa.answer = answer
        (text,) = await ann.writes("my chest hurts")

        assert "🆘 Emergency\n\nStop <now>\n\nCall for help & wait.\n\n112" == text
        assert "reply_markup" not in telegram.chats[7][-1]

    async def test_did_you_mean(self, ann, rasa):
        """What may be meant is offered as keys."""

        async def answer(sender, message):
            return [
                {"text": "x"},
                {
                    "custom": {
                        "kind": "did_you_mean",
                        "text": "Did you mean?",
                        "choices": [{"title": "Order", "payload": "/a"}, {"title": "Days", "payload": "/b"}],
                    }
                },
            ]

        rasa.answer = answer
        await ann.writes("hm")
        assert [["Order", "Days"]] == ann.person.keys()
        await ann.presses("Days")

        assert "/b" == rasa.received[-1][1]

    async def test_rasa_away(self, ann, rasa):
        """Without Rasa there is an apology, with a key to ask the same again, typed or pressed."""
        await rasa.kill()
        assert [APOLOGY] == await ann.writes("hello")
        assert [["🔁 Try again"]] == ann.person.keys()
        assert [APOLOGY] == await ann.presses("🔁 Try again")
        await rasa.start()

        assert "You asked: hello" in (await ann.presses("🔁 Try again"))[0]

    async def test_refusals_are_words(self, ann, settings):
        """What cannot be answered is said in a sentence: too long, empty, too fast."""
        assert "1000 fit" in (await ann.writes("x" * 1001))[0]
        assert "Please write your question in words" in (await ann.writes("\u200b."[:1]))[0]

    async def test_harmless(self, ann, rasa):
        """Nothing typed reaches Rasa as a command."""
        await ann.writes(' / /ask{"question":"order"}')

        assert 'ask{"question":"order"}' == rasa.received[-1][1]

    async def test_html_of_people(self, ann):
        """What people type is shown as they typed it, whatever Telegram would make of it."""
        assert "You asked: <b>1 & 2</b> &lt; _x_ [y](z)" in (await ann.writes("<b>1 & 2</b> &lt; _x_ [y](z)"))[0]


class TestVotes:
    async def test_thumbs(self, ann, telegram, bot):
        """A thumb is kept and shows; the other one takes its place; pressed again it is taken back."""
        await ann.writes("should i run after lifting?")
        for title, after in (("👍", ["✓ 👍", "👎"]), ("👎", ["👍", "✓ 👎"]), ("✓ 👎", ["👍", "👎"])):
            await ann.deliver(ann.person.presses(title))
            await until(lambda after=after: ann.person.keys()[-1] == after)
        await until(lambda: None not in telegram.queries.values())

        assert ["Thank you.", "Thank you.", ""] == list(telegram.queries.values())
        numbers = (await bot.get("/metrics")).text
        assert 'tandem_votes_total{vote="up"} 1.0' in numbers
        assert 'tandem_votes_total{vote="taken back"} 1.0' in numbers

    async def test_delivered_twice(self, ann, bot):
        """A vote that is delivered again is counted once."""
        await ann.writes("should i run after lifting?")
        press = ann.person.presses("👍")
        for _ in range(2):
            await ann.deliver(press)

        assert 'tandem_votes_total{vote="up"} 1.0' in (await bot.get("/metrics")).text


class TestCommands:
    @pytest.mark.parametrize(
        ("command", "said"), [("/start", "hello"), ("/start from-a-link", "hello"), ("/help", "help"), ("/HELP@tandem_bot", "help")]
    )
    async def test_words(self, ann, rasa, command, said):
        """Start and help are asked of Rasa like anything else."""
        await ann.writes(command)

        assert said == rasa.received[-1][1]

    async def test_goal_in_words(self, ann, rasa):
        """A goal that stands behind the command is said."""
        await ann.writes("/goal lose fat")

        assert "lose fat" == rasa.received[-1][1]

    async def test_goals_offered(self, ann, rasa, monkeypatch):
        """The command alone offers the goals as keys, and pressing one states it."""
        monkeypatch.setattr("channels.goals.Store", _Knowledge)
        await ann.writes("/goal")
        assert [["Build muscle", "Lose fat"]] == ann.person.keys()
        await ann.presses("Lose fat")

        assert '/state_goal{"goal": "fat_loss"}' == rasa.received[-1][1]
        await until(lambda: "✓ Lose fat" in str(ann.person.telegram.chats[7]))

    async def test_unknown(self, ann, rasa):
        """Other commands are said to be none, and Rasa does not hear of them."""
        assert [UNKNOWN] == await ann.writes("/restart")
        assert not rasa.received

    async def test_forget(self, ann, rasa, telegram):
        """After being asked for sure, everything is deleted: old keys are dead, and the next words begin a new conversation."""
        await ann.writes("a private matter")
        old = telegram.chats[7][-1]
        assert [ASK_FORGET] == await ann.writes("/forget")
        assert [FORGOTTEN] == await ann.presses("Delete")
        await until(lambda: [["✓ Delete"]] == ann.person.keys())
        await ann.writes("hello")
        (gone,) = await ann.heard(ann.person.presses("Same day?", old))

        assert "belongs to a conversation that is over" in gone
        assert rasa.received[0][0] != rasa.received[1][0]

    async def test_not_forgotten(self, ann, rasa, telegram):
        """Whoever thinks better of it keeps everything."""
        await ann.writes("hello")
        await ann.writes("/forget")
        await ann.deliver(ann.person.presses("Cancel"))
        await until(lambda: "Nothing is deleted." in telegram.queries.values())
        await ann.writes("hello again")

        assert 1 == len({sender for sender, _ in rasa.received})

    async def test_forget_at_once(self, ann, rasa):
        """Whoever wants to be forgotten does not wait for answers, and gets none any more."""
        await ann.writes("hello")
        await ann.writes("/forget")
        await lined_up(rasa)
        for text in ("one", "two"):
            await ann.deliver(ann.person.writes(text))
        await until(lambda: len(rasa.received) == 2)

        assert [FORGOTTEN] == await ann.presses("Delete")
        assert 3 == await ann.quiet()


class _Knowledge:
    def __init__(self, url: str) -> None:
        pass

    def goals(self):
        from knowledge.model import Goal

        return (Goal("muscle", "Build muscle", ""), Goal("fat_loss", "Lose fat", ""))

    def close(self) -> None:
        pass


class TestGroups:
    @pytest.fixture(name="crowd")
    def _crowd(self, bot, telegram):
        """Two people in a group."""
        return Chat(bot, Person(telegram, 7, GROUP)), Chat(bot, Person(telegram, 8, GROUP))

    async def test_not_meant(self, crowd, rasa):
        """What people say to each other is not ours."""
        ann, _ = crowd
        for text in ("should i run?", "@someone_else should i run?", "/help", "/help@other_bot", "mail me@tandem_bot.example"):
            await ann.deliver(ann.person.writes(text))

        assert 0 == await ann.quiet()
        assert not rasa.received

    async def test_mentioned(self, crowd, rasa, telegram):
        """A mention is answered, without the mention, as a reply to it."""
        ann, _ = crowd
        await ann.writes("hey 👋 @Tandem_Bot should i run?")

        assert "hey 👋 should i run?" == " ".join(rasa.received[0][1].split())
        assert telegram.chats[GROUP][0]["message_id"] == telegram.chats[GROUP][-1]["reply_to"]

    async def test_replied_to(self, crowd, rasa, telegram):
        """A reply to us is answered, one to somebody else is not."""
        ann, ben = crowd
        await ann.writes("@tandem_bot hello")
        await ann.heard(ann.person.writes("and then?", reply_to_message=telegram.chats[GROUP][-1]))
        await ben.deliver(ben.person.writes("and then?", reply_to_message=telegram.chats[GROUP][0]))

        assert 2 == await ann.quiet()
        assert ["hello", "and then?"] == [message for _, message in rasa.received]

    async def test_each_their_own(self, crowd, rasa):
        """Each person has a conversation, another one than in private."""
        ann, ben = crowd
        await ann.writes("@tandem_bot hello")
        await ben.writes("@tandem_bot hello")
        await Chat(ann.http, Person(ann.person.telegram, 7)).writes("hello")

        assert 3 == len({sender for sender, _ in rasa.received})

    async def test_keys_of_another(self, crowd, rasa, telegram):
        """Keys of somebody else's answer say so, and do nothing."""
        ann, ben = crowd
        await ann.writes("@tandem_bot hello")
        for title in ("Same day?", "👍"):
            await ben.deliver(ben.person.presses(title))
        await until(lambda: [NOT_YOURS] * 2 == list(telegram.queries.values()))

        assert 1 == len(rasa.received)
        assert not any(key.startswith("✓") for row in ann.person.keys() for key in row)
        await ann.presses("Same day?")

    async def test_command(self, crowd, rasa):
        """A command is ours if it says so; a mention alone is a greeting."""
        ann, _ = crowd
        await ann.writes("/help@tandem_bot")
        await ann.writes("@tandem_bot")

        assert ["help", "hello"] == [message for _, message in rasa.received]

    async def test_topic(self, bot, telegram):
        """A reply stays in the topic of the forum."""
        ann = Chat(bot, Person(telegram, 7, GROUP, thread=55))
        await ann.writes("@tandem_bot hello")

        assert 55 == telegram.chats[GROUP][-1]["thread"]

    async def test_name_not_known_yet(self, settings, telegram):
        """While Telegram cannot be asked for our name, what may be for us is to be delivered again, and then is answered."""
        telegram.fail("getMe", *["hang up"] * 2)
        async with served(with_telegram(settings, telegram)) as http:
            ann = Chat(http, Person(telegram, 7, GROUP))
            update = ann.person.writes("@tandem_bot hello")
            await until(lambda: telegram.calls)
            assert 503 == (await ann.deliver(update)).status_code

            assert "You asked: hello" in (await ann.heard(update))[0]


class TestKinds:
    async def test_unreadable(self, ann, rasa):
        """What we cannot read is said so, in private."""
        for kind in ("sticker", "voice", "photo", "location"):
            assert "I only read text" in (await ann.heard(ann.person.sends(**{kind: {"file_id": "x"}})))[0]

        assert not rasa.received

    async def test_caption(self, ann, rasa):
        """The words under a picture are answered."""
        await ann.heard(ann.person.sends(photo=[], caption="can i run with this?"))

        assert "can i run with this?" == rasa.received[-1][1]

    async def test_other_updates(self, ann, rasa, telegram):
        """Updates that ask for nothing get nothing."""
        kinds = [
            "edited_message",
            "channel_post",
            "edited_channel_post",
            "my_chat_member",
            "inline_query",
            "message_reaction",
            "poll_answer",
            "of_the_future",
        ]
        for kind in kinds:
            await ann.deliver(telegram.update(**{kind: ann.person.writes("hello")["message"]}))

        assert 0 == await ann.quiet()
        assert not rasa.received

    async def test_service_messages(self, ann):
        """Joins and the like get nothing."""
        for what in (
            {"new_chat_members": [{"id": 9}]},
            {"left_chat_member": {}},
            {"group_chat_created": True},
            {"pinned_message": {}},
            {"of_the_future": 1},
        ):
            await ann.deliver(ann.person.sends(**what))

        assert 0 == await ann.quiet()

    async def test_other_bots(self, ann):
        """Bots are not answered: two would never stop."""
        update = ann.person.writes("hello")
        update["message"]["from"]["is_bot"] = True
        await ann.deliver(update)

        assert 0 == await ann.quiet(0.05)

    async def test_key_without_message(self, ann, telegram):
        """A key whose message Telegram does not tell is acknowledged."""
        await ann.deliver(ann.person.calls_back("b:t_x.b0", None))
        await until(lambda: None not in telegram.queries.values())

    async def test_forged_keys(self, ann, rasa, telegram):
        """Whatever a key claims to carry, Rasa hears nothing of it, and the press is acknowledged."""
        await ann.writes("hello")
        for data in (
            "",
            "x",
            "b",
            "b:",
            "b:/restart",
            "v:t_x.0:up",
            "v:t_x.0:sideways",
            "f:maybe",
            "r:t_x",
            "r:\x00",
            "b:" + "é" * 31,
            "g:\x00:\ud800",
        ):
            await ann.deliver(ann.person.calls_back(data, telegram.chats[7][0]))
        await until(lambda: None not in telegram.queries.values())
        await ann.quiet()

        assert 1 == len(rasa.received)


class TestDoor:
    @pytest.mark.parametrize("secret", ["", "wrong", SECRET[:-1], "only-telegram-knows-this!", "é"])
    async def test_forged(self, ann, rasa, secret):
        """Who does not show the secret is nobody."""
        refused = await ann.http.post(
            "/telegram", json=ann.person.writes("hello"), headers={"X-Telegram-Bot-Api-Secret-Token": secret.encode()}
        )

        assert 403 == refused.status_code
        assert 0 == await ann.quiet(0.05)

    async def test_no_header(self, ann):
        """Nor is who shows nothing."""
        assert 403 == (await ann.http.post("/telegram", json={})).status_code

    async def test_at_once(self, ann, rasa, telegram):
        """It is acknowledged before it is answered, and before Telegram hears from us."""
        held = await lined_up(rasa)
        await ann.deliver(ann.person.writes("hello"))
        assert 0 == await ann.quiet(0.05)
        held.set()
        await until(lambda: ann.shown)

    async def test_off(self, settings, rasa):
        """Without a token there is no such address."""
        async with served(settings) as http:
            assert http.post
            assert 404 == (await http.post("/telegram", json={})).status_code

    async def test_telegram_away(self, settings, telegram):
        """A start does not depend on Telegram."""
        await telegram.kill()
        async with served(with_telegram(settings, telegram)) as http:
            assert 200 == (await http.get("/healthz")).status_code
