"""The channels beside the web: a new one is a file, and off until it is given something."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import ModuleType

import pytest
from chatting import until
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from visitors import served

from channels import elsewhere
from channels.errors import SettingsError
from channels.house import build
from channels.inbox import Delivery, Said

pytestmark = pytest.mark.anyio


class Pigeons:
    """All that a channel needs: pigeons bring notes to an address, and carry the replies."""

    name = "pigeons"

    def __init__(self, inbox, given, settings) -> None:
        if not given["loft"].isalpha():
            raise SettingsError(f"TANDEM_PIGEONS_LOFT is {given['loft']!r}; it must be a name.")
        self._inbox, self._loft, self.carried, self.flying = inbox, given["loft"], [], False

    def routes(self):
        """Where pigeons land."""
        return [Route(f"/{self._loft}", self.land, methods=["POST"])]

    async def land(self, request: Request) -> Response:
        """Take a note."""
        note = await request.json()
        await self._inbox.accept(Delivery(self.name, note["ring"], note["from"], Said(note["text"]), {"to": note["from"]}))
        return Response(status_code=204)

    async def start(self) -> None:
        """Let them fly."""
        self.flying = True

    async def stop(self) -> None:
        """Call them back."""
        self.flying = False

    async def typing(self, where) -> None:
        """Pigeons do not type."""

    async def show(self, where, turn, sending) -> None:
        """Send one pigeon a reply."""
        for reply in turn.replies:
            await sending.once(self._carry, where["to"], reply["text"])

    async def _carry(self, to: str, text: str) -> None:
        self.carried.append((to, text))


@pytest.fixture(name="loft")
def _loft(monkeypatch):
    """The module of a channel that nobody knew before, named in the list; what it made."""
    made = []

    def connect(*parts):
        made.append(Pigeons(*parts))
        return made[-1]

    module = ModuleType("channels.pigeons")
    module.connect = connect
    monkeypatch.setitem(sys.modules, "channels.pigeons", module)
    monkeypatch.setattr(elsewhere, "CHANNELS", (*elsewhere.CHANNELS, "pigeons"))
    return made


async def test_on(settings, loft, rasa):
    """A channel is on when it is given something: reached at its addresses, started, answered, and stopped."""
    async with served(replace(settings, elsewhere={"TANDEM_PIGEONS_LOFT": "loft"})) as http:
        assert loft[0].flying
        for _ in range(2):
            assert 204 == (await http.post("/loft", json={"ring": "1", "from": "Ann", "text": "/restart hello"})).status_code
        await until(lambda: loft[0].carried)

    assert ["restart hello"] == [message for _, message in rasa.received]
    assert [("Ann", "You asked: restart hello")] == loft[0].carried
    assert not loft[0].flying


async def test_off(settings, loft):
    """Otherwise it is not even made, nor are the others; the web is as ever."""
    async with served(settings) as http:
        assert 404 == (await http.post("/loft", json={})).status_code
        assert 201 == (await http.post("/api/session")).status_code

    assert [] == loft


async def test_does_not_fit(settings, loft):
    """What does not fit it ends the start."""
    with pytest.raises(SettingsError, match="TANDEM_PIGEONS_LOFT"):
        build(replace(settings, elsewhere={"TANDEM_PIGEONS_LOFT": "4"}))


async def test_command_line(settings, loft):
    """A channel without commands of its own says so."""
    with pytest.raises(SettingsError, match="pigeons"):
        await elsewhere.manage("pigeons", "register", settings)
