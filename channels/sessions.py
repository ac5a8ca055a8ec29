"""Who is writing: tokens that only we can make, and the conversation id that Rasa sees. The address of PyJWT."""

from __future__ import annotations

import base64
import functools
import hmac
import os
import secrets
import time
from pathlib import Path

import jwt

from channels.errors import Problem, SettingsError

_ALGORITHM = "HS256"
_PURPOSE = "tandem-session"
_LEAST_SECRET = 16


def no_session() -> Problem:
    """What is said to whoever has no session, for whatever reason: to tell them apart would help guessing."""
    return Problem(401, "no_session", "This conversation has ended or is not known here. A new one starts with your next message.")


class Sessions:
    """Issues and checks the tokens of visitors. A token names a session; what is in it, the database knows."""

    def __init__(self, secret: str, lifetime_s: int) -> None:
        self._lifetime_s, self._token_key, self._conversation_key = lifetime_s, _key(secret, "token"), _key(secret, "conversation")
        self._person_key = _key(secret, "person")
        # A token that was rightly signed once always is; only its time has to be looked at again.
        self._signed = functools.lru_cache(maxsize=4_096)(self._check)

    def issue(self, session: str, *, now_s: float | None = None) -> tuple[str, int]:
        """Sign a token for *session*; returns it with the time at which it expires, in seconds since 1970."""
        expires_at = int(now_s if now_s is not None else time.time()) + self._lifetime_s
        claims = {"sub": session, "exp": expires_at, "aud": _PURPOSE}
        return jwt.encode(claims, self._token_key, algorithm=_ALGORITHM), expires_at

    def read(self, authorization: str) -> str:
        """
        The session that an Authorization header stands for.

        Raises:
            Problem: 401 for anything but a token of ours that has not expired.
        """
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or len(token) > 1_000:
            raise no_session()
        try:
            session, expires_at = self._signed(token.strip())
        except (jwt.InvalidTokenError, ValueError) as error:
            raise no_session() from error
        if expires_at <= time.time():
            raise no_session()
        return session

    def conversation(self, session: str, number: int) -> str:
        """
        The id under which Rasa keeps the *number*-th conversation of *session*.

        It cannot be computed without the secret, so knowing a session's name does not give its conversation.
        """
        channel, named, _ = session.partition(":")
        digest = hmac.digest(self._conversation_key, f"{session}/{number}".encode(), "sha256")
        return f"{channel if named else 'web'}-{_letters(digest[:20])}"

    def elsewhere(self, channel: str, person: str) -> str:
        """The session of *person*, who writes from another channel: it cannot be told from it who that is."""
        digest = hmac.digest(self._person_key, f"{channel}/{person}".encode("utf-8", "surrogatepass"), "sha256")
        return f"{channel}:{_letters(digest[:15])}"

    def _check(self, token: str) -> tuple[str, float]:
        claims = jwt.decode(token, self._token_key, [_ALGORITHM], {"require": ["exp", "sub", "aud"]}, audience=_PURPOSE)
        return str(claims["sub"]), float(claims["exp"])


def _letters(digest: bytes) -> str:
    return base64.b32encode(digest).decode().lower().rstrip("=")


def _key(secret: str, purpose: str) -> bytes:
    return hmac.digest(secret.encode(), purpose.encode(), "sha256")


def new_session() -> str:
    """A name for a session that nobody guesses."""
    return secrets.token_urlsafe(18)


def secret_from(given: str, file: Path) -> str:
    """
    The secret *given*, or else the one in *file*, made there at the first start and readable by its owner only.

    Raises:
        SettingsError: The secret is too short to be one, or the file cannot be read or written.
    """
    if not given:
        given = _kept(file)
    if len(given) < _LEAST_SECRET:
        raise SettingsError(
            f"The secret has {len(given)} characters; it needs {_LEAST_SECRET} or more. Make one with: openssl rand -hex 32"
        )
    return given


def _kept(file: Path) -> str:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(file)
    except OSError as error:
        raise SettingsError(
            f"{file} cannot be written ({error.strerror}). Set TANDEM_SECRET, or TANDEM_SECRET_FILE to a place that can."
        ) from error
    with open(descriptor, "w", encoding="ascii") as stream:
        stream.write(made := secrets.token_hex(32))
    return made


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise SettingsError(f"{file} cannot be read as a secret. Set TANDEM_SECRET, or remove the file to have a new one made.") from error
