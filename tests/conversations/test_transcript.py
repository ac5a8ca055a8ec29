"""The runner: what is wrong in a transcript is found, and what is wrong in a reply too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from .checking import Before, wrong
from .replies import Button, Reply, replies
from .transcript import read

EVIDENCE = [{"source": "after-lifting"}]
ORDER = Reply(
    "Yes, that is the better order: lift first.",
    (Button("How long?", '/ask{"question": "wait_time"}'), Button("Lose fat", '/state_goal{"goal": "fat_loss"}')),
    {
        "kind": "answer",
        "question": "order",
        "verdict": "lift_first",
        "goals": [{"id": "fat_loss", "title": "Lose fat"}],
        "evidence": EVIDENCE,
        "move": "why",
    },
)
SHOES = Reply("My sources do not say which shoes to wear for running or for lifting.", (), {"kind": "gap", "question": "shoes"})
ASKING = replace(ORDER, custom={**ORDER.custom, "goals": []})
CARE = Reply("Call your local emergency number now.", (), {"kind": "care", "level": "emergency"})


@pytest.mark.parametrize(
    ("turn", "complaint"),
    [
        ("{you: hi, tandem: {kindd: talk}}", "4: unknown key 'kindd' in 'tandem'"),
        ("{you: hi, tandem: {kind: chat}}", "4: 'kind' names 'chat'"),
        ("{you: hi, tandem: {question: ordr}}", "Did you mean 'order'?"),
        ("{you: hi, tandem: {questions: [order, 3]}}", "found the number 3"),
        ("{you: hi, tandem: {}}", "expects nothing"),
        ("{you: hi}", "has no 'tandem'"),
        ("{you: hi, press: Lose fat, tandem: {kind: talk}}", "either the text 'you'"),
        ("{you: hi, times: many, tandem: {kind: talk}}", "Expected a number in quotes"),
        ("{yuo: hi, tandem: {kind: talk}}", "unknown key 'yuo' in a turn"),
    ],
)
def test_a_transcript_that_would_check_nothing_is_refused(tmp_path: Path, turn: str, complaint: str) -> None:
    """Unknown keys and words are complaints with file and line, and the conversation is not held."""
    file = tmp_path / "topic.yml"
    file.write_text(f"- name: one\n  turns:\n    - {{you: hello, tandem: {{kind: talk}}}}\n    - {turn}\n", encoding="utf-8")

    conversations, complaints = read(file)

    assert not conversations
    assert complaint in "\n".join(map(str, complaints))


def test_a_transcript_is_read_as_it_stands(tmp_path: Path) -> None:
    """Texts keep their signs, "a or b" is either, "times" repeats."""
    file = tmp_path / "topic.yml"
    turns = '[{you: "a\\x07 ", times: "3", tandem: {kind: talk or gap, goals: []}}, {press: "#2", tandem: {kind: talk}}]'
    file.write_text(f"- name: one\n  turns: {turns}\n", encoding="utf-8")

    (conversation,), complaints = read(file)

    assert not complaints
    assert ("topic", "one") == (conversation.topic, conversation.name)
    assert [("a\x07 a\x07 a\x07 ", False), ("#2", True)] == [(turn.said, turn.pressed) for turn in conversation.turns]
    assert {"kind": (("talk", "gap"),), "goals": ()} == conversation.turns[0].expected


def test_messages_of_the_rest_channel_become_replies() -> None:
    """A custom part belongs to the text before it; a text without one is a reply without a kind."""
    buttons = [{"title": "How long?", "payload": '/ask{"question": "wait_time"}'}]
    messages: list[dict[str, Any]] = [
        {"text": "One.", "buttons": buttons},
        {"custom": {"kind": "talk", "choices": buttons}},
        {"text": "Two."},
    ]

    found = replies(messages)

    assert [("One.", "talk"), ("Two.", "None")] == [(reply.text, reply.kind) for reply in found]
    assert ["wait_time"] == [button.question for button in found[0].buttons]


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ([ORDER], {"kind": (("talk", "answer"),), "question": (("order",),), "goals": (("fat_loss",),), "verdict": (("lift_first",),)}),
        ([ORDER], {"starts": (("No", "Yes"),), "says": (("LIFT FIRST",),), "never": (("run first",),), "move": (("why",),)}),
        ([ORDER], {"offers": (("wait_time",),), "asks_goal": (("no",),), "new": (("yes",),), "kind": (("not care",),)}),
        ([ASKING], {"asks_goal": (("yes",),)}),
        ([ORDER, SHOES], {"question": (("order",),), "missing": (("shoes",),)}),
        ([SHOES, ORDER], {"questions": (("shoes",), ("order",))}),
        ([CARE], {"level": (("urgent", "emergency"),), "question": (("none",),)}),
    ],
)
def test_what_is_as_expected_passes(came: list[Reply], expected: dict[str, tuple[tuple[str, ...], ...]]) -> None:
    """No check complains of what it asks for."""
    assert [] == wrong(came, expected, Before())


@pytest.mark.parametrize(
    ("came", "expected", "complaint"),
    [
        ([ORDER], {"kind": (("talk",),)}, "kind talk, got answer"),
        ([CARE], {"kind": (("not care",),)}, "kind not care, got care"),
        ([ORDER], {"question": (("same",),)}, "question wait_time, got order"),
        ([ORDER], {"question": (("#2",),)}, "question warm_up, got order"),
        ([ORDER, SHOES], {"questions": (("shoes",), ("order",))}, "question shoes, order, got order, shoes"),
        ([ORDER], {"goals": ()}, "goals [], got [['fat_loss']]"),
        ([ORDER], {"verdict": (("none",),)}, "verdict none, got lift_first"),
        ([ORDER], {"starts": (("Ye", "No"),)}, "first words"),
        ([ORDER], {"missing": (("shoes",),)}, "no document says"),
        ([CARE], {"level": (("urgent",),)}, "level urgent, got emergency"),
        ([ORDER], {"move": (("more",),)}, "move more, got why"),
        ([ORDER], {"offers": (("order",),)}, "order among the buttons, got wait_time"),
        ([ASKING], {"asks_goal": (("no",),)}, "the goal not to be asked for"),
        ([ORDER], {"asks_goal": (("yes",),)}, "the goal to be asked for"),
        ([CARE], {"new": (("yes",),)}, "something not said before"),
        ([], {}, "no reply at all"),
        ([Reply("Hello", (), {})], {}, "a reply without a kind"),
        ([CARE, ORDER], {}, "a care card with buttons, or beside something else"),
        ([Reply("Sorry", (), {"kind": "error"})], {}, "an apology"),
        ([Reply("Lift first.", (), {"kind": "answer", "question": "order"})], {}, "an answer without evidence"),
        ([Reply("Which?", (), {"kind": "did_you_mean"})], {}, "two or three questions"),
        ([CARE, CARE], {}, "the same reply twice"),
    ],
)
def test_what_is_otherwise_is_named(came: list[Reply], expected: dict[str, tuple[tuple[str, ...], ...]], complaint: str) -> None:
    """Each check names what was expected and what came; what no reply may be is found without being asked for."""
    buttons = (Button("a", '/ask{"question": "order"}'), Button("b", '/ask{"question": "warm_up"}'))

    assert complaint in "\n".join(wrong(came, expected, Before("wait_time", buttons, frozenset({CARE.words}))))
