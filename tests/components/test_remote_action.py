"""Calling the action server: an answer is passed on; whatever else happens, the user reads an apology, and soon."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from rasa.core.actions import action as rasa_action
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from components import remote_action
from components.remote_action import APOLOGY, GreetingSessionStart, PromptRemoteAction

GOOD = {
    "events": [{"event": "slot", "name": "goals", "value": ["muscle"]}],
    "responses": [
        {"text": "Lift first.", "buttons": [{"title": "Why?", "payload": "/why"}], "custom": {"kind": "answer", "verdict": "lift_first"}}
    ],
}
NONSENSE = {
    "no JSON at all": b"<html>Bad gateway</html>",
    "half of it": b'{"events": [',
    "nothing": b"",
    "a list": b"[]",
    "a number": b"42",
    "null": b"null",
    "a text": b'"events"',
    "events that are none": b'{"events": "many"}',
    "an event that is none": b'{"events": ["slot"]}',
    "an event of no known kind": b'{"events": [{"event": "party"}]}',
    "responses that are none": b'{"events": [], "responses": {"text": "hi"}}',
    "a response that is none": b'{"events": [], "responses": ["hi"]}',
}
Reply = Callable[[BaseHTTPRequestHandler], None]


class ActionServer(ThreadingHTTPServer):
    """A real server on loopback that replies as it is told to; *received* are the calls it got."""

    daemon_threads = True

    def __init__(self) -> None:
        self.reply: Reply = sends(GOOD)
        self.received: list[dict[str, Any]] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_port}/webhook"


class _Handler(BaseHTTPRequestHandler):
    server: ActionServer

    def do_POST(self) -> None:
        """Take the call down, and reply."""
        self.server.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.server.reply(self)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def sends(body: Any, status: int = 200, kind: str = "application/json") -> Reply:
    """A reply with *body*, bytes as they are and anything else as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return reply


def waits_for(event: threading.Event) -> Reply:
    """No reply before *event*."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        event.wait(20)

    return reply


@pytest.fixture(name="server")
def _server() -> Iterator[ActionServer]:
    """An action server."""
    server = ActionServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def run(url: str) -> list[Event]:
    """Carry out the action at *url* in a conversation of one message."""
    domain = Domain.from_dict(
        {"intents": ["ask"], "actions": ["action_answer"], "slots": {"goals": {"type": "list", "mappings": [{"type": "custom"}]}}}
    )
    tracker = DialogueStateTracker.from_events("me", [ActionExecuted("action_listen"), UserUttered("run first?")], domain.slots)
    action = PromptRemoteAction("action_answer", EndpointConfig(url))
    return asyncio.run(action.run(CollectingOutputChannel(), TemplatedNaturalLanguageGenerator({}), tracker, domain))


def apologises(events: list[Event]) -> bool:
    """Whether *events* are the apology and nothing else, in both forms."""
    (event,) = events
    return (
        isinstance(event, BotUttered)
        and event.text == APOLOGY
        and event.data["custom"]["text"] == APOLOGY
        and event.data["custom"]["kind"] == "error"
    )


class TestAnswers:
    def test_what_the_server_says_is_passed_on(self, server: ActionServer) -> None:
        """Text, buttons, the structured part and the slots."""
        said, remembered = run(server.url)

        assert isinstance(said, BotUttered)
        assert said.text == "Lift first."
        assert said.data["buttons"] == GOOD["responses"][0]["buttons"]
        assert said.data["custom"] == {"kind": "answer", "verdict": "lift_first"}
        assert isinstance(remembered, SlotSet)
        assert (remembered.key, remembered.value) == ("goals", ["muscle"])

    def test_the_server_is_told_the_action_and_the_conversation(self, server: ActionServer) -> None:
        """As any action server of Rasa's is."""
        run(server.url)

        (call,) = server.received
        assert call["next_action"] == "action_answer"
        assert call["sender_id"] == "me"
        assert call["tracker"]["latest_message"]["text"] == "run first?"

    @pytest.mark.parametrize("answer", [{}, {"events": []}, {"responses": []}, {"events": [], "responses": []}])
    def test_saying_nothing_is_an_answer(self, server: ActionServer, answer: dict[str, Any]) -> None:
        """An action may have nothing to say; that is not a failure."""
        server.reply = sends(answer)

        assert run(server.url) == []

    def test_a_refusal_stays_one(self, server: ActionServer) -> None:
        """Rasa's forms refuse by an answer of status 400, and Rasa predicts something else then."""
        server.reply = sends({"action_name": "action_answer", "error": "not now"}, 400)

        with pytest.raises(rasa_action.ActionExecutionRejection):
            run(server.url)


class TestApologies:
    @pytest.mark.parametrize("body", NONSENSE.values(), ids=NONSENSE)
    def test_nonsense_is_apologised_for(self, server: ActionServer, body: bytes) -> None:
        """Whatever comes back that is no answer."""
        server.reply = sends(body)

        assert apologises(run(server.url))

    @pytest.mark.parametrize("status", [404, 500, 503])
    def test_a_failure_is_apologised_for(self, server: ActionServer, status: int) -> None:
        """An exception in an action is a status of its server."""
        server.reply = sends({"error": "no such action"}, status)

        assert apologises(run(server.url))

    def test_an_answer_of_another_kind_is_apologised_for(self, server: ActionServer) -> None:
        """A proxy's page instead of the server."""
        server.reply = sends(b"<html></html>", kind="text/html")

        assert apologises(run(server.url))

    def test_a_server_that_is_gone_is_apologised_for(self, server: ActionServer) -> None:
        """Nothing listens there."""
        url = server.url
        server.server_close()

        assert apologises(run(url))

    def test_a_server_that_hangs_up_is_apologised_for(self, server: ActionServer) -> None:
        """It takes the call and dies over it."""
        server.reply = lambda handler: handler.connection.close()

        assert apologises(run(server.url))

    def test_a_server_that_hangs_is_not_waited_for(self, server: ActionServer, monkeypatch: pytest.MonkeyPatch) -> None:
        """The user reads the apology within the timeout, not after the five minutes that Rasa would wait."""
        monkeypatch.setattr(remote_action, "TIMEOUT_S", 0.2)
        released = threading.Event()
        server.reply = waits_for(released)
        started = time.monotonic()
        events = run(server.url)
        took = time.monotonic() - started
        released.set()

        assert apologises(events)
        assert took < 5

    def test_no_server_configured_is_apologised_for(self) -> None:
        """Rasa started without endpoints."""
        action = PromptRemoteAction("action_answer", None)
        domain = Domain.empty()
        tracker = DialogueStateTracker.from_events("me", [UserUttered("hi")], domain.slots)
        events = asyncio.run(action.run(CollectingOutputChannel(), TemplatedNaturalLanguageGenerator({}), tracker, domain))

        assert apologises(events)

    def test_the_cause_is_in_the_log(self, server: ActionServer, caplog: pytest.LogCaptureFixture) -> None:
        """Which action, and what went wrong."""
        server.reply = sends({}, 503)
        with caplog.at_level(logging.ERROR):
            run(server.url)

        assert "action_answer" in caplog.text
        assert "503" in caplog.text


class TestSessionStarts:
    @staticmethod
    def begin(*before: Event, responses: dict[str, Any] | None = None) -> list[Event]:
        """Begin a session after what came *before*."""
        domain = Domain.from_dict(
            {"intents": ["greet"], "responses": {"utter_greet": [{"text": "Hello."}]} if responses is None else responses}
        )
        tracker = DialogueStateTracker.from_events("me", list(before), domain.slots)
        nlg = TemplatedNaturalLanguageGenerator(domain.responses)
        return asyncio.run(GreetingSessionStart().run(CollectingOutputChannel(), nlg, tracker, domain))

    def test_whoever_asks_for_one_is_greeted(self) -> None:
        """The command gets the words of the domain, inside the new session, before Rasa listens."""
        began = self.begin(ActionExecuted("action_listen"), UserUttered("/session_start", {"name": "session_start"}))

        assert [type(event) for event in began] == [SessionStarted, BotUttered, ActionExecuted]
        assert began[1].text == "Hello."

    @pytest.mark.parametrize(
        "before",
        [[], [UserUttered("hello", {"name": "greet"})], [UserUttered("/session_start", {"name": "session_start"}), SessionStarted()]],
    )
    def test_other_sessions_begin_unnoticed(self, before: list[Event]) -> None:
        """The first of a conversation, one after a long pause, and the one after that which was asked for."""
        began = self.begin(*before)

        assert [type(event) for event in began] == [SessionStarted, ActionExecuted]

    def test_a_domain_without_a_greeting_has_none(self) -> None:
        """The session begins all the same."""
        began = self.begin(UserUttered("/session_start", {"name": "session_start"}), responses={})

        assert [type(event) for event in began] == [SessionStarted, ActionExecuted]


class TestInstalling:
    @pytest.fixture(autouse=True)
    def _put_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rasa_action, "RemoteAction", remote_action._RasaRemoteAction)
        monkeypatch.setattr(rasa_action, "ActionSessionStart", remote_action._RasaSessionStart)
        monkeypatch.setattr(Event, "resolve_by_type", staticmethod(Event.resolve_by_type))

    def test_rasa_uses_it_from_then_on(self) -> None:
        """Any custom action that Rasa makes is one of these."""
        remote_action.install()
        made = rasa_action.action_for_name_or_text("action_answer", Domain.from_dict({"actions": ["action_answer"]}), None)

        assert isinstance(made, PromptRemoteAction)

    def test_sessions_begin_by_it_from_then_on(self) -> None:
        """The default action of that name is ours."""
        remote_action.install()
        made = rasa_action.action_for_name_or_text("action_session_start", Domain.empty(), None)

        assert isinstance(made, GreetingSessionStart)

    def test_installing_twice_is_installing_once(self) -> None:
        """A second store does not stack another one on it."""
        remote_action.install()
        remote_action.install()

        assert rasa_action.RemoteAction is PromptRemoteAction
        assert not hasattr(Event.resolve_by_type.__wrapped__, "__wrapped__")

    def test_classes_of_events_are_still_found(self) -> None:
        """Remembered, and the same."""
        remote_action.install()

        assert Event.resolve_by_type("slot") is Event.resolve_by_type("slot") is SlotSet
        with pytest.raises(ValueError, match="party"):
            Event.resolve_by_type("party")

    def test_on_another_rasa_nothing_is_changed(self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
        """It was written for one release; on others Rasa's own is used, and the log says so."""
        monkeypatch.setattr(remote_action.rasa, "__version__", "3.7.0")
        remote_action.install()

        assert rasa_action.RemoteAction is remote_action._RasaRemoteAction
        assert rasa_action.ActionSessionStart is remote_action._RasaSessionStart
        assert "3.7.0" in caplog.text
