"""The ASGI application: addresses, and what every request passes. The parts behind it are in house.py."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Mount

from channels import elsewhere
from channels.guard import Guard, handlers
from channels.house import House
from channels.pages import Pages
from channels.web import ChatApi


def application(house: House) -> Starlette:
    """Serve what is in *house*."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with house.open():
            yield

    origins = house.settings.origins
    return Starlette(
        routes=[Mount("/api", routes=ChatApi(house).routes()), *elsewhere.routes(house.inbox), *Pages(house).routes()],
        middleware=[_cors(origins), Middleware(Guard, origins=origins, metrics=house.metrics)],
        exception_handlers=handlers(house.metrics),
        lifespan=lifespan,
    )


def _cors(origins: tuple[str, ...]) -> Middleware:
    return Middleware(
        CORSMiddleware,
        allow_origins=list(origins),
        allow_methods=["GET", "POST", "PUT", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key"],
        expose_headers=["Retry-After"],
        max_age=86_400,
    )
