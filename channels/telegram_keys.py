"""Inline keyboards: the buttons of a reply as keys, laid out by width; what a key carries; and how a pressed one looks."""

from __future__ import annotations

import unicodedata
from typing import Any

Json = dict[str, Any]
Keyboard = list[list[Json]]

# How many keys a keyboard may have.
MOST_KEYS = 100
# How wide a title may be for so many keys to share a row of a telephone.
_WIDTHS = ((11, 3), (17, 2))
# Longer titles than this nobody reads on a key.
_LONGEST_TITLE = 120
_CHOSEN = "✓ "
# Of the keys that carry these, one is chosen at most.
_EITHER_OR = ("g:", "v:")


def keyboards(reply: Json, asker: str) -> list[Keyboard]:
    """Goals, what to ask next, thumbs, or trying again; more than one keyboard only if they do not fit."""
    kinds = (("g", "goal_choices"), ("b", "choices"), ("b", "follow_ups"))
    rows = [
        row
        for kind, name in kinds
        for row in laid_out([key(one["title"], f"{kind}:{one['button']}", asker) for one in buttons(reply, name)])
    ]
    if reply.get("kind") in ("answer", "gap") and (id := text(reply, "id")):
        rows.append([key(face, f"v:{id}:{vote}", asker) for face, vote in (("👍", "up"), ("👎", "down"))])
    if reply.get("retry") is True and (turn := text(reply, "id").partition(".")[0]):
        rows.append([key("🔁 Try again", f"r:{turn}", asker)])
    made: list[Keyboard] = [[]]
    for row in rows:
        if sum(map(len, made[-1])) + len(row) > MOST_KEYS:
            made.append([])
        made[-1].append(row)
    return made


def key(title: str, data: str, asker: str = "") -> Json:
    """One key of a keyboard; where others see it too, it carries whose it is."""
    title = title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"
    return {"text": title, "callback_data": f"{data}:{asker}" if asker else data}


def carried(data: str, presser: str, private: bool) -> list[str] | None:
    """What a key carries, part by part; None if it is somebody else's."""
    parts = data.split(":")
    if private:
        return parts
    return parts[:-1] if parts[-1] == presser else None


def is_chosen(keyboard: Keyboard, data: str) -> bool:
    """Whether the key that carries *data* looks chosen."""
    return any(one["text"].startswith(_CHOSEN) for row in keyboard for one in row if one["callback_data"] == data)


def chosen(keyboard: Keyboard, data: str, *, on: bool = True, inert: bool = False) -> Keyboard:
    """
    The keyboard with the key that carries *data* chosen, or no more; the others that it excludes are not.

    If it is to be *inert* from now on, that key alone is left, and asks nothing.
    """
    if inert:
        return [
            [{"text": f"{_CHOSEN}{one['text']}", "callback_data": "x"}] for row in keyboard for one in row if one["callback_data"] == data
        ]

    def look(one: Json) -> Json:
        title, its = one["text"].removeprefix(_CHOSEN), one["callback_data"]
        if its == data:
            return {"text": f"{_CHOSEN}{title}" if on else title, "callback_data": its}
        return {"text": title if data[:2] in _EITHER_OR and its[:2] == data[:2] else one["text"], "callback_data": its}

    return [[look(one) for one in row] for row in keyboard if row]


def buttons(reply: Json, name: str) -> list[Json]:
    """The buttons that *reply* has under *name*."""
    given = reply.get(name)
    listed = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    return [one for one in listed if text(one, "title").strip() and text(one, "button")]


def laid_out(keys: list[Json]) -> Keyboard:
    """Rows of up to three, as wide as their titles let them be, in their order."""
    rows: Keyboard = []
    room = 0
    for one in keys:
        fits = next((number for widest, number in _WIDTHS if _width(one["text"]) <= widest), 1)
        if rows and len(rows[-1]) < min(room, fits):
            rows[-1].append(one)
            room = min(room, fits)
        else:
            rows.append([one])
            room = fits
    return rows


def _width(title: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else not unicodedata.combining(letter) for letter in title)


def text(holder: Json, name: str) -> str:
    """The string that *holder* has under *name*, or none."""
    value = holder.get(name)
    return value if isinstance(value, str) else ""
