"""
A stand-in for Rasa and its action server: real HTTP on loopback, says what it is told to say.

    python tests/channels/stand_in.py --port 5999        run by itself, for the benchmarks
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

Answer = Callable[[str, str], Awaitable[Any]]


def answer_to(sender: str, message: str) -> list[dict[str, Any]]:
    """What Rasa would send: the text form of a reply and the structured form after it. Names who asked what."""
    follow_ups = [
        {"title": "How long should I wait?", "payload": '/ask{"question":"wait_time"}'},
        {"title": "Same day?", "payload": '/ask{"question":"same_day"}'},
    ]
    goal = {"id": "muscle", "title": "Build muscle", "payload": '/state_goal{"goal":"muscle"}'}
    custom = {
        "kind": "answer", "text": f"You asked: {message}", "question": "order", "title": "Run first or lift first?", "verdict": "lift_first",
        "goals": [], "headline": f"You asked: {message}", "reason": f"As {sender}.", "disagreement": "",
        "evidence": [{"source": "after-lifting", "document": "A document", "section": "A section", "stance": "supports", "note": ""}],
        "follow_ups": follow_ups, "goal_choices": [goal],
    }  # fmt: skip
    return [{"recipient_id": sender, "text": custom["text"], "buttons": [*follow_ups, goal]}, {"recipient_id": sender, "custom": custom}]


@dataclass
class StandInRasa:
    """
    Answers with `answer_to` until told otherwise.

    `answer` may be replaced by any coroutine of sender and message; what it returns is sent as JSON, bytes as they
    are, None closes the connection without a word.
    """

    answer: Answer | None = None
    received: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0
    model_loaded: bool = True
    api_enabled: bool = True
    _server: asyncio.AbstractServer | None = None
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen; on the same port again if it was stopped before."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def kill(self) -> None:
        """Stop as SIGKILL would: nobody listens any more, open connections are reset."""
        if self._server is not None:
            self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                answer = await self._answer(head, reader)
                if answer is None:
                    return
                writer.write(answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _answer(self, head: bytes, reader: asyncio.StreamReader) -> bytes | None:
        lines = head.decode("latin-1").split("\r\n")
        sizes = [int(line.partition(":")[2]) for line in lines if line.lower().startswith("content-length:")]
        body = await reader.readexactly(sizes[0]) if sizes else b""
        if not lines[0].startswith("POST"):
            if b" /status" in head and not self.api_enabled:
                return _response(b"{}", "404 Not Found")
            return _response(b"{}", "200 OK" if self.model_loaded else "409 Conflict")
        said = json.loads(body)
        self.received.append((said["sender"], said["message"]))
        answer = answer_to(said["sender"], said["message"]) if self.answer is None else await self.answer(said["sender"], said["message"])
        if answer is None:
            return None
        return _response(answer if isinstance(answer, bytes) else json.dumps(answer).encode())


def _response(body: bytes, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


async def _run(port: int, delay_s: float) -> None:
    async def slowly(sender: str, message: str) -> Any:
        await asyncio.sleep(delay_s)
        return answer_to(sender, message)

    stand_in = StandInRasa(answer=slowly if delay_s else None, port=port)
    await stand_in.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=5999)
    parser.add_argument("--delay-s", type=float, default=0.0, help="how long each answer takes")
    arguments = parser.parse_args()
    asyncio.run(_run(arguments.port, arguments.delay_s))
