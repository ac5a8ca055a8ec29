"""What tests of the front door share: a stand-in for Rasa, the application on a port, visitors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from slack_stand_in import SECRET, TOKEN, StandInSlack, Workspace
from stand_in import StandInRasa
from visitors import Visitor, served

from channels.settings import Settings
from channels.tables import metadata


@pytest.fixture
def anyio_backend() -> str:
    """One event loop is enough: the application runs on no other."""
    return "asyncio"


@pytest.fixture(name="rasa")
async def _rasa() -> AsyncIterator[StandInRasa]:
    """A Rasa that answers."""
    rasa = StandInRasa()
    await rasa.start()
    yield rasa
    await rasa.kill()


@pytest.fixture(name="settings")
def _settings(rasa: StandInRasa, tmp_path: Path) -> Settings:
    """Settings with everything in a folder of its own."""
    return Settings(
        rasa_url=rasa.url,
        actions_url=rasa.url,
        conversations_url=f"sqlite:///{tmp_path}/conversations.db",
        tracker_url=f"sqlite:///{tmp_path}/tracker.db",
        secret="a secret that only tests know",
        patience_s=2.0,
        widget=tmp_path / "tandem.js",
    )


@pytest.fixture(name="changed")
def _changed() -> dict[str, object]:
    """Settings that a test wants otherwise; parametrize it."""
    return {}


@pytest.fixture(name="http")
async def _http(settings: Settings, changed: dict[str, object]) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application."""
    async with served(replace(settings, **changed)) as http:
        yield http


@pytest.fixture(name="newcomer")
def _newcomer(http: httpx.AsyncClient) -> Callable[[], Awaitable[Visitor]]:
    """Gives visitors, each with a session."""
    return lambda: Visitor(http).come_in()


@pytest.fixture(name="visitor")
async def _visitor(newcomer: Callable[[], Awaitable[Visitor]]) -> Visitor:
    """Someone with a session."""
    return await newcomer()


@pytest.fixture(name="connection")
def _connection() -> AsyncIterator[sa.engine.Connection]:
    """An empty conversation database in memory."""
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql("pragma foreign_keys=on")
        metadata.create_all(connection)
        yield connection
    engine.dispose()


@pytest.fixture(name="slack")
async def _slack() -> AsyncIterator[StandInSlack]:
    """A Slack that complains of what it refuses; the test fails if it had to."""
    slack = StandInSlack()
    await slack.start()
    yield slack
    await slack.stop()
    assert [] == slack.complaints


@pytest.fixture(name="with_slack")
def _with_slack(settings: Settings, slack: StandInSlack) -> Settings:
    """Settings with Slack."""
    told = {"TANDEM_SLACK_BOT_TOKEN": TOKEN, "TANDEM_SLACK_SIGNING_SECRET": SECRET, "TANDEM_SLACK_API_URL": f"{slack.url}/api/"}
    return replace(settings, elsewhere=told)


@pytest.fixture(name="people")
async def _people(with_slack: Settings, slack: StandInSlack) -> AsyncIterator[Workspace]:
    """People in Slack."""
    async with served(with_slack) as http:
        yield Workspace(slack, http)
