"""Find the words of the vocabulary in a text. The one address of spaCy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import spacy
from spacy.matcher import Matcher, PhraseMatcher
from spacy.tokens import Doc

GAP = "…"
"""In a phrase of the vocabulary: up to three words of any kind."""


class Mention(NamedTuple):
    """Words of one meaning: tokens *start* to *end* (exclusive) of the text."""

    label: str
    start: int
    end: int


class Phrasebook:
    """
    Finds phrases, however they are cased; where two overlap the longer one wins.

    A blank English pipeline and its matchers are all there is of spaCy here: 0.2 ms a message against 6 ms for
    en_core_web_sm, whose parse read the order asked about less often right (bench/RESULTS.md).
    """

    def __init__(self, phrases: Mapping[str, Iterable[str]], nlp: spacy.Language) -> None:
        self._plain = PhraseMatcher(nlp.vocab, attr="LOWER")
        self._gapped = Matcher(nlp.vocab)
        for label, texts in phrases.items():
            texts = list(texts)
            self._plain.add(label, [nlp.make_doc(text) for text in texts if GAP not in text])
            gapped = [_pattern(text, nlp) for text in texts if GAP in text]
            if gapped:
                self._gapped.add(label, gapped)
        self._strings = nlp.vocab.strings

    def find(self, doc: Doc) -> list[Mention]:
        """All mentions in *doc* in their order, none overlapping another."""
        gapped = self._gapped(doc) if len(self._gapped) else ()
        hits = [Mention(self._strings[key], start, end) for key, start, end in (*self._plain(doc), *gapped)]
        taken: set[int] = set()
        found = []
        for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start)):
            if taken.isdisjoint(range(hit.start, hit.end)):
                taken.update(range(hit.start, hit.end))
                found.append(hit)
        return sorted(found, key=lambda hit: hit.start)


def _pattern(text: str, nlp: spacy.Language) -> list[dict[str, object]]:
    any_word: dict[str, object] = {"IS_PUNCT": False, "OP": "?"}
    return [
        piece
        for part in text.split()
        for piece in ([any_word] * 3 if part == GAP else [{"LOWER": token.lower_} for token in nlp.make_doc(part)])
    ]


def blank_english() -> spacy.Language:
    """English tokenisation and nothing else; needs no model."""
    return spacy.blank("en")
