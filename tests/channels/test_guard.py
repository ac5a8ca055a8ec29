"""What every request passes and every response carries."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.anyio

OURS = "https://shop.example"
EVERY = ["/", "/static/plain.css", "/openapi.json", "/healthz", "/metrics", "/nothing", "/api/nothing", "/api/transcript"]


@pytest.mark.parametrize("path", EVERY)
async def test_security_headers(http, path):
    """No response leaves without its headers, errors included."""
    headers = (await http.get(path)).headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "nosniff" == headers["x-content-type-options"]
    assert "DENY" == headers["x-frame-options"]
    assert "no-referrer" == headers["referrer-policy"]
    assert "server" not in headers


async def test_not_cached(visitor):
    """Nothing of a conversation is kept by a cache on the way."""
    for answer in (
        await visitor.call("GET", "/api/transcript"),
        await visitor.send({"text": "hello"}),
        await visitor.call("POST", "/api/session"),
    ):
        assert "no-store" == answer.headers["cache-control"]


async def test_no_cookies(visitor):
    """No cookie is set or needed."""
    assert "set-cookie" not in (await visitor.send({"text": "hello"})).headers
    assert not visitor.http.cookies


async def test_https_stays(http):
    """Behind a proxy that speaks TLS the browser is told to stay with it."""
    secure = await http.get("/", headers={"X-Forwarded-Proto": "https"})

    assert "max-age" in secure.headers["strict-transport-security"]
    assert "strict-transport-security" not in (await http.get("/")).headers


class TestOrigins:
    @pytest.mark.parametrize(
        "origin", ["https://evil.example", "null", "http://127.0.0.1", "https://shop.example.evil.example", "http://shop.example"]
    )
    @pytest.mark.parametrize("changed", [{"origins": (OURS,)}])
    async def test_strange(self, visitor, rasa, origin):
        """A page of an origin that is not ours is refused before anything happens, and may not read why."""
        refused = await visitor.send({"text": "hello"}, Origin=origin)

        assert (403, "origin") == (refused.status_code, refused.json()["error"])
        assert "access-control-allow-origin" not in refused.headers
        assert not rasa.received

    @pytest.mark.parametrize("changed", [{"origins": (OURS,)}])
    async def test_configured(self, visitor):
        """A page of a configured origin may use the API and read its errors."""
        answer = await visitor.send({"text": "hello"}, Origin=OURS)
        refused = await visitor.send({"text": ""}, Origin=OURS)

        assert (200, OURS) == (answer.status_code, answer.headers["access-control-allow-origin"])
        assert (422, OURS) == (refused.status_code, refused.headers["access-control-allow-origin"])
        assert "access-control-allow-credentials" not in answer.headers

    async def test_our_own(self, visitor):
        """Our own page may."""
        assert 200 == (await visitor.send({"text": "hello"}, Origin=str(visitor.http.base_url).rstrip("/"))).status_code

    @pytest.mark.parametrize("changed", [{"origins": (OURS,)}])
    async def test_preflight(self, http):
        """A browser that asks beforehand learns what it may send, if it is one of ours."""
        asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type,idempotency-key"}
        ours = await http.options("/api/messages", headers={"Origin": OURS, **asked})
        strange = await http.options("/api/messages", headers={"Origin": "https://evil.example", **asked})

        assert (200, OURS) == (ours.status_code, ours.headers["access-control-allow-origin"])
        assert "access-control-allow-origin" not in strange.headers


class TestErrors:
    async def test_last_resort(self, visitor, monkeypatch, caplog):
        """A mistake of ours is a sentence to the visitor and a trace in the log, without what was said."""
        monkeypatch.setattr("channels.replies.harmless", lambda _: 1 / 0)
        refused = await visitor.send({"text": "a private matter"})

        assert (500, "unexpected") == (refused.status_code, refused.json()["error"])
        assert "ZeroDivisionError" in caplog.text
        assert "a private matter" not in caplog.text

    @pytest.mark.parametrize(
        ("method", "path", "status", "code"),
        [("GET", "/api/nothing", 404, "not_found"), ("GET", "/api/messages", 405, "method"), ("POST", "/", 405, "method")],
    )
    async def test_no_such_thing(self, http, method, path, status, code):
        """An address or method that is none is said in our form."""
        refused = await http.request(method, path)

        assert (status, code) == (refused.status_code, refused.json()["error"])


async def test_nothing_personal_in_logs(visitor, rasa, caplog):
    """What was said, who said it and from where stays out of the log, also when things fail."""
    caplog.set_level("DEBUG", logger="channels")
    await visitor.say("a private matter")
    await rasa.kill()
    await visitor.say("a private matter")

    for private in ("a private matter", "127.0.0.1:", visitor.token, rasa.received[0][0]):
        assert private not in caplog.text.replace(f"127.0.0.1:{rasa.port}", "")
