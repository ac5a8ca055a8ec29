"""What the Telegram channel can be told, and the commands by which Telegram is told of us."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from urllib.parse import urlsplit

from channels.errors import SettingsError
from channels.telegram_api import API, Telegram
from channels.telegram_updates import WANTED

# What the command menu of a chat shows.
COMMANDS = {
    "start": "Begin",
    "help": "What I can do",
    "goal": "Say what you train for",
    "forget": "Delete what is kept about you",
}


@dataclass(frozen=True)
class Given:
    """Each can be set by the environment variable TANDEM_TELEGRAM_<FIELD IN CAPITALS>."""

    # From @BotFather.
    token: str = field(default="", repr=False)
    # What Telegram shows to the webhook so that we know it; chosen by us. Without it there is no webhook: we ask for updates.
    secret: str = field(default="", repr=False)
    # The address of the webhook as Telegram reaches it, ending in /telegram; needed to register it only.
    webhook: str = ""
    # Another server of the Bot API than Telegram's own.
    api: str = API


def read_given(given: Mapping[str, str]) -> Given:
    """
    What was *given*, checked.

    Raises:
        SettingsError: Something does not fit; the message names it and says what does.
    """
    known = [one.name for one in fields(Given)]
    if unknown := sorted(set(given) - set(known)):
        raise SettingsError(f"TANDEM_TELEGRAM_{unknown[0].upper()} is not known. There are: {', '.join(name.upper() for name in known)}.")
    told = Given(**given)
    if not re.fullmatch(r"\d{1,15}:[A-Za-z0-9_-]{10,100}", told.token, re.ASCII):
        raise SettingsError(
            "TANDEM_TELEGRAM_TOKEN is not a token; @BotFather gives one that looks like 110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw."
        )
    if told.secret and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", told.secret, re.ASCII):
        raise SettingsError("TANDEM_TELEGRAM_SECRET must be 16 to 256 letters, digits, - or _. Make one with: openssl rand -hex 32")
    for name, schemes in (("webhook", ("https",)), ("api", ("https", "http"))):
        parts = urlsplit(value := getattr(told, name))
        if value and (parts.scheme not in schemes or not parts.hostname):
            raise SettingsError(f"TANDEM_TELEGRAM_{name.upper()} is {value!r}; it must look like https://your.host/telegram.")
    return told


async def manage(what: str, given: Mapping[str, str]) -> str:
    """
    Do `register` or `remove`; what was done.

    Raises:
        SettingsError: That is none of them, or something needed was not given.

        TelegramDown: Telegram does not do it.
    """
    told = read_given(given)
    if what not in ("register", "remove"):
        raise SettingsError(f"telegram {what} is not known. There are: register, remove.")
    if what == "register" and bool(told.webhook) != bool(told.secret):
        raise SettingsError("A webhook needs both TANDEM_TELEGRAM_WEBHOOK and TANDEM_TELEGRAM_SECRET; long polling needs neither.")
    telegram = Telegram(told.token, told.api)
    try:
        name = await telegram.username()
        if what == "remove":
            await telegram.remove()
            return f"Telegram delivers updates of @{name} nowhere now; they wait until somebody asks for them."
        await telegram.command_menu(COMMANDS)
        if not told.webhook:
            return f"The command menu of @{name} is set. No webhook was asked for: start with long polling, make telegram."
        await telegram.register(told.webhook, told.secret, WANTED)
        return f"Telegram delivers updates of @{name} to {told.webhook}, and the command menu is set."
    finally:
        await telegram.close()
