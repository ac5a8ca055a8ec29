"""How Slack is set up: the secrets, the manifest, the command."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from slack_stand_in import APP_TOKEN, SECRET, TOKEN
from visitors import served

from channels.errors import SettingsError
from channels.house import build
from channels.slack_events import ASK_ABOUT

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).resolve().parents[2]
GIVEN = {"TANDEM_SLACK_BOT_TOKEN": TOKEN, "TANDEM_SLACK_SIGNING_SECRET": SECRET, "TANDEM_SLACK_APP_TOKEN": APP_TOKEN}


@pytest.fixture(name="manifest")
def _manifest():
    """The manifest, as Slack reads it."""
    return YAML(typ="safe").load((ROOT / "docs" / "slack-manifest.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"TANDEM_SLACK_BOT_TOKEN": ""}, "TANDEM_SLACK_BOT_TOKEN"),
        ({"TANDEM_SLACK_BOT_TOKEN": "xoxp-of-a-person"}, "xoxb-"),
        ({"TANDEM_SLACK_SIGNING_SECRET": "", "TANDEM_SLACK_APP_TOKEN": ""}, "TANDEM_SLACK_SIGNING_SECRET"),
        ({"TANDEM_SLACK_APP_TOKEN": "xoxb-wrong"}, "xapp-"),
        ({"TANDEM_SLACK_TOKEN": "x"}, "TANDEM_SLACK_TOKEN is not known"),
        ({"TANDEM_SLACK_API_URL": "slack.com"}, "https://slack.com/api/"),
    ],
)
async def test_wrong(settings, changes, named):
    """What is missing or does not fit is said at the start, by name, and no secret is repeated."""
    given = {name: value for name, value in {**GIVEN, **changes}.items() if value}
    with pytest.raises(SettingsError, match=named) as raised:
        build(replace(settings, elsewhere=given))

    assert SECRET not in str(raised.value)
    assert TOKEN not in str(raised.value)


async def test_addresses(manifest, with_slack):
    """The addresses in the manifest are those at which we listen: they refuse what is not signed."""
    events, actions = (manifest["settings"][name]["request_url"] for name in ("event_subscriptions", "interactivity"))
    urls = [events, actions, manifest["features"]["slash_commands"][0]["url"]]
    async with served(with_slack) as http:
        assert [401] * 3 == [(await http.post(url.removeprefix("https://your.host"))).status_code for url in urls]


def test_manifest(manifest):
    """The manifest asks for what is used and no more, and names the shortcut as we do."""
    assert {"app_mentions:read", "chat:write", "commands", "im:history"} == set(manifest["oauth_config"]["scopes"]["bot"])
    assert {"app_home_opened", "app_mention", "message.im"} == set(manifest["settings"]["event_subscriptions"]["bot_events"])
    assert ASK_ABOUT == manifest["features"]["shortcuts"][0]["callback_id"]


@pytest.mark.parametrize(
    ("given", "named"), [({}, "TANDEM_SLACK_BOT_TOKEN"), ({"TANDEM_SLACK_BOT_TOKEN": TOKEN}, "TANDEM_SLACK_APP_TOKEN")]
)
def test_make(given, named):
    """Without its tokens make slack says which it needs, and does nothing."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TANDEM_")}
    ended = subprocess.run(["make", "slack"], cwd=ROOT, env={**environment, **given}, capture_output=True, text=True, check=False)

    assert 2 == ended.returncode
    assert named in ended.stderr
    assert "" == ended.stdout
