"""What the conversation tests share: a running Tandem."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from . import servers
from .talking import Tandem


@pytest.fixture(name="tandem", scope="session")
def _tandem(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tandem]:
    """Tandem with the trained model; one for all conversations."""
    if not servers.MODEL.exists():
        pytest.skip(f"there is no trained model {servers.MODEL.relative_to(servers.ROOT)}; make train makes it")
    with ExitStack() as stack:
        try:
            running = stack.enter_context(servers.running(tmp_path_factory.mktemp("tandem")))
        except RuntimeError as error:
            pytest.fail(str(error), pytrace=False)
        yield running
