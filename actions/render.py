"""
Answers to Rasa messages: plain text with buttons, and a structured ``custom`` part that channels render.

The custom part has a ``kind``: answer, gap (of this field, but not in the documents), did_you_mean, talk, care, error.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from knowledge import wording
from knowledge.answering import Reply
from knowledge.model import Goal, Question

Choice = dict[str, str]
ASK_GOAL = "What is your goal? It may change the answer."


def question_choices(titles: Mapping[str, str]) -> list[Choice]:
    """Buttons that ask the questions, by their titles."""
    return [{"title": title, "payload": f"/ask{json.dumps({'question': id})}"} for id, title in titles.items()]


def goal_choices(goals: Iterable[Goal]) -> list[Choice]:
    """Buttons that state a goal."""
    return [{"id": goal.id, "title": goal.title, "payload": f"/state_goal{json.dumps({'goal': goal.id})}"} for goal in goals]


@dataclass(frozen=True)
class Telling:
    """
    An answer with what it takes to tell it.

    *asked_for*: ids of the goals it is for. *documents* and *follow_ups*: titles by id. *ask_goal*: ask for the goal,
    with a button each. *missing*: what was asked too and the documents do not say. *unchanged*: it is what was said last.
    """

    reply: Reply
    asked_for: Sequence[str]
    goals: Mapping[str, Goal]
    documents: Mapping[str, str]
    follow_ups: Mapping[str, str]
    ask_goal: bool
    missing: str | None = None
    unchanged: bool = False


def answer(dispatcher: CollectingDispatcher, telling: Telling) -> None:
    """Send an answer."""
    said = wording.word(telling.reply, telling.goals)
    if telling.unchanged:
        named = wording.phrase(tuple(telling.asked_for), telling.goals)
        said = replace(said, headline=f"That stays the same{f' for {named}' if named else ''}. {said.headline}")
    choices = goal_choices(telling.goals[id] for id in telling.reply.would_change if id in telling.goals)
    asked = choices if telling.ask_goal else []
    missing = f"My sources do not say {telling.missing}." if telling.missing else ""
    body = "\n\n".join(filter(None, [said.body, missing]))
    text = "\n\n".join(filter(None, [body, ASK_GOAL if asked else "", f"Sources: {wording.cite(said.sources, telling.documents)}"]))
    # Whoever has a goal is not asked for one, and may change it.
    custom = {**_structure(telling, said), "text": body, "missing": missing, "goal_choices": choices if telling.asked_for else asked}
    send(dispatcher, text, [*custom["follow_ups"], *asked], custom)


def retell(dispatcher: CollectingDispatcher, telling: Telling, move: str) -> None:
    """
    Send an answer again in the way of *move*.

    That is why (the reason), more (what each section says), evidence, goals (whether they matter), short, or repeat.
    """
    said = wording.word(telling.reply, telling.goals)
    reason, support, against = said.reason, _notes(telling, "supports"), _notes(telling, "contradicts")
    texts = {
        "why": [reason or said.headline],
        "more": [said.headline, *support, *against],
        "evidence": [
            "This rests on:",
            *support,
            *(["Other passages see it differently:", *against] if against else ["No passage says otherwise."]),
        ],
        "goals": [_goals_matter(telling)],
        "short": [said.headline],
        "repeat": [said.body],
    }
    text = "\n\n".join(texts[move])
    choices = goal_choices(telling.goals[id] for id in telling.reply.would_change if id in telling.goals) if move == "goals" else []
    custom = {**_structure(telling, said), "text": text, "move": move, "goal_choices": choices}
    sources = f"Sources: {wording.cite(said.sources, telling.documents)}"
    send(dispatcher, text if move in ("evidence", "more") else f"{text}\n\n{sources}", [*custom["follow_ups"], *choices], custom)


def _goals_matter(telling: Telling) -> str:
    others = [telling.goals[id].phrase for id in telling.reply.would_change if id in telling.goals]
    if not others:
        return "No. My sources say the same for every goal."
    listed = " and ".join(filter(None, [", ".join(others[:-1]), others[-1]]))
    return f"Yes, it can. The answer may be another for {listed}. Which goal is yours?"


def _notes(telling: Telling, stance: str) -> list[str]:
    pieces = [piece for piece in telling.reply.evidence if piece.stance == stance][:4]
    return [f"“{piece.section}” in {telling.documents.get(piece.source, piece.source)}: {piece.note.rstrip('.')}." for piece in pieces]


def _structure(telling: Telling, said: wording.Wording) -> dict[str, Any]:
    """The structured part that all tellings of an answer share."""
    reply, documents = telling.reply, telling.documents
    return {
        "kind": "answer",
        "question": reply.question.id,
        "title": reply.question.title,
        "verdict": reply.parts[0].answer.verdict,
        "goals": [{"id": telling.goals[id].id, "title": telling.goals[id].title} for id in telling.asked_for if id in telling.goals],
        "headline": said.headline,
        "advice": [part.answer.advice for part in reply.parts],
        "reason": said.reason,
        "disagreement": said.disagreement,
        "evidence": [
            {
                "source": piece.source,
                "document": documents.get(piece.source, piece.source),
                "section": piece.section,
                "stance": piece.stance,
                "note": piece.note,
            }
            for piece in reply.evidence
        ],
        "follow_ups": question_choices(telling.follow_ups),
    }


def gap(dispatcher: CollectingDispatcher, question: Question, nearest: Mapping[str, str]) -> None:
    """Say that the documents do not answer *question*, and offer the nearest that they do."""
    text = f"My sources do not say {question.not_covered}." + (" The nearest they do say:" if nearest else "")
    choices = question_choices(nearest)
    send(dispatcher, text, choices, {"kind": "gap", "text": text, "question": question.id, "title": question.title, "follow_ups": choices})


def not_said(dispatcher: CollectingDispatcher, nearest: Mapping[str, str]) -> None:
    """Say that the documents do not answer something of our field that no question file is about."""
    text = "My sources do not say that. The nearest they do say:"
    choices = question_choices(nearest)
    send(dispatcher, text, choices, {"kind": "gap", "text": text, "question": None, "title": "", "follow_ups": choices})


def care(dispatcher: CollectingDispatcher, level: str, title: str, text: str, contact: str) -> None:
    """Send a care card: no advice on training, no buttons."""
    send(
        dispatcher,
        "\n\n".join(filter(None, [title, text, contact])),
        (),
        {"kind": "care", "level": level, "title": title, "text": text, "contact": contact},
    )


def did_you_mean(dispatcher: CollectingDispatcher, titles: Mapping[str, str]) -> None:
    """Offer the nearest questions."""
    text = "I am not sure what you are asking. Did you mean one of these?"
    choices = [*question_choices(titles), {"title": "Something else", "payload": "/help"}]
    send(dispatcher, text, choices, {"kind": "did_you_mean", "text": text, "choices": choices})


def talk(dispatcher: CollectingDispatcher, text: str, choices: Sequence[Choice] = ()) -> None:
    """Say something that is no answer of the knowledge base."""
    send(dispatcher, text, choices, {"kind": "talk", "text": text, "choices": list(choices)})


def error(dispatcher: CollectingDispatcher, text: str) -> None:
    """Say that something went wrong."""
    send(dispatcher, text, (), {"kind": "error", "text": text})


def send(dispatcher: CollectingDispatcher, text: str, choices: Iterable[Choice], custom: dict[str, Any]) -> None:
    """One message: the plain form, then the structured one."""
    buttons = [{"title": choice["title"], "payload": choice["payload"]} for choice in choices]
    if not buttons:
        text = text.replace("\n\n", "\n")  # Rasa sends a text without buttons in pieces, one a paragraph
    dispatcher.utter_message(text=text, buttons=buttons, json_message=custom)
