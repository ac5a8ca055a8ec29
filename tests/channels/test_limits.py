"""How much one visitor may ask for, and what is said to whoever asks for more."""

from __future__ import annotations

import asyncio

import pytest
from starlette.requests import Request

from channels.errors import Problem
from channels.limits import _REMEMBERED, Rate, Streams, address

pytestmark = pytest.mark.anyio


class Clock:
    """A clock that is put forward by hand."""

    now = 0.0

    def __call__(self) -> float:
        """Give the time that it shows."""
        return self.now


class TestRate:
    def test_at_once(self):
        """A minute's worth may come at once; the next one is told when to come back."""
        rate = Rate(6, clock=Clock())
        for _ in range(6):
            rate.take("someone")

        with pytest.raises(Problem) as refused:
            rate.take("someone")
        assert (429, 10) == (refused.value.status, refused.value.retry_after_s)

    def test_comes_back(self):
        """Who waits as long as told is served."""
        clock = Clock()
        rate = Rate(6, clock=clock)
        for _ in range(6):
            rate.take("someone")
        clock.now += 10

        rate.take("someone")

    def test_refusals_are_free(self):
        """Asking in vain does not make the wait longer."""
        clock = Clock()
        rate = Rate(6, clock=clock)
        for _ in range(6):
            rate.take("someone")
        for _ in range(50):
            clock.now += 0.1
            with pytest.raises(Problem):
                rate.take("someone")
        clock.now += 5.1

        rate.take("someone")

    def test_each_their_own(self):
        """One visitor's haste does not slow another."""
        rate = Rate(1, clock=Clock())
        rate.take("someone")

        rate.take("someone else")

    def test_none_at_all(self):
        """A rate of zero closes the door, without dividing by it."""
        with pytest.raises(Problem) as refused:
            Rate(0, clock=Clock()).take("someone")
        assert 3600 == refused.value.retry_after_s

    def test_memory(self):
        """A flood of names does not fill the memory."""
        rate = Rate(1, clock=Clock())
        for name in range(_REMEMBERED + 100):
            rate.take(str(name))

        assert _REMEMBERED == len(rate._buckets)


class TestStreams:
    @pytest.mark.parametrize(
        ("limits", "status"),
        [
            ({"per_session": 1, "per_address": 9, "most": 9}, 429),
            ({"per_session": 9, "per_address": 1, "most": 9}, 429),
            ({"per_session": 9, "per_address": 9, "most": 1}, 503),
        ],
    )
    def test_full(self, limits, status):
        """A stream over a limit is refused, and there is room again when one ends."""
        streams = Streams(**limits)
        with streams.one("session", "address"):
            with pytest.raises(Problem) as refused, streams.one("session", "address"):
                pass
            assert status == refused.value.status
            assert refused.value.retry_after_s

        with streams.one("session", "address"):
            assert 1 == streams.total
        assert (0, {}) == (streams.total, dict(streams._open))


@pytest.mark.parametrize(
    ("client", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("somewhere", "somewhere"),
    ],
)
def test_address(client, counted):
    """Requests count against an IPv4 address, or against a whole /64 of IPv6."""
    assert counted == address(Request({"type": "http", "client": (client, 1), "headers": []}))


class TestOverHttp:
    @pytest.mark.parametrize("changed", [{"messages_per_minute": 2}])
    async def test_too_fast(self, visitor, rasa):
        """Who writes too fast is told so kindly, with the seconds to wait, in header and body."""
        for _ in range(2):
            await visitor.say("hello")
        refused = await visitor.send({"text": "hello"})

        assert (429, "too_fast") == (refused.status_code, refused.json()["error"])
        assert refused.headers["retry-after"] == str(refused.json()["retry_after"]) == "30"
        assert refused.json()["sentence"].endswith(".")
        assert 2 == len(rasa.received)

    @pytest.mark.parametrize("changed", [{"sessions_per_minute": 2}])
    async def test_many_sessions(self, http):
        """One address does not get sessions without end; another still does."""
        assert [201, 201, 429] == [(await http.post("/api/session")).status_code for _ in range(3)]
        assert 201 == (await http.post("/api/session", headers={"X-Forwarded-For": "203.0.113.7"})).status_code

    @pytest.mark.parametrize("changed", [{"address_per_minute": 3}])
    async def test_many_requests(self, http):
        """Requests count against the address even with tokens that are none."""
        statuses = [(await http.get("/api/transcript", headers={"Authorization": "Bearer x"})).status_code for _ in range(4)]

        assert [401, 401, 401, 429] == statuses

    async def test_long_message(self, visitor, rasa):
        """A message over 1,000 characters is refused with its length; one of 1,000 is answered."""
        refused = await visitor.send({"text": "a" * 1001})
        assert (413, "too_long") == (refused.status_code, refused.json()["error"])
        assert "1001" in refused.json()["sentence"]

        assert "answered" == (await visitor.say("ü" * 1000))["status"]
        assert 1 == len(rasa.received)

    async def test_large_body(self, visitor):
        """A body over 8 KiB is refused, whether or not it says its size."""

        async def chunks():
            for _ in range(10):
                yield b" " * 1024

        sized = await visitor.call("POST", "/api/messages", content=b" " * 8193)
        unsized = await visitor.call("POST", "/api/messages", content=chunks())

        assert [(413, "too_large")] * 2 == [(answer.status_code, answer.json()["error"]) for answer in (sized, unsized)]

    @pytest.mark.parametrize(
        ("body", "kind", "status", "code"),
        [
            (b"", "application/json", 400, "bad_request"),
            (b"hello", "application/json", 400, "bad_request"),
            (b'{"text": "\xff"}', "application/json", 400, "bad_request"),
            (b"[" * 8000, "application/json", 400, "bad_request"),
            (b'["text"]', "application/json", 400, "bad_request"),
            (b"{}", "application/json", 400, "bad_request"),
            (b'{"text": 1}', "application/json", 400, "bad_request"),
            (b'{"text": "a", "button": "b"}', "application/json", 400, "bad_request"),
            (b'{"text": null}', "application/json", 400, "bad_request"),
            (b'{"text": "hello"}', "text/plain", 415, "not_json"),
            (b"text=hello", "application/x-www-form-urlencoded", 415, "not_json"),
        ],
    )
    async def test_not_a_message(self, visitor, rasa, body, kind, status, code):
        """What is not a message is refused with a sentence, and Rasa hears nothing."""
        refused = await visitor.call("POST", "/api/messages", content=body, headers={"Content-Type": kind})

        assert (status, code) == (refused.status_code, refused.json()["error"])
        assert not rasa.received

    async def test_slow_body(self, visitor, monkeypatch):
        """A body that does not arrive is not waited for."""
        monkeypatch.setattr("channels.limits._BODY_TIME_S", 0.05)

        async def chunks():
            yield b'{"text":'
            await asyncio.sleep(0.3)
            yield b'"hello"}'

        refused = await visitor.call("POST", "/api/messages", content=chunks())
        assert (408, "slow_body") == (refused.status_code, refused.json()["error"])

    @pytest.mark.parametrize("changed", [{"queue_length": 1, "streams_per_session": 9}])
    async def test_queue(self, visitor, rasa):
        """Behind the message being answered only so many wait; a re-send of one of them is not one more."""
        held = asyncio.Event()

        async def answer(sender, message):
            await held.wait()
            return [{"text": message}]

        rasa.answer = answer
        waiting = []
        for number in range(2):
            waiting.append(asyncio.create_task(visitor.say("hello", Idempotency_Key=f"message-{number}")))
            await asyncio.sleep(0.05)
        refused = await visitor.send({"text": "one more"})
        again = asyncio.create_task(visitor.say("hello", Idempotency_Key="message-1"))
        await asyncio.sleep(0.05)
        held.set()

        assert (429, "queue_full") == (refused.status_code, refused.json()["error"])
        assert (await again)["turn"] == (await waiting[1])["turn"]

    @pytest.mark.parametrize("changed", [{"streams": 1}])
    async def test_house_full(self, newcomer, rasa):
        """When the house is full, whoever comes is asked to come back, and can."""
        held = asyncio.Event()

        async def answer(sender, message):
            await held.wait()
            return [{"text": message}]

        rasa.answer = answer
        one, other = await newcomer(), await newcomer()
        first = asyncio.create_task(one.say("hello"))
        await asyncio.sleep(0.05)
        refused = await other.send({"text": "hello"})
        held.set()
        await first

        assert (503, "busy") == (refused.status_code, refused.json()["error"])
        assert int(refused.headers["retry-after"]) > 0
        assert "answered" == (await other.say("hello"))["status"]
