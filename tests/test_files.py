"""Reading YAML: what is right becomes the model, what is wrong becomes complaints with file and line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from knowledge import files
from knowledge.errors import FilesError
from knowledge.model import Answer, Base, Evidence, Goal, Source

Edit = Callable[[str, str, str], None]


def complaints(folder: Path) -> list[str]:
    """What reading *folder* complains of, as a person reads it."""
    return [str(complaint) for complaint in files.read(folder)[1]]


class TestRight:
    def test_goals_and_sources_are_read_as_they_stand(self, base: Base) -> None:
        """Each row of goals.yml and sources.yml becomes a Goal and a Source, in their order."""
        assert base.goals[0] == Goal("muscle", "Build muscle", "building muscle", ("muscle", "gains"))
        assert base.sources == (Source("after", "Running after lifting", ("Introduction", "What comes first", "How long to wait")),)

    def test_an_answer_keeps_goals_conditions_and_evidence(self, base: Base) -> None:
        """Every key of an answer in a file is in the model; 'any' is no goal."""
        order = next(question for question in base.questions if question.id == "order")

        assert [answer.goals for answer in order.answers] == [(), ("endurance",), ("muscle", "endurance")]
        assert order.answers[1] == Answer(
            goals=("endurance",),
            when={"purpose": ("race", "pace")},
            advice="Run first, or on another day.",
            because="A run goes better on fresh legs.",
            verdict="run_first",
            evidence=(Evidence("after", "How long to wait", "supports", "Makes races the exception."),),
        )
        assert order.answers[2].caution == "Rest when you are tired."

    def test_a_question_without_answers_says_what_is_not_covered(self, base: Base) -> None:
        """not_covered and nearest come over, answers are none."""
        creatine = next(question for question in base.questions if question.id == "creatine")

        assert (creatine.not_covered, creatine.nearest, creatine.answers) == ("whether creatine helps", ("wait_time",), ())
        assert (len(creatine.asked_as), len(creatine.held_out)) == (15, 5)

    def test_dimensions_are_those_of_the_vocabulary_and_the_order(self, base: Base) -> None:
        """What an answer may depend on is declared in vocabulary.yml alone, but for the order of the two activities."""
        assert base.dimensions == {"purpose": ("race", "pace"), "intensity": ("easy", "hard"), "order": ("lift_first", "run_first")}

    def test_a_place_knows_the_line_of_everything_in_its_file(self, base: Base) -> None:
        """A path that is not in the file has the line of the nearest thing around it, which is where to look."""
        place = base.where["questions/order"]

        assert place.file == "library/questions/order.yml"
        assert [place.line("answers", 1, "when", "purpose", 1), place.line("answers", 1, "caution"), place.line("nothing")] == [12, 11, 1]

    def test_texts_are_folded_to_one_line(self, folder: Path, edit: Edit) -> None:
        """A text that runs over several lines in YAML is one line to a reader."""
        edit("questions/order.yml", "advice: Lift first, then run.", "advice: |\n      Lift first,\n      then run.")

        assert files.load(folder).questions[1].answers[0].advice == "Lift first, then run."

    @pytest.mark.parametrize("name", [".order.yml.swp", ".#order.yml"])
    def test_an_editors_hidden_files_are_left_alone(self, folder: Path, name: str) -> None:
        """What starts with a dot is no question and no complaint."""
        (folder / "questions" / name).write_bytes(b"\xff")

        assert complaints(folder) == []

    def test_a_byte_order_mark_is_no_complaint(self, folder: Path) -> None:
        """Some editors write one; it is no part of the text."""
        path = folder / "goals.yml"
        path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")

        assert files.load(folder).goals[0].id == "muscle"

    def test_progress_counts_the_questions(self, folder: Path) -> None:
        """Whoever waits is told of each question read, and of how many there are."""
        told: list[tuple[int, int]] = []
        files.read(folder, progress=lambda done, of: told.append((done, of)))

        assert told == [(1, 3), (2, 3), (3, 3)]


ORDER = "questions/order.yml"
WRONG = {
    "unknown key": (ORDER, "    because: You", "    becuse: You", "7: unknown key 'becuse' in an answer. Known keys: goal, when, verdict"),
    "unknown key, with a guess": (ORDER, "follow_ups:", "folow_ups:", "Did you mean 'follow_ups'?"),
    "missing key": (ORDER, "    because: You lift best while you are fresh.\n", "", "4: an answer has no 'because'. Add the line 'because: …'."),
    "missing title": (ORDER, "title: Run first or lift first?\n", "", "1: a question has no 'title'."),
    "id unlike the file": (ORDER, "id: order", "id: oder", "1: the id is 'oder', the file is order.yml. Make them the same."),
    "id that is no id": ("goals.yml", "id: muscle", "id: Muscle Gain", "1: the id is 'Muscle Gain'. Expected small letters"),
    "number as a phrasing": (ORDER, "  - order in words 3\n", "  - 5\n", "must be a text; found the number 5. Put it in quotes."),
    "date as a phrasing": (ORDER, "  - order in words 3\n", "  - 2026-01-01\n", "must be a text; found the date 2026-01-01. Put it in quotes."),
    "truth value as a text": (ORDER, "advice: Use separate days.", "advice: true", "19: 'advice' of an answer must be a text; found the truth value true."),
    "nothing as a text": (ORDER, "advice: Use separate days.", "advice:", "19: 'advice' of an answer must be a text; found nothing."),
    "empty text": (ORDER, "advice: Use separate days.", "advice: ' '", "19: 'advice' of an answer must be a text; found an empty text."),
    "list as a text": (ORDER, "advice: Use separate days.", "advice: [a, b]", "19: 'advice' of an answer must be a text; found a list."),
    "text as a list": (ORDER, "answers:\n", "answers: none\nanswer:\n", "3: 'answers' of a question must be a list; found the text 'none'."),
    "text as evidence": (ORDER, "      - {source: after, section: What comes first, stance: supports, note: Puts weights first.}\n", "      - Puts weights first.\n",
                         "9: evidence must be a mapping with the keys source, section, stance, note; found the text"),
    "text as conditions": (ORDER, "when: {purpose: [race, pace]}", "when: race", "12: 'when' of an answer must be a mapping; found the text 'race'."),
    "stance that is none": (ORDER, "stance: garbled", "stance: garbeld", "24: 'stance' of evidence is 'garbeld'. Expected one of: supports, contradicts, garbled. Did"),
    "verdict that is none": (ORDER, "verdict: run_first", "verdict: run", "13: 'verdict' of an answer is 'run'. Expected one of: lift_first, run_first"),
    "any beside a goal": (ORDER, "goal: [muscle, endurance]", "goal: [muscle, any]", "18: 'goal' names 'any' beside others."),
    "no evidence": (ORDER, "section: How long to wait, stance: supports, note: Makes", "section: How long to wait, stance: contradicts, note: Makes",
                    "11: answer without evidence that supports it."),
    "answers and not covered": (ORDER, "follow_ups: [wait_time]", "not_covered: anything", "or 'not_covered' with 'nearest'; this one has both."),
    "neither of them": ("questions/creatine.yml", "not_covered: whether creatine helps\n", "", "'not_covered' with 'nearest'; this one has neither."),
    "key twice": (ORDER, "    because: You", "    advice: Or not.\n    because: You", "7: the key 'advice' stands a second time; the first is on line 6."),
    "tab": (ORDER, "    because: You", "\tbecause: You", "7: is not readable YAML: a tab indents this line. Use spaces."),
    "quote that does not close": (ORDER, "advice: Use separate days.", "advice: 'Use separate days.", "19: is not readable YAML: while scanning a quoted scalar"),
    "colon in a text": (ORDER, "advice: Use separate days.", "advice: Yes: separate days.", "19: is not readable YAML: "),
    "two documents": (ORDER, "follow_ups:", "---\nfollow_ups:", "is not readable YAML: expected a single document"),
    "control character": (ORDER, "advice: Use separate days.", "advice: Use\x07.", "19: holds the control character '\\x07'. Delete it."),
    "escaped control character": (ORDER, "advice: Use separate days.", 'advice: "Use\\0"', "19: 'advice' of an answer must be a text; found a control character."),
    "alias": (ORDER, "follow_ups: [wait_time]", "follow_ups: &a [*a]", "25: an alias (*name) stands here or below."),
    "tag": (ORDER, "advice: Use separate days.", "advice: !secret x", "19: 'advice' of an answer must be a text; found something tagged"),
    "sources that are no list": ("sources.yml", "- id: after\n  title", "  id: after\n  title", "1: the file must be a list; found a mapping."),
    "goal that is no mapping": ("goals.yml", "- {id: endurance, title: Run better, phrase: endurance, words: [endurance]}", "- endurance", "2: a goal must be a mapping"),
    "source without sections": ("sources.yml", "  sections:\n    - Introduction\n    - What comes first\n    - How long to wait\n", "", "1: a source has no 'sections'."),
    "number in a goal's words": ("goals.yml", "words: [endurance]", "words: [5]", "2: 'words' of a goal must be a text; found the number 5."),
    "number as slang": ("vocabulary.yml", "b4: before", "b4: 4", "8: 'b4' of 'slang' must be a text; found the number 4."),
    "unknown part of the vocabulary": ("vocabulary.yml", "days:", "day:", "7: unknown key 'day' in the vocabulary. Known keys: activities, conditions"),
}  # fmt: skip


class TestWrong:
    @pytest.mark.parametrize(("file", "old", "new", "expected"), WRONG.values(), ids=WRONG)
    def test_a_mistake_is_named_with_file_and_line(self, folder: Path, edit: Edit, file: str, old: str, new: str, expected: str) -> None:
        """One thing wrong in one file gives a complaint there that says what was found and what to do."""
        edit(file, old, new)
        found = complaints(folder)

        assert any(complaint.startswith(f"library/{file}:") and expected in complaint for complaint in found), found

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            (b"id: order\ntitle: \xe9t\xe9\n", "2: is not UTF-8 (the byte 0xe9 at 17). Save it as UTF-8."),
            (b"", "1: is empty."),
            (b"\n  \n# nothing yet\n", "1: is empty."),
            (b"just a text", "1: a question must be a mapping with the keys id, title"),
            (b"- a\n- b\n", "1: a question must be a mapping with the keys id, title"),
        ],
        ids=["latin-1", "empty", "comment only", "text", "list"],
    )
    def test_a_file_that_is_no_question_is_named(self, folder: Path, content: bytes, expected: str) -> None:
        """Whatever the bytes of a file are, there is a sentence about them."""
        (folder / ORDER).write_bytes(content)

        assert any(complaint.startswith(f"library/{ORDER}:{expected}") for complaint in complaints(folder)), complaints(folder)

    def test_all_mistakes_of_all_files_are_named_at_once(self, folder: Path, edit: Edit) -> None:
        """Mending one mistake does not bring out the next: all are in one list, sorted by file and line."""
        edit(ORDER, "verdict: run_first", "verdict: run")
        edit(ORDER, "stance: garbled", "stance: torn")
        edit("questions/wait_time.yml", "    because: Tired legs run badly.\n", "")
        (folder / "questions" / "creatine.yml").write_bytes(b"\xff")
        (folder / "sources.yml").write_text("", encoding="utf-8")

        where = [complaint.rsplit(":", 1)[0].split(": ")[0] for complaint in complaints(folder)]
        assert where == [
            "library/questions/creatine.yml:1", f"library/{ORDER}:13", f"library/{ORDER}:24", "library/questions/wait_time.yml:4", "library/sources.yml:1",
        ]  # fmt: skip

    @pytest.mark.parametrize("name", ["goals.yml", "sources.yml", "vocabulary.yml"])
    def test_a_missing_file_is_named(self, folder: Path, name: str) -> None:
        """The three tables have to be there."""
        (folder / name).unlink()

        assert complaints(folder) == [f"library/{name}:1: this file is missing. Restore it, or take it from the repository."]

    def test_a_folder_in_place_of_a_file_is_named(self, folder: Path) -> None:
        """What the system says about a file that cannot be opened is said with its name."""
        (folder / "questions" / "shoes.yml").mkdir()

        assert complaints(folder) == ["library/questions/shoes.yml:1: cannot be read: Is a directory."]

    def test_a_file_of_another_name_is_not_left_out_silently(self, folder: Path) -> None:
        """A question that nobody will read because of its file's name is a complaint."""
        (folder / "questions" / "shoes.yaml").write_text("id: shoes", encoding="utf-8")

        assert complaints(folder) == ["library/questions/shoes.yaml:1: is not named <id>.yml, so it is not read. Rename or move it."]

    def test_no_question_at_all_is_a_complaint(self, folder: Path) -> None:
        """An empty library is a mistake, not a very small one."""
        for path in (folder / "questions").iterdir():
            path.unlink()

        assert complaints(folder) == ["library/questions:1: holds no question. Write questions/<id>.yml."]

    def test_load_raises_with_every_complaint(self, folder: Path, edit: Edit) -> None:
        """Whoever needs a right knowledge base gets all complaints in one error."""
        edit(ORDER, "verdict: run_first", "verdict: run")
        edit(ORDER, "stance: garbled", "stance: torn")

        with pytest.raises(FilesError) as caught:
            files.load(folder)
        assert [complaint.line for complaint in caught.value.complaints] == [13, 24]

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @example(text="&a [*a]")
    @example(text="? [a, b]\n: c")
    @example(text="<<: {id: a}")
    @example(text="id: [order]\ntitle: {a: b}\nasked_as: {}\nanswers: [[], {when: [], evidence: {}}]")
    @given(text=st.text(alphabet=st.sampled_from("ab:-[]{}#&*!|>'\"%@`,? \n\t\\0é\ufeff\u2028"), max_size=60))
    def test_no_text_whatsoever_is_more_than_complaints(self, folder: Path, text: str) -> None:
        """No exception of the YAML reader leaves its address, whatever stands in a file."""
        (folder / ORDER).write_text(text, encoding="utf-8", newline="")
        (folder / "goals.yml").write_text(text, encoding="utf-8", newline="")
        (folder / "vocabulary.yml").write_text(text, encoding="utf-8", newline="")

        assert complaints(folder)
