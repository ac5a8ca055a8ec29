"""A cable to a server that is not ours to kill: cut, and everything behind it is as good as dead."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import suppress


class Cable:
    """A TCP proxy on loopback."""

    def __init__(self, host: str, port: int) -> None:
        self._far, self._ends = (host, port), list[socket.socket]()
        self._threads: list[threading.Thread] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._start(self._serve, self._listening)

    def cut(self) -> None:
        """End all connections at once, and refuse new ones; returns when that is done."""
        for end in (self._listening, *self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._ends.clear()
        self._threads.clear()

    def mend(self) -> None:
        """Connect as before, at the same port."""
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self._start(self._serve, self._listening)

    def _start(self, work: object, *ends: socket.socket) -> None:
        self._threads.append(threading.Thread(target=work, args=ends, daemon=True))
        self._threads[-1].start()

    def _serve(self, listening: socket.socket) -> None:
        with listening, suppress(OSError):  # it was cut
            while True:
                near, _ = listening.accept()
                far = socket.create_connection(self._far)
                self._ends += [near, far]
                self._start(self._carry, near, far)

    @staticmethod
    def _carry(near: socket.socket, far: socket.socket) -> None:
        with near, far, suppress(OSError):
            while True:
                for end in select.select([near, far], [], [])[0]:
                    some = end.recv(65_536)
                    if not some:
                        return
                    (far if end is near else near).sendall(some)
