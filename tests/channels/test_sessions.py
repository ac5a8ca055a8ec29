"""Nobody can read, continue or guess another's conversation."""

from __future__ import annotations

import stat
import time

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.errors import Problem, SettingsError
from channels.sessions import Sessions, new_session, secret_from

pytestmark = pytest.mark.anyio

SECRET = "a secret that only tests know"


@pytest.fixture(name="sessions")
def _sessions() -> Sessions:
    return Sessions(SECRET, lifetime_s=60)


def forgeries(token: str) -> dict[str, str]:
    """Tokens that somebody without the secret could make from one of his own."""
    head, claims, signature = token.split(".")
    session = jwt.decode(token, options={"verify_signature": False})["sub"]
    claimed = {"sub": session, "exp": time.time() + 60, "aud": "tandem-session"}
    return {
        "no signature": f"{head}.{claims}.",
        "another's signature": jwt.encode(claimed, "x" * 32, algorithm="HS256"),
        "algorithm none": jwt.encode(claimed, None, algorithm="none"),
        "the secret itself as key": jwt.encode(claimed, SECRET.ljust(32), algorithm="HS256"),
        "claims changed": f"{head}.{claims[:-2]}AA.{signature}",
        "signature changed": f"{head}.{claims}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}",
        "only a session id": session,
        "nothing": "",
    }


class TestToken:
    def test_read(self, sessions):
        """A token that was issued stands for its session."""
        token, expires_at = sessions.issue("abc")

        assert "abc" == sessions.read(f"Bearer {token}")
        assert 58 < expires_at - time.time() <= 60

    def test_expires_while_in_use(self, sessions, monkeypatch):
        """A token that was just used is worth nothing either, once its time is over."""
        token, expires_at = sessions.issue("abc")
        assert "abc" == sessions.read(f"Bearer {token}")
        monkeypatch.setattr(time, "time", lambda: expires_at + 0.1)

        with pytest.raises(Problem):
            sessions.read(f"Bearer {token}")

    def test_expired(self, sessions):
        """A token is worth nothing once its time is over."""
        token, _ = sessions.issue("abc", now_s=time.time() - 61)

        with pytest.raises(Problem, match="ended or is not known"):
            sessions.read(f"Bearer {token}")

    @pytest.mark.parametrize("kind", forgeries(Sessions(SECRET, 60).issue("abc")[0]))
    def test_forged(self, sessions, kind):
        """Nothing that can be made without the secret is believed."""
        with pytest.raises(Problem) as refused:
            sessions.read(f"Bearer {forgeries(sessions.issue('abc')[0])[kind]}")

        assert 401 == refused.value.status

    def test_other_purpose(self, sessions):
        """A token of ours that was made for something else is no session."""
        key = sessions._token_key
        for claims in ({"sub": "abc", "aud": "else", "exp": 9e9}, {"sub": "abc", "exp": 9e9}, {"sub": "abc", "aud": "tandem-session"}):
            with pytest.raises(Problem):
                sessions.read(f"Bearer {jwt.encode(claims, key, algorithm='HS256')}")

    @given(st.text())
    def test_anything(self, header):
        """Whatever stands in the header, the answer is a session or a refusal."""
        with pytest.raises(Problem):
            Sessions(SECRET, 60).read(header)


class TestConversationId:
    def test_needs_the_secret(self, sessions):
        """The id that Rasa sees depends on the secret, so it cannot be computed from a token."""
        assert sessions.conversation("abc", 0) != Sessions(SECRET + "!", 60).conversation("abc", 0)

    def test_one_each(self, sessions):
        """Sessions, and beginnings within one, have ids of their own; the same gives the same."""
        ids = [sessions.conversation(session, number) for session in ("abc", "abd") for number in (0, 1)]

        assert 4 == len(set(ids))
        assert ids[0] == sessions.conversation("abc", 0)

    def test_not_shown(self, sessions):
        """Session names are random, and neither they nor the id can be turned into the other."""
        session = new_session()

        assert session != new_session()
        assert session not in sessions.conversation(session, 0)


class TestSecret:
    def test_made_once(self, tmp_path):
        """Without a secret one is made, kept for the next start, and readable by its owner only."""
        file = tmp_path / "var" / "secret"
        made = secret_from("", file)

        assert made == secret_from("", file)
        assert len(made) >= 32
        assert 0o600 == stat.S_IMODE(file.stat().st_mode)

    def test_given(self, tmp_path):
        """A secret from outside is used, and nothing is written."""
        assert SECRET == secret_from(SECRET, tmp_path / "secret")
        assert not (tmp_path / "secret").exists()

    def test_too_short(self, tmp_path):
        """A secret that can be guessed is refused, with the way to make one."""
        with pytest.raises(SettingsError, match="openssl rand"):
            secret_from("hunter2", tmp_path / "secret")

    def test_nowhere_to_keep(self, tmp_path):
        """A place that cannot be written is said, with what to set."""
        (tmp_path / "var").write_text("a file")

        with pytest.raises(SettingsError, match="TANDEM_SECRET"):
            secret_from("", tmp_path / "var" / "secret")


class TestOverHttp:
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/api/transcript"),
            ("POST", "/api/messages"),
            ("PUT", "/api/feedback/t_1.0"),
            ("POST", "/api/start-over"),
            ("DELETE", "/api/session"),
        ],
    )
    async def test_needed(self, http, rasa, method, path):
        """Every verb needs a session."""
        body = {"json": {"text": "hello"}} if method in ("POST", "PUT") else {}
        refused = await http.request(method, path, **body)

        assert (401, "no_session") == (refused.status_code, refused.json()["error"])
        assert not rasa.received

    async def test_forged(self, visitor, rasa):
        """No forgery of a live token opens its conversation."""
        await visitor.say("hello")
        for kind, token in forgeries(visitor.token).items():
            if token:
                visitor.token = token
                assert 401 == (await visitor.call("GET", "/api/transcript")).status_code, kind
                assert 401 == (await visitor.send({"text": "hello"})).status_code, kind

        assert 1 == len(rasa.received)

    async def test_never_opened(self, visitor, settings):
        """A token that is rightly signed for a session that was never opened is refused."""
        visitor.token, _ = Sessions(settings.secret, 60).issue(new_session())

        assert 401 == (await visitor.call("GET", "/api/transcript")).status_code

    async def test_swapped(self, newcomer):
        """With one's own token one reads one's own conversation, whatever else is named in the request."""
        one, other = await newcomer(), await newcomer()
        theirs = (await one.say("a private matter"))["turn"]
        answer = await other.call("GET", f"/api/transcript?before={theirs}")
        named = await other.call("GET", f"/api/transcript?session={one.token}&sender=x")

        assert [] == answer.json()["turns"]
        assert 400 == named.status_code

    async def test_sender_named(self, visitor, rasa):
        """A client cannot name the conversation that Rasa sees."""
        refused = await visitor.send({"text": "hello", "sender": "web-somebody-else"})

        assert 400 == refused.status_code
        assert not rasa.received

    async def test_replayed_after_forgetting(self, visitor):
        """A token that is used again after "forget me" opens nothing, and is not renewed."""
        await visitor.say("hello")
        await visitor.call("DELETE", "/api/session")

        for method, path in (("GET", "/api/transcript"), ("POST", "/api/session"), ("DELETE", "/api/session")):
            assert 401 == (await visitor.call(method, path)).status_code

    async def test_renewed(self, visitor):
        """Renewing keeps the conversation."""
        await visitor.say("hello")
        renewed = await visitor.call("POST", "/api/session")
        visitor.token = renewed.json()["token"]

        assert 200 == renewed.status_code
        assert ["hello"] == [turn["text"] for turn in await visitor.transcript()]

    async def test_id_not_shown(self, visitor, rasa):
        """The id that Rasa sees is in nothing that the visitor gets."""
        rasa.answer = _silent_about_the_sender
        got = [
            await visitor.send({"text": "hello"}),
            await visitor.call("GET", "/api/transcript"),
            await visitor.call("POST", "/api/session"),
        ]

        for answer in got:
            assert rasa.received[0][0] not in answer.text + str(answer.headers)


async def _silent_about_the_sender(sender: str, message: str) -> list[dict[str, str]]:
    return [{"text": "hello"}]
