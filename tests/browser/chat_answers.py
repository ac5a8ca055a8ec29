"""One reply of each kind, as Rasa gives them to the gateway: the content of the browser tests."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

AFTER, JOG = "Does Running after Lifting Lose Muscle or Fat?", "Is it possible to Jog and Build Muscle simultaneously?"
GOALS = {"muscle": "Build muscle", "strength": "Get stronger", "fat_loss": "Lose fat", "endurance": "Run better"}


def _evidence(document: str, section: str, stance: str, note: str) -> Json:
    return {
        "source": "after-lifting" if document is AFTER else "jog-and-build",
        "document": document,
        "section": section,
        "stance": stance,
        "note": note,
    }


EVIDENCE = [
    _evidence(
        AFTER, "Which Is Preferable: Pre- Or Post-Strength Work?", "supports", "Puts strength work ahead of cardio in nearly every case."
    ),
    _evidence(
        AFTER,
        "Is Running Allowed After Weight Lifting?",
        "supports",
        "Calls running after weights no problem, and lifting first better for energy.",
    ),
    _evidence(
        JOG,
        "#1 Strength training first, then jogging",
        "supports",
        "On a shared day, starts with strength and follows it with a relaxed run.",
    ),
    _evidence(
        AFTER,
        "How To Workout To Achieve Your Goals",
        "contradicts",
        "one passage would have muscle builders run first, because it says the last activity adapts most",
    ),
]
FOLLOW_UPS = [
    ("wait", "How long should I wait between lifting and running?"),
    ("muscle", "Will I lose muscle if I run after lifting?"),
    ("days", "Same day or separate days?"),
]


def order(goal: str | None = None) -> Json:
    """The answer to "run first or lift first?", general or for *goal*."""
    named = (
        f"Yes, for {GOALS[goal].lower()} that is the better order: lift first, then run."
        if goal
        else "Lift first, then run at an easy pace."
    )
    reason = (
        "A tiring run beforehand costs you reps, sets and weight on the bar. Adding weight over time is what builds muscle."
        if goal
        else "You have the most energy for the weights while you are fresh, and a relaxed run is fine afterwards. "
        "Training for a race or for pace is the exception."
    )
    differ = "Sources differ: one passage would have muscle builders run first, because it says the last activity adapts most."
    return {
        "kind": "answer",
        "text": f"{named}\n\n{reason}\n\n{differ}",
        "question": "order",
        "title": "Run first or lift first?",
        "verdict": "lift_first",
        "goals": [{"id": goal, "title": GOALS[goal]}] if goal else [],
        "headline": named,
        "reason": reason,
        "disagreement": differ,
        "evidence": EVIDENCE,
        "follow_ups": [{"title": title, "payload": f"/follow {id}"} for id, title in FOLLOW_UPS],
        "goal_choices": [{"id": id, "title": title, "payload": f"/goal {id}"} for id, title in GOALS.items() if id != goal],
    }


def wait_time() -> Json:
    """A short answer: no disagreement, no goal, one source."""
    return {
        "kind": "answer",
        "text": "Give it 6 to 12 hours before a hard run; an easy run can follow at once.",
        "question": "wait_time",
        "title": "How long to wait?",
        "verdict": None,
        "goals": [],
        "headline": "Give it 6 to 12 hours before a hard run; an easy run can follow at once.",
        "reason": "",
        "disagreement": "",
        "evidence": EVIDENCE[1:2],
        "follow_ups": [{"title": FOLLOW_UPS[2][1], "payload": "/follow days"}],
        "goal_choices": [],
    }


def again(move: str) -> Json:
    """The answer about the order, told again."""
    told = order()
    return {**told, "move": move, "goal_choices": [], "text": told["headline"] if move == "short" else told["reason"]}


def did_you_mean() -> Json:
    """Not understood: two questions and a way out."""
    choices = ["Run first or lift first?", "How long to wait between lifting and running?", "Something else"]
    return {
        "kind": "did_you_mean",
        "text": "Which of these do you mean?",
        "choices": [{"title": title, "payload": f"/follow {title}"} for title in choices],
    }


def care(level: str = "emergency") -> Json:
    """Danger, at one of three levels."""
    titles = {
        "emergency": "Stop, and call for help now",
        "urgent": "Stop training, and have this looked at today",
        "professional": "Please ask somebody who can examine you",
    }
    return {
        "kind": "care",
        "level": level,
        "title": titles[level],
        "text": "This can be a sign of something serious. I am a machine and cannot judge it.\n\nDo not drive yourself.",
        "contact": "112" if level == "emergency" else "",
    }


def gap() -> Json:
    """Of this field, and not in the documents."""
    return {
        "kind": "gap",
        "title": "Shoes",
        "text": "That belongs here, but neither article says anything about shoes. I will not guess.",
        "follow_ups": [{"title": FOLLOW_UPS[2][1], "payload": "/follow days"}],
    }


def talk(text: str = "Hello! Ask me about **running** and *lifting* together.") -> Json:
    """Small talk."""
    return {"kind": "talk", "text": text, "choices": []}


def apology() -> Json:
    """Something is broken behind the gateway."""
    return {"kind": "error", "text": "I cannot think at the moment. Please try again in a little while.", "retry": True}


HOSTILE = '<img src=x onerror="document.title=\'taken\'"><script>document.title="taken"</script> [click](javascript:document.title="taken")'


def reply_to(text: str) -> list[Json]:
    """What the stand-in says to *text*, typed or pressed."""
    said = text.lower().removeprefix("/")
    if said.startswith("goal "):
        return [order(said.removeprefix("goal "))]
    table = {
        "chest": care(),
        "dizzy": care("urgent"),
        "knee": care("professional"),
        "shoes": gap(),
        "shorter": again("short"),
        "why": again("why"),
        "two things": {**order(), "missing": "My sources do not say which shoes to wear."},
        "hello": talk(),
        "html": talk(HOSTILE),
        "hmm": did_you_mean(),
        "broken": apology(),
        "wait": wait_time(),
        "long": wait_time(),
        "word": talk("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2),
    }
    return next(([reply] for word, reply in table.items() if word in said), [order()])
