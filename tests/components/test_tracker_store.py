"""Conversations in SQL, on SQLite and on PostgreSQL: what comes back, what a long talk costs, what is forgotten."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.actions import action as rasa_action
from rasa.core.tracker_store import FailSafeTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import EndpointConfig

from components.tracker_store import FORGET, TURNS, RollingTrackerStore

DOMAIN = Domain.from_dict(
    {
        "intents": ["ask"],
        "slots": {
            name: {"type": kind, "influence_conversation": False, "mappings": [{"type": "custom"}]}
            for name, kind in (("goals", "list"), ("thread", "any"), (FORGET, "bool"))
        },
    }
)


@pytest.fixture(name="address", params=["sqlite", "postgres"])
def _address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without conversations, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'tracker.db'}"
    url: str = request.getfixturevalue("postgres")
    with sa.create_engine(url, poolclass=sa.pool.NullPool).begin() as connection:
        connection.execute(sa.text("DROP TABLE IF EXISTS events"))
    return url


@pytest.fixture(name="opened")
def _opened() -> Iterator[Callable[..., SQLTrackerStore]]:
    """Opens stores, and lets go of their connections at the end."""
    stores: list[SQLTrackerStore] = []

    def opened(kind: type[SQLTrackerStore], **options: Any) -> SQLTrackerStore:
        stores.append(kind(domain=DOMAIN, **options))
        return stores[-1]

    with pytest.MonkeyPatch.context() as patch:
        for name in ("RemoteAction", "ActionSessionStart"):  # opening a store installs others: put them back
            patch.setattr(rasa_action, name, getattr(rasa_action, name))
        yield opened
    for store in stores:
        store.engine.dispose()


@pytest.fixture(name="store")
def _store(address: str, opened: Callable[..., SQLTrackerStore]) -> RollingTrackerStore:
    """Tandem's store, empty."""
    return opened(RollingTrackerStore, url=address)


def turn(store: TrackerStore, text: str, *more: Event, sender: str = "me") -> DialogueStateTracker:
    """One turn as Rasa takes it: read the tracker, add what happens, store it. Returns what was read."""

    async def take() -> DialogueStateTracker:
        tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
        found = tracker.copy()
        if not tracker.events:
            tracker.update_with_events(
                [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")], domain=DOMAIN
            )
        events = [
            UserUttered(text, {"name": "ask", "confidence": 1.0}),
            ActionExecuted("action_answer"),
            BotUttered(f"You said {text}.", {"custom": {"kind": "talk"}}),
            *more,
            ActionExecuted("action_listen"),
        ]
        tracker.update_with_events(events, domain=DOMAIN)
        await store.save(tracker)
        return found

    return asyncio.run(take())


def talk(store: TrackerStore, turns: int, sender: str = "me") -> list[str]:
    """So many turns; returns what was said in them."""
    said = [f"message {number}" for number in range(turns)]
    for text in said:
        turn(store, text, sender=sender)
    return said


def said_in(tracker: DialogueStateTracker | None) -> list[str]:
    """What the user said in *tracker*."""
    return [] if tracker is None else [event.text for event in tracker.events if isinstance(event, UserUttered)]


def retrieved(store: TrackerStore, sender: str = "me") -> DialogueStateTracker | None:
    """What a turn would begin with."""
    return asyncio.run(store.retrieve(sender))


def full(store: TrackerStore, sender: str = "me") -> DialogueStateTracker | None:
    """The whole conversation."""
    return asyncio.run(store.retrieve_full_tracker(sender))


class TestRoundTrip:
    @pytest.mark.parametrize("turns", [1, TURNS - 1])
    def test_a_conversation_comes_back_as_from_rasas_own_store(
        self, store: RollingTrackerStore, turns: int, opened: Callable[..., SQLTrackerStore], tmp_path: Path
    ) -> None:
        """Event for event and slot for slot, as long as it is short."""
        own = opened(SQLTrackerStore, db=str(tmp_path / "own.db"))
        for one in (store, own):
            talk(one, turns)
            turn(one, "i want muscle", SlotSet("goals", ["muscle"])) if turns == 1 else None

        assert timeless(retrieved(store)) == timeless(retrieved(own))

    def test_rasas_own_store_reads_what_is_written(
        self, store: RollingTrackerStore, address: str, opened: Callable[..., SQLTrackerStore]
    ) -> None:
        """The tables are Rasa's: its tools see the same conversation."""
        talk(store, TURNS + 2)
        own = opened(SQLTrackerStore, host=address)

        for read in (retrieved, full):
            assert state(read(store)) == state(read(own))

    def test_nobody_is_nobody(self, store: RollingTrackerStore) -> None:
        """A conversation that never was is none."""
        assert retrieved(store) is None
        assert full(store) is None

    def test_conversations_are_kept_apart(self, store: RollingTrackerStore) -> None:
        """Each sender gets their own, and all are listed."""
        talk(store, 2, sender="one")
        turn(store, "something else", sender="other")

        assert said_in(retrieved(store, "one")) == ["message 0", "message 1"]
        assert said_in(retrieved(store, "other")) == ["something else"]
        assert {"one", "other"} == set(asyncio.run(store.keys()))

    @pytest.mark.parametrize("text", ["🏃 → 🏋️", "'; DROP TABLE events; --", "a" * 50_000, "“quoted” \\ back\nlines"])
    def test_any_text_comes_back(self, store: RollingTrackerStore, text: str) -> None:
        """What was typed is what is kept."""
        turn(store, text)

        assert said_in(retrieved(store)) == [text]

    @pytest.mark.parametrize("turns", [2, TURNS])
    def test_storing_twice_stores_once(self, store: RollingTrackerStore, turns: int) -> None:
        """Rasa may save a tracker that it has saved before."""

        async def save_twice() -> None:
            tracker = await store.retrieve("me")
            tracker.update_with_events([UserUttered("last"), ActionExecuted("action_listen")], domain=DOMAIN)
            await store.save(tracker)
            once.append(len((await store.retrieve_full_tracker("me")).events))
            await store.save(tracker)

        once: list[int] = []
        talk(store, turns - 1)
        asyncio.run(save_twice())

        assert once == [len(full(store).events)]


class TestRolling:
    def test_a_new_session_begins_after_some_turns(self, store: RollingTrackerStore) -> None:
        """The next turn starts with nothing said, as if a session had expired."""
        talk(store, TURNS - 1)
        assert len(said_in(retrieved(store))) == TURNS - 1

        turn(store, "the last of them")
        assert said_in(retrieved(store)) == []

    def test_slots_are_carried_over(self, store: RollingTrackerStore) -> None:
        """What is remembered is in slots; those without a value stay without."""
        turn(store, "i want muscle", SlotSet("goals", ["muscle"]), SlotSet("thread", {"question": "order", "doubts": 0}))
        talk(store, TURNS)
        tracker = retrieved(store)

        assert tracker.get_slot("goals") == ["muscle"]
        assert tracker.get_slot("thread") == {"question": "order", "doubts": 0}
        assert not tracker.get_slot(FORGET)

    def test_a_slot_that_was_emptied_stays_empty(self, store: RollingTrackerStore) -> None:
        """A goal that was put aside does not come back with a new session."""
        turn(store, "i want muscle", SlotSet("goals", ["muscle"]))
        turn(store, "no goal", SlotSet("goals", None))
        talk(store, 2 * TURNS)

        assert retrieved(store).get_slot("goals") is None

    def test_the_whole_conversation_is_kept(self, store: RollingTrackerStore) -> None:
        """Nothing said is lost, and it comes in its order."""
        said = talk(store, 3 * TURNS + 1)

        assert said == said_in(full(store))

    def test_a_turn_reads_no_more_however_long_the_talk(self, store: RollingTrackerStore) -> None:
        """Turn 30 begins with as few events as turn 6."""
        sizes = [len(turn(store, f"message {number}").events) for number in range(5 * TURNS)]

        assert max(sizes[TURNS:]) <= max(sizes[: TURNS + 1])

    def test_the_next_message_is_answered_as_ever(self, store: RollingTrackerStore) -> None:
        """Rasa waits for the user after a session began here, and does not take it for expired."""
        talk(store, TURNS)
        tracker = retrieved(store)

        assert tracker.latest_action_name == "action_listen"
        assert tracker.get_last_event_for(UserUttered) is None

    def test_time_never_runs_backwards(self, store: RollingTrackerStore) -> None:
        """The events by which a session begins are newer than all before, as Rasa's own sessions expect."""
        talk(store, 2 * TURNS)
        times = [event.timestamp for event in full(store).events]

        assert times == sorted(times)


class TestTrouble:
    def test_a_connection_that_died_is_replaced(self, postgres: str, opened: Callable[..., SQLTrackerStore]) -> None:
        """PostgreSQL was restarted between two turns: nobody notices."""
        store = opened(RollingTrackerStore, url=postgres)
        turn(store, "i want muscle", SlotSet("goals", ["muscle"]), sender="restarted")
        with sa.create_engine(postgres, poolclass=sa.pool.NullPool).connect() as other:
            ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            other.execute(sa.text(ended))
        found = turn(store, "and now?", sender="restarted")

        assert found.get_slot("goals") == ["muscle"]
        assert said_in(retrieved(store, "restarted")) == ["i want muscle", "and now?"]

    def test_tables_that_are_not_there_are_made(self, store: RollingTrackerStore) -> None:
        """The database came up after Rasa, or was emptied under it."""
        with store.engine.begin() as connection:
            connection.execute(sa.text("DROP TABLE events"))
        talk(store, 2)

        assert said_in(retrieved(store)) == ["message 0", "message 1"]

    def test_somebody_else_may_prepare_the_same_new_file(self, tmp_path: Path, opened: Callable[..., SQLTrackerStore]) -> None:
        """SQLite refuses to be switched to writing ahead while another reads; the turn goes on without."""
        store = opened(RollingTrackerStore, url=f"sqlite:///{tmp_path}/tracker.db")
        with closing(sqlite3.connect(tmp_path / "tracker.db")) as other:
            other.execute("BEGIN")
            other.execute("SELECT count(*) FROM events").fetchone()

            assert retrieved(store) is None
            other.execute("COMMIT")
            talk(store, 1)
        assert said_in(retrieved(store)) == ["message 0"]

    def test_what_could_not_be_read_is_not_begun_anew(self, store: RollingTrackerStore) -> None:
        """Rasa takes whom it cannot read for somebody new; what is remembered of them outlives that turn."""
        turn(store, "i want muscle", SlotSet("goals", ["muscle"]))
        with unreadable(store):
            turn(FailSafeTrackerStore(store), "in the dark")
        turn(store, "and now?")

        assert retrieved(store).get_slot("goals") == ["muscle"]
        assert said_in(full(store)) == ["i want muscle", "and now?"]

    def test_who_could_not_be_read_can_still_be_forgotten(self, store: RollingTrackerStore) -> None:
        """The wish needs no reading."""
        turn(store, "i want muscle", SlotSet("goals", ["muscle"]))
        with unreadable(store):
            turn(FailSafeTrackerStore(store), "forget me", SlotSet(FORGET, True))

        assert full(store) is None

    def test_a_turn_costs_two_statements(self, store: RollingTrackerStore) -> None:
        """One that reads and one that writes, none to see whether the database is still there."""
        talk(store, 2)
        statements: list[str] = []
        sa.event.listen(store.engine, "before_cursor_execute", lambda *call: statements.append(call[2].split()[0]))
        turn(store, "one more")

        assert statements == ["SELECT", "INSERT"]


@contextmanager
def unreadable(store: RollingTrackerStore) -> Iterator[None]:
    """Nothing can be selected meanwhile."""

    def refuse(*call: Any) -> None:
        if call[2].startswith("SELECT"):
            raise OSError("the disk does not answer")

    sa.event.listen(store.engine, "before_cursor_execute", refuse)
    yield
    sa.event.remove(store.engine, "before_cursor_execute", refuse)


class TestForgetting:
    def test_everything_is_deleted_that_was_ever_said(self, store: RollingTrackerStore) -> None:
        """Earlier sessions too, and the wish itself."""
        talk(store, 2 * TURNS)
        turn(store, "forget me", SlotSet(FORGET, True))

        assert retrieved(store) is None
        assert full(store) is None

    def test_others_stay(self, store: RollingTrackerStore) -> None:
        """Only who asked is forgotten."""
        talk(store, 2, sender="other")
        turn(store, "forget me", SlotSet(FORGET, True))

        assert len(said_in(full(store, "other"))) == 2

    def test_one_can_start_again(self, store: RollingTrackerStore) -> None:
        """Whoever was forgotten is new, and is not deleted at every turn from then on."""
        turn(store, "forget me", SlotSet("goals", ["muscle"]), SlotSet(FORGET, True))
        talk(store, 2)

        assert said_in(full(store)) == ["message 0", "message 1"]
        assert retrieved(store).get_slot("goals") is None

    def test_a_domain_without_the_slot_forgets_nobody(self, address: str, opened: Callable[..., SQLTrackerStore]) -> None:
        """The store serves other bots as well."""
        store = opened(RollingTrackerStore, url=address)
        store.domain = Domain.from_dict({"intents": ["ask"]})
        talk(store, 2)

        assert len(said_in(full(store))) == 2


class TestAddress:
    def test_the_environment_names_the_database(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: Callable[..., SQLTrackerStore]
    ) -> None:
        """Its folder is made where it is not there."""
        monkeypatch.setenv("TANDEM_TRACKER_URL", f"sqlite:///{tmp_path}/deep/down/tracker.db")
        talk(opened(RollingTrackerStore), 1)

        assert (tmp_path / "deep" / "down" / "tracker.db").is_file()

    def test_without_any_it_is_a_file_of_this_project(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: Callable[..., SQLTrackerStore]
    ) -> None:
        """Rasa's own commands work without a setting."""
        monkeypatch.delenv("TANDEM_TRACKER_URL", raising=False)
        monkeypatch.chdir(tmp_path)
        talk(opened(RollingTrackerStore), 1)

        assert (tmp_path / "var" / "tracker.db").is_file()

    def test_endpoints_yml_makes_it(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: Callable[..., SQLTrackerStore]) -> None:
        """Rasa finds the class by the name that endpoints.yml gives."""
        monkeypatch.setenv("TANDEM_TRACKER_URL", f"sqlite:///{tmp_path}/tracker.db")
        made = TrackerStore.create(EndpointConfig(type="components.tracker_store.RollingTrackerStore"), domain=DOMAIN)
        with suppress(AttributeError):
            made = made._tracker_store  # Rasa wraps it

        assert isinstance(made, RollingTrackerStore)
        made.engine.dispose()

    def test_an_address_in_endpoints_yml_counts(self, tmp_path: Path, opened: Callable[..., SQLTrackerStore]) -> None:
        """Rasa hands a `url` there on as *host*."""
        store = opened(RollingTrackerStore, host=f"sqlite:///{tmp_path}/named.db")

        assert store.engine.url.database == f"{tmp_path}/named.db"

    def test_sqlite_is_written_ahead(self, tmp_path: Path, opened: Callable[..., SQLTrackerStore]) -> None:
        """A commit costs no wait for the disk, readers do not wait for writers, and the file is opened once."""
        store = opened(RollingTrackerStore, url=f"sqlite:///{tmp_path}/tracker.db")
        with store.engine.connect() as connection:
            first = connection.connection.dbapi_connection
        with store.engine.connect() as connection:
            assert connection.connection.dbapi_connection is first
            assert connection.execute(sa.text("PRAGMA journal_mode")).scalar() == "wal"


def state(tracker: DialogueStateTracker | None) -> dict[str, Any]:
    """All that a tracker holds."""
    assert tracker is not None
    return tracker.current_state(EventVerbosity.ALL)


def timeless(tracker: DialogueStateTracker | None) -> dict[str, Any]:
    """All that a tracker holds, without the times and the ids that each making of a message gets."""

    def without(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: without(one) for key, one in value.items() if key not in ("timestamp", "message_id", "latest_event_time")}
        return [without(one) for one in value] if isinstance(value, list) else value

    return dict(without(state(tracker)))
