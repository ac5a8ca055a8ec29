"""Listening: one socket, one process, until interrupted. The address of uvicorn."""

from __future__ import annotations

import asyncio
import logging
import resource
import socket
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from channels.announcing import announce_when_ready
from channels.app import application
from channels.errors import SettingsError
from channels.house import build
from channels.settings import Settings

# Longer than proxies keep an idle connection (60 s is usual), so that it is they who close it; and a visitor who thinks
# for a while need not connect anew.
_IDLE_S = 75
# What a request line and headers may take, in bytes and seconds. uvicorn by itself sets no limit to either.
_HEAD_BYTES = 32_768
_HEAD_S = 15.0


class CarefulProtocol(HttpToolsProtocol):
    """uvicorn's protocol, for visitors who may never finish what they began to send."""

    _overdue: asyncio.TimerHandle | None = None
    _head_bytes = 0

    def connection_made(self, transport: Any) -> None:
        """Wait for the first request."""
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._head_came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Hang up on a head that does not end."""
        super().data_received(data)
        if self._overdue is not None:
            self._head_bytes += len(data)
            if self._head_bytes > _HEAD_BYTES:
                self.transport.close()

    def on_message_begin(self) -> None:
        """Wait for the rest of the head."""
        super().on_message_begin()
        self._expect_head()

    def on_headers_complete(self) -> None:
        """Go on with the request."""
        self._head_came()
        super().on_headers_complete()

    def _expect_head(self) -> None:
        if self._overdue is None:
            self._overdue = self.loop.call_later(_HEAD_S, self.transport.close)

    def _head_came(self) -> None:
        if self._overdue is not None:
            self._overdue.cancel()
        self._overdue, self._head_bytes = None, 0


def serve(settings: Settings) -> None:
    """
    Serve until interrupted. One process: the order within a conversation is kept in its memory.

    There is no access log, for it would hold visitors' addresses.

    Raises:
        SettingsError: The port is taken or the address is not ours.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    server = uvicorn.Server(configuration(settings))
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a connection is an open file
    listening = _listen(settings)
    host, port = listening.getsockname()[:2]
    announce_when_ready(f"http://{f'[{host}]' if ':' in host else host}:{port}")
    server.run(sockets=[listening])


def configuration(settings: Settings) -> uvicorn.Config:
    """How the application is served, wherever it listens."""
    return uvicorn.Config(
        application(build(settings)),
        http=CarefulProtocol,
        ws="none",  # we speak none, and Rasa pins a `websockets` that uvicorn cannot import
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_keep_alive=_IDLE_S,
        timeout_graceful_shutdown=int(settings.patience_s) + 1,
    )


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        raise SettingsError(
            f"Port {settings.port} on {settings.host} cannot be used ({error.strerror}). "
            "Stop what listens there, or choose another with TANDEM_PORT."
        ) from error
    return listening
