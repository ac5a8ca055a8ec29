"""What the Telegram channel is told, and the commands that tell Telegram of us."""

from __future__ import annotations

import asyncio
import sys

import pytest
from chatting import SECRET, TOKEN, StandInTelegram

from channels.__main__ import main
from channels.errors import SettingsError
from channels.house import build
from channels.settings import Settings, from_environment
from channels.telegram_settings import read_given

pytestmark = pytest.mark.anyio

HOOK = "https://tandem.example/telegram"


@pytest.fixture(name="telegram")
async def _telegram(monkeypatch):
    """A Telegram, and an environment that names it."""
    telegram = StandInTelegram()
    await telegram.start()
    monkeypatch.setenv("TANDEM_TELEGRAM_API", telegram.url)
    monkeypatch.setenv("TANDEM_TELEGRAM_TOKEN", TOKEN)
    yield telegram
    await telegram.kill()
    assert [] == telegram.refused


@pytest.fixture(name="run")
def _run(monkeypatch):
    """Runs the command line; the exit status."""

    async def run(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["channels", *arguments])
        return await asyncio.to_thread(main)

    return run


@pytest.mark.parametrize(
    "given",
    [
        {"secret": SECRET}, {"token": "nonsense"}, {"token": TOKEN, "secret": "short"}, {"token": TOKEN, "secret": "with spaces, and long"},
        {"token": TOKEN, "webhook": "http://tandem.example/telegram"}, {"token": TOKEN, "webhook": "tandem.example"}, {"token": TOKEN, "sceret": SECRET},
    ],
)  # fmt: skip
def test_does_not_fit(given):
    """What does not fit ends the start with a sentence that names the variable, and not the secret."""
    with pytest.raises(SettingsError, match="TANDEM_TELEGRAM_") as error:
        read_given(given)

    assert not any(value in str(error.value) for name, value in given.items() if name in ("token", "secret"))


def test_at_the_start(tmp_path):
    """The front door does not open with settings that do not fit."""
    settings = from_environment(
        {
            "TANDEM_TELEGRAM_TOKEN": "nonsense",
            "TANDEM_SECRET_FILE": str(tmp_path / "secret"),
            "TANDEM_CONVERSATIONS_URL": f"sqlite:///{tmp_path}/c.db",
        }
    )
    with pytest.raises(SettingsError, match="TANDEM_TELEGRAM_TOKEN"):
        build(settings)


def test_given():
    """A channel is given what is its own, and settings do not show it."""
    settings = from_environment({"TANDEM_TELEGRAM_TOKEN": TOKEN, "TANDEM_SLACK_BOT_TOKEN": "x", "TANDEM_PORT": "9000", "TELEGRAM": "y"})

    assert {"token": TOKEN} == settings.given("telegram")
    assert {} == Settings().given("telegram")
    assert TOKEN not in repr(settings)


class TestRegister:
    async def test_webhook(self, telegram, run, monkeypatch, capsys):
        """Telegram is told where to deliver, by which secret we know it, and our commands."""
        monkeypatch.setenv("TANDEM_TELEGRAM_SECRET", SECRET)
        monkeypatch.setenv("TANDEM_TELEGRAM_WEBHOOK", HOOK)

        assert 0 == await run("telegram", "register")
        assert {"url": HOOK, "secret_token": SECRET, "allowed_updates": ["message", "callback_query"]} == telegram.webhook
        assert ["start", "help", "goal", "forget"] == [command["command"] for command in telegram.commands]
        assert "@tandem_bot" in capsys.readouterr().out

    async def test_polling(self, telegram, run):
        """Without a webhook there is the command menu alone."""
        assert 0 == await run("telegram", "register")
        assert {} == telegram.webhook
        assert telegram.commands

    async def test_remove(self, telegram, run):
        """The webhook can be removed."""
        telegram.webhook = {"url": HOOK}

        assert 0 == await run("telegram", "remove")
        assert {} == telegram.webhook

    @pytest.mark.parametrize("variable", ["SECRET", "WEBHOOK"])
    async def test_half(self, telegram, run, monkeypatch, capsys, variable):
        """A webhook without a secret, or a secret without a webhook, is not registered."""
        monkeypatch.setenv(f"TANDEM_TELEGRAM_{variable}", {"SECRET": SECRET, "WEBHOOK": HOOK}[variable])

        assert 1 == await run("telegram", "register")
        assert "needs both" in capsys.readouterr().err

    async def test_refused(self, telegram, run, capsys, monkeypatch):
        """What Telegram says against it is said."""
        telegram.fail("getMe", 401)

        assert 1 == await run("telegram", "register")
        assert "Telegram says" in (said := capsys.readouterr().err)
        assert TOKEN not in said

    async def test_unknown(self, telegram, run, capsys):
        """There is nothing else to do."""
        assert 1 == await run("telegram", "dance")
        assert "register, remove" in capsys.readouterr().err
