"""Questions that got no sure answer, put together by likeness for whoever runs Tandem; and a draft of the file that would answer them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.search import alike
from knowledge.store.missed import MissedQuestion


@dataclass(frozen=True)
class Group:
    """Messages that ask the same thing in like words, the newest first."""

    questions: tuple[MissedQuestion, ...]

    @property
    def nearest(self) -> str | None:
        """The question that most of them came nearest to, or were said to mean."""
        found = Counter(question.chosen or question.nearest for question in self.questions)
        return found.most_common(1)[0][0]


def groups(missed: Sequence[MissedQuestion]) -> list[Group]:
    """*missed* by likeness, the largest group first."""
    rows = alike([question.text for question in missed])
    return sorted((Group(tuple(missed[row] for row in group)) for group in rows), key=lambda group: -len(group.questions))


def report(found: Sequence[Group], most: int = 5) -> str:
    """A text to read: each group with its number, size, nearest question and up to *most* messages."""
    blocks = []
    for number, group in enumerate(found, 1):
        kinds = ", ".join(f"{count} {kind}" for kind, count in Counter(question.kind for question in group.questions).most_common())
        texts = list(dict.fromkeys(question.text for question in group.questions))
        lines = [f"  {question}" for question in texts[:most]] + ([f"  … and {len(texts) - most} more"] if len(texts) > most else [])
        last = f"{group.questions[0].at:%Y-%m-%d %H:%M} UTC"
        title = f"{number}. {len(group.questions)} × ({kinds}; nearest: {group.nearest or 'none'}; last {last})"
        blocks.append("\n".join([title, *lines]))
    return "\n\n".join(blocks)


def draft(group: Group) -> str:
    """A question file to complete: the messages as phrasings, and what has to be written marked so that check complains until it is."""
    texts = list(dict.fromkeys(question.text for question in group.questions))
    lines = [
        "# Name this file like the id and put it into knowledge/questions/. Then: python -m knowledge check",
        "id: new_question",
        f"title: {json.dumps(texts[0][:60], ensure_ascii=False)}",
        "asked_as:  # fifteen or more",
        *(f"  - {json.dumps(text, ensure_ascii=False)}" for text in texts),
        "held_out: []  # five or more, from somebody else",
        "answers:",
        "  - goal: any",
        "    advice: # one sentence that answers the question",
        "    because: # one or two sentences with the reason",
        "    evidence:",
        "      - {source: , section: , stance: supports, note: }",
        f"follow_ups: [{group.nearest or ''}]",
    ]
    return "\n".join(lines) + "\n"
