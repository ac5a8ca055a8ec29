"""The built widget on the real gateway: what keeps the stand-in of the other tests honest. Rasa is a table."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from chat_answers import reply_to
from chat_server import StandIn
from playwright.sync_api import expect
from widget_page import PAGE, ROOT, SCRIPT, Widget


class _Rasa(BaseHTTPRequestHandler):
    """Rasa's REST channel over the table of replies."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        sender = {"recipient_id": asked["sender"]}
        said = [{**sender, **part} for reply in reply_to(asked["message"]) for part in ({"text": reply["text"]}, {"custom": reply})]
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture(name="site", scope="module")
def _site() -> Iterator[StandIn]:
    """A shop on another origin."""
    site = StandIn(SCRIPT, {})
    yield site
    site.down()


@pytest.fixture(name="gateway", scope="module")
def _gateway(tmp_path_factory: pytest.TempPathFactory, site: StandIn) -> Iterator[str]:
    """The real gateway on a port of its own, which lets the shop in; gives its address."""
    kept = tmp_path_factory.mktemp("gateway")
    rasa = ThreadingHTTPServer(("127.0.0.1", 0), _Rasa)
    threading.Thread(target=rasa.serve_forever, daemon=True).start()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings = {
        "PORT": port,
        "RASA_URL": f"http://127.0.0.1:{rasa.server_address[1]}",
        "CONVERSATIONS_URL": f"sqlite:///{kept}/conversations.db",
        "TRACKER_URL": f"sqlite:///{kept}/tracker.db",
        "SECRET": "a secret that only this test knows",
        "ORIGINS": site.address,
    }
    environment = {**os.environ, **{f"TANDEM_{name}": str(value) for name, value in settings.items()}}
    quiet = subprocess.DEVNULL
    gateway = subprocess.Popen([sys.executable, "-m", "channels"], cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)
    address = f"http://127.0.0.1:{port}"
    _wait_for(f"{address}/healthz")
    site.pages["/shop"] = PAGE.format(head="", script=f"{address}/tandem.js", attributes="", body="")
    yield address
    gateway.terminate()
    gateway.wait(10)
    rasa.shutdown()
    rasa.server_close()


def _wait_for(address: str) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(address, timeout=1).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{address} does not answer")


@pytest.mark.parametrize("place", ["demonstration", "shop"])
def test_widget_and_gateway_agree(newcomer: Widget, gateway: str, site: StandIn, place: str) -> None:
    """On the gateway's own page and on another origin: asking, pressing, reload, thumbs, start over and forget me work."""
    widget, page = newcomer, newcomer.page
    page.goto(f"{gateway}/" if place == "demonstration" else f"{site.address}/shop")
    widget.open().say("Should I run after lifting?")
    expect(widget.press("Lose fat").locator(".goal")).to_have_text(["Lose fat"])
    page.get_by_role("button", name="Helpful", exact=True).first.click()
    page.get_by_label("Want to say why?").fill("clear")
    page.get_by_label("Want to say why?").press("Enter")
    expect(page.locator(".thanks")).to_be_visible()
    expect(widget.say("broken").get_by_role("button", name="Try again")).to_be_visible()

    page.reload()
    expect(widget.bubbles).to_have_text(["Should I run after lifting?", "Lose fat", "broken"])
    expect(page.get_by_role("button", name="Helpful", exact=True).first).to_have_attribute("aria-pressed", "true")
    widget.press("Get stronger")

    widget.menu("Start over")
    widget.confirm("Start over")
    expect(widget.turns).to_have_count(0)
    widget.say("how long to wait")
    widget.menu("Forget me")
    widget.confirm("Delete")
    expect(widget.notices).to_contain_text("Nothing of the conversation is kept")
    expect(widget.say("hello")).to_contain_text("Ask me about")
