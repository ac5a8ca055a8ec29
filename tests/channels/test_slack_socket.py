"""Socket Mode: the same things by a connection that we open."""

from __future__ import annotations

from dataclasses import replace

import pytest
from slack_stand_in import APP_TOKEN, Workspace, envelope, message, until, words
from visitors import served

pytestmark = pytest.mark.anyio


@pytest.fixture(name="by_socket")
def _by_socket(with_slack):
    """Settings without an address that Slack could call."""
    told = {name: value for name, value in with_slack.elsewhere.items() if not name.endswith("SIGNING_SECRET")}
    return replace(with_slack, elsewhere={**told, "TANDEM_SLACK_APP_TOKEN": APP_TOKEN})


def direct(text, ts="1.2"):
    """The payload of a direct message."""
    return envelope(message("U1", "D1", text, ts, channel_type="im"), f"Ev{ts}")


async def test_conversation(by_socket, slack):
    """An event is acknowledged and answered; there is no address besides."""
    async with served(by_socket) as http:
        await slack.through_socket("events_api", direct("run first?"), retry_attempt=0, retry_reason="")
        await (people := Workspace(slack, http)).answers("D1", 1)

        assert "You asked: run first?" in words(slack.said_in("D1")[0])
        assert 404 == (await people.event(message("U1", "D1", "x", "1.1"))).status_code


async def test_press(by_socket, slack):
    """A press is acknowledged and goes on."""
    async with served(by_socket) as http:
        people = Workspace(slack, http)
        await slack.through_socket("events_api", direct("run first?"))
        (answer,) = await people.answers("D1", 1)
        button = answer["blocks"][4]["elements"][0]
        await slack.through_socket("interactive", people.pressed("U1", answer, button))
        await people.answers("D1", 2)
        await until(lambda: "✓ *Build muscle*" in words(answer))


async def test_command(by_socket, slack):
    """What a command says at once comes with the acknowledgement."""
    form = {"command": "/tandem", "text": "", "user_id": "U1", "channel_id": "C1", "response_url": slack.respond_at(), "trigger_id": "1"}
    async with served(by_socket):
        answer = await slack.through_socket("slash_commands", form)

    assert "I am a machine" in words(answer)


@pytest.mark.parametrize("payload", [None, [], {}, {"type": "event_callback", "event": []}, {"type": 3}])
@pytest.mark.parametrize("kind", ["events_api", "interactive", "slash_commands", "something_new"])
async def test_no_sense(by_socket, slack, kind, payload):
    """What makes no sense is acknowledged, and the connection holds."""
    async with served(by_socket) as http:
        await slack.through_socket(kind, payload)
        await slack.through_socket("events_api", direct("run first?"))
        await Workspace(slack, http).answers("D1", 1)


async def test_repeated(by_socket, slack):
    """What Slack sends again, on another connection too, is answered once."""
    async with served(by_socket) as http:
        await slack.through_socket("events_api", direct("run first?"))
        await slack.hang_up()
        await slack.through_socket("events_api", direct("run first?"), retry_attempt=1, retry_reason="timeout")
        await slack.through_socket("events_api", direct("and then?", "1.3"))
        await Workspace(slack, http).answers("D1", 2)

    assert 2 == len(slack.said_in("D1"))


async def test_not_there_yet(by_socket, slack):
    """A start does not depend on Slack: it is looked for until it is there."""
    await slack.stop()
    async with served(by_socket) as http:
        assert 200 == (await http.get("/healthz")).status_code
        await slack.start()
        await slack.through_socket("events_api", direct("run first?"))
        await Workspace(slack, http).answers("D1", 1)
