"""A knowledge base of any size without a complaint, as a model and as files."""

from __future__ import annotations

import json
import random
from pathlib import Path

from knowledge.model import Answer, Base, Evidence, Goal, Question, Source, Vocabulary

SEED = 7
GOALS = ("muscle", "strength", "fat_loss", "endurance", "general")
WORDS = "run lift rest pace week easy hard first last after before legs heart train eat sleep wait plan goal body".split()


def generated(questions: int) -> Base:
    """A base without a complaint: 20 phrasings, ten answers of two pieces of evidence each, and follow-ups for every question."""
    chance = random.Random(SEED)

    def words(count: int) -> str:
        return " ".join(chance.choices(WORDS, k=count))

    def answer(goals: tuple[str, ...], **when: tuple[str, ...]) -> Answer:
        pieces = tuple(Evidence("document", "Section", stance, words(12)) for stance in ("supports", "contradicts"))
        return Answer(goals, when, f"Do this: {words(9)}.", f"It is so. {words(9)}. {words(9)}.", "good", None, pieces)

    def question(number: int) -> Question:
        answers = [answer(()), *(answer((goal,)) for goal in GOALS)]
        answers += [answer((), intensity=("easy",)), answer((), intensity=("hard",)), answer(GOALS[:2]), answer(GOALS[2:4])]
        asked = [f"{words(4)} {number} {more}" for more in range(20)]
        follow_ups = tuple(f"q{(number + step) % questions}" for step in (1, 2, 3))
        return Question(f"q{number}", f"Number {number}: {words(4)}?", tuple(asked[:15]), tuple(asked[15:]), tuple(answers), follow_ups)

    vocabulary = Vocabulary({}, {"intensity": {"easy": ("easy",), "hard": ("hard",)}}, {}, {}, {}, {})
    goals = tuple(Goal(id, id, id, (id,)) for id in GOALS)
    return Base(tuple(map(question, range(questions))), goals, (Source("document", "A document", ("Section",)),), vocabulary)


def write(base: Base, folder: Path) -> None:
    """*base* as files; JSON is YAML."""
    (folder / "questions").mkdir()
    for name, rows in (("goals", base.goals), ("sources", base.sources)):
        (folder / f"{name}.yml").write_text(json.dumps([vars(row) for row in rows]), encoding="utf-8")
    (folder / "vocabulary.yml").write_text(json.dumps(vars(base.vocabulary)), encoding="utf-8")
    for one in base.questions:
        answers = [
            {"goal": a.goals or "any"}
            | {key: vars(a)[key] for key in ("when", "verdict", "advice", "because")}
            | {"evidence": [vars(e) for e in a.evidence]}
            for a in one.answers
        ]
        kept = {key: vars(one)[key] for key in ("id", "title", "asked_as", "held_out", "follow_ups")}
        (folder / "questions" / f"{one.id}.yml").write_text(json.dumps({**kept, "answers": answers}, indent=1), encoding="utf-8")
