"""What the tests of the whole house share: the house, running, and a visitor in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from whole import MODEL, ROOT, House, Visitor


@pytest.fixture(name="house", scope="session")
def _house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The house with the trained model; every test leaves it complete."""
    if not MODEL.exists():
        pytest.skip(f"there is no trained model {MODEL.relative_to(ROOT)}; make train makes it")
    house = House(tmp_path_factory.mktemp("house"))
    try:
        house.start("actions", "rasa", "web")
        yield house
    finally:
        house.close()


@pytest.fixture(name="visitor")
def _visitor(house: House) -> Iterator[Visitor]:
    """Somebody who wants to lose fat, and has said so."""
    visitor = Visitor(house.url)
    visitor.say("I want to lose fat")
    yield visitor
    visitor.close()
