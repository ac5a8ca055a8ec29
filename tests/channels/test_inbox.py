"""The inbox, with a platform that shows what it is told to."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
import sqlalchemy as sa
from chatting import until

from channels.attending import FORGOTTEN, FRESH, PARTLY_FORGOTTEN, Attendant
from channels.errors import Problem, StoreError
from channels.goals import ASK, ASK_IN_WORDS
from channels.house import build
from channels.housekeeping import purge
from channels.inbox import Delivery, Said, Unsent
from channels.tables import deliveries, turns
from knowledge.model import Goal
from knowledge.store import Store

pytestmark = pytest.mark.anyio


class Wall:
    """The smallest channel: what is shown is written on a wall. `refusals` are raised first, one a message."""

    name = "wall"

    def __init__(self) -> None:
        self.written: list[tuple[str, str]] = []
        self.turns: list = []
        self.refusals: list[Exception] = []

    def routes(self):
        """No address."""
        return []

    async def start(self):
        """Nothing to begin."""

    async def stop(self):
        """Nothing to end."""

    async def typing(self, where):
        """Fails, always."""
        raise RuntimeError("nobody minds")

    async def show(self, where, turn, sending):
        """Write all replies."""
        self.turns.append(turn)
        for reply in turn.replies:
            await sending.once(self._write, where["on"], reply["text"])

    async def _write(self, where, text):
        if self.refusals and (refusal := self.refusals.pop(0)):
            raise refusal
        self.written.append((where, text))


@pytest.fixture(name="wall")
def _wall():
    """Where replies are written."""
    return Wall()


@pytest.fixture(name="opened")
def _opened(settings, changed, wall, monkeypatch):
    """Makes the house with the channel in it, anew each time."""
    monkeypatch.setattr(Attendant, "pause_s", 0.01)

    def opened(**more):
        house = build(replace(settings, **changed, **more))
        house.inbox.serve(wall)
        return house

    return opened


@pytest.fixture(name="house")
async def _house(opened):
    """The house, open."""
    house = opened()
    async with house.open():
        yield house


@pytest.fixture(autouse=True)
def _answering(rasa):
    """Rasa says plainly what it was asked."""

    async def answer(sender, message):
        return [{"text": f"re: {message}"}]

    rasa.answer = answer


def said(text, id, person="ann", verb="say", **more):
    """A delivery."""
    return Delivery("wall", id, person, Said(text, **more), {"on": person}, verb)


def rows(settings, table=deliveries):
    """What is kept."""
    engine = sa.create_engine(settings.conversations_url)
    kept = [dict(row) for row in engine.execute(table.select()).mappings()]
    engine.dispose()
    return kept


class TestAccept:
    async def test_kept_first(self, house, settings, rasa):
        """When it returns the delivery is kept; once it is answered only that it was is kept of it."""
        assert await house.inbox.accept(said("hello", "1"))
        (before,) = rows(settings)
        await until(lambda: rows(settings)[0]["status"] == "done")
        (after,) = rows(settings)

        assert ("open", True) == (before["status"], "hello" in before["said"])
        assert ("", "", None, "1") == (after["said"], after["place"], after["session"], after["id"])

    async def test_repeat(self, house, wall):
        """A repeat is told from a new one, and answered by nobody."""
        assert [True, False, True] == [await house.inbox.accept(said("hello", id)) for id in ("1", "1", "2")]
        await until(lambda: len(wall.written) == 2)

    async def test_ids_of_channels(self, house, wall):
        """What one platform has numbered is new on another."""
        other = Wall()
        other.name = "other"
        house.inbox.serve(other)
        await house.inbox.accept(said("hello", "1"))

        assert await house.inbox.accept(replace(said("hello", "1"), channel="other"))
        await until(lambda: other.written and wall.written)

    @pytest.mark.parametrize("id", ["", "x" * 5000, "é\x00\ud800"])
    async def test_strange_ids(self, house, id):
        """Whatever a platform numbers with, a repeat is recognised."""
        assert [True, False] == [await house.inbox.accept(said("hello", id)) for _ in range(2)]

    async def test_who_is_not_kept(self, house, settings, tmp_path):
        """A person's name is nowhere; the same person has the same session, another has another."""
        await house.inbox.accept(said("hello", "1", person="chat-4711:user-4712"))
        await until(lambda: rows(settings)[0]["status"] == "done")

        for file in tmp_path.glob("conversations.db*"):
            assert b"4712" not in file.read_bytes().replace(b'"on": "chat-4711:user-4712"', b"")
        names = [house.sessions.elsewhere("wall", person) for person in ("ann", "ann", "ben")]
        assert names[0] == names[1] != names[2] != house.sessions.elsewhere("other", "ben")

    async def test_nobody_else_s_session(self, house, settings):
        """A session of elsewhere is none that the web could have issued, and fits its column."""
        name = house.sessions.elsewhere("telegram", "x" * 500)

        assert ":" in name
        assert len(name) <= 40
        assert house.sessions.conversation(name, 0).startswith("telegram-")

    @pytest.mark.parametrize(("text", "sentence"), [("x" * 1001, "1000 fit"), (" / ", "in words"), ("\u200b", "in words")])
    async def test_unanswerable(self, house, wall, rasa, text, sentence):
        """What cannot be answered is told so, in its turn; Rasa hears nothing."""
        await house.inbox.accept(said(text, "1"))
        await until(lambda: wall.written)

        assert sentence in wall.written[0][1]
        assert not rasa.received

    @pytest.mark.parametrize("button", ["t_nobody.b0", '/ask{"question":"order"}', "", "\x00", "é", "x" * 500, "\ud800"])
    async def test_no_such_button(self, house, wall, rasa, button):
        """A button that we did not show is told so."""
        await house.inbox.accept(said("", "1", button=button))
        await until(lambda: wall.written)

        assert "button" in wall.written[0][1].lower()
        assert not rasa.received

    @pytest.mark.parametrize("changed", [{"messages_per_minute": 3}])
    async def test_too_fast(self, house, wall, rasa, settings):
        """Beyond the rate a person reads a refusal or two, and then nothing; others are not concerned."""
        for number in range(10):
            await house.inbox.accept(said("hello", str(number)))
        await house.inbox.accept(said("hello", "b", person="ben"))
        await until(lambda: all(row["status"] == "done" for row in rows(settings)))

        assert 3 + 1 == len(rasa.received)
        assert 2 == sum("Please wait" in text for _, text in wall.written)

    async def test_database_away(self, opened):
        """What cannot be kept is refused, so that the platform delivers it again."""
        house = opened(conversations_url="postgresql://nobody@127.0.0.1:1/none")
        async with house.open():
            with pytest.raises(StoreError):
                await house.inbox.accept(said("hello", "1"))


class TestVerbs:
    async def test_note(self, house, wall, rasa):
        """A channel's own words come in their turn."""
        held = asyncio.Event()

        async def answer(sender, message):
            await held.wait()
            return [{"text": "re"}]

        rasa.answer = answer
        await house.inbox.accept(said("hello", "1"))
        await house.inbox.accept(said("I cannot see pictures.", "2", verb="note"))
        held.set()
        await until(lambda: len(wall.written) == 2)

        assert ["re", "I cannot see pictures."] == [text for _, text in wall.written]

    async def test_start_over(self, house, wall, rasa):
        """Starting over begins a new conversation, also where there was none."""
        await house.inbox.accept(said("", "0", verb="start_over"))
        for id, verb in (("1", "say"), ("2", "start_over"), ("3", "say")):
            await house.inbox.accept(said("hello", id, verb=verb))
        await until(lambda: len(wall.written) == 4)

        assert [FRESH, "re: hello", FRESH, "re: hello"] == [text for _, text in wall.written]
        assert 2 == len({sender for sender, _ in rasa.received})

    async def test_forget(self, house, wall, rasa, settings):
        """Forgetting deletes the turns, what waits is dropped, and Rasa's new conversation is not the one being deleted."""
        await house.inbox.accept(said("a private matter", "1"))
        await until(lambda: wall.written)
        held = asyncio.Event()

        async def answer(sender, message):
            await held.wait()
            return [{"text": "too late"}]

        rasa.answer = answer
        for id in ("2", "3"):
            await house.inbox.accept(said("another private matter", id))
        await until(lambda: len(rasa.received) == 2)
        await house.inbox.accept(said("", "4", verb="forget"))
        await until(lambda: len(wall.written) == 2)
        assert [] == rows(settings, turns)
        assert "private" not in str(rows(settings))
        held.set()
        await house.inbox.accept(said("hello", "5"))
        await until(lambda: len(wall.written) == 3)

        assert ["re: a private matter", FORGOTTEN, "too late"] == [text for _, text in wall.written]
        assert rasa.received[0][0] != rasa.received[-1][0]

    @pytest.mark.parametrize("changed", [{"tracker_url": "postgresql://nobody@127.0.0.1:1/none"}])
    async def test_forget_partly(self, house, wall):
        """If Rasa's database is away, that is said."""
        await house.inbox.accept(said("hello", "1"))
        await until(lambda: wall.written)
        await house.inbox.accept(said("", "2", verb="forget"))
        await until(lambda: (("ann", PARTLY_FORGOTTEN)) in wall.written)

    async def test_forget_nothing(self, house, wall):
        """Whoever was never here is forgotten too."""
        await house.inbox.accept(said("", "1", verb="forget"))
        await until(lambda: [("ann", FORGOTTEN)] == wall.written)

    async def test_goals(self, house, wall, rasa, monkeypatch):
        """The goals of the knowledge base are offered as buttons; pressing one states it."""
        monkeypatch.setattr(Store, "goals", lambda _: (Goal("muscle", "Build muscle", "building muscle"),))
        await house.inbox.accept(said("", "1", verb="goals"))
        await until(lambda: wall.written)
        assert ASK == wall.written[0][1]
        await house.inbox.accept(said("", "2", button=wall.turns[0].replies[0]["goal_choices"][0]["button"]))
        await until(lambda: rasa.received)

        assert '/state_goal{"goal": "muscle"}' == rasa.received[0][1]

    @pytest.mark.parametrize("changed", [{"elsewhere": {"TANDEM_KNOWLEDGE_URL": "sqlite:////nowhere/knowledge.db"}}])
    async def test_no_goals(self, house, wall):
        """While the knowledge base is away goals are asked for in words."""
        await house.inbox.accept(said("", "1", verb="goals"))
        await until(lambda: wall.written)

        assert [("ann", ASK_IN_WORDS)] == wall.written

    async def test_vote(self, house, wall, settings):
        """A vote on an answer of one's own is kept, once; on another's it is refused."""
        await house.inbox.accept(said("hello", "1"))
        await until(lambda: wall.turns)
        reply = wall.turns[0].replies[0]["id"]

        assert [True, False] == [await house.inbox.vote("wall", "ann", reply, "up", "v1") for _ in range(2)]
        with pytest.raises(Problem):
            await house.inbox.vote("wall", "ben", reply, "up", "v2")
        with pytest.raises(Problem):
            await house.inbox.vote("wall", "ann", "\x00\ud800", "up", "v3")


class TestSending:
    async def test_given_up(self, house, wall, settings):
        """What a platform will never take is not sent again, and the next is."""
        wall.refusals = [Unsent("blocked", final=True)]
        await house.inbox.accept(said("one", "1"))
        await house.inbox.accept(said("two", "2"))
        await until(lambda: all(row["status"] == "done" for row in rows(settings)))

        assert [("ann", "re: two")] == wall.written

    async def test_our_mistake(self, house, wall, settings, caplog):
        """A channel that stumbles over one reply goes on with the next."""
        wall.refusals = [ZeroDivisionError()]
        await house.inbox.accept(said("one", "1"))
        await house.inbox.accept(said("two", "2"))
        await until(lambda: wall.written)

        assert [("ann", "re: two")] == wall.written
        assert "ZeroDivisionError" in caplog.text

    async def test_told_when(self, house, wall):
        """A platform that says when is believed; waiting so does not count as failing."""
        wall.refusals = [Unsent("slowly", retry_after_s=0.01) for _ in range(15)]
        await house.inbox.accept(said("one", "1"))
        await until(lambda: wall.written)

    async def test_database_away_meanwhile(self, house, wall, monkeypatch):
        """A database that is away while we answer is waited for."""
        await house.inbox.accept(said("one", "1"))
        await until(lambda: wall.written)
        run, failing = house.database.run_brief, [StoreError("away")] * 3

        async def run_brief(work, *arguments):
            if failing and work.__name__ in ("begin", "done"):
                raise failing.pop()
            return await run(work, *arguments)

        monkeypatch.setattr(house.database, "run_brief", run_brief)
        await house.inbox.accept(said("two", "2"))
        await until(lambda: len(wall.written) == 2 and not failing)


class TestRestart:
    async def test_waiting(self, opened, wall, rasa):
        """What was only waiting when we stopped is answered first at the next start, in order."""
        wall.refusals = [Unsent("not now", retry_after_s=60)]
        async with (house := opened()).open():
            for id in ("1", "2", "3"):
                await house.inbox.accept(said(f"number {id}", id))
            await until(lambda: not wall.refusals)
        assert [] == wall.written
        async with (house := opened()).open():
            await house.inbox.accept(said("number 4", "4"))
            await until(lambda: len(wall.written) == 4)

        assert [f"re: number {number}" for number in range(1, 5)] == [text for _, text in wall.written]
        assert 4 == len(rasa.received)

    async def test_killed(self, opened, wall, rasa, settings):
        """Also if we were killed in the middle of asking."""
        held = asyncio.Event()

        async def answer(sender, message):
            await held.wait()
            return [{"text": "re"}]

        rasa.answer = answer
        killed = opened()
        await killed.inbox.accept(said("hello", "1"))
        await until(lambda: rasa.received)
        for lane in killed.inbox._lanes.values():
            lane.work.cancel()
        held.set()
        async with opened().open():
            await until(lambda: wall.written)
        await killed.turns.close()
        await killed.rasa.close()
        for database in killed.databases.values():
            database.close()

        assert [("ann", "re")] == wall.written

    async def test_purged(self, house, wall, settings):
        """After the retention time even the ids are gone."""
        await house.inbox.accept(said("hello", "1"))
        await until(lambda: wall.written)
        await asyncio.sleep(0.02)
        await purge(house.database, house.tracker, -1)

        assert [] == rows(settings)
