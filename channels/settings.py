"""What the front door can be told from outside. The only place in `channels` that reads the environment."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from channels.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
_AT_LEAST_ONE = ("rasa_connections", "retention_days", "session_days", "message_characters", "body_bytes", "streams")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """
    Every field can be set by the environment variable TANDEM_<FIELD IN CAPITALS>.

    Lists are separated by commas. Numbers must not be negative.
    """

    # Where we listen. Behind a TLS proxy on the same machine the default is right.
    host: str = "127.0.0.1"
    port: int = 8080
    # Origins besides our own that may call the API, as in https://shop.example
    origins: tuple[str, ...] = ()
    # Peers whose X-Forwarded-For and X-Forwarded-Proto are believed.
    trusted_proxies: tuple[str, ...] = ("127.0.0.1", "::1")

    # Who is asked. Both stay on loopback.
    rasa_url: str = "http://127.0.0.1:5005"
    actions_url: str = "http://127.0.0.1:5055"
    # Rasa's --auth-token, needed only to see whether its model is loaded.
    rasa_token: str = field(default="", repr=False)
    # From the arrival of a message to the apology for not having an answer, in seconds.
    patience_s: float = 4.5
    # How many turns Rasa works on at once; the rest waits here, in order.
    rasa_connections: int = 8

    # What is kept, where, and for how long.
    conversations_url: str = field(default="sqlite:///var/conversations.db", repr=False)
    # Where Rasa keeps its events: "forget me" and "purge" delete there. Empty: nothing is deleted there.
    tracker_url: str = field(default="sqlite:///var/tracker.db", repr=False)
    retention_days: int = 30
    # Signs sessions. Empty: made at the first start and kept in `secret_file`.
    secret: str = field(default="", repr=False)
    secret_file: Path = Path("var/secret")
    session_days: int = 7

    # Limits. A minute's worth may come at once; after that at the rate.
    message_characters: int = 1_000
    body_bytes: int = 8_192
    messages_per_minute: int = 30
    address_per_minute: int = 240
    sessions_per_minute: int = 20
    streams_per_session: int = 6
    streams_per_address: int = 60
    streams: int = 1_000
    queue_length: int = 4

    # How often a waiting stream shows that it is alive, in seconds.
    heartbeat_s: float = 2.0
    # Asked for as a bearer token at /metrics. Empty: open to all who reach the port.
    metrics_token: str = field(default="", repr=False)
    widget: Path = ROOT / "widget" / "dist" / "tandem.js"

    # All other variables TANDEM_…, for channels beside the web: TANDEM_TELEGRAM_TOKEN is what telegram.py calls its `token`.
    elsewhere: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for name in _AT_LEAST_ONE:
            if getattr(self, name) < 1:
                raise SettingsError(f"TANDEM_{name.upper()} is {getattr(self, name)}; it must be at least 1.")
        _check_url("rasa_url", self.rasa_url)
        _check_url("actions_url", self.actions_url)
        for origin in self.origins:
            _check_origin(origin)
        for proxy in self.trusted_proxies:
            _check_proxy(proxy)

    def given(self, channel: str) -> dict[str, str]:
        """What the channel of that name was told: its variables without "TANDEM_" and its name, in small letters."""
        prefix = f"TANDEM_{channel.upper()}_"
        return {name[len(prefix) :].lower(): value for name, value in self.elsewhere.items() if name.startswith(prefix)}


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """
    Read the settings that are set; an empty variable counts as not set.

    Raises:
        SettingsError: A value does not fit; the message names the variable, the value and what fits.
    """
    given: dict[str, Any] = {}
    others = {name: value.strip() for name, value in environment.items() if name.startswith("TANDEM_") and value.strip()}
    for setting in fields(Settings):
        variable = f"TANDEM_{setting.name.upper()}"
        if setting.name != "elsewhere" and variable in others:
            given[setting.name] = _read(variable, others.pop(variable), type(setting.default))
    for name in ("rasa", "actions"):  # where only the port was changed, as make run does
        if port := environment.get(f"TANDEM_{name.upper()}_PORT", "").strip():
            given.setdefault(f"{name}_url", f"http://127.0.0.1:{port}")
    return Settings(**given, elsewhere=others)


def _read(variable: str, value: str, kind: Any) -> Any:
    if kind is tuple:
        return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
    try:
        read = Path(value) if issubclass(kind, Path) else kind(value)
    except ValueError as error:
        raise SettingsError(f"{variable} is {value!r}; it must be a number.") from error
    if isinstance(read, (int, float)) and not 0 <= read < 1e9:
        raise SettingsError(f"{variable} is {value!r}; it must not be negative, and below 1,000,000,000.")
    return read


def _check_url(name: str, url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname or not url.isascii() or url != url.strip():
        raise SettingsError(f"TANDEM_{name.upper()} is {url!r}; it must look like http://127.0.0.1:5005.")


def _check_origin(origin: str) -> None:
    parts = urlsplit(origin)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        raise SettingsError(
            f"TANDEM_ORIGINS names {origin!r}; an origin looks like https://shop.example, without a path. "
            "Every origin is named, there is no '*'."
        )


def _check_proxy(proxy: str) -> None:
    try:
        ipaddress.ip_network(proxy)
    except ValueError as error:
        raise SettingsError(f"TANDEM_TRUSTED_PROXIES names {proxy!r}; it must be an address or a network like 10.0.0.0/8.") from error
