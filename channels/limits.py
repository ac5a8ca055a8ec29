"""How much one visitor may ask for: rates by minute, streams by count, bodies by size."""

from __future__ import annotations

import asyncio
import functools
import ipaddress
import json
import math
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from starlette.requests import ClientDisconnect, Request

from channels.errors import Problem

_BODY_TIME_S = 10
_REMEMBERED = 20_000


class Rate:
    """
    So many a minute for each name: a bucket that holds a minute's worth and refills steadily.

    Remembers the last 20,000 names; who was forgotten starts with a full bucket.
    """

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._per_s, self._clock = float(per_minute), per_minute / 60, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str) -> None:
        """
        Take one from the bucket of *name*.

        Raises:
            Problem: 429 if it is empty, with the seconds until it is not.
        """
        now = self._clock()
        left, since = self._buckets.get(name, (self._most, now))
        left = min(self._most, left + (now - since) * self._per_s)
        self._buckets[name] = (left - 1 if left >= 1 else left, now)
        self._buckets.move_to_end(name)
        if len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)
        if left < 1:
            wait_s = math.ceil((1 - left) / self._per_s) if self._per_s else 3_600
            raise Problem(429, "too_fast", "That was a lot in a short time. Please wait a moment and send it again.", retry_after_s=wait_s)


class Streams:
    """How many event streams are open: for each session, for each address, and in all."""

    def __init__(self, *, per_session: int, per_address: int, most: int) -> None:
        self._per_session, self._per_address, self._most = per_session, per_address, most
        self._open: Counter[str] = Counter()
        self.total = 0

    @contextmanager
    def one(self, session: str, address: str) -> Iterator[None]:
        """
        Hold a place for one stream.

        Raises:
            Problem: 429 if the session or the address has its share, 503 if the house is full.
        """
        names = (f"session {session}", f"address {address}")
        if self._open[names[0]] >= self._per_session or self._open[names[1]] >= self._per_address:
            raise Problem(429, "too_many_streams", "Too many answers are under way from here. Please wait for them.", retry_after_s=2)
        if self.total >= self._most:
            raise Problem(503, "busy", "Many people are asking at this moment. Please try again in a few seconds.", retry_after_s=3)
        self.total += 1
        self._open.update(names)
        try:
            yield
        finally:
            self.total -= 1
            self._open.subtract(names)
            for name in names:
                if not self._open[name]:
                    del self._open[name]


def address(request: Request) -> str:
    """Whom to count a request against: an IPv4 address, or the /64 that an IPv6 subscriber has to himself."""
    return _counted(request.client.host) if request.client else "unknown"


@functools.lru_cache(maxsize=_REMEMBERED)
def _counted(host: str) -> str:
    try:
        ip = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False).network_address)
    return str(ip)


async def json_body(request: Request, most_bytes: int) -> dict[str, Any]:
    """
    The JSON object that a request carries.

    Raises:
        Problem: It is larger than *most_bytes*, takes over 10 s to arrive, or is no JSON object.
    """
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem(415, "not_json", "The body must be JSON, sent as application/json.")
    try:
        body = await asyncio.wait_for(_body(request, most_bytes), _BODY_TIME_S)
        read = json.loads(body)
    except asyncio.TimeoutError as error:
        raise Problem(408, "slow_body", "The message took too long to arrive. Please send it again.") from error
    except ClientDisconnect as error:
        raise Problem(400, "bad_request", "The connection closed before the message had arrived.") from error
    except (ValueError, RecursionError) as error:
        raise Problem(400, "bad_request", "The body is not JSON in UTF-8.") from error
    if not isinstance(read, dict):
        raise Problem(400, "bad_request", "The body must be a JSON object.")
    return read


async def _body(request: Request, most_bytes: int) -> bytes:
    too_large = Problem(413, "too_large", f"That is more than the {most_bytes} bytes that fit. Please shorten it.")
    declared = request.headers.get("content-length", "0")
    if declared.isascii() and declared.isdigit() and int(declared[:12]) > most_bytes:
        raise too_large
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            raise too_large
    return body
