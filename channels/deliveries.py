"""What platforms deliver: its shape, what a platform is to us, and how it is kept. Functions of a connection; `database` runs them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from starlette.routing import BaseRoute

from channels import feedback
from channels.conversations import Said, Turn
from channels.errors import ChannelsError
from channels.tables import deliveries

_LONGEST = 80


@dataclass(frozen=True)
class Delivery:
    """
    Something that a person did on a platform and that wants a reply.

    `id` is the platform's own (update_id, event_id) and makes a repeat recognisable. `person` says who and where, as
    in "<chat>:<user>": one conversation each; only a keyed hash of it is kept. `where` is JSON, what the channel needs
    to send the reply to the right place. `verb`: "say" asks what was `said`; "note" has the channel's own words in it,
    which are sent back in their turn; "goals" asks which goals there are; "start_over" and "forget" are what they are on
    the web.
    """

    channel: str
    id: str
    person: str
    said: Said
    where: dict[str, Any]
    verb: str = "say"


@dataclass
class Kept:
    """A delivery that is not done. `void`: its person wants it forgotten, so nobody waits for the reply."""

    number: int
    channel: str
    key: str
    session: str
    verb: str
    said: Said
    where: dict[str, Any]
    sent: int = 0
    void: bool = False


class Unsent(ChannelsError):
    """
    The platform did not take it; the message says why.

    Args:
        retry_after_s: When the platform wants to be asked again; None: soon, and then less often.

        final: It will never take it (the person has blocked us, the chat is gone); it is not tried again.
    """

    def __init__(self, message: str, *, retry_after_s: float | None = None, final: bool = False) -> None:
        super().__init__(message)
        self.retry_after_s, self.final = retry_after_s, final


class Sending:
    """
    The steps of sending a reply; each is done once, whatever fails after it, also after a restart.

    A channel calls ``await sending.once(send, message)`` for one message after the other, always in the same order.
    """

    def __init__(self, done: int, keep: Callable[[int], Awaitable[None]]) -> None:
        self.done, self._keep, self._place = done, keep, 0

    async def once(self, step: Callable[..., Awaitable[Any]], *arguments: Any) -> None:
        """Await ``step(*arguments)``, unless it was done before."""
        self._place += 1
        if self._place > self.done:
            await step(*arguments)
            self.done = self._place
            await self._keep(self.done)


class Channel(Protocol):
    """
    A platform as we see it: a file in `channels`, named in the list of elsewhere.py.

    `start` returns at once, whether or not the platform can be reached. `routes` are added to the application's.
    """

    name: str

    def routes(self) -> list[BaseRoute]:
        """Addresses at which the platform reaches us."""

    async def start(self) -> None:
        """Begin listening, where it is we who call."""

    async def stop(self) -> None:
        """End that, and hang up."""

    async def typing(self, where: dict[str, Any]) -> None:
        """Show that an answer is on its way. Nobody minds if that fails."""

    async def show(self, where: dict[str, Any], turn: Turn, sending: Sending) -> None:
        """
        Render the replies of the finished *turn* and send them.

        Raises:
            Unsent: The platform did not take it.
        """


def keep(connection: Connection, delivery: Delivery, session: str, now: float) -> Kept | None:
    """Keep a delivery; None if it was had before."""
    id = identified(delivery.id)
    if connection.execute(sa.select(deliveries.c.number).where(deliveries.c.channel == delivery.channel, deliveries.c.id == id)).first():
        return None
    said = json.dumps({"text": delivery.said.text, "button": delivery.said.button})
    row = {"channel": delivery.channel, "id": id, "at": now, "session": session, "verb": delivery.verb, "said": said}
    inserted = connection.execute(deliveries.insert().values(**row, place=json.dumps(delivery.where), sent=0, status="open"))
    return _kept(inserted.inserted_primary_key[0], row, delivery.said, delivery.where, 0)


def keep_vote(connection: Connection, channel: str, id: str | None, session: str, reply: str, vote: str | None, now: float) -> bool:
    """Keep a vote; False if the delivery of that id was had before."""
    if id is not None:
        kept = keep(connection, Delivery(channel, id, "", Said(), {}), session, now)
        if kept is None:
            return False
        done(connection, [kept.number])
    feedback.keep(connection, session, reply, vote, "", now)
    return True


def unfinished(connection: Connection) -> list[Kept]:
    """All deliveries that are not done, in their order."""
    rows = connection.execute(sa.select(deliveries).where(deliveries.c.status == "open").order_by(deliveries.c.number)).mappings()
    return [_kept(row["number"], row, Said(**json.loads(row["said"])), json.loads(row["place"]), row["sent"]) for row in rows]


def sent(connection: Connection, number: int, steps: int) -> None:
    """Note how much of the reply has been sent."""
    connection.execute(deliveries.update().where(deliveries.c.number == number).values(sent=steps))


def done(connection: Connection, numbers: list[int]) -> None:
    """Keep nothing of these but that they were had."""
    ended = deliveries.update().where(deliveries.c.number.in_(numbers))
    connection.execute(ended.values(status="done", said="", place="", session=None))


def identified(id: str) -> str:
    """The platform's id as it is kept: itself if it is of the usual kind, or else a hash of it."""
    return id if is_plain(id) else hashlib.sha256(id.encode("utf-8", "surrogatepass")).hexdigest()


def is_plain(id: str) -> bool:
    """Whether it looks like an id of ours or of a platform: any database takes it."""
    return len(id) <= _LONGEST and id.isascii() and id.isprintable()


def _kept(number: int, row: Any, said: Said, where: dict[str, Any], steps: int) -> Kept:
    """The key is a hash because the keys of turns are short."""
    key = hashlib.sha256(f"{row['channel']} {row['id']}".encode()).hexdigest()[:40]
    return Kept(number, row["channel"], key, row["session"], row["verb"], said, where, steps)
