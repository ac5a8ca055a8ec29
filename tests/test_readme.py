"""The README says what is: rooms, commands, settings, the example, the pictures."""

from __future__ import annotations

import re
import shutil
from dataclasses import fields
from pathlib import Path

import pytest

from channels.settings import Settings
from knowledge import __main__ as command_line
from knowledge import files

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PICTURES = "docs"
"""The one folder that is no room: what the README shows."""
CODE = [
    ROOT / "Makefile",
    ROOT / "Procfile",
    *(path for room in ("actions", "channels", "components", "knowledge", "tools") for path in (ROOT / room).rglob("*.py")),
]


def rooms() -> list[str]:
    """The rooms that the README lists."""
    return re.findall(r"^\| `(\w+)/` \|", README, flags=re.MULTILINE)


def folders() -> set[str]:
    """The folders of the repository: neither hidden nor left out of it."""
    left_out = {line.strip("/ ") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()}
    return {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith((".", "__"))} - left_out


def section(title: str) -> str:
    """The text under the heading *title*."""
    return re.split(r"^## ", README.partition(f"\n## {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def settings() -> dict[str, str]:
    """The environment variables of the README, each with what stands as its default."""
    found = {}
    for names, default in re.findall(r"^\| ((?:`TANDEM_\w+`(?:, )?)+) \| (.*?) \|", section("Settings"), flags=re.MULTILINE):
        values = default.replace("`", "").split(", ")
        found |= dict(zip(re.findall(r"TANDEM_\w+", names), values, strict=True))
    return found


def test_it_is_short() -> None:
    """Under 250 lines: who wants more finds it where it is."""
    assert len(README.splitlines()) < 250


def test_each_room_is_listed_and_is_there() -> None:
    """The list and the folders are the same."""
    assert len(rooms()) == len(set(rooms()))
    assert set(rooms()) == folders() - {PICTURES}


def test_the_pictures_are_shown() -> None:
    """A picture that the README does not show is left over, one that it shows is there."""
    shown = set(re.findall(r"!\[[^]]+\]\(docs/([^)]+)\)", README))

    assert shown
    assert shown <= {path.name for path in (ROOT / PICTURES).iterdir()}


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z]+)\b", re.sub(r"[^`]*(`[^`]*`)|[^`]+", r"\1 ", README)))))
def test_each_make_target_exists(target: str) -> None:
    """And `make help` lists it."""
    assert re.search(rf"^{target}:.*## ", MAKEFILE, flags=re.MULTILINE)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"TANDEM_\w+", README))))
def test_each_environment_variable_is_read_somewhere(name: str) -> None:
    """What is promised as a setting sets something; the front door names its own by the fields of a class."""
    of_the_front_door = {f"TANDEM_{field.name.upper()}" for field in fields(Settings)}

    assert name in of_the_front_door or any(re.search(rf"\b{name}\b", path.read_text(encoding="utf-8")) for path in CODE)


def test_each_environment_variable_that_is_read_is_listed() -> None:
    """Those of the front door stand in its own file."""
    read = {
        name
        for path in CODE
        if "channels" not in path.parts and path.suffix == ".py"
        for name in re.findall(r"environ(?:\.get)?[\[(]\"(TANDEM_\w+)\"", path.read_text(encoding="utf-8"))
    }

    assert read
    assert read <= set(settings())


def test_the_defaults_are_those_of_make() -> None:
    """A default stands in the Makefile and in the README, and the two agree."""
    made = dict(re.findall(r"^export (TANDEM_\w+) \?= (\S+)$", MAKEFILE, flags=re.MULTILINE))
    shown = settings()

    assert made
    assert {name: value for name, value in made.items() if name in shown} == {name: shown[name] for name in made if name in shown}


@pytest.mark.parametrize("verb", sorted(set(re.findall(r"python -m knowledge (\w+)", README))))
def test_each_verb_of_the_knowledge_base_exists(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Its help can be read."""
    with pytest.raises(SystemExit) as ended:
        command_line.main([verb, "--help"])

    assert ended.value.code == 0
    assert verb in capsys.readouterr().out


@pytest.mark.parametrize("module", sorted(set(re.findall(r"python -m ([a-z.]+)", README))))
def test_each_module_that_is_run_is_there(module: str) -> None:
    """As a file, or as a package with a `__main__`."""
    path = ROOT.joinpath(*module.split("."))

    assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()


@pytest.mark.parametrize("place", sorted(set(re.findall(r"\]\(((?!http)[^)]+)\)", README))))
def test_each_link_leads_somewhere(place: str) -> None:
    """Files that the README links to are in the repository."""
    assert (ROOT / place).exists()


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:\w+/)+[\w.<>]+\.\w+)`", README))))
def test_each_file_that_is_named_is_there(path: str) -> None:
    """A name with <id> in it stands for many."""
    assert list(ROOT.glob(re.sub(r"<\w+>", "*", path)))


def test_the_example_question_can_be_read(tmp_path: Path) -> None:
    """Somebody starts from it: with the dots taken out it is a question file without a complaint about its shape."""
    (example,) = re.findall(r"```yaml\n(.*?)```", section("Add a question"), flags=re.DOTALL)
    folder = tmp_path / "knowledge"
    (folder / "questions").mkdir(parents=True)
    for name in ("goals", "sources", "vocabulary"):
        shutil.copy(ROOT / "knowledge" / f"{name}.yml", folder)
    (folder / "questions" / "rest_day.yml").write_text(example.replace(", ...]", "]"), encoding="utf-8")
    base, complaints = files.read(folder)

    assert complaints == []
    (question,) = base.questions
    assert question.id == "rest_day"
    sections = {source.id: source.sections for source in base.sources}
    assert all(piece.section in sections[piece.source] for answer in question.answers for piece in answer.evidence)


def test_the_transcript_is_of_questions_there_are(real: files.Base) -> None:
    """The buttons of the conversation are titles of questions, or of goals."""
    buttons = set(re.findall(r"\[([^]\n]+)\]", section("A conversation")))

    assert buttons
    assert buttons <= {question.title for question in real.questions} | {goal.title for goal in real.goals}
