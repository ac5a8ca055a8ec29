"""The verbs of ``python -m knowledge``: what they print, and what they say when something is wrong."""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge import danger, store
from knowledge.__main__ import main, parser
from knowledge.model import Base
from knowledge.progress import shown

Edit = Callable[[str, str, str], None]
Captured = pytest.CaptureFixture[str]
VERBS = next(action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)).choices


@pytest.fixture(name="url")
def _url(base: Base, tmp_path: Path) -> str:
    """The address of the tiny knowledge base, built."""
    url = f"sqlite:///{tmp_path / 'built.db'}"
    store.build(base, url)
    return url


class TestHelp:
    @pytest.mark.parametrize("verb", VERBS)
    def test_every_verb_has_help_and_an_example_that_parses(self, verb: str) -> None:
        """Whoever types --help reads what the verb does, and a line that works as it stands."""
        epilog = VERBS[verb].epilog or ""

        assert VERBS[verb].description
        assert epilog.startswith(f"Example: python -m knowledge {verb}")
        example = epilog.partition("-m knowledge ")[2].partition(" >")[0]
        assert parser().parse_args(shlex.split(example)).run.__name__ == verb

    def test_the_verbs_are_listed(self, capsys: Captured) -> None:
        """The help of the whole names each verb; a new verb has to be in it."""
        with pytest.raises(SystemExit, match="0"):
            main(["--help"])

        printed = capsys.readouterr().out
        assert [verb for verb in VERBS if f"python -m knowledge {verb}" not in printed] == []

    def test_the_password_of_the_address_is_not_in_the_help(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Help may be pasted anywhere."""
        monkeypatch.setenv("TANDEM_KNOWLEDGE_URL", "postgresql://me:secret@h/d")
        build = next(action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)).choices["build"]

        assert "secret" not in build.format_help()
        assert parser().parse_args(["build"]).database == "postgresql://me:secret@h/d"


class TestCheck:
    def test_a_right_folder_is_counted(self, folder: Path, capsys: Captured) -> None:
        """One line says that all is right, and how much that is."""
        assert main(["check", "--folder", str(folder)]) == 0
        assert capsys.readouterr().out == "All right: 3 questions (1 of them not covered by the documents), 4 answers.\n"

    def test_all_complaints_are_printed_and_the_status_is_1(self, folder: Path, edit: Edit, capsys: Captured) -> None:
        """Complaints of shape and of sense come in one run, on the error output."""
        edit("questions/order.yml", "verdict: run_first", "verdict: run")
        edit("questions/wait_time.yml", "follow_ups: [order]", "follow_ups: [ordre]")

        assert main(["check", "--folder", str(folder)]) == 1
        printed = capsys.readouterr()
        assert printed.out == ""
        first, second, _, last = printed.err.splitlines()
        assert first.startswith("library/questions/order.yml:13: 'verdict' of an answer is 'run'.")
        assert second.startswith("library/questions/wait_time.yml:9: 'ordre' in 'follow_ups'")
        assert last == "2 complaints. Mend them and run again."

    def test_what_is_wrong_in_the_dangers_is_printed_with_the_rest(self, folder: Path, edit: Edit, capsys: Captured) -> None:
        """danger.yml is checked like every file of the folder, line by line."""
        (folder / "danger.yml").write_text(danger.HERE.read_text(encoding="utf-8"), encoding="utf-8")
        assert main(["check", "--folder", str(folder)]) == 0
        edit("danger.yml", "  - cauda equina\n", "  - <cauda> equina\n")
        edit("questions/order.yml", "verdict: run_first", "verdict: run")
        line = (folder / "danger.yml").read_text(encoding="utf-8").split("<cauda>")[0].count("\n") + 1

        assert main(["check", "--folder", str(folder)]) == 1
        first, second, *_, last = capsys.readouterr().err.splitlines()
        assert first.startswith(f"library/danger.yml:{line}: '<cauda> equina' cannot be read: there is no group 'cauda'.")
        assert second.startswith("library/questions/order.yml:13:")
        assert last == "2 complaints. Mend them and run again."

    def test_documents_are_looked_up_where_someone_has_them(self, folder: Path, tmp_path: Path, capsys: Captured) -> None:
        """--documents adds what the documents themselves say; a folder that is not there is one sentence."""
        (tmp_path / "after.txt").write_text("Running after lifting\nWhat comes first\n", encoding="utf-8")

        assert main(["check", "--folder", str(folder), "--documents", str(tmp_path)]) == 1
        assert "library/sources.yml:6: 'Running after lifting' has no section 'How long to wait'." in capsys.readouterr().err
        assert main(["check", "--folder", str(folder), "--documents", "/nowhere"]) == 1
        assert capsys.readouterr().err == "--documents: there is no folder /nowhere.\n"


class TestBuild:
    def test_build_says_what_it_wrote_and_where(self, folder: Path, tmp_path: Path, capsys: Captured) -> None:
        """Questions, answers, rows, seconds, address."""
        assert main(["build", "--folder", str(folder), "--database", f"sqlite:///{tmp_path}/new.db"]) == 0
        out = capsys.readouterr().out
        assert out.startswith("Built 3 questions, 4 answers, 81 rows in 0.")
        assert out.endswith(f" s: sqlite:///{tmp_path}/new.db\n")

    def test_a_wrong_folder_is_not_built(self, folder: Path, edit: Edit, url: str, capsys: Captured) -> None:
        """What check refuses, build refuses, and the old base stays."""
        edit("questions/order.yml", "advice: Use separate days.", "advice: 5")

        assert main(["build", "--folder", str(folder), "--database", url]) == 1
        assert "questions/order.yml:19" in capsys.readouterr().err
        assert store.Store(url).question("order").answers[2].advice == "Use separate days."

    def test_a_wrong_address_is_said_before_the_files_are_read(self, tmp_path: Path, capsys: Captured) -> None:
        """A typing error in the address does not cost a minute of checking first."""
        assert main(["build", "--folder", str(tmp_path), "--database", "mysql://h/d"]) == 1
        assert capsys.readouterr().err.startswith("the database address 'mysql://h/d' is not understood.")

    def test_a_long_job_says_how_far_it_is(self, capsys: Captured) -> None:
        """In a log that is a line now and then; a short job says nothing, not even an empty line."""
        with shown("Writing rows", quiet_s=0) as progress:
            progress(2_000, 10_000)
        assert capsys.readouterr().err == "Writing rows: 2,000 of 10,000\n"

        with shown("Writing rows") as progress:
            progress(2_000, 10_000)
        assert capsys.readouterr().err == ""

    @pytest.mark.skipif(os.name != "posix", reason="signals")
    def test_ctrl_c_is_one_line_and_status_130(self, folder: Path, tmp_path: Path) -> None:
        """Whoever stops a build reads that nothing is lost, and no traceback."""
        code = "import signal, sys, os; from knowledge import __main__, files\n"
        code += "files.read = lambda *a, **k: os.kill(os.getpid(), signal.SIGINT)\n"
        code += "sys.exit(__main__.main(['check']))"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)

        assert done.returncode == 128 + signal.SIGINT
        assert done.stderr == "Stopped. What was built before still serves.\n"


class TestAsk:
    @pytest.mark.parametrize("text", ["order", "Order in words, 3?"])
    def test_a_question_is_answered_with_sources_and_what_comes_next(self, url: str, text: str, capsys: Captured) -> None:
        """By its id or in words like those of a phrasing."""
        assert main(["ask", text, "--database", url]) == 0
        assert capsys.readouterr().out == (
            "[order] Run first or lift first?\n\n"
            "Lift first, then run.\n\nYou lift best while you are fresh.\n\nSources differ: one passage would run first.\n\n"
            "Sources: Running after lifting “What comes first”\n\nNext: How long should I wait?\n"
        )

    def test_goals_and_conditions_change_the_answer(self, url: str, capsys: Captured) -> None:
        """--goal may be given twice, --when names a condition."""
        main(["ask", "order", "--goal", "muscle", "--goal", "endurance", "--database", url])
        assert "For building muscle and endurance: use separate days." in capsys.readouterr().out
        main(["ask", "order", "--goal", "endurance", "--when", "purpose=race", "--database", url])
        assert "For endurance: run first, or on another day." in capsys.readouterr().out

    def test_what_is_not_covered_is_said(self, url: str, capsys: Captured) -> None:
        """A question that the documents do not answer points to the nearest that they do."""
        assert main(["ask", "creatine", "--database", url]) == 0
        assert capsys.readouterr().out == (
            "[creatine] Does creatine help?\n\nMy sources do not say whether creatine helps.\n\nNext: How long should I wait?\n"
        )

    @pytest.mark.parametrize(
        ("options", "expected"),
        [
            (["--goal", "muscl"], "--goal: there is no 'muscl'. Known: muscle, endurance. Did you mean 'muscle'?"),
            (["--when", "purpose"], "--when purpose: expected NAME=VALUE, such as body_part=lower. Names: purpose, intensity, order."),
            (["--when", "purpse=race"], "--when: there is no 'purpse'. Known: purpose, intensity, order. Did you mean 'purpose'?"),
            (["--when", "purpose=rice"], "--when purpose=: there is no 'rice'. Known: race, pace. Did you mean 'race'?"),
            (["--when", "="], "--when: there is no ''. Known: purpose, intensity, order."),
            (["--when", "purpose=race", "--when", "purpose=pace"], "--when: 'purpose' is given as 'race' and as 'pace'. Give it once."),
        ],
    )
    def test_a_wrong_option_is_one_sentence(self, url: str, options: list[str], expected: str, capsys: Captured) -> None:
        """What was given, what there is, and a guess."""
        assert main(["ask", "order", *options, "--database", url]) == 1
        assert capsys.readouterr().err == f"{expected}\n"

    def test_words_that_fit_nothing_are_one_sentence(self, url: str, capsys: Captured) -> None:
        """Rather no answer than one to another question."""
        assert main(["ask", "zzz", "--database", url]) == 1
        assert capsys.readouterr().err == "nothing in the knowledge base is worded like that. Try other words, or the id of a question.\n"

    def test_a_base_that_is_not_there_is_one_sentence(self, tmp_path: Path, capsys: Captured) -> None:
        """With the command that makes one."""
        assert main(["ask", "order", "--database", f"sqlite:///{tmp_path}/none.db"]) == 1
        assert capsys.readouterr().err == f"there is no knowledge base at {tmp_path}/none.db. Run: python -m knowledge build\n"


class TestExport:
    def test_phrasings_come_out_as_rasa_data(self, folder: Path, capsys: Captured) -> None:
        """One intent a question; those held out only when they are asked for."""
        main(["export", "--folder", str(folder)])
        trained = capsys.readouterr().out
        main(["export", "--folder", str(folder), "--held-out"])
        held_out = capsys.readouterr().out

        assert trained.startswith('version: "3.1"\nnlu:\n- intent: "ask/creatine"\n  examples: |\n    - creatine in words 0\n')
        assert trained.count("    - ") == 45
        assert "put otherwise" not in trained
        assert held_out.count("    - ") == 15

    def test_a_reader_that_has_had_enough_is_no_error(self, folder: Path, edit: Edit) -> None:
        """`| head -1` ends quietly, also where more was to come than a pipe holds."""
        edit("questions/order.yml", "  - order in words 3\n", "".join(f"  - order in more words {number}\n" for number in range(9_000)))
        command = f"{shlex.quote(sys.executable)} -m knowledge export --folder {shlex.quote(str(folder))} | head -1"
        done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60, check=False)

        assert (done.stdout, done.stderr) == ('version: "3.1"\n', "")
