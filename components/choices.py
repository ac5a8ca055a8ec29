"""Which of the choices offered last a message names ("the second one"). Pure."""

from __future__ import annotations

import re

_PLACE_OF = {
    "that": 0,
    "first": 0,
    "1st": 0,
    "1": 0,
    "one": 0,
    "second": 1,
    "2nd": 1,
    "2": 1,
    "two": 1,
    "third": 2,
    "3rd": 2,
    "3": 2,
    "three": 2,
    "last": -1,
}
_PICK = re.compile(
    r"(?:yes |yeah |yep |ok |okay |i mean |i meant |i'll take |take |let's do |the |number |option |no\. ?|nr\. ?|#)*"
    r"(?:(first|1st|second|2nd|third|3rd|last|[123](?=$|[ .!)])|(?<=number )(?:one|two|three)|(?<=option )(?:one|two|three))"
    r"|that|this)"
    r"(?: one| option| question| of those)?(?: please| pls)?[.!)]*"
)


def picked(text: str) -> int | None:
    """Which of the choices last offered *text* names, if that is all it does."""
    match = _PICK.fullmatch(text.strip())
    return _PLACE_OF.get(match[1] or "that") if match else None
