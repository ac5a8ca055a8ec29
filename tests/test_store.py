"""The built knowledge base: what goes in comes out, on SQLite and on PostgreSQL, also while it is built anew."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge import store
from knowledge.errors import StoreError, UnknownQuestion
from knowledge.model import Answer, Base, Evidence, Question
from knowledge.store.missed import Missed
from knowledge.store.tables import SCHEMA, metadata

UNREACHABLE = "postgresql://someone:secret@127.0.0.1:1/tandem"


@pytest.fixture(name="built")
def _built(base: Base, database: str) -> Iterator[store.Store]:
    """The tiny knowledge base, built."""
    store.build(base, database)
    reader = store.Store(database)
    yield reader
    reader.close()


def generation(base: Base, number: int) -> Base:
    """*base* with one question that says *number* wherever it can; how many answers it has depends on it too."""
    pieces = tuple(Evidence("after", "Introduction", "supports", str(number)) for _ in range(1 + number % 4))
    answers = tuple(Answer((), {}, str(number), str(number), evidence=pieces) for _ in range(1 + number % 3))
    return replace(base, questions=(Question("order", str(number), answers=answers),))


def number_of(question: Question) -> int:
    """The generation that *question* is of; fails if it is a mixture of two."""
    number = int(question.title)
    expected = generation(Base((), (), (), None), number).questions[0]  # type: ignore[arg-type]
    assert question == expected
    return number


class TestReading:
    def test_a_question_comes_out_as_it_went_in(self, base: Base, built: store.Store) -> None:
        """Answers, conditions, evidence and links survive; phrasings are read on their own."""
        for question in base.questions:
            assert built.question(question.id) == replace(question, asked_as=(), held_out=())

    def test_the_real_knowledge_base_comes_out_as_it_went_in(self, real: Base, database: str) -> None:
        """Nothing in the content is lost in the tables."""
        store.build(real, database)
        reader = store.Store(database)

        assert [reader.question(question.id).answers for question in real.questions] == [question.answers for question in real.questions]
        reader.close()

    def test_goals_sources_and_conditions_come_out_in_the_order_of_their_files(self, base: Base, built: store.Store) -> None:
        """Buttons stand in the order in which goals.yml has the goals."""
        assert built.goals() == tuple(replace(goal, words=()) for goal in base.goals)
        assert built.sources() == base.sources
        assert built.conditions() == base.dimensions
        assert list(built.conditions()) == list(base.dimensions)

    def test_titles_keep_the_order_asked_for(self, built: store.Store) -> None:
        """Unknown ids are left out, the others stay where they were."""
        assert list(built.titles(["wait_time", "nothing", "order"])) == ["wait_time", "order"]
        assert built.titles([]) == {}

    def test_held_out_phrasings_are_told_from_the_others(self, built: store.Store) -> None:
        """Each kind comes with the id of its question, in the order of the files."""
        assert ("order in words 0", "order") in built.phrasings()
        assert ("order put otherwise 0", "order") not in built.phrasings()
        assert len(built.phrasings(held_out=True)) == 15

    def test_a_reader_cannot_write(self, base: Base, tmp_path: Path) -> None:
        """Whatever reaches the file of the knowledge base through a reader, it stays as it was built."""
        store.build(base, f"sqlite:///{tmp_path / 'knowledge.db'}")
        reader = store.Store(f"sqlite:///{tmp_path / 'knowledge.db'}")

        with pytest.raises(StoreError, match="attempt to write a readonly database"), reader._reading() as connection:
            connection.execute(sa.text("DELETE FROM evidence"))

    def test_an_unknown_question_is_named_with_its_neighbours(self, built: store.Store) -> None:
        """Whoever misspells an id reads what it might have been."""
        with pytest.raises(UnknownQuestion, match=r"there is no question 'ordr'\. Nearest: order"):
            built.question("ordr")

    @pytest.mark.parametrize("id", ["", "\x00", "or\x00der", "\ud800", "a" * 10_000, "'; DROP TABLE answer; --", "%", "\u202e", "order\n"])
    def test_an_id_that_no_database_takes_is_unknown(self, built: store.Store, id: str) -> None:
        """Whatever comes in a button's payload, the answer is that there is no such question."""
        with pytest.raises(UnknownQuestion):
            built.question(id)
        assert built.titles([id]) == {}

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(id=st.text(alphabet=st.sampled_from("ab'\"%;\\\0\n\t é\ud800\ufffe\U0001f3c3"), max_size=30))
    def test_no_text_whatsoever_raises_what_the_database_raises(self, built: store.Store, id: str) -> None:
        """No exception of SQLAlchemy or of a driver leaves its address."""
        with pytest.raises(UnknownQuestion):
            built.question(f"no {id}")


class TestBuilding:
    def test_build_counts_its_rows(self, base: Base, database: str) -> None:
        """The number that build returns is what is in the tables, and what progress ends on."""
        told: list[tuple[int, int]] = []
        rows = store.build(base, database, progress=lambda done, of: told.append((done, of)))

        options = {} if database.startswith("sqlite") else {"execution_options": {"schema_translate_map": {None: SCHEMA}}}
        with sa.create_engine(database, poolclass=sa.pool.NullPool, **options).connect() as connection:
            counted = sum(
                connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in metadata.sorted_tables
            )
        assert rows == counted == store.count_rows(base)
        assert told[-1] == (rows, rows)

    def test_a_new_build_is_seen_at_the_next_call(self, base: Base, database: str) -> None:
        """A reader that is open when the base is built anew says the new words."""
        store.build(generation(base, 1), database)
        reader = store.Store(database)
        assert number_of(reader.question("order")) == 1
        store.build(generation(base, 2), database)

        assert number_of(reader.question("order")) == 2
        reader.close()

    def test_a_failed_build_leaves_the_old_one_serving(self, base: Base, built: store.Store, database: str) -> None:
        """Half a base is never seen: here the third row of evidence has no source."""
        broken = replace(base.questions[1], id="new", answers=(Answer((), {}, "a", "b", evidence=(Evidence(None, "s", "supports", "n"),)),))  # type: ignore[arg-type]

        with pytest.raises(StoreError, match=r"^the knowledge base could not be written to .* The old one, if any, still serves\.$"):
            store.build(replace(base, questions=(*base.questions, broken)), database)
        assert built.question("order").title == "Run first or lift first?"
        with pytest.raises(UnknownQuestion):
            built.question("new")

    def test_nothing_is_left_beside_the_database(self, base: Base, tmp_path: Path) -> None:
        """The file aside is gone after a build, and after one that failed."""
        url = f"sqlite:///{tmp_path / 'there' / 'knowledge.db'}"
        store.build(base, url)
        with pytest.raises(StoreError):
            store.build(replace(base, questions=base.questions * 2), url)

        assert [path.name for path in (tmp_path / "there").iterdir()] == ["knowledge.db"]

    def test_readers_never_see_half_a_base(self, base: Base, database: str) -> None:
        """While the base is built over and over, each reading is of one generation, and none fails."""
        store.build(generation(base, 0), database)
        reader, done, seen = store.Store(database), threading.Event(), set()

        def read() -> None:
            while not done.is_set():
                seen.add(number_of(reader.question("order")))
                assert reader.titles(["order"])
                assert reader.goals()
                assert reader.conditions()

        with ThreadPoolExecutor(2) as threads:
            readers = [threads.submit(read) for _ in range(2)]
            number, end = 0, time.monotonic() + 30
            while (number < 8 or len(seen) < 4) and time.monotonic() < end and not any(thread.done() for thread in readers):
                number += 1
                store.build(generation(base, number), database)
            done.set()
            for thread in readers:
                thread.result()
        reader.close()

        assert len(seen) >= 4

    def test_a_build_waits_for_who_is_reading(self, base: Base, postgres: str) -> None:
        """A reading that has begun finds every table of its base to the end, whichever it asks for next."""
        store.build(generation(base, 1), postgres)
        reader = store.Store(postgres)
        waiting = sa.text(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        with ThreadPoolExecutor(1) as threads:
            with reader._reading() as connection:
                building = threads.submit(store.build, generation(base, 2), postgres)
                while not connection.execute(waiting).scalar() and not building.done():
                    time.sleep(0.01)
                connection.execute(sa.text("SET LOCAL statement_timeout = '3s'"))
                read = [connection.execute(sa.select(table)).all() for table in reversed(metadata.sorted_tables)]
            building.result()

        assert len(read) == len(metadata.tables)
        assert number_of(reader.question("order")) == 2
        reader.close()

    def test_what_was_read_is_kept_until_the_next_build(self, base: Base, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """The same documents, and on a file the same question, cost no second look; a new build is seen at the next call."""
        store.build(generation(base, 1), database)
        reader = store.Store(database)
        first, sources = reader.question("order"), reader.sources()

        assert (reader.question("order") is first) == database.startswith("sqlite")
        assert reader.sources() is sources
        store.build(generation(base, 2), database)
        assert number_of(reader.question("order")) == 2
        assert reader.sources() is not sources
        reader.close()

    def test_two_builders_do_not_disturb_each_other(self, base: Base, database: str) -> None:
        """Builds at the same time all succeed, and what stands in the end is one of them, whole."""
        with ThreadPoolExecutor(4) as threads:
            rows = list(threads.map(lambda number: store.build(generation(base, number), database), range(8)))
        reader = store.Store(database)

        assert len(rows) == 8
        assert number_of(reader.question("order")) in range(8)
        reader.close()


class TestTroubles:
    def test_a_base_that_was_never_built_says_how_to_build_it(self, database: str) -> None:
        """Nothing there is one sentence with the command, and makes no file."""
        with pytest.raises(StoreError, match=r"^there is no knowledge base (at|in) .* Run: python -m knowledge build$"):
            store.Store(database).goals()
        if database.startswith("sqlite"):
            assert not Path(database.removeprefix("sqlite:///")).exists()

    def test_a_base_of_another_version_is_refused(self, built: store.Store, database: str) -> None:
        """Tables that this program does not know are not guessed at."""
        prefix = "" if database.startswith("sqlite") else f"{SCHEMA}."
        with sa.create_engine(database, poolclass=sa.pool.NullPool).begin() as connection:
            connection.execute(sa.text(f"UPDATE {prefix}meta SET value = '0' WHERE key = 'version'"))

        for read in (built.goals, lambda: built.question("order"), lambda: built.titles(["order"])):
            with pytest.raises(StoreError, match=r"was built by version 0, this program reads 3\. Run: python -m knowledge build"):
                read()

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            (b"", r"^there is no knowledge base in \S+ yet\. Run: python -m knowledge build$"),
            (
                b"not a database at all" * 300,
                r"^the knowledge base \S+ cannot be read: file is not a database\. Run: python -m knowledge build$",
            ),
        ],
        ids=["empty", "corrupt"],
    )
    def test_a_file_that_is_no_knowledge_base_is_one_sentence(self, tmp_path: Path, content: bytes, expected: str) -> None:
        """Whatever lies in the place of the database, a person reads what to do."""
        (tmp_path / "knowledge.db").write_bytes(content)

        with pytest.raises(StoreError, match=expected):
            store.Store(f"sqlite:///{tmp_path / 'knowledge.db'}").question("order")

    def test_a_file_that_was_cut_off_is_one_sentence(self, base: Base, tmp_path: Path) -> None:
        """A database that breaks in the middle of a reading is said so, and mended by a build."""
        path = tmp_path / "knowledge.db"
        store.build(base, f"sqlite:///{path}")
        path.write_bytes(path.read_bytes()[:8192])

        with pytest.raises(StoreError, match=r"cannot be read: .*Run: python -m knowledge build$"):
            store.Store(f"sqlite:///{path}").question("order")
        store.build(base, f"sqlite:///{path}")
        assert store.Store(f"sqlite:///{path}").question("order").answers

    def test_a_folder_that_cannot_be_written_is_one_sentence(self, base: Base, tmp_path: Path) -> None:
        """A place where no file can be made is named with the system's reason."""
        (tmp_path / "file").write_text("")

        with pytest.raises(StoreError, match=r"could not be written to sqlite:///\S+: /\S+/file: File exists\. The old one, if any"):
            store.build(base, f"sqlite:///{tmp_path / 'file' / 'knowledge.db'}")

    @pytest.mark.parametrize("use", ["read", "build"])
    def test_a_server_that_is_not_there_is_one_sentence(self, base: Base, use: str) -> None:
        """An unreachable PostgreSQL is named with its reason and without its password."""
        with pytest.raises(StoreError, match=r"127\.0\.0\.1:1/tandem.*Connection refused") as caught:
            store.Store(UNREACHABLE).goals() if use == "read" else store.build(base, UNREACHABLE)
        assert "secret" not in str(caught.value)
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize(
        "url",
        ["", "nonsense", "mysql://u:secret@h/d", "postgres://u:secret@h/d", "postgresql://u:secret@h:port/d", "postgresql://h", "sqlite://",
         "sqlite:///:memory:", "sqlite+aiosqlite:///f", "\ud800", "a" * 200],
    )  # fmt: skip
    def test_an_address_that_is_none_says_what_one_looks_like(self, base: Base, url: str) -> None:
        """A mistyped address is refused before anything is tried, and its password is not repeated."""
        for use in (store.Store, lambda address: store.build(base, address)):
            with pytest.raises(StoreError, match=r"Expected sqlite:///FILE or postgresql://USER@HOST/DATABASE\.$") as caught:
                use(url)
            assert "secret" not in str(caught.value)

    def test_printable_leaves_out_what_is_secret(self) -> None:
        """Password and options of an address never reach a log."""
        assert store.printable("postgresql://me:secret@h:5433/d?password=secret") == "postgresql://me:***@h:5433/d"
        assert store.printable("postgresql://me:secret@h:port/d") == "postgresql…"

    def test_a_path_with_odd_letters_is_a_path(self, base: Base, tmp_path: Path) -> None:
        """What has a meaning in an address has none in a file's name."""
        url = f"sqlite:///{tmp_path / 'a#b 100% é.db'}"
        store.build(base, url)

        assert store.Store(url).question("order").id == "order"

    def test_the_file_can_be_read_by_others(self, base: Base, tmp_path: Path) -> None:
        """The build may run as somebody else than the action server: the file has the usual rights."""
        (tmp_path / "usual").touch()
        store.build(base, f"sqlite:///{tmp_path / 'knowledge.db'}")

        assert (tmp_path / "knowledge.db").stat().st_mode == (tmp_path / "usual").stat().st_mode

    def test_a_server_that_was_restarted_is_found_again(self, built: store.Store, database: str) -> None:
        """Connections that the server has closed meanwhile are replaced without a word; a file has none to lose."""
        built.goals()
        if not database.startswith("sqlite"):
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            with sa.create_engine(database, poolclass=sa.pool.NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
                connection.execute(sa.text(others))

        assert built.goals()


class TestMissed:
    @pytest.fixture(name="missed")
    def _missed(self, tmp_path: Path) -> Missed:
        """Notes in a file that does not exist yet."""
        return Missed(f"sqlite:///{tmp_path / 'notes' / 'missed.db'}")

    def test_notes_come_out_newest_first(self, missed: Missed) -> None:
        """What was asked, how sure the answer was, and what was meant, once the person has said so."""
        missed.add(text="zone 2 b4 squats?", kind="unsure", channel="web", nearest="order", scores={"order": 0.51239, "warm_up": 0.2})
        missed.add(text="what shoes", kind="gap", channel="slack", nearest=None, scores={})
        missed.choose(text="zone 2 b4 squats?", chosen="run_intensity")

        newest, oldest = missed.all()
        assert (newest.text, newest.kind, newest.nearest, newest.chosen) == ("what shoes", "gap", None, None)
        assert (oldest.channel, oldest.scores, oldest.chosen) == ("web", {"order": 0.512, "warm_up": 0.2}, "run_intensity")

    def test_only_the_latest_note_of_a_text_is_settled(self, missed: Missed) -> None:
        """Somebody else may have meant something else by the same words."""
        for _ in range(2):
            missed.add(text="cardio?", kind="unsure", channel="web", nearest=None, scores={})
        missed.choose(text="cardio?", chosen="cardio_benefits")

        assert [note.chosen for note in missed.all()] == ["cardio_benefits", None]

    @pytest.mark.parametrize(("text", "kept"), [("a\0b", "ab"), ("\ud800", "?"), ("x" * 900, "x" * 500), ("🏃 é", "🏃 é"), ("", "")])
    def test_any_text_can_be_noted(self, missed: Missed, text: str, kept: str) -> None:
        """Strangers type it: too much is cut off, and what no database takes is left out."""
        missed.add(text=text, kind="unknown", channel="web", nearest=None, scores={})
        missed.choose(text=text, chosen="order")

        assert [(note.text, note.chosen) for note in missed.all()] == [(kept, "order")]

    def test_a_place_that_cannot_be_written_is_one_sentence(self, tmp_path: Path) -> None:
        """The log reads what and where; the person who asked never notices."""
        (tmp_path / "notes").write_text("")
        missed = Missed(f"sqlite:///{tmp_path / 'notes' / 'missed.db'}")

        with pytest.raises(StoreError, match=r"the missed questions at sqlite:///\S+ cannot be written: /\S+/notes: File exists\.$"):
            missed.add(text="a", kind="unsure", channel="web", nearest=None, scores={})
        with pytest.raises(StoreError, match="cannot be read"):
            missed.all()
