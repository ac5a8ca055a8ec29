"""How a reply looks in Slack, and that Slack takes whatever we make."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_rules import message_complaints, mrkdwn_complaints
from stand_in import answer_to

from channels.errors import RasaSilent
from channels.replies import from_rasa
from channels.slack_replies import marked, pages
from channels.slack_text import cut, escape, mrkdwn, pieces, typed, units

ANY_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=60) | st.text(st.sampled_from("<>&*_[]()`|@!-# \nab"), max_size=60)
JSON = st.recursive(
    st.none() | st.booleans() | ANY_TEXT,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["title", "payload", "document", "section", "stance", "source"]), inner, max_size=4)
    ),
    max_leaves=12,
)
CUSTOM = st.dictionaries(
    st.sampled_from(
        ["text", "headline", "reason", "title", "evidence", "follow_ups", "goal_choices", "choices", "goals", "contact", "move"]
    ),
    JSON,
    max_size=8,
)
KINDS = ["answer", "gap", "care", "did_you_mean", "talk", "error", "new kind"]


def replies_of(*customs):
    """The replies of a turn that Rasa answers with these structured messages."""
    return from_rasa([{"custom": custom} for custom in customs], "t_1")[0]


def buttons_of(shown):
    """All buttons of all pages."""
    return [each for page in shown for block in page.blocks if block["type"] == "actions" for each in block["elements"]]


def words_of(page):
    """All text of a page."""
    return json.dumps(page.blocks, ensure_ascii=False)


def choices(count, title="Choice"):
    """So many buttons, as Rasa's actions send them."""
    return [{"title": f"{title} {number}", "payload": f"/{number}"} for number in range(count)]


class TestKinds:
    def test_answer(self):
        """An answer shows its headline, its reason, its sources, its buttons, and asks whether it helped."""
        replies, payloads = from_rasa(answer_to("anna", "run first?"), "t_1")
        (page,) = pages(replies, owner="U1")
        titles = [each["text"]["text"] for each in buttons_of([page])]

        assert ["section", "section", "context", "context", "actions", "actions", "actions"] == [block["type"] for block in page.blocks]
        assert "*You asked: run first?*" == page.blocks[0]["text"]["text"]
        assert "Sources\n1. A document, “A section”" == page.blocks[2]["elements"][0]["text"]
        assert ["Build muscle", "How long should I wait?", "Same day?", "👍 Helpful", "👎 Not helpful"] == titles
        assert 3 == len(payloads)

    def test_told_again(self):
        """Asked for the reason, for more or for the evidence, that alone is shown, with the sources."""
        (page,) = pages(replies_of({"kind": "answer", "text": "Because.", "headline": "Lift first.", "move": "why"}), owner="U1")

        assert "Because." in words_of(page)
        assert "Lift first" not in words_of(page)

    def test_disagreement(self):
        """Where sources differ the answer says so, and marks the source that says otherwise."""
        evidence = [{"document": "D", "section": "S", "stance": "contradicts", "note": ""}]
        (page,) = pages(
            replies_of({"kind": "answer", "text": "A", "headline": "A", "disagreement": "Sources differ: B.", "evidence": evidence}),
            owner="U1",
        )

        assert "⚖️ Sources differ: B." in words_of(page)
        assert "1. D, “S” – says otherwise" in words_of(page)

    @pytest.mark.parametrize(
        ("contact", "shown"),
        [("112", "<tel:112|112>"), ("help@shop.example", "<mailto:help@shop.example|help@shop.example>"), ("Ask <Bo>", "Ask &lt;Bo&gt;")],
    )
    def test_care(self, contact, shown):
        """A care card has its level as header, a contact that can be pressed, and neither buttons nor votes."""
        shown_pages = pages(
            replies_of({"kind": "care", "level": "emergency", "title": "Stop", "text": "Call.", "contact": contact}), owner="U1"
        )

        assert "🚨 Emergency" == shown_pages[0].blocks[0]["text"]["text"]
        assert shown == shown_pages[0].blocks[-1]["text"]["text"]
        assert [] == buttons_of(shown_pages)

    def test_apology(self):
        """What went wrong can be tried again."""
        shown = pages([{"id": "t_1.0", "kind": "error", "text": "Sorry", "retry": True}], owner="U1")

        assert [("again.0", "t_1.0 0 U1")] == [(each["action_id"], each["value"]) for each in buttons_of(shown)]

    def test_several(self):
        """Several answers in one turn stand in one message, apart from each other, each with its buttons and its vote."""
        custom = {"kind": "answer", "text": "A", "headline": "A", "follow_ups": choices(1)}
        (page,) = pages(replies_of(custom, custom), owner="U1")

        assert 1 == [block["type"] for block in page.blocks].count("divider")
        assert ["t_1.b0", "t_1.0", "t_1.0", "t_1.b1", "t_1.1", "t_1.1"] == [each["value"].split()[0] for each in buttons_of([page])]

    def test_for_whom(self):
        """Where others read along, the message says whose conversation it is."""
        (page,) = pages(replies_of({"kind": "talk", "text": "Hi"}), owner="U1", greet=True)

        assert "For <@U1>" == page.blocks[0]["elements"][0]["text"]


class TestLimits:
    @pytest.mark.parametrize(("count", "rows"), [(1, 1), (5, 1), (6, 2), (23, 5)])
    def test_rows(self, count, rows):
        """More than five buttons take more rows; none is left out."""
        shown = pages(replies_of({"kind": "did_you_mean", "text": "Which?", "choices": choices(count)}), owner="U1")

        assert rows == sum(block["type"] == "actions" for block in shown[0].blocks)
        assert count == len(buttons_of(shown))

    def test_more_than_a_message(self):
        """What does not fit into fifty blocks goes on in further messages, in order, with every button."""
        shown = pages(replies_of({"kind": "talk", "text": "Many", "choices": choices(600)}), owner="U1")

        assert [f"t_1.b{number}" for number in range(600)] == [each["value"].split()[0] for each in buttons_of(shown)]
        assert ["0", "1", "2"] == sorted({each["value"].split()[1] for each in buttons_of(shown)})
        assert [] == [complaint for page in shown for complaint in message_complaints({"text": page.text, "blocks": page.blocks})]

    def test_long_text(self):
        """A text of any length is shown whole, over blocks and messages."""
        text = " ".join(f"word{number}&" for number in range(4_000))
        shown = pages(replies_of({"kind": "talk", "text": text}), owner="U1")
        told = " ".join(block["text"]["text"] for page in shown for block in page.blocks)

        assert escape(text).split() == told.split()
        assert [] == [complaint for page in shown for complaint in message_complaints({"text": page.text, "blocks": page.blocks})]

    def test_long_title(self):
        """A title too long for a button ends in an ellipsis."""
        (each,) = buttons_of(pages(replies_of({"kind": "talk", "text": "?", "choices": choices(1, "long " * 30)}), owner="U1"))

        assert 75 >= units(each["text"]["text"])
        assert each["text"]["text"].endswith("…")

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.tuples(st.sampled_from(KINDS), CUSTOM), min_size=1, max_size=3))
    def test_anything(self, customs):
        """Whatever a reply holds, Slack takes the messages, every button is in them, and marking keeps that so."""
        try:
            replies, _ = from_rasa([{"custom": {**custom, "kind": kind}} for kind, custom in customs], "t_1")
        except RasaSilent:
            return
        shown = pages(replies, owner="U1")
        refs = [each["value"].split()[0] for each in buttons_of(shown) if each["action_id"].startswith("say.")]
        again = [marked(page, {"t_1.b0"}, {"t_1.0": "up"}) for page in shown]

        assert [] == [found for page in [*shown, *again] for found in message_complaints({"text": page.text, "blocks": page.blocks})]
        assert sorted(re.findall(r'"button": "(t_1\.b\d+)"', json.dumps(replies))) == sorted(refs)


class TestMarked:
    def test_chosen(self):
        """After a press the chosen one stands where the choices of that reply were; other replies keep theirs."""
        custom = {"kind": "answer", "text": "A", "headline": "A", "follow_ups": choices(6), "goal_choices": choices(2, "Goal")}
        (page,) = pages(replies_of(custom, custom), owner="U1")
        after = marked(page, {"t_1.b2"}, {})
        says = [each["value"].split()[0] for each in buttons_of([after]) if each["action_id"].startswith("say")]

        assert "✓ *Choice 2*" in words_of(after)
        assert [f"t_1.b{number}" for number in [14, 15, *range(8, 14)]] == says
        assert 1 == words_of(after).count("Choose a goal")

    def test_vote(self):
        """The vote that was given shows, on that answer only, and can be changed."""
        custom = {"kind": "answer", "text": "A", "headline": "A"}
        (page,) = pages(replies_of(custom, custom), owner="U1")
        after = marked(page, (), {"t_1.1": "down"})

        assert [None, None, None, "primary", None] == [each.get("style") for each in buttons_of([after])]
        assert "✍️ Say why" == buttons_of([after])[-1]["text"]["text"]

    def test_untouched(self):
        """Nothing pressed, nothing changed."""
        (page,) = pages(from_rasa(answer_to("anna", "hi"), "t_1")[0], owner="U1")

        assert page == marked(page, ("t_2.b0",), {"t_2.0": "up"})


class TestText:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
            ("<!channel> <@U1>", "&lt;!channel&gt; &lt;@U1&gt;"),
            ("**strong** and *soft* and `code`", "*strong* and _soft_ and `code`"),
            ("- one\n* two", "• one\n• two"),
            ("[a page](https://a.example/?b=1&c=2)", "<https://a.example/?b=1&amp;c=2|a page>"),
            ("[x](javascript:alert)", "[x](javascript:alert)"),
        ],
    )
    def test_mrkdwn(self, text, shown):
        """Markdown becomes Slack's, control characters become harmless."""
        assert shown == mrkdwn(text)

    @given(ANY_TEXT)
    def test_no_command(self, text):
        """No text commands Slack."""
        assert [] == mrkdwn_complaints(mrkdwn(text), 3_000)

    @given(ANY_TEXT, st.integers(10, 40))
    def test_pieces(self, text, most):
        """Pieces hold every word and fit."""
        found = pieces(text, most)

        assert "".join(text.split()) == "".join("".join(found).split())
        assert all(0 < units(escape(piece)) <= most for piece in found)

    @given(ANY_TEXT, st.integers(1, 30))
    def test_cut(self, text, most):
        """What is cut fits."""
        assert units(cut(text, most)) <= most

    @pytest.mark.parametrize(
        ("sent", "read"),
        [
            ("<@UBOT> can i run?", "can i run?"),
            ("hey <@UBOT|tandem>, can <@U2|bo> run?", "hey , can someone run?"),
            ("see <https://a.example/x|a.example/x> &amp; <https://b.example>", "see a.example/x & https://b.example"),
            ("<#C1|general> <!here> <!subteam^S1|@team>", "general @here @team"),
            ("5 &lt; 10", "5 < 10"),
            ("", ""),
        ],
    )
    def test_typed(self, sent, read):
        """What a person typed is read as they saw it; the one spoken to is left out."""
        assert read == typed(sent, "UBOT")
