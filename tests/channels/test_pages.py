"""What a browser, an operator and a program find at the front door."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from channels.pages import _STATIC

pytestmark = pytest.mark.anyio


class Parts(HTMLParser):
    """What a page loads, and what it does inline."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.inline: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        """Note what a tag loads or does inline."""
        found = dict(attributes)
        self.loads += [found[name] for name in ("src", "href") if found.get(name) and (tag != "a" or name == "src")]
        self.inline += [name for name in found if name == "style" or name.startswith("on")]
        self.inline += [tag] if tag == "style" or (tag == "script" and "src" not in found) else []


class TestPage:
    @pytest.mark.parametrize("page", sorted(path.name for path in _STATIC.glob("*.html")))
    async def test_fits_the_policy(self, http, settings, page):
        """A page loads only what we serve ourselves and has nothing inline, as its policy demands."""
        settings.widget.write_text("// the widget")
        parts = Parts((await http.get(f"/static/{page}")).text)

        assert [] == parts.inline
        for loaded in parts.loads:
            assert loaded.startswith("/")
            assert 200 == (await http.get(loaded)).status_code, loaded

    async def test_without_the_widget(self, http):
        """Until the widget is built the page at / chats by itself."""
        assert "plain.js" in (await http.get("/")).text

    async def test_with_the_widget(self, http, settings):
        """With the widget built, the page at / embeds it."""
        settings.widget.write_text("// the widget")

        assert '<script src="/tandem.js"' in (await http.get("/")).text

    async def test_scripts_read_no_html(self):
        """Our scripts make nodes; they have no way to turn text into markup."""
        for script in _STATIC.glob("*.js"):
            assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script.read_text()), script


class TestWidget:
    async def test_for_any_site(self, http, settings):
        """The script may be loaded from any page, is compressed, and is asked for again only when changed."""
        settings.widget.write_text("// the widget\n" * 1000)
        first = await http.get("/tandem.js", headers={"Origin": "https://anywhere.example"})
        again = await http.get("/tandem.js", headers={"If-None-Match": first.headers["etag"]})

        assert "text/javascript" in first.headers["content-type"]
        assert "gzip" == first.headers["content-encoding"]
        assert ("*", "cross-origin") == (first.headers["access-control-allow-origin"], first.headers["cross-origin-resource-policy"])
        assert 304 == again.status_code

    async def test_not_built(self, http):
        """Without a bundle there is no script, and that is said as 404."""
        assert 404 == (await http.get("/tandem.js")).status_code

    async def test_nothing_else(self, http, settings):
        """Nothing but the script leaves the folder that it is in."""
        (settings.widget.parent / "secret").write_text("x")

        for path in ("/secret", "/tandem.js/../secret", "/static/../secret", "/static/%2e%2e/pages.py", "/static/..%2fpages.py"):
            assert 404 == (await http.get(path)).status_code


class TestHealth:
    async def test_alive(self, http, rasa):
        """The front door is alive whatever happens behind it."""
        await rasa.kill()

        assert {"alive": True} == (await http.get("/healthz")).json()

    async def test_ready(self, http):
        """With everything there, a question would be answered."""
        ready = await http.get("/readyz")

        assert (200, {"ready": True, "missing": {}}) == (ready.status_code, ready.json())

    async def test_not_ready(self, http, rasa):
        """What is missing is named."""
        await rasa.kill()
        ready = await http.get("/readyz")

        assert 503 == ready.status_code
        assert {"rasa", "actions"} == set(ready.json()["missing"])


class TestMetrics:
    async def test_counted(self, visitor, rasa):
        """Turns, their time, errors, rejections and the queue are counted."""
        await visitor.say("hello")
        await visitor.send({"text": ""})
        await rasa.kill()
        await visitor.say("hello")
        numbers = (await visitor.http.get("/metrics")).text

        for line in (
            'tandem_turns_total{status="answered"} 1.0',
            'tandem_turns_total{status="failed"} 1.0',
            "tandem_turn_seconds_count 2.0",
            'tandem_errors_total{kind="RasaDown"} 1.0',
            'tandem_rejections_total{code="empty"} 1.0',
            "tandem_sessions_total 1.0",
            "tandem_queue 0.0",
            "tandem_streams 0.0",
        ):
            assert line in numbers

    @pytest.mark.parametrize("changed", [{"metrics_token": "let me see"}])
    async def test_token(self, http):
        """Where a token is set, the numbers are for those who have it."""
        assert 401 == (await http.get("/metrics")).status_code
        assert 401 == (await http.get("/metrics", headers={"Authorization": "Bearer let me se"})).status_code
        assert 200 == (await http.get("/metrics", headers={"Authorization": "Bearer let me see"})).status_code
