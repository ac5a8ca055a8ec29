"""What is done with what Slack tells us: kept for the inbox, or voted, before it is acknowledged; the rest beside."""

from __future__ import annotations

import time
from typing import Any

from channels import feedback
from channels.conversations import Said
from channels.errors import Problem
from channels.inbox import Delivery, Inbox
from channels.replies import harmless
from channels.slack_events import AtHome, Heard, Place, Press, Word, read_action, read_command, read_event
from channels.slack_home import LONGEST_WORD, explaining, helping
from channels.slack_memory import Marks, marks, threads_of
from channels.slack_show import Show

NAME = "slack"
# Typed just so, or with the slash command, they are what they are in the menu of the web.
_VERBS = {"start over": "start_over", "forget me": "forget"}
_NOT_YOURS = "These buttons continue somebody else's conversation. Mention me with a question of your own, and I will answer you here."
_GONE = "That belongs to a conversation that is over. Please write what you would like to know."


class Desk:
    """Takes events, commands and presses, however they reach us. What it returns goes back with the acknowledgement."""

    def __init__(self, inbox: Inbox, show: Show) -> None:
        self._sessions, self._database, self._inbox, self._show = inbox.sessions, inbox.database, inbox, show

    async def event(self, envelope: dict[str, Any]) -> None:
        """
        Take an event.

        Raises:
            StoreError: It cannot be kept, here and below; Slack should send it again.
        """
        read = read_event(envelope)
        if isinstance(read, Heard):
            await self._hear(read)
        elif isinstance(read, AtHome):
            self._show.home(read.place)

    async def command(self, form: dict[str, Any]) -> dict[str, Any] | None:
        """Take a slash command."""
        heard = read_command(form)
        if heard is None:
            return None
        if heard.text.lower() in ("", "help"):
            page = helping()
            return {"response_type": "ephemeral", "text": page.text, "blocks": page.blocks}
        await self._hear(heard)
        return None

    async def action(self, payload: dict[str, Any]) -> None:
        """Take a press, a shortcut or a form."""
        read = read_action(payload)
        if isinstance(read, Heard):
            await self._hear(read)
        elif isinstance(read, Word):
            await self._explain(read)
        elif isinstance(read, Press):
            try:
                await self._press(read)
            except Problem as problem:
                self._show.whisper(read.place, problem.sentence)

    async def _hear(self, heard: Heard) -> None:
        verb = _VERBS.get(heard.text.lower().strip(" .!"), "say")
        await self._accept(heard.id, heard.place, Said(heard.text), verb)

    async def _accept(self, id: str, place: Place, said: Said, verb: str = "say", where: dict[str, Any] | None = None) -> None:
        """Hand it to the inbox. What Slack calls it stays here: of a delivery that is done, only a keyed hash of that is left."""
        if verb == "forget" and where is None:
            await self._forget_elsewhere(id, place)
        kept = self._sessions.elsewhere(NAME, id)
        await self._inbox.accept(Delivery(NAME, kept, place.person, said, place.where() if where is None else where, verb))

    async def _forget_elsewhere(self, id: str, place: Place) -> None:
        """Whoever wants to be forgotten is forgotten in every thread, without words about each."""
        known = await self._database.run(threads_of, self._sessions.elsewhere(NAME, place.user))
        places = [Place(place.user, place.user), *(Place(place.user, *thread.split(":", 1)) for thread in known)]
        for other in places:
            if other.person != place.person:
                await self._accept(f"{id}/{other.person}", other, Said(), "forget", {})

    async def _press(self, press: Press) -> None:
        place, action = press.place, press.action.partition(".")[0]
        once = f"{action}:{press.message}:{press.reference}"  # pressed twice in a hurry is pressed once
        if press.owner != place.user:
            self._show.whisper(place, _NOT_YOURS)
        elif action == "ask":
            await self._hear(Heard(f"ask:{press.trigger}", place, press.reference))
        elif action in _VERBS.values():
            await self._accept(f"{action}:{press.trigger}", place, Said(), action)
        elif action == "say":
            await self._accept(once, place, Said(button=press.reference))
            self._show.mark(press, self._marks, chosen=True)
        elif action == "again":
            turn = (await self._marked(press)).turn
            await self._accept(once, place, Said(button=turn.button) if turn.button else Said(turn.text))
            self._show.mark(press, self._marks, chosen=True)
        elif action == "vote":
            await self._vote(press)
        elif action == "why":
            vote = (await self._marked(press)).votes.get(press.reference, "up")
            self._show.form(press.trigger, explaining(place.where(), press.reference, vote))

    async def _vote(self, press: Press) -> None:
        vote, given = press.action.split(".")[1], (await self._marked(press)).votes.get(press.reference)
        await self._inbox.vote(NAME, press.place.person, press.reference, None if vote == given else vote)
        self._show.mark(press, self._marks)

    async def _explain(self, word: Word) -> None:
        session = self._sessions.elsewhere(NAME, word.place.person)
        if (
            word.vote in ("up", "down")
            and word.reply.isascii()
            and word.reply.isprintable()
            and (said := harmless(word.word[:LONGEST_WORD]))
        ):
            try:
                await self._database.run_brief(feedback.keep, session, word.reply, word.vote, said, time.time())
            except Problem as problem:
                self._show.whisper(word.place, problem.sentence)

    async def _marks(self, press: Press) -> Marks | None:
        turn = press.reference.partition(".")[0]
        if not turn.isascii() or not turn.isprintable():
            return None
        return await self._database.run(marks, self._sessions.elsewhere(NAME, press.place.person), turn, time.time())

    async def _marked(self, press: Press) -> Marks:
        found = await self._marks(press)
        if found is None:
            raise Problem(410, "button_gone", _GONE)
        return found
