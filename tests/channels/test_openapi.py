"""The description of the API says what the API does: schemathesis tries it, and no address is missing from it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from schemathesis.config import SchemathesisConfig
from stand_in import StandInRasa
from starlette.routing import Mount
from visitors import served

from channels.app import application
from channels.house import build
from channels.pages import describe
from channels.settings import Settings

NOT_API = {"/", "/tandem.js", "/openapi.json", "/static"}
# Too long a text is 413 here, and what is of the right form may still be a button that never was, or only blanks.
REFUSALS = {
    "checks": {
        "negative_data_rejection": {"expected-statuses": [400, 401, 404, 405, 410, 413, 415, 422]},
        "positive_data_acceptance": {"expected-statuses": [200, 201, 202, 204, 401, 404, 410, 422]},
    }
}
schema = schemathesis.openapi.from_dict(describe(Settings()), config=SchemathesisConfig.from_dict(REFUSALS))


@pytest.fixture(name="base_url", scope="module")
def _base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application on a port, in a thread of its own: schemathesis asks and waits."""
    folder = tmp_path_factory.mktemp("openapi")
    found: list[str] = []
    ready, over = threading.Event(), threading.Event()

    async def serve() -> None:
        rasa = StandInRasa()
        await rasa.start()
        unlimited = Settings(messages_per_minute=10**8, address_per_minute=10**8, sessions_per_minute=10**8, widget=folder / "tandem.js")
        places = replace(
            unlimited,
            secret="x" * 20,
            conversations_url=f"sqlite:///{folder}/c.db",
            tracker_url="",
            rasa_url=rasa.url,
            actions_url=rasa.url,
        )
        async with served(places) as http:
            found.append(str(http.base_url))
            ready.set()
            while not over.is_set():
                await asyncio.sleep(0.02)
        await rasa.kill()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    ready.wait(10)
    yield found[0]
    over.set()
    thread.join()


@pytest.fixture(name="token", scope="module")
def _token(base_url: str) -> str:
    return str(httpx.post(f"{base_url}/api/session").json()["token"])


@schema.parametrize()
@hypothesis_settings(max_examples=10, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
def test_as_described(case: schemathesis.Case, base_url: str, token: str) -> None:
    """Whatever is sent, the answer has a described status, shape and header, and is never an unexpected error."""
    mine = {"Authorization": f"Bearer {token}"} if case.path.startswith("/api/") and case.method != "DELETE" else {}
    case.call_and_validate(base_url=base_url, headers=mine)


def test_nothing_undescribed(tmp_path) -> None:
    """Every address and method is in the description, and nothing is that does not exist."""
    app = application(build(Settings(secret="x" * 20, conversations_url="sqlite://", tracker_url="")))
    served_at = set()
    for route in app.routes:
        inner = route.routes if isinstance(route, Mount) and route.path == "/api" else [route]
        prefix = "/api" if inner != [route] else ""
        served_at |= {
            (prefix + each.path, method) for each in inner if prefix + each.path not in NOT_API for method in each.methods - {"HEAD"}
        }
    described = {(path, method.upper()) for path, methods in describe(Settings())["paths"].items() for method in methods}

    assert described == served_at


def test_limits_in_it() -> None:
    """The limits in the description are those that are set."""
    assert 77 == describe(Settings(message_characters=77))["components"]["schemas"]["Text"]["maxLength"]
