"""What every request passes on its way in and every response on its way out: origin, security headers, the last resort."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from channels.errors import Problem, StoreError
from channels.metrics import Metrics

log = logging.getLogger(__name__)

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_SENTENCES = {404: ("not_found", "There is nothing at this address."), 405: ("method", "This address does not answer to that method.")}


class Guard:
    """Refuses the API to pages of origins that are not ours, and sees that no response leaves without its headers."""

    def __init__(self, app: ASGIApp, *, origins: tuple[str, ...], metrics: Metrics) -> None:
        self._app, self._origins, self._metrics = app, frozenset(origins), metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its response back."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _add_headers(scope, MutableHeaders(raw=message["headers"]))
            await send(message)

        try:
            if scope["path"].startswith("/api/") and not self._welcome(Headers(scope=scope)):
                refusal = Problem(
                    403, "origin", "This page is not among those that may use this chat. Its owner has to add it to TANDEM_ORIGINS."
                )
                return await problem_response(refusal, self._metrics)(scope, receive, guarded)
            await self._app(scope, receive, guarded)
        except Exception:
            log.exception("A request to %s failed.", scope["path"])
            self._metrics.errors.labels("unexpected").inc()
            if started:
                raise
            problem = Problem(500, "unexpected", "Sorry, something went wrong on our side. Please try again.")
            await problem_response(problem, self._metrics)(scope, receive, guarded)

    def _welcome(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        return origin is None or origin in self._origins or urlsplit(origin).netloc == headers.get("host")


def _add_headers(scope: Scope, headers: MutableHeaders) -> None:
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    if scope["path"].startswith("/api/"):
        headers["Cache-Control"] = "no-store"
    if scope["scheme"] == "https":
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")


def problem_response(problem: Problem, metrics: Metrics) -> Response:
    """Say a problem as the API does, and count it."""
    metrics.rejections.labels(problem.code).inc()
    wait = {} if problem.retry_after_s is None else {"Retry-After": str(problem.retry_after_s)}
    return JSONResponse(problem.body(), status_code=problem.status, headers=wait)


def handlers(metrics: Metrics) -> dict[Any, Callable[[Request, Exception], Response]]:
    """How our errors, and Starlette's, are said to the visitor."""

    def refused(_: Request, problem: Exception) -> Response:
        assert isinstance(problem, Problem)
        return problem_response(problem, metrics)

    def store_down(_: Request, error: Exception) -> Response:
        log.error("%s", error)
        metrics.errors.labels("StoreError").inc()
        sentence = "Conversations cannot be kept at the moment, so your message was not taken. Please send it again shortly."
        return problem_response(Problem(503, "store_down", sentence, retry_after_s=5), metrics)

    def by_starlette(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        code, sentence = _SENTENCES.get(error.status_code, ("bad_request", str(error.detail)))
        response = problem_response(Problem(error.status_code, code, sentence), metrics)
        response.headers.update(error.headers or {})
        return response

    return {Problem: refused, StoreError: store_down, HTTPException: by_starlette}
