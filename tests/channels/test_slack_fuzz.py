"""Whatever is sent to the addresses of Slack, signed or not, they answer with 2xx or 4xx."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from slack_stand_in import envelope, message, signed

pytestmark = pytest.mark.anyio

few = hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
PATHS = st.sampled_from(["/slack/events", "/slack/actions", "/slack/commands"])

STRANGE = st.sampled_from(
    [
        None,
        "",
        "x",
        "\ud800",
        "\x00",
        "é" * 50,
        "t_1.0",
        "t_1.b0 0 U1",
        "t_1.b0 99999 U1",
        -1,
        1e400,
        True,
        [],
        [[]],
        {},
        {"a": 1},
        "x" * 300,
    ]
)
PRESSED = {
    "type": "block_actions", "user": {"id": "U1"}, "trigger_id": "1.2", "channel": {"id": "C1"}, "response_url": "https://hooks.slack.com/x",
    "container": {"type": "message", "message_ts": "1.1", "channel_id": "C1", "is_ephemeral": False, "thread_ts": "1.0"},
    "message": {"ts": "1.1", "thread_ts": "1.0", "blocks": []}, "actions": [{"action_id": "say.0.0", "value": "t_1.b0 0 U1", "action_ts": "1.3"}],
}  # fmt: skip
WORD = {"where": {"user": "U1", "channel": "D1", "thread": "", "respond": ""}, "reply": "t_1.0", "vote": "up"}
SENT = [
    envelope(message("U1", "D1", "hello", "1.2", channel_type="im"), "Ev1"),
    envelope({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"}, "Ev1"),
    *({**PRESSED, "actions": [{"action_id": action, "value": value}]} for action, value in [
        ("say.0.0", "t_1.b0 0 U1"), ("vote.up.0", "t_1.0 0 U1"), ("why.0", "t_1.0 0 U1"), ("again.0", "t_1.0 0 U1"), ("forget", "-"), ("ask.0", "x"),
    ]),
    {**PRESSED, "container": {"type": "view"}, "view": {"private_metadata": "D1"}, "actions": [{"action_id": "ask.0", "value": "run?"}]},
    {
        "type": "view_submission", "user": {"id": "U1"},
        "view": {"private_metadata": json.dumps(WORD), "state": {"values": {"word": {"word": {"value": "because"}}}}},
    },
]  # fmt: skip


@st.composite
def mangled(draw):
    """A request as Slack sends it, in which something is something else."""
    payload = copy.deepcopy(draw(st.sampled_from(SENT)))
    for _ in range(draw(st.integers(1, 3))):
        value = payload
        while value:
            name = draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
            if not isinstance(value[name], (dict, list)) or not value[name] or draw(st.booleans()):
                value[name] = copy.deepcopy(draw(STRANGE))
                break
            value = value[name]
    return payload


@given(PATHS, st.binary(max_size=60) | st.text(max_size=60).map(str.encode) | st.text("payload={}%5B%7B&text", max_size=30).map(str.encode))
@few
async def test_any_body(people, path, body):
    """No body leads to anything but 2xx or 4xx."""
    assert 200 <= (await people.send(path, body)).status_code < 500


@given(mangled())
@few
async def test_any_shape(people, slack, payload):
    """Nor does a request as Slack sends it in which something is missing, or is something else."""
    if "event" in payload:
        response = await people.send("/slack/events", json.dumps(payload).encode())
    else:
        response = await people.action(payload)

    assert 200 <= response.status_code < 500
    slack.complaints.clear()


@given(
    st.dictionaries(
        st.sampled_from(["X-Slack-Signature", "X-Slack-Request-Timestamp"]),
        st.binary(max_size=20).map(lambda value: bytes(each for each in value if each > 32)),
    )
)
@few
async def test_any_signature(people, headers):
    """No signature leads to anything but a refusal."""
    response = await people.http.post("/slack/events", content=b"{}", headers={**signed(b"{}", secret="another"), **headers})

    assert response.status_code in (400, 401)  # 400 where it is not even a header
