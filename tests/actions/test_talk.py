"""Starting over, and forgetting."""

from __future__ import annotations

from dialogue import Conversation, domain


def remembering() -> Conversation:
    """A conversation in which everything is remembered that can be."""
    talk = Conversation()
    talk.says("ask", "x", "order", goals=["endurance"], stated=True, conditions={"purpose": "race"})
    talk.says("unsure", "a longer text that leans on nothing said before", ranked={"order": 0.3})
    assert all(talk.slots[name] for name in ("goals", "standing", "thread"))
    return talk


def test_starting_over_puts_everything_aside() -> None:
    """Goals, circumstances and the thread; the goal may be asked for again."""
    talk = remembering()
    talk.says("start_over", "start over")

    assert talk.slots == {"goals": None, "standing": None, "goal_asked": False, "thread": None}
    assert talk.custom("ask", "x", "order")["goal_choices"] != []


def test_forgetting_asks_the_tracker_store_to_delete() -> None:
    """By the slot that it looks at; what the actions remember is gone at once."""
    talk = remembering()
    talk.says("forget_me", "forget me")

    assert talk.slots["forget"] is True
    assert not any(talk.slots[name] for name in ("goals", "standing", "thread"))


def test_both_leave_the_words_to_domain_yml() -> None:
    """The rule says them after the action."""
    talk = remembering()

    assert talk.says("start_over") == []
    assert talk.says("forget_me") == []
    assert {"utter_start_over", "utter_forget_me"} <= set(domain()["responses"])


def test_both_work_without_a_knowledge_base(unreachable: None) -> None:
    """Nobody has to wait for a database to be forgotten."""
    talk = Conversation()
    talk.says("forget_me")

    assert talk.slots["forget"] is True


def test_an_insult_is_answered_calmly_once() -> None:
    """Who goes on hears in one sentence what Tandem is there for; an answer in between changes nothing."""
    talk = Conversation()
    first = talk.custom("insult", "you are dumb")
    talk.says("ask", "x", "order")
    second = talk.custom("insult", "so dumb")

    assert "sorry" in first["text"]
    assert first["choices"]
    assert "sorry" not in second["text"]
    assert second["choices"] == []
