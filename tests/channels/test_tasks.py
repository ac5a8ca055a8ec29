"""Ending what runs beside."""

from __future__ import annotations

import asyncio

import pytest

from channels.tasks import end

pytestmark = pytest.mark.anyio


async def test_deaf_once():
    """A task that swallows the first cancellation is told again, so that closing does not wait for ever."""
    swallowed = []

    async def work() -> None:
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                if swallowed:
                    raise
                swallowed.append(True)

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    await end(task)

    assert task.cancelled()
    assert swallowed


async def test_failed():
    """What failed has ended; its error is not ours."""

    async def work() -> None:
        raise ValueError

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    await end(task)

    assert isinstance(task.exception(), ValueError)


async def test_none():
    """Nothing to end is no reason to wait."""
    await end()
