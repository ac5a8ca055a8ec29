"""Text to and from Slack's mrkdwn: escaping, the little Markdown that replies may hold, lengths, what was typed."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

_MARKDOWN = re.compile(r"\*\*(\S(?:[^*\n]*\S)?)\*\*|\*(\S(?:[^*\n]*\S)?)\*|`([^`\n]+)`|\[([^\]\n]+)\]\((https?://[^()\s|<>]+)\)")
_BULLET = re.compile(r"^([ \t]*)[-*][ \t]+", re.MULTILINE)
# In what Slack sends: <@U1>, <@U1|anna>, <#C1|general>, <!here>, <!subteam^S1|@team>, <https://a.example|a.example>
_CONTROL = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_TOKENS = re.compile(r"\S+\s*|\s+")


def units(text: str) -> int:
    """How long *text* is as Slack may count it, in UTF-16 units: never less than characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def escape(text: str) -> str:
    """Nothing in *text* commands Slack: no mention, no link, no entity."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mrkdwn(text: str) -> str:
    """The Markdown of a reply (strong, emphasis, code, links, bullets) as Slack's own; all else is escaped."""
    return _MARKDOWN.sub(_marked, _BULLET.sub(r"\1• ", escape(text)))


def _marked(found: re.Match[str]) -> str:
    strong, emphasis, code, label, address = found.groups()
    if strong or emphasis:
        return f"*{strong}*" if strong else f"_{emphasis}_"
    return f"`{code}`" if code else f"<{address}|{label}>"


def bold(text: str) -> str:
    """*text*, escaped, in bold, each line by itself: Slack's bold ends with the line."""
    lines = (line.strip().replace("*", "") for line in text.splitlines())
    return "\n".join(f"*{escape(line)}*" if line else "" for line in lines)


def link(address: str, label: str) -> str:
    """A link that Slack shows as *label*."""
    return f"<{escape(address).replace('|', '%7C')}|{escape(label).replace('|', '¦')}>"


def cut(text: str, most: int) -> str:
    """*text* on one line, in at most *most* units, with an ellipsis where something is left out."""
    text = " ".join(text.split())
    if units(text) <= most:
        return text
    while units(text) > most - 1:
        text = text[: min(len(text) - 1, most - 1)]
    return text.rstrip() + "…"


def pieces(text: str, most: int) -> list[str]:
    """*text* in pieces that are each at most *most* units long once escaped, broken between words where there are any."""
    found: list[str] = []
    size = most + 1
    for token in _tokens(text.strip(), most):
        length = units(escape(token))
        if size + length > most:
            found.append("")
            size = 0
        found[-1] += token
        size += length
    return [kept for piece in found if (kept := piece.strip())]


def _tokens(text: str, most: int) -> Iterator[str]:
    for token in _TOKENS.findall(text):
        step = len(token) if units(escape(token)) <= most else max(1, most // 5)  # five is what one & takes
        yield from (token[i : i + step] for i in range(0, len(token), step))


def typed(text: str, bot: str = "") -> str:
    """What a person typed, as they saw it: *bot* is the one spoken to and left out, other people are not named."""

    def seen(found: re.Match[str]) -> str:
        sign, name, label = found.groups()
        if sign == "@":
            return "" if name == bot else "someone"
        if sign:
            return label or ("" if sign == "#" else f"@{name}")
        return label or name.removeprefix("mailto:").removeprefix("tel:")

    return html.unescape(_CONTROL.sub(seen, text)).strip()
