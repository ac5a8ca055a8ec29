"""What stands in domain.yml, in data/ and in the code says the same."""

from __future__ import annotations

import importlib
import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Action
from ruamel.yaml import YAML

from actions import doubt
from actions.memory import Memory

ROOT = Path(__file__).resolve().parent.parent


def read(name: str) -> Any:
    """A YAML file of the repository."""
    return YAML(typ="safe").load(ROOT / name)


DOMAIN, CONFIG = read("domain.yml"), read("config.yml")
RULES = {rule["rule"]: rule["steps"] for rule in read("data/rules.yml")["rules"]}
NLU = {entry["intent"]: entry["examples"].splitlines() for entry in read("data/nlu.yml")["nlu"]}
ACTIONS: dict[str, dict[str, Any]] = dict(next(iter(one.items())) if isinstance(one, dict) else (one, {}) for one in DOMAIN["actions"])
PAYLOADS = sorted({button["payload"] for texts in DOMAIN["responses"].values() for text in texts for button in text.get("buttons") or ()})


def in_rules(kind: str) -> set[str]:
    """Every intent, or action, of the rules."""
    return {step[kind] for steps in RULES.values() for step in steps if kind in step}


def classes() -> dict[str, type[Action]]:
    """Every action of actions/, by its name."""
    modules = [importlib.import_module(f"actions.{path.stem}") for path in (ROOT / "actions").glob("[!_]*.py")]
    found = {one for module in modules for one in vars(module).values() if inspect.isclass(one) and issubclass(one, Action)}
    return {one().name(): one for one in found if one.__module__.startswith("actions.") and not inspect.isabstract(one)}


class TestActions:
    def test_the_actions_of_the_domain_are_those_of_the_code(self) -> None:
        """None is missing, and none is left over."""
        assert set(ACTIONS) == set(classes())

    def test_each_action_of_a_rule_is_known(self) -> None:
        """It is in actions/, or a response."""
        assert in_rules("action") <= set(ACTIONS) | set(DOMAIN["responses"])

    def test_each_action_is_in_a_rule(self) -> None:
        """Else nothing would ever call it."""
        assert set(ACTIONS) <= in_rules("action")

    def test_the_fallback_is_an_action(self) -> None:
        """What no rule knows is answered by it."""
        assert {policy["core_fallback_action_name"] for policy in CONFIG["policies"] if "core_fallback_action_name" in policy} <= set(
            ACTIONS
        )

    @pytest.mark.parametrize("name", sorted(ACTIONS))
    def test_an_action_that_uses_the_domain_is_sent_it(self, name: str) -> None:
        """Rasa leaves the domain out of a call unless it is said here; and sends it for nothing if it is said of others."""
        uses = "domain[" in inspect.getsource(classes()[name])

        assert bool(ACTIONS[name].get("send_domain")) == uses


class TestIntents:
    def test_each_intent_with_examples_is_known_and_has_a_rule(self) -> None:
        """What is understood is answered."""
        assert set(NLU) <= set(DOMAIN["intents"])
        assert set(NLU) <= in_rules("intent")

    def test_each_intent_of_the_domain_has_a_rule(self) -> None:
        """Those that only components set as well."""
        assert set(DOMAIN["intents"]) == in_rules("intent")

    def test_each_intent_has_one_rule(self) -> None:
        """Two would contradict each other."""
        intents = [step["intent"] for steps in RULES.values() for step in steps if "intent" in step]

        assert len(intents) == len(set(intents))

    def test_intents_that_components_set_are_known(self) -> None:
        """By the names that stand in the code."""
        from components import guard, importer, selector

        named = {importer.INTENT, selector.UNSURE, selector.UNKNOWN, selector.PICK, guard.DANGER}

        assert named <= set(DOMAIN["intents"])

    def test_no_example_is_of_two_intents(self) -> None:
        """However it is cased; one of them would never be understood."""
        seen: dict[str, str] = {}
        for intent, examples in NLU.items():
            for text in examples:
                assert seen.setdefault(text.lower(), intent) == intent, text

    def test_no_example_is_a_question_of_the_knowledge_base(self, real: Any) -> None:
        """The subject is in knowledge/, small talk is in data/."""
        asked = {text.lower() for question in real.questions for text in (*question.asked_as, *question.held_out)}

        assert asked.isdisjoint({text.removeprefix("- ").lower() for examples in NLU.values() for text in examples})


class TestResponses:
    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_each_button_asks_a_question_there_is(self, payload: str) -> None:
        """Its intent is known; braces are doubled, for Rasa fills slots into single ones."""
        intent, entities = re.fullmatch(r"/(\w+)(?:\{(\{.*\})\})?", payload).groups()  # type: ignore[union-attr]

        assert intent in DOMAIN["intents"]
        for name, value in json.loads(entities or "{}").items():
            assert name in DOMAIN["entities"]
            assert name != "question" or (ROOT / "knowledge" / "questions" / f"{value}.yml").is_file()

    def test_there_are_buttons(self) -> None:
        """Else the rule above holds of nothing."""
        assert PAYLOADS

    def test_no_text_has_a_brace(self) -> None:
        """Rasa would look for a slot of that name."""
        assert not [name for name, texts in DOMAIN["responses"].items() for text in texts if "{" in text["text"]]

    def test_each_response_is_said_somewhere(self) -> None:
        """By a rule, by an action, or by Rasa itself."""
        code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "actions").glob("*.py"))
        unsaid = set(DOMAIN["responses"]) - in_rules("action") - {"utter_restart", "utter_back"}

        assert {name for name in unsaid if name not in code} == set()

    def test_each_response_has_its_structured_part(self) -> None:
        """Channels render small talk like anything else."""
        assert all(text["custom"]["kind"] == "talk" for texts in DOMAIN["responses"].values() for text in texts)


class TestSlots:
    def test_what_actions_remember_has_a_slot(self) -> None:
        """Rasa drops what it has no slot for."""
        assert {event["name"] for event in Memory().events()} | {"forget"} == set(DOMAIN["slots"])

    def test_no_slot_influences_what_follows(self) -> None:
        """One rule a behaviour holds whatever is remembered."""
        assert not any(slot["influence_conversation"] for slot in DOMAIN["slots"].values())


def test_the_questions_that_are_offered_first_are_there() -> None:
    """Those of the code, as those of the buttons."""
    assert all((ROOT / "knowledge" / "questions" / f"{id}.yml").is_file() for id in doubt.STARTERS)
