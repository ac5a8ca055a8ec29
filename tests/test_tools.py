"""What make calls: preparing, training, keeping quiet, chatting; against real ports, real processes and a real small server."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from tools import chat, prepare, train

ROOT = Path(__file__).resolve().parent.parent
RASA = """\
#!/bin/sh
echo "INFO rasa - Starting to train component 'Reader'."
echo "INFO rasa - Finished training component 'Reader'."
echo "INFO rasa - Restored component 'Selector' from cache."
{then}
"""


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with what preparing reads."""
    shutil.copy(ROOT / "endpoints.yml", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(name="taken")
def _taken() -> Iterator[int]:
    """A port at which something listens."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


@pytest.fixture(name="ports")
def _ports(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Free ports, one for each name, in the environment."""
    sockets = [socket.socket() for _ in prepare.PORTS]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    found = {name: one.getsockname()[1] for name, one in zip(prepare.PORTS, sockets, strict=True)}
    for one in sockets:
        one.close()
    for name, port in found.items():
        monkeypatch.setenv(name, str(port))
    return found


class TestPreparing:
    def test_free_ports_are_no_complaint(self, folder: Path, ports: dict[str, int], capsys: pytest.CaptureFixture[str]) -> None:
        """Nothing is said, and everything can start."""
        assert prepare.main() == 0
        assert capsys.readouterr() == ("", "")

    @pytest.mark.parametrize("name", prepare.PORTS)
    def test_a_taken_port_is_one_sentence(
        self,
        folder: Path,
        ports: dict[str, int],
        taken: int,
        name: str,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """Which port, what wanted it, and how to choose another."""
        monkeypatch.setenv(name, str(taken))

        assert prepare.main() == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert f"Port {taken}, wanted for {prepare.PORTS[name]}, is taken." in line
        assert f"{name}=" in line

    @pytest.mark.parametrize("value", ["", "http", "0", "65536", "-1", "80.5", "8080 "])
    def test_what_is_no_port_is_one_sentence(
        self, folder: Path, ports: dict[str, int], value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """What was found, and what was expected."""
        monkeypatch.setenv("TANDEM_PORT", value)

        assert prepare.main() == 1
        assert f"TANDEM_PORT is '{value}'. Expected the number of a port, 1 to 65535.\n" == capsys.readouterr().err

    def test_all_complaints_are_told_at_once(
        self, folder: Path, ports: dict[str, int], taken: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Nobody mends them one start at a time."""
        monkeypatch.setenv("TANDEM_PORT", "http")
        monkeypatch.setenv("TANDEM_RASA_PORT", str(taken))
        prepare.main()

        assert len(capsys.readouterr().err.splitlines()) == 2

    def test_rasa_is_told_where_the_action_server_is(self, folder: Path, ports: dict[str, int]) -> None:
        """In its own copy of endpoints.yml, which is otherwise the same."""
        prepare.main()
        written = (folder / "var" / "endpoints.yml").read_text(encoding="utf-8")

        assert written == (ROOT / "endpoints.yml").read_text(encoding="utf-8").replace("5055", str(ports["TANDEM_ACTIONS_PORT"]))
        assert f"http://127.0.0.1:{ports['TANDEM_ACTIONS_PORT']}/webhook" in written

    def test_one_port_cannot_serve_twice(
        self, folder: Path, ports: dict[str, int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """It is said before anything starts, not by whichever comes second."""
        monkeypatch.setenv("TANDEM_PORT", str(ports["TANDEM_RASA_PORT"]))

        assert prepare.main() == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert "TANDEM_PORT" in line
        assert "TANDEM_RASA_PORT" in line

    def test_a_port_that_is_not_set_is_a_sentence_and_no_more(
        self, folder: Path, ports: dict[str, int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Somebody runs the tool without make."""
        monkeypatch.delenv("TANDEM_ACTIONS_PORT")

        assert prepare.main() == 1

    def test_talking_in_the_terminal_needs_no_front_door(
        self, folder: Path, ports: dict[str, int], taken: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Its port may be taken; of the others it is said how to chat with another."""
        monkeypatch.setenv("TANDEM_PORT", str(taken))
        assert prepare.main("chat") == 0

        monkeypatch.setenv("TANDEM_RASA_PORT", str(taken))
        assert prepare.main("chat") == 1
        assert capsys.readouterr().err.endswith(" make chat\n")

    def test_a_house_that_runs_keeps_its_endpoints(
        self, folder: Path, ports: dict[str, int], taken: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A start that cannot be leaves the file alone from which a running Rasa may be started again."""
        monkeypatch.setenv("TANDEM_PORT", str(taken))

        assert prepare.main() == 1
        assert not (folder / "var" / "endpoints.yml").exists()

    def test_the_port_that_is_suggested_is_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Also where the taken one is among the last."""
        for port in range(65_535, 64_600, -1):
            with socket.socket() as listening:
                try:
                    listening.bind(("127.0.0.1", port))
                except OSError:
                    continue
                listening.listen()
                monkeypatch.setenv("TANDEM_PORT", str(port))
                sentence = prepare.complaint("TANDEM_PORT", "the front door") or ""
                break

        assert int(sentence.partition("TANDEM_PORT=")[2].split()[0]) < 65_536


class TestTraining:
    @pytest.fixture(name="rasa")
    def _rasa(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
        """A Rasa that trains as its last lines say."""

        def rasa(then: str) -> None:
            script = folder / "rasa.sh"
            script.write_text(RASA.format(then=then), encoding="utf-8")
            script.chmod(0o755)
            monkeypatch.setattr(train.sys, "executable", str(script))

        return rasa

    def test_the_steps_are_shown_and_the_log_is_not(self, rasa: Callable[[str], None], capsys: pytest.CaptureFixture[str]) -> None:
        """What is trained, what is unchanged; and the model at the end."""
        rasa('echo "WARNING something nobody needs to read"; mkdir -p models; touch models/tandem.tar.gz')

        assert train.main("models/tandem.tar.gz") == 0
        shown = capsys.readouterr().out
        assert [line.split(" s  ")[1] for line in shown.splitlines() if " s  " in line] == [
            "training Reader",
            "trained Reader",
            "Selector is unchanged",
        ]
        assert "WARNING" not in shown
        assert shown.splitlines()[-1].startswith("Trained models/tandem.tar.gz in ")

    def test_the_whole_log_is_kept(self, rasa: Callable[[str], None], folder: Path) -> None:
        """Also of a training that went well."""
        rasa('echo "a line of the log"; mkdir -p models; touch models/tandem.tar.gz')
        train.main("models/tandem.tar.gz")

        assert (folder / train.LOG).read_text(encoding="utf-8").endswith("a line of the log\n")

    def test_a_failed_training_shows_the_end_of_its_log(self, rasa: Callable[[str], None], capsys: pytest.CaptureFixture[str]) -> None:
        """The last lines, where the rest is, and Rasa's own status."""
        rasa('seq -f "line %g" 40; echo "FilesError: order.yml:9: unknown key"; exit 3')

        assert train.main("models/tandem.tar.gz") == 3
        said = capsys.readouterr().err.splitlines()
        assert "FilesError: order.yml:9: unknown key" in said
        assert "line 40" in said
        assert "line 5" not in said
        assert said[-1] == f"Training failed. The whole log: {train.LOG}"

    def test_a_training_without_a_model_failed(self, rasa: Callable[[str], None], capsys: pytest.CaptureFixture[str]) -> None:
        """Rasa says that all is well where an importer gave it nothing to train."""
        rasa("exit 0")

        assert train.main("models/tandem.tar.gz") == 1
        assert "Training failed." in capsys.readouterr().err

    def test_a_model_that_is_unchanged_counts_as_new(self, rasa: Callable[[str], None], folder: Path) -> None:
        """Rasa leaves the file alone then; make must not train again at every start."""
        (folder / "models").mkdir()
        model = folder / "models" / "tandem.tar.gz"
        model.touch()
        os.utime(model, (0, 0))
        rasa("exit 0")

        assert train.main("models/tandem.tar.gz") == 0
        assert model.stat().st_mtime > 0


class TestQuiet:
    def test_a_module_runs_without_notices(self, tmp_path: Path) -> None:
        """Deprecations that sanic and Rasa switch back on stay off; other warnings, arguments and status are the module's own."""
        (tmp_path / "noisy.py").write_text(
            "import sys, warnings\n"
            "class Both(UserWarning, DeprecationWarning): ...\n"
            "warnings.simplefilter('always')\n"
            "for category in (DeprecationWarning, PendingDeprecationWarning, FutureWarning, Both):\n"
            "    warnings.warn('noise', category)\n"
            "warnings.warn('news', UserWarning)\n"
            "print(sys.argv[1:])\n"
            "sys.exit(3)\n",
            encoding="utf-8",
        )
        environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}
        environment.pop("PYTHONWARNINGS", None)
        done = subprocess.run(
            [sys.executable, "-m", "tools.quiet", "noisy", "--port", "1"], capture_output=True, text=True, env=environment, cwd=ROOT
        )

        assert (done.returncode, done.stdout) == (3, "['--port', '1']\n")
        assert "UserWarning: news" in done.stderr
        assert "noise" not in done.stderr


class TestStarting:
    """Of a Procfile with two processes, each of which says something and then waits."""

    @pytest.fixture(name="started")
    def _started(self, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
        """Everything started, with its output to be read."""
        waits = "import os, time; print('pid', os.getpid(), flush=True); time.sleep(60)"
        (tmp_path / "Procfile").write_text("".join(f'{name}: exec {sys.executable} -c "{waits}"\n' for name in "ab"), encoding="utf-8")
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "tools.start"]
        with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as process:
            yield process
            process.kill()

    @staticmethod
    def pids(started: subprocess.Popen[str]) -> list[int]:
        """The processes of the Procfile, once they run."""
        assert started.stdout is not None
        found: list[int] = []
        while len(found) < 2:
            line = started.stdout.readline()
            assert line, f"it ended with {started.wait(10)} instead"
            _, says, pid = line.partition("| pid ")
            found += [int(pid)] if says else []
        return found

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_all_end_at_a_signal(self, started: subprocess.Popen[str], number: signal.Signals) -> None:
        """Ctrl-C, an orderly end, a terminal that was closed and takes no more words: nothing is left behind."""
        pids = self.pids(started)
        assert started.stdout is not None
        started.stdout.close()
        started.send_signal(number)

        assert started.wait(10) in (130, 143)
        assert not any(Path(f"/proc/{pid}").exists() for pid in pids)

    def test_all_end_with_one(self, started: subprocess.Popen[str]) -> None:
        """One that was killed ends the others, and the exit status says how."""
        one, other = self.pids(started)
        os.kill(one, signal.SIGKILL)

        assert started.wait(10) in (-signal.SIGKILL, 128 + signal.SIGKILL, 256 - signal.SIGKILL)
        assert not Path(f"/proc/{other}").exists()

    def test_the_processes_are_no_children_of_a_shell(self) -> None:
        """It would end before them, and the terminal would be free while they still hold their ports."""
        lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()

        assert lines
        assert all(line.partition(": ")[2].startswith("exec ") for line in lines)


class TestChatting:
    @pytest.fixture(name="answer")
    def _answer(self) -> list[dict[str, Any]]:
        """What Rasa answers."""
        return [
            {"text": "Lift first.", "buttons": [{"title": "Why?", "payload": "/why"}, {"title": "More", "payload": "/more"}]},
            {"custom": {}},
        ]

    @pytest.fixture(name="received")
    def _received(self, answer: list[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, str]]]]:
        """The address of a Rasa that answers everything alike, and what it got."""
        received: list[dict[str, str]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """Answer."""
                received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", received
        server.shutdown()
        server.server_close()
        thread.join()

    def test_what_is_typed_is_sent_and_a_number_presses(
        self, received: tuple[str, list[dict[str, str]]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A number of a button is its payload, any other is text; nothing typed is a command; an empty line ends."""
        url, messages = received
        typed = iter(["3", "run first?", "2", "7", "/restart", ""])
        monkeypatch.setattr("builtins.input", lambda prompt: next(typed))
        chat.talk(url)

        assert [message["message"] for message in messages] == ["3", "run first?", "/more", "7", "restart"]
        assert len({message["sender"] for message in messages}) == 1
        assert "Lift first.\n\n  [1] Why?\n  [2] More\n" in capsys.readouterr().out

    @pytest.mark.parametrize("typed", ["²", "99999999999999999999", "/", "🏃"])
    def test_whatever_is_typed_is_text(
        self, received: tuple[str, list[dict[str, str]]], typed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """What only looks like a number presses nothing, and a slash is no command."""
        url, messages = received
        lines = iter(["run first?", typed, ""])
        monkeypatch.setattr("builtins.input", lambda prompt: next(lines))
        chat.talk(url)

        assert messages[1]["message"] == typed.strip("/")

    def test_silence_is_said(
        self,
        received: tuple[str, list[dict[str, str]]],
        answer: list[dict[str, Any]],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """Rasa answers a turn that failed with an empty list; where to look stands on the terminal."""
        answer.clear()
        lines = iter(["run first?", ""])
        monkeypatch.setattr("builtins.input", lambda prompt: next(lines))
        chat.talk(received[0])

        assert "why is in var/log/rasa.log" in capsys.readouterr().out

    @pytest.mark.parametrize("leaves", [EOFError, KeyboardInterrupt, httpx.ConnectError("gone")])
    def test_whoever_leaves_ends_the_servers(
        self, leaves: Exception, ports: dict[str, int], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Ctrl-D, Ctrl-C and a Rasa that is gone end the chat without a traceback, and leave nothing behind."""
        running: list[subprocess.Popen[bytes]] = []

        def start(processes: list[subprocess.Popen[bytes]]) -> None:
            processes.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]))
            running.extend(processes)

        def talk(url: str) -> None:
            raise leaves

        monkeypatch.setattr(chat.signal, "signal", lambda *_: None)  # those of the test run stay
        monkeypatch.setattr(chat, "start", start)
        monkeypatch.setattr(chat, "wait", lambda url, processes: True)
        monkeypatch.setattr(chat, "talk", talk)

        assert chat.main() == (1 if isinstance(leaves, httpx.HTTPError) else 0)
        assert [process.poll() for process in running] == [-signal.SIGTERM]

    def test_a_server_that_ends_is_not_waited_for(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Where to look stands on the terminal."""
        with subprocess.Popen([sys.executable, "-c", ""]) as ended:
            ended.wait()
            assert not chat.wait("http://127.0.0.1:1", [ended])

        assert "It did not start. Why is in var/log/rasa.log" in capsys.readouterr().err
