"""Sense across files: each rule complains at the place that breaks it, and a right knowledge base has no complaint."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge import checks, files
from knowledge.documents import check_documents
from knowledge.model import Answer, Base

Edit = Callable[[str, str, str], None]
ORDER, WAIT, CREATINE = "questions/order.yml", "questions/wait_time.yml", "questions/creatine.yml"


def complaints(folder: Path) -> list[str]:
    """What is wrong with the sense of *folder*, whose shape is right."""
    return [str(complaint) for complaint in checks.check(files.load(folder))]


BROKEN = {
    "phrasing in two files": (WAIT, "wait_time in words 3", "Order in words, 4!", ":14: 'Order in words, 4!' is also asked_as in library/questions/order.yml:31."),
    "phrasing twice in one": (ORDER, "order in words 3", "order in words 2", ":30: 'order in words 2' is also asked_as in library/questions/order.yml:29. One"),
    "held out and trained on": (ORDER, "order put otherwise 0", "order in words 0", ":43: 'order in words 0' is also asked_as in library/questions/order.yml:27. A held-out"),
    "dangling follow-up": (ORDER, "follow_ups: [wait_time]", "follow_ups: [wait_tiem]", ":25: 'wait_tiem' in 'follow_ups' is no other question. Did you mean 'wait_time'?"),
    "follow-up to itself": (ORDER, "follow_ups: [wait_time]", "follow_ups: [order]", ":25: 'order' in 'follow_ups' is no other question."),
    "follow-up twice": (ORDER, "follow_ups: [wait_time]", "follow_ups: [wait_time, wait_time]", ":25: 'wait_time' stands twice in 'follow_ups'."),
    "nearest without answers": (CREATINE, "nearest: [wait_time]", "nearest: [creatine]", ":4: 'creatine' in 'nearest' is no other answered question."),
    "not covered, nothing near": (CREATINE, "nearest: [wait_time]\n", "", ":3: 'not_covered' needs 'nearest'"),
    "unknown goal": (ORDER, "goal: endurance", "goal: endurence", ":11: unknown goal 'endurence'. Known: any, muscle, endurance. Did you mean 'endurance'?"),
    "unknown goal of two": (ORDER, "goal: [muscle, endurance]", "goal: [muscle, mass]", ":18: unknown goal 'mass'."),
    "unknown condition": (ORDER, "when: {purpose:", "when: {purpse:", ":12: unknown condition 'purpse'. Known: purpose, intensity, order. Did you mean 'purpose'?"),
    "unknown value": (ORDER, "[race, pace]", "[race, pcae]", ":12: unknown value of 'purpose' 'pcae'. Known: race, pace. Did you mean 'pace'?"),
    "unknown source": (ORDER, "{source: after, section: What", "{source: aftr, section: What", ":9: unknown source 'aftr'. Known: after. Did you mean 'after'?"),
    "unknown section": (ORDER, "section: What comes first", "section: What comes frist", ":9: unknown section of 'after' (see library/sources.yml) 'What comes frist'. Did"),
    "no general answer": (WAIT, "goal: any", "goal: muscle", ":3: no answer with 'goal: any' and without 'when'."),
    "two answers for one case": (ORDER, "  - goal: [muscle, endurance]\n", "  - goal: any\n", ":18: the answer on line 4 is for the same goal and conditions. Merge them."),
    "title for two": (WAIT, "title: How long should I wait?", "title: Run first, or lift first", ":2: 'order' has the same title."),
    "title too long": (WAIT, "title: How long should I wait?", f"title: How long {'really ' * 8}?", ":2: the title has 66 letters, a button has room for 60."),
    "hard to read": (WAIT, "Tired legs run badly.", "Accumulated neuromuscular exhaustion compromises coordination considerably.", ":5: reads at school grade"),
    "too many words": (WAIT, "Tired legs run badly.", "Legs run on. " * 30, ":5: 97 words before the sources, at most 90."),
    "goal nobody answers": ("goals.yml", "{id: muscle,", "{id: looks,", ":1: no question has an answer for the goal 'looks'."),
    "goal twice": ("goals.yml", "id: endurance", "id: muscle", ":2: the id 'muscle' stands above already."),
    "section twice": ("sources.yml", "- How long to wait", "- Introduction", ":6: the section 'Introduction' stands above already."),
}  # fmt: skip


class TestCheck:
    def test_a_right_knowledge_base_has_no_complaint(self, folder: Path) -> None:
        """The tiny knowledge base of these tests breaks no rule."""
        assert complaints(folder) == []

    @pytest.mark.parametrize(("file", "old", "new", "expected"), BROKEN.values(), ids=BROKEN)
    def test_a_broken_rule_is_named_with_file_and_line(
        self, folder: Path, edit: Edit, file: str, old: str, new: str, expected: str
    ) -> None:
        """Each rule names the place that breaks it, what stands there, and what to do."""
        edit(file, old, new)

        assert any(complaint.startswith(f"library/{file}{expected}") for complaint in complaints(folder)), complaints(folder)

    @pytest.mark.parametrize(("key", "kept", "least"), [("in words", 14, 15), ("put otherwise", 4, 5)])
    def test_too_few_phrasings_are_counted(self, folder: Path, edit: Edit, key: str, kept: int, least: int) -> None:
        """A question needs fifteen phrasings to train on and five that are held out."""
        edit(WAIT, f"  - wait_time {key} {kept}\n", "")

        assert [complaint.split(": ", 1)[1].split(",")[0] for complaint in complaints(folder)] == [
            f"{kept} phrasings in '{'asked_as' if least == 15 else 'held_out'}'"
        ]

    def test_all_complaints_are_there_at_once_and_sorted(self, folder: Path, edit: Edit) -> None:
        """One run shows everything, by file and line."""
        edit(WAIT, "wait_time in words 3", "order in words 3")
        edit(ORDER, "[race, pace]", "[rice, peace]")
        edit(CREATINE, "nearest: [wait_time]\n", "")

        assert [complaint.split(": ")[0].removeprefix("library/questions/") for complaint in complaints(folder)] == [
            "creatine.yml:3", "order.yml:12", "order.yml:12", "wait_time.yml:14",
        ]  # fmt: skip

    def test_what_reading_complained_of_is_not_complained_of_again(self, folder: Path, edit: Edit) -> None:
        """A text that is missing is one complaint, not one of its shape and another of its sense."""
        edit(ORDER, "{source: after, section: What", "{source: 5, section: What")
        base, found = files.read(folder)

        assert len(found) == 1
        assert checks.check(base) == []

    def test_progress_counts_the_questions(self, base: Base) -> None:
        """Whoever waits is told of each question checked."""
        told: list[tuple[int, int]] = []
        checks.check(base, progress=lambda done, of: told.append((done, of)))

        assert told == [(1, 3), (2, 3), (3, 3)]


class TestMeasures:
    @pytest.mark.parametrize(
        ("text", "folded"),
        [("Can I RUN, now?!", "can i run now"), ("run  b4\tweights", "run b4 weights"), ("w/o 5x5", "w/o 5x5"), ("…", "")],
    )
    def test_fold_keeps_letters_and_digits(self, text: str, folded: str) -> None:
        """Two phrasings that differ in case, spaces or punctuation only are one."""
        assert checks.fold(text) == folded

    def test_grade_rises_with_long_words_and_sentences(self) -> None:
        """Plain sentences are within the limit, laboured ones are not."""
        plain = Answer((), {}, "Lift first, then run.", "You lift best while you are fresh.")
        laboured = Answer(
            (), {}, "Prioritise resistance exercise.", "Antecedent cardiovascular activity diminishes performance considerably."
        )

        assert checks.grade(plain) < checks.MAX_GRADE < checks.grade(laboured)


class TestDocuments:
    @pytest.fixture(name="documents")
    def _documents(self, tmp_path: Path) -> Path:
        """A folder with the document of the tiny knowledge base."""
        folder = tmp_path / "documents"
        folder.mkdir()
        text = "Running after lifting\n\nSome words.\n\nWhat comes first\n\nMore.\nHow long to wait?\nMore.\n"
        (folder / "000_after.txt").write_text(text, encoding="utf-8")
        return folder

    def test_sections_that_the_document_has_are_right(self, base: Base, documents: Path) -> None:
        """Punctuation aside each section is a line of its document; the introduction has no heading."""
        assert check_documents(base, documents) == []

    def test_a_section_that_the_document_lacks_is_named_by_its_line(self, base: Base, documents: Path) -> None:
        """A heading copied wrongly is found where the document is at hand."""
        (documents / "000_after.txt").write_text("Running after lifting\nHow long to wait\n", encoding="utf-8")

        assert [str(complaint) for complaint in check_documents(base, documents)] == [
            "library/sources.yml:5: 'Running after lifting' has no section 'What comes first'. Copy the heading as it stands."
        ]

    def test_a_document_that_is_not_there_is_named(self, base: Base, tmp_path: Path) -> None:
        """A source whose document is not in the folder is a complaint, not a silent pass."""
        found = check_documents(base, tmp_path)

        assert [(complaint.line, complaint.text[:21]) for complaint in found] == [(2, "no text file in " + str(tmp_path)[:5])]

    def test_a_document_in_another_encoding_is_named(self, base: Base, documents: Path) -> None:
        """What cannot be read as text is said with its file."""
        (documents / "001_other.txt").write_bytes(b"\xe9t\xe9")

        assert [complaint.file for complaint in check_documents(base, documents)] == [str(documents / "001_other.txt")]
