"""Slack, from what people do there to what they see: the application on a port, between stand-ins of Slack and of Rasa."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from slack_stand_in import Workspace, buttons, envelope, message, signed, until, words
from stand_in import answer_to
from visitors import served

from channels.tables import metadata

pytestmark = pytest.mark.anyio

PATHS = ("/slack/events", "/slack/actions", "/slack/commands")


def titles(shown):
    """What stands on the buttons of a message."""
    return [each["text"]["text"] for each in buttons(shown)]


def headline(shown):
    """The first thing that a message says to its person."""
    return next(block["text"]["text"] for block in shown["blocks"] if block["type"] in ("section", "header"))


async def settled(slack):
    """Wait until Slack is not called any more."""
    calls = -1
    while calls != len(slack.calls):
        calls = len(slack.calls)
        await asyncio.sleep(0.15)


class TestDirect:
    async def test_conversation(self, people, slack, rasa):
        """A question is answered where it was asked; a button goes on, and shows as chosen; each press is one turn."""
        assert 200 == (await people.direct("U1", "run first?")).status_code
        (answer,) = await people.answers("D1", 1)
        await people.press("U1", answer, "Build muscle")
        _, second = await people.answers("D1", 2)
        await until(lambda: "✓ *Build muscle*" in words(answer))

        assert "*You asked: run first?*" == headline(answer)
        assert '*You asked: /state_goal{"goal":"muscle"}*' == headline(second)
        assert ["👍 Helpful", "👎 Not helpful"] == titles(answer)
        assert 1 == len({sender for sender, _ in rasa.received})
        assert "thread_ts" not in second

    async def test_pressed_twice(self, people, slack, rasa):
        """A button pressed twice in a hurry is one turn."""
        await people.direct("U1", "run first?")
        (answer,) = await people.answers("D1", 1)
        press = people.pressed("U1", answer, buttons(answer)[0])
        await asyncio.gather(*(people.action({**press, "trigger_id": f"t{number}"}) for number in range(5)))
        await people.answers("D1", 2)
        await settled(slack)

        assert 2 == len(rasa.received)

    async def test_in_a_thread(self, people):
        """Who writes in a thread of the direct messages is answered there."""
        await people.direct("U1", "run first?", thread_ts="1.1")

        assert "1.1" == (await people.answers("D1", 1))[0]["thread_ts"]

    async def test_no_command(self, people, rasa):
        """What is typed cannot command Rasa, and is read as it was seen."""
        await people.direct("U1", '/state_goal{"goal":"muscle"} &lt;b&gt; <https://a.example|a page>')
        await people.answers("D1", 1)

        assert 'state_goal{"goal":"muscle"} <b> a page' == rasa.received[0][1]

    async def test_too_long(self, people, rasa):
        """What is too long is not asked, and the person reads why."""
        await people.direct("U1", "long " * 300)

        assert "1000 fit" in words((await people.answers("D1", 1))[0])
        assert [] == rasa.received

    async def test_order(self, people):
        """A burst of messages is answered one after the other, in the order in which they arrived."""
        for number in range(4):
            await people.direct("U1", f"question {number}")
        answers = await people.answers("D1", 4)

        assert [f"*You asked: question {number}*" for number in range(4)] == [headline(answer) for answer in answers]

    async def test_out_of_order(self, people, slack):
        """A message that arrives after a later one is answered too."""
        late, early = slack.ts(), slack.ts()
        await people.event(message("U1", "D1", "second", early, channel_type="im"))
        await people.event(message("U1", "D1", "first", late, channel_type="im"))

        assert ["*You asked: second*", "*You asked: first*"] == [headline(each) for each in await people.answers("D1", 2)]

    async def test_apology(self, people, rasa):
        """Where Rasa is away there is an apology, and a button that asks again."""
        await rasa.kill()
        await people.direct("U1", "run first?")
        (apology,) = await people.answers("D1", 1)
        await rasa.start()
        await people.press("U1", apology, "🔁 Try again")
        _, answer = await people.answers("D1", 2)

        await until(lambda: "✓ *🔁 Try again*" in words(apology))
        assert "*You asked: run first?*" == headline(answer)

    @pytest.mark.parametrize("level", ["emergency", "urgent"])
    async def test_care(self, people, rasa, level):
        """A care card is one: its level on top, no buttons."""

        async def answer(sender, message):
            return [{"text": "Stop"}, {"custom": {"kind": "care", "level": level, "title": "Stop", "text": "Call now.", "contact": "112"}}]

        rasa.answer = answer
        await people.direct("U1", "my chest hurts")
        (card,) = await people.answers("D1", 1)

        assert "header" == card["blocks"][0]["type"]
        assert "<tel:112|112>" in words(card)
        assert [] == buttons(card)


class TestChannels:
    async def test_thread(self, people, rasa):
        """A mention is answered in its thread, for the one who asked; in one thread each person has their own conversation."""
        await people.mention("U1", "run first?")
        (first,) = await people.answers("C1", 1)
        await people.mention("U2", "and me?", thread_ts=first["thread_ts"])
        await people.mention("U1", "and then?", thread_ts=first["thread_ts"])
        answers = await people.answers("C1", 3)

        assert {first["thread_ts"]} == {answer["thread_ts"] for answer in answers}
        assert "For <@U1>" == first["blocks"][0]["elements"][0]["text"]
        senders = dict((text, sender) for sender, text in rasa.received)
        assert senders["run first?"] == senders["and then?"] != senders["and me?"]

    async def test_threads_apart(self, people, rasa):
        """Each thread is a conversation of its own."""
        await people.mention("U1", "one")
        await people.mention("U1", "two")
        await people.answers("C1", 2)

        assert 2 == len({sender for sender, _ in rasa.received})

    async def test_once(self, people, slack, rasa):
        """A mention that comes as a message too is answered once."""
        event = message("U1", "C1", "<@UBOT> run first?", slack.ts(), channel_type="channel")
        await people.event(event)
        await people.event({**event, "type": "app_mention"})
        await people.answers("C1", 1)
        await settled(slack)

        assert 1 == len(slack.said_in("C1"))

    async def test_not_mentioned(self, people, slack, rasa):
        """Later words in the thread are left alone unless they mention us."""
        await people.mention("U1", "run first?")
        (first,) = await people.answers("C1", 1)
        await people.event(message("U1", "C1", "thanks all", slack.ts(), channel_type="channel", thread_ts=first["thread_ts"]))
        await settled(slack)

        assert 1 == len(rasa.received)

    async def test_others_buttons(self, people, slack, rasa):
        """Whoever presses the buttons of another's conversation is told, alone; nothing changes."""
        await people.mention("U1", "run first?")
        (answer,) = await people.answers("C1", 1)
        before = words(answer)
        for title in ("Build muscle", "👍 Helpful"):
            await people.press("U2", answer, title)
        await until(lambda: len(slack.ephemeral.get("C1 U2", [])) == 2)

        assert "somebody else" in words(slack.ephemeral["C1 U2"][0])
        assert 1 == len(rasa.received)
        assert before == words(answer)


class TestOnce:
    @pytest.mark.parametrize(
        "reason", ["http_timeout", "http_error", "connection_failed", "ssl_error", "too_many_redirects", "unknown_error"]
    )
    async def test_retries(self, people, slack, rasa, reason):
        """What Slack sends again, for whatever reason, is answered once, and acknowledged each time."""
        event = message("U1", "D1", "run first?", slack.ts(), channel_type="im")
        sent = [await people.event(event, id="Ev1", X_Slack_Retry_Num=str(number), X_Slack_Retry_Reason=reason) for number in range(1, 4)]
        await people.answers("D1", 1)
        await settled(slack)

        assert [200, 200, 200] == [response.status_code for response in sent]
        assert 1 == len(slack.said_in("D1"))

    async def test_after_restart(self, with_slack, slack, rasa):
        """Also if we were started anew in between."""
        event = message("U1", "D1", "run first?", slack.ts(), channel_type="im")
        async with served(with_slack) as http:
            await (people := Workspace(slack, http)).event(event, id="Ev1")
            await people.answers("D1", 1)
        async with served(with_slack) as http:
            await Workspace(slack, http).event(event, id="Ev1", X_Slack_Retry_Num="3", X_Slack_Retry_Reason="http_timeout")
            await settled(slack)

        assert 1 == len(slack.said_in("D1"))

    async def test_restart_in_the_middle(self, with_slack, slack, rasa):
        """What was acknowledged before a stop is answered after it, in order."""
        held = asyncio.Event()

        async def answer(sender, text):
            await held.wait()
            return answer_to(sender, text)

        rasa.answer = answer
        async with served(replace(with_slack, patience_s=0.3)) as http:
            people = Workspace(slack, http)
            await slack.stop()
            for number in range(3):
                await people.direct("U1", f"question {number}")
        held.set()
        await slack.start()
        async with served(with_slack) as http:
            answers = await Workspace(slack, http).answers("D1", 3)

        assert [f"*You asked: question {number}*" for number in (1, 2)] == [headline(answer) for answer in answers[1:]]


class TestPatience:
    async def test_burst(self, people, slack, rasa):
        """Forty people who ask at the same moment are all acknowledged in time, and answered, each where they asked."""
        sent = await asyncio.gather(*(people.direct(f"U{number}", f"question {number}") for number in range(40)))
        await until(lambda: len(slack.messages) == 40)

        assert {200} == {response.status_code for response in sent}
        assert all(f"question {channel[1:]}*" in headline(shown) for (channel, _), shown in slack.messages.items())

    async def test_acknowledged(self, people, slack, rasa):
        """However long Rasa takes, Slack hears at once that we have it."""

        async def answer(sender, text):
            await asyncio.sleep(1.0)
            return answer_to(sender, text)

        rasa.answer = answer
        started = time.monotonic()
        await people.direct("U1", "run first?")
        _, seen = await people.command("U1", "run first?")

        assert time.monotonic() - started < 0.7
        await people.answers("D1", 1)
        await until(lambda: seen)

    @pytest.mark.parametrize("faults", [[429, 429], [500], [0]])
    async def test_trouble(self, people, slack, faults):
        """Slack's wish for a pause, its errors and a broken network delay an answer; none is lost, none comes twice."""
        slack.retry_after = "0"
        slack.faults += faults
        await people.direct("U1", "run first?")
        await until(lambda: slack.said_in("D1"), within_s=10)
        await settled(slack)

        assert 1 == len(slack.said_in("D1"))

    async def test_retry_after(self, people, slack):
        """When Slack says how long, it is left alone so long."""
        slack.faults.append(429)
        started = time.monotonic()
        await people.direct("U1", "run first?")
        await until(lambda: slack.said_in("D1"))

        assert 1.0 <= time.monotonic() - started

    async def test_many_messages(self, people, slack, rasa):
        """An answer of several messages goes on where it was interrupted."""

        async def answer(sender, text):
            choices = [{"title": f"Choice {number}", "payload": f"/{number}"} for number in range(600)]
            return [{"text": "Many"}, {"custom": {"kind": "did_you_mean", "text": "Many", "choices": choices}}]

        rasa.answer = answer
        slack.retry_after = "0"
        slack.faults += [200, 429, 200, 0]
        await people.direct("U1", "run first?")
        shown = await until(lambda: len(found := slack.said_in("D1")) == 3 and found, within_s=12)
        told = [title for each in shown for title in titles(each)]
        await people.press("U1", shown[2], "Choice 590")
        await until(lambda: "✓ *Choice 590*" in words(shown[2]))

        assert [f"Choice {number}" for number in range(600)] == told
        assert [245, 250, 0] == [len(titles(each)) for each in shown]

    async def test_not_kept(self, with_slack, slack):
        """What cannot be kept is not acknowledged: Slack is asked, in time, to send it again."""
        away = replace(with_slack, conversations_url="postgresql://nobody@127.0.0.1:1/none")
        async with served(away) as http:
            assert 503 == (await Workspace(slack, http).direct("U1", "run first?")).status_code

    async def test_refused(self, people, slack):
        """What Slack refuses for good is not sent again and again, and the next answer is not the worse for it."""
        await people.event(message("U1", "X1", "run first?", slack.ts(), channel_type="im"))
        await until(lambda: slack.complaints)
        await people.direct("U1", "run first?")
        await people.answers("D1", 1)

        assert ["X1"] == slack.complaints
        slack.complaints.clear()


class TestVotes:
    async def test_vote(self, people, slack, settings):
        """A vote shows, can be changed and taken back; what was chosen stays."""
        await people.direct("U1", "run first?")
        (answer,) = await people.answers("D1", 1)
        await people.press("U1", answer, "Same day?")
        await until(lambda: "✓ *Same day?*" in words(answer))
        styles = []
        for title in ("👍 Helpful", "👎 Not helpful", "👎 Not helpful"):
            before = len([call for call, _ in slack.calls if call == "chat.update"])
            await people.press("U1", answer, title)
            await until(lambda before=before: len([call for call, _ in slack.calls if call == "chat.update"]) > before)
            styles.append([each.get("style") for each in buttons(answer)][:2])

        assert [["primary", None], [None, "primary"], [None, None]] == styles
        assert "✓ *Same day?*" in words(answer)

    async def test_why(self, people, slack, with_slack):
        """Who voted may say why, in a form; the word is kept with the vote."""
        await people.direct("U1", "run first?")
        (answer,) = await people.answers("D1", 1)
        await people.press("U1", answer, "👎 Not helpful")
        await until(lambda: "✍️ Say why" in titles(answer))
        await people.press("U1", answer, "✍️ Say why")
        (form,) = await until(lambda: slack.forms)
        state = {"values": {"word": {"word": {"type": "plain_text_input", "value": "too short"}}}}
        sent = await people.action({"type": "view_submission", "user": {"id": "U1"}, "view": {**form, "id": "V1", "state": state}})
        other = await people.action({"type": "view_submission", "user": {"id": "U2"}, "view": {**form, "id": "V1", "state": state}})
        engine = sa.create_engine(with_slack.conversations_url)
        kept = engine.execute(sa.text("select vote, word from feedback")).all()
        engine.dispose()

        assert [(200, b""), (200, b"")] == [(each.status_code, each.content) for each in (sent, other)]
        assert [("down", "too short")] == kept


class TestForgetting:
    async def test_over(self, people, slack, rasa):
        """After starting over there is a new conversation, and buttons of the old one say so."""
        await people.direct("U1", "run first?")
        (answer,) = await people.answers("D1", 1)
        await people.direct("U1", "Start over.")
        await people.answers("D1", 2)
        await people.direct("U1", "hello")
        await people.answers("D1", 3)
        await people.press("U1", answer, "Same day?")
        shown = await people.answers("D1", 4)

        assert "fresh start" in words(shown[1])
        assert 2 == len({sender for sender, _ in rasa.received})
        assert "over" in words(shown[3])

    async def test_everywhere(self, people, slack, rasa, tmp_path):
        """Who wants to be forgotten is forgotten in every thread, with one word about it; others stay."""
        await people.direct("U1", "a private matter")
        await people.mention("U1", "a private question")
        await people.mention("U2", "someone else")
        await people.answers("C1", 2)
        _, seen = await people.command("U1", "forget me")
        await until(lambda: seen)
        await settled(slack)

        kept = b"".join(file.read_bytes() for file in tmp_path.glob("conversations.db*"))
        assert "Forgotten" in words(seen[0])
        assert b"private" not in kept
        assert b"someone else" in kept
        assert 3 == len(slack.messages)

    async def test_no_names(self, people, slack, with_slack):
        """Once answered, nothing tells who in Slack it was."""
        await people.direct("U0PERSON", "run first?")
        await people.mention("U0PERSON", "and then?")
        await people.answers("D0PERSON", 1)
        await people.answers("C1", 1)
        await settled(slack)
        engine = sa.create_engine(with_slack.conversations_url)
        kept = [str(engine.execute(table.select()).all()) for table in metadata.sorted_tables]
        engine.dispose()

        assert "run first?" in str(kept)
        assert "0PERSON" not in str(kept)


@asynccontextmanager
async def served_nowhere():
    """An address at which nobody should call, and who did."""
    visits = []
    server = await asyncio.start_server(lambda _, writer: (visits.append(1), writer.close()), "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/response/x", visits
    server.close()


class TestCommand:
    async def test_ask(self, people, slack, rasa):
        """The answer to /tandem is seen by its person only; its buttons work, and show what was chosen."""
        response, seen = await people.command("U1", "run first?")
        await until(lambda: seen)
        address = slack.respond_at()
        shown = {**seen[0], "ts": "1.1", "channel": "C1"}
        container = {"type": "message", "message_ts": "1.1", "channel_id": "C1", "is_ephemeral": True}
        press = people.pressed("U1", shown, buttons(shown)[0], container=container, response_url=address)
        await people.action({name: value for name, value in press.items() if name != "message"})
        answers = slack.ephemeral[address.rpartition("/")[2]]
        await until(lambda: len(answers) == 2)
        marked, second = sorted(answers, key=lambda each: not each["replace_original"])

        assert b"" == response.content
        assert {"ephemeral"} == {seen[0]["response_type"], second["response_type"]}
        assert "✓ *Build muscle*" in words(marked)
        assert {} == slack.messages

    @pytest.mark.parametrize("text", ["", "help"])
    async def test_help(self, people, slack, rasa, text):
        """Without a question it tells what it is for, at once."""
        response, _ = await people.command("U1", text)

        assert "I am a machine" in words(response.json())
        assert [] == rasa.received

    async def test_used_up(self, people, slack):
        """Where the response address is no good any more, the answer comes directly."""
        form = {
            "command": "/tandem",
            "text": "run first?",
            "user_id": "U1",
            "channel_id": "C1",
            "response_url": f"{slack.url}/response/gone",
        }
        await people.send("/slack/commands", urlencode(form).encode(), "application/x-www-form-urlencoded")

        assert "*You asked: run first?*" == headline((await people.answers("D1", 1))[0])

    async def test_elsewhere(self, people, slack):
        """Nothing is posted to a response address that is not Slack's."""
        async with served_nowhere() as (address, visits):
            form = {"command": "/tandem", "text": "run first?", "user_id": "U1", "channel_id": "C1", "response_url": address}
            await people.send("/slack/commands", urlencode(form).encode(), "application/x-www-form-urlencoded")
            await people.answers("D1", 1)

        assert [] == visits

    async def test_shortcut(self, people, slack, rasa):
        """A message is answered for whoever uses the shortcut on it, and is theirs to go on with."""
        address = slack.respond_at()
        payload = {
            "type": "message_action", "callback_id": "ask_tandem", "trigger_id": "1", "message_ts": "1.1", "response_url": address,
            "user": {"id": "U1", "name": "x"}, "channel": {"id": "C1", "name": "y"}, "team": {"id": "T1"}, "message": {"user": "U2", "text": "run first?"},
        }  # fmt: skip
        await people.action(payload)
        seen = slack.ephemeral[address.rpartition("/")[2]]
        await until(lambda: seen)

        assert "*You asked: run first?*" == headline(seen[0])


class TestHome:
    async def test_home(self, people, slack, rasa):
        """The home tab says what can be done; a question asked there is answered in the direct messages."""
        await people.event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home", "event_ts": "1.1"})
        view = await until(lambda: slack.homes.get("U1"))
        ask = next(each for each in buttons(view) if each["action_id"] == "ask.0")
        await people.action(at_home(people, view, ask))
        (answer,) = await people.answers("D1", 1)

        assert f"*You asked: {ask['text']['text']}*" == headline(answer)

    async def test_forget(self, people, slack, tmp_path):
        """Forgetting is asked for twice, and done."""
        await people.direct("U1", "a private matter")
        await people.answers("D1", 1)
        await people.event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"})
        view = await until(lambda: slack.homes.get("U1"))
        forget = next(each for each in buttons(view) if each["action_id"] == "forget")
        await people.action(at_home(people, view, forget))
        shown = await people.answers("D1", 2)

        assert "confirm" in forget
        assert "Forgotten" in words(shown[1])


def at_home(people, view, button):
    """A press on the home tab."""
    press = people.pressed("U1", {"ts": "", "channel": "", "text": "", "blocks": []}, button)
    kept = {name: value for name, value in press.items() if name not in ("message", "channel", "response_url")}
    return {**kept, "container": {"type": "view", "view_id": "V1"}, "view": {"id": "V1", "type": "home", **view}}


class TestDoor:
    async def test_url_verification(self, people):
        """The address can be entered in the app's settings."""
        response = await people.send("/slack/events", json.dumps({"type": "url_verification", "challenge": "abc", "token": "x"}).encode())

        assert {"challenge": "abc"} == response.json()

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"X-Slack-Signature": "v0=" + "0" * 64},
            {"X-Slack-Request-Timestamp": "1"},
            {"X-Slack-Request-Timestamp": "²"},
            {"X-Slack-Request-Timestamp": "9" * 40},
            {"X-Slack-Signature": "é"},
        ],
    )
    async def test_forged(self, people, rasa, headers):
        """What is not signed with the secret is refused, whatever it says."""
        body = json.dumps(envelope(message("U1", "D1", "run?", "1.1", channel_type="im"), "Ev1")).encode()
        sent = {name: value.encode() for name, value in ({**signed(body, secret="another"), **headers} if headers else {}).items()}

        for path in PATHS:
            assert 401 == (await people.http.post(path, content=body, headers=sent)).status_code
        assert [] == rasa.received

    @pytest.mark.parametrize(("age_s", "status"), [(0, 200), (290, 200), (310, 401), (86_400, 401), (-310, 401)])
    async def test_replayed(self, people, age_s, status):
        """What was signed more than five minutes ago, or from now, is refused."""
        body = json.dumps(envelope(message("U1", "D1", "run?", f"{age_s}.1", channel_type="im"), "Ev1")).encode()

        assert status == (await people.http.post("/slack/events", content=body, headers=signed(body, at=time.time() - age_s))).status_code

    async def test_changed(self, people):
        """One changed byte is a forgery."""
        body = json.dumps(envelope(message("U1", "D1", "run?", "1.1", channel_type="im"), "Ev1")).encode()

        assert 401 == (await people.http.post("/slack/events", content=body + b" ", headers=signed(body))).status_code

    async def test_off(self, settings):
        """Without secrets there is no such address."""
        async with served(settings) as http:
            assert 404 == (await http.post("/slack/events", content=b"{}", headers=signed(b"{}"))).status_code

    @pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"null", b"[" * 3_000, b"x" * 1_100_000])
    async def test_no_sense(self, people, body):
        """Bodies that make no sense are refused or let go, never stumbled over."""
        for path in PATHS:
            assert (await people.send(path, body)).status_code in (200, 400, 413)
