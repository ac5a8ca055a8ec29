"""What is read out of updates, whatever they are."""

from __future__ import annotations

import json
import logging

import httpx
import pytest
from chatting import SECRET, TOKEN, Person, StandInTelegram
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from channels.errors import Problem
from channels.guard import handlers
from channels.metrics import Metrics
from channels.telegram import TelegramChannel
from channels.telegram_settings import Given
from channels.telegram_updates import Message, Place, Press, read

pytestmark = pytest.mark.anyio

BOT = int(TOKEN.split(":")[0])
ANN, GROUP = Person(StandInTelegram(), 7), Person(StandInTelegram(), 7, -5)

_ANY = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
_NAMES = [
    "update_id", "message", "callback_query", "from", "chat", "id", "type", "text", "entities", "offset", "length", "caption", "data",
    "message_id", "message_thread_id", "is_topic_message", "reply_to_message", "reply_markup", "inline_keyboard", "callback_data", "user",
    "is_bot", "edited_message", "photo", "caption_entities",
]  # fmt: skip
_JSON = st.recursive(
    _ANY, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=6), max_leaves=20
)


async def username() -> str:
    """Ours."""
    return "tandem_bot"


async def heard(update):
    """What the bot reads in *update*."""
    return await read(update, BOT, username)


def real_updates():
    """Updates as Telegram sends them."""
    message = {
        "message_id": 3,
        "from": {"id": BOT},
        "chat": {"id": 7, "type": "private"},
        "text": "x",
        "reply_markup": {"inline_keyboard": [[{"text": "A", "callback_data": "b:t_x.b0"}]]},
    }
    return [
        ANN.writes("hello /there @tandem_bot"), ANN.writes("/goal lose fat"), ANN.writes("/forget"), ANN.sends(sticker={}), GROUP.writes("@tandem_bot hi"),
        GROUP.writes("hi", reply_to_message=message), GROUP.sends(text="you, hi", entities=[{"type": "text_mention", "offset": 0, "length": 3, "user": {"id": BOT}}]),
        ANN.sends(photo=[{"file_id": "x"}], caption="this?"), ANN.calls_back("b:t_x.b0", message), ANN.calls_back("v:t_x.0:up", message), ANN.calls_back("f:yes", message),
    ]  # fmt: skip


@st.composite
def damaged(draw):
    """A real update in which something is another thing, or missing."""
    update = json.loads(json.dumps(draw(st.sampled_from(real_updates()))))
    for _ in range(draw(st.integers(1, 3))):
        holder = update
        while True:
            names = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
            if not names:
                break
            name = draw(st.sampled_from(names))
            if not isinstance(holder[name], (dict, list)) or not draw(st.booleans()):
                if draw(st.booleans()) or isinstance(holder, list):
                    holder[name] = draw(_JSON)
                else:
                    del holder[name]
                break
            holder = holder[name]
    return update


class TestRead:
    async def test_text(self):
        """A private message is read with who wrote it where."""
        update = ANN.writes("hello")

        assert Message(Place(7, 7, update["message"]["message_id"], None, True), "hello") == await heard(update)

    @pytest.mark.parametrize(
        ("text", "command", "rest"),
        [
            ("/start", "start", ""),
            ("/goal  lose\nfat ", "goal", "lose\nfat"),
            ("/goal\nlose fat", "goal", "lose fat"),
            ("see /goal", "", "see /goal"),
        ],
    )
    async def test_commands(self, text, command, rest):
        """A command begins the message; what stands behind it is its own."""
        read = await heard(ANN.writes(text))

        assert (command, rest) == (read.command, read.text)

    async def test_mention_by_name(self):
        """Whoever has no username is mentioned by name; so may we be."""
        read = await heard(
            GROUP.sends(text="👩‍👧 you, hi", entities=[{"type": "text_mention", "offset": 6, "length": 4, "user": {"id": BOT}}])
        )

        assert "👩‍👧  hi" == read.text

    async def test_press(self):
        """A press carries its data and the keyboard that it is on."""
        (press,) = [update for update in real_updates() if update.get("callback_query", {}).get("data") == "b:t_x.b0"]
        read = await heard(press)

        assert ("b:t_x.b0", [[{"text": "A", "callback_data": "b:t_x.b0"}]]) == (read.data, read.keyboard)

    @pytest.mark.parametrize(
        "wrong", [{"is_automatic_forward": True}, {"via_bot": {"id": 5}}, {"chat": {"id": 7, "type": "channel"}}, {"from": None}]
    )
    async def test_not_from_people(self, wrong):
        """What no person said to us is nothing."""
        assert await heard(ANN.sends(text="hello", **wrong)) is None


class _Inbox:
    """Takes anything, and gives it away to whoever looks."""

    def __init__(self) -> None:
        self.taken: list = []

    async def accept(self, delivery):
        json.dumps(delivery.where)
        self.taken.append(delivery)
        return True

    async def vote(self, *arguments):
        return True


@pytest.fixture(name="door", scope="module")
def _door():
    """The webhook in front of an inbox; calls to Telegram lead nowhere."""
    channel = TelegramChannel(_Inbox(), Given(token=TOKEN, secret=SECRET, api="http://127.0.0.1:9"))
    channel._soon = lambda work: work.close()
    channel._api.username = username
    known = {kind: handler for kind, handler in handlers(Metrics()).items() if kind in (Problem, HTTPException)}
    return Starlette(routes=channel.routes(), exception_handlers=known)


async def delivered(door, body: bytes) -> int:
    """The status with which *body* is taken."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(door), base_url="http://door") as http:
        return (await http.post("/telegram", content=body, headers={"X-Telegram-Bot-Api-Secret-Token": SECRET})).status_code


_quick = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class TestAnything:
    @_quick
    @given(damaged() | st.dictionaries(st.sampled_from(_NAMES), _JSON, max_size=6))
    async def test_objects(self, door, caplog, update):
        """Whatever object comes as an update is taken, and is no mistake of ours."""
        assert 200 == await delivered(door, json.dumps(update).encode())
        assert not [record for record in caplog.records if record.levelno >= logging.ERROR]

    @_quick
    @given(st.binary(max_size=60) | st.text(max_size=30).map(str.encode) | _JSON.map(json.dumps).map(str.encode))
    async def test_bodies(self, door, body):
        """Whatever else comes is refused."""
        assert await delivered(door, body) in (200, 400, 413)

    @pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 50_000, b"{}" + b" " * 600_000, b'{"update_id": 1e999}', b"\xff\xfe{}"])
    async def test_bombs(self, door, body):
        """Deep, large and strange bodies too."""
        assert await delivered(door, body) in (200, 400, 413)

    async def test_largest(self, door):
        """The longest message that Telegram brings fits, quoting another as long, with every letter escaped."""
        update = ANN.writes("\U0001f3c3" * 2048)
        update["message"]["reply_to_message"] = {**update["message"]}

        assert 200 == await delivered(door, json.dumps(update).encode())


@_quick
@given(damaged())
async def test_read_or_nothing(update):
    """What is read is of the form that the rest relies on."""
    read = await heard(update)

    assert read is None or isinstance(read, (Message, Press))
    if isinstance(read, Message):
        assert all(type(number) is int for number in (read.place.chat, read.place.user, read.place.message))
        assert isinstance(read.text, str)
