"""What the tests of the whole house share: the house, running, and visitors in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from cable import Cable
from whole import MODEL, ROOT, House, Visitor

Enter = Callable[[House], Visitor]


@pytest.fixture(name="model", scope="session")
def _model() -> None:
    """The trained model is there."""
    if not MODEL.exists():
        pytest.skip(f"there is no trained model {MODEL.relative_to(ROOT)}; make train makes it")


@pytest.fixture(name="house", scope="module")
def _house(model: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The house with the trained model, its databases in files; every test leaves it complete."""
    house = House(tmp_path_factory.mktemp("house"))
    try:
        house.start("actions", "rasa", "web")
        yield house
    finally:
        house.close()


@pytest.fixture(name="cable", scope="module")
def _cable(postgres: str) -> Iterator[Cable]:
    """The only way to PostgreSQL."""
    url = sa.engine.make_url(postgres)
    cable = Cable(url.host or "127.0.0.1", url.port or 5432)
    yield cable
    cable.cut()


@pytest.fixture(name="house_at_postgres", scope="module")
def _house_at_postgres(model: None, postgres: str, cable: Cable, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The house with all conversations in PostgreSQL, at the other end of the cable."""
    address = sa.engine.make_url(postgres).set(host="127.0.0.1", port=cable.port).render_as_string(hide_password=False)
    house = House(tmp_path_factory.mktemp("house"), tracker=address, conversations=address)
    try:
        house.start("actions", "rasa", "web")
        yield house
    finally:
        house.close()


@pytest.fixture(name="enter")
def _enter() -> Iterator[Enter]:
    """Lets somebody in who wants to lose fat, and has said so."""
    visitors: list[Visitor] = []

    def enter(house: House) -> Visitor:
        visitors.append(Visitor(house.url))
        visitors[-1].say("I want to lose fat")
        return visitors[-1]

    yield enter
    for visitor in visitors:
        visitor.close()
