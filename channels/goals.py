"""The goals that people may have, offered as buttons. The only thing the front door looks up in the knowledge base itself."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import replace
from typing import Any

from sqlalchemy.engine import Connection

from channels import conversations
from channels.conversations import Said, Turn
from channels.replies import from_rasa
from knowledge.errors import KnowledgeError
from knowledge.store import DEFAULT_URL, Store

log = logging.getLogger(__name__)

ASK = "What do you train for? Choose a goal, or say it in your words."
ASK_IN_WORDS = "What do you train for? Say it in your words, for example: I want to build muscle."


def question(url: str | None) -> dict[str, Any]:
    """The message that asks for the goal, as Rasa would send it; without buttons if the knowledge base is away."""
    try:
        store = Store(url or DEFAULT_URL)
        goals = store.goals()
        store.close()
    except KnowledgeError as error:
        log.warning("Goals cannot be offered: %s", error)
        goals = ()
    choices = [{"title": goal.title, "payload": f"/state_goal{json.dumps({'goal': goal.id})}"} for goal in goals]
    return {"custom": {"kind": "talk", "text": ASK if choices else ASK_IN_WORDS, "goal_choices": choices}}


def offer(connection: Connection, session: str, message: dict[str, Any], key: str, now: float) -> Turn:
    """
    The turn in which *message* is said; the one that *key* began, if it was said before.

    Raises:
        Problem: No such session.
    """
    turn = conversations.begin(connection, session, Said("goal", key=key), now)
    if turn.status == "answered":
        return turn
    shown, payloads = from_rasa([message], turn.id)
    turn = replace(turn, status="answered", answered_at=time.time(), replies=shown, payloads=payloads)
    conversations.finish(connection, turn)
    return turn
