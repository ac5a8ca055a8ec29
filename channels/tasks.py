"""Ending what runs beside."""

from __future__ import annotations

import asyncio
from typing import Any

_AGAIN_S = 0.1


async def end(*tasks: asyncio.Task[Any]) -> None:
    """
    Cancel *tasks* and wait until they have ended, whatever they ended with.

    They are told again until they listen: in Python 3.10 `asyncio.wait_for` swallows a cancellation that comes at the
    moment in which it has its result.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=_AGAIN_S)
