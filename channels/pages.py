"""What a browser loads: the page at /, the widget's script, the API's description, and how we are."""

from __future__ import annotations

import hmac
import json
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from channels.database import answers
from channels.errors import Problem, StoreError
from channels.house import House
from channels.settings import Settings

_HERE = Path(__file__).resolve().parent
_STATIC = _HERE / "static"


class Pages:
    """The addresses that are not the chat API."""

    def __init__(self, house: House) -> None:
        self._settings, self._rasa, self._databases, self._metrics = house.settings, house.rasa, house.databases, house.metrics
        self._widget = StaticFiles(directory=house.settings.widget.parent, check_dir=False)
        self._description = describe(house.settings)

    def routes(self) -> list[BaseRoute]:
        """Addresses and what answers them."""
        small = [Middleware(GZipMiddleware, minimum_size=1_000)]
        return [
            Route("/", self.home),
            Route("/tandem.js", self.widget, middleware=small),
            Route("/openapi.json", self.description),
            Route("/healthz", self.alive),
            Route("/readyz", self.ready),
            Route("/metrics", self.numbers),
            Mount("/static", StaticFiles(directory=_STATIC), middleware=small),
        ]

    async def home(self, request: Request) -> Response:
        """Show the demonstration page, or while there is no widget the plain one."""
        page = "demo.html" if self._settings.widget.is_file() else "plain.html"
        return FileResponse(_STATIC / page, headers={"Cache-Control": "no-cache"})

    async def widget(self, request: Request) -> Response:
        """The script; any site may load it, the API decides whom it serves."""
        response = await self._widget.get_response(self._settings.widget.name, request.scope)
        response.headers.update(
            {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "public, max-age=300"}
        )
        return response

    async def description(self, request: Request) -> Response:
        """Say what the API can do."""
        return JSONResponse(self._description)

    async def alive(self, request: Request) -> Response:
        """Say that the front door is open, whatever happens behind it."""
        return JSONResponse({"alive": True})

    async def ready(self, request: Request) -> Response:
        """Whether a question would be answered now: model loaded, action server and databases there."""
        missing = await self._rasa.unready()
        for name, database in self._databases.items():
            try:
                await database.run(answers)
            except StoreError:
                missing[name] = "does not answer"
        return JSONResponse({"ready": not missing, "missing": missing}, status_code=503 if missing else 200)

    async def numbers(self, request: Request) -> Response:
        """Say the numbers to whoever may know them."""
        given = request.headers.get("authorization", "").encode()
        if self._settings.metrics_token and not hmac.compare_digest(given, f"Bearer {self._settings.metrics_token}".encode()):
            raise Problem(401, "no_token", "These numbers are for those who have the token.")
        return Response(self._metrics.text(), media_type="text/plain; version=0.0.4")


def describe(settings: Settings) -> dict[str, Any]:
    """The OpenAPI document, with the limits that are set."""
    document: dict[str, Any] = json.loads((_HERE / "openapi.json").read_text(encoding="utf-8"))
    document["components"]["schemas"]["Text"]["maxLength"] = settings.message_characters
    return document
