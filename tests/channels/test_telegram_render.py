"""Replies as Telegram messages: whatever is in them, Telegram takes them, and nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram_stand_in import check_keyboard, read_html, units

from channels.telegram_keys import chosen, laid_out
from channels.telegram_render import MOST_UNITS, messages

ANSWER = {
    "id": "t_0123456789abcdef.0", "kind": "answer", "text": "x", "verdict": "lift_first", "headline": "Lift first.", "reason": "You are **fresh** then.",
    "missing": "My sources do not say how much.", "disagreement": "One passage sees it otherwise.", "move": "",
    "evidence": [
        {"source": "a", "document": "A document", "section": "One", "stance": "supports", "note": "says so."},
        {"source": "b", "document": "", "section": "Two", "stance": "contradicts", "note": ""},
    ],
    "follow_ups": [{"title": "And then?", "button": "t_0123456789abcdef.b0"}],
    "goal_choices": [{"id": "x", "title": "Build muscle", "button": "t_0123456789abcdef.b1"}, {"id": "y", "title": "Lose fat", "button": "t_0123456789abcdef.b2"}],
}  # fmt: skip

_WORDS = (
    st.text(max_size=40)
    | st.text(st.sampled_from("<>&\"'*_`[]()/ab \n🏃é"), max_size=60)
    | st.sampled_from(["x" * 5000, "word " * 2000, "🏃" * 3000, "<b>" * 1500, "**a** " * 900])
)
_BUTTONS = st.lists(
    st.fixed_dictionaries({"title": _WORDS, "button": st.from_regex(r"t_[A-Za-z0-9_-]{16}\.b\d{1,3}", fullmatch=True)}), max_size=5
)
_REPLIES = st.fixed_dictionaries(
    {"id": st.just("t_0123456789abcdef.0"), "kind": st.sampled_from(["answer", "gap", "care", "talk", "did_you_mean", "error", "new"]), "text": _WORDS},
    optional={
        "headline": _WORDS, "reason": _WORDS, "missing": _WORDS, "disagreement": _WORDS, "title": _WORDS, "contact": _WORDS, "verdict": _WORDS, "level": _WORDS,
        "move": st.sampled_from(["", "why", "short", "repeat"]), "follow_ups": _BUTTONS, "goal_choices": _BUTTONS, "choices": _BUTTONS,
        "evidence": st.lists(st.fixed_dictionaries({"document": _WORDS, "section": _WORDS, "stance": st.sampled_from(["supports", "contradicts"]), "note": _WORDS}), max_size=4),
    },
)  # fmt: skip


class TestAnswer:
    def test_whole(self):
        """An answer in the order in which it is read, its sources folded up."""
        (shown,) = messages([ANSWER])

        assert (
            "🏋️ Lift → 🏃 Run\n\n<b>Lift first.</b>\n\nYou are <b>fresh</b> then.\n\n<i>My sources do not say how much.</i>\n\n"
            "<i>↔️ One passage sees it otherwise.</i>\n\n<blockquote expandable>Sources\nA document\n• “One” supports this: says so.\n"
            "b\n• “Two” says otherwise.</blockquote>\n\nTraining for something? Choose a goal:"
        ) == shown.text

    def test_keyboard(self):
        """Goals come first because they may change the answer; then what to ask next; then thumbs."""
        (shown,) = messages([ANSWER])

        assert [["Build muscle", "Lose fat"], ["And then?"], ["👍", "👎"]] == [[key["text"] for key in row] for row in shown.keyboard]

    @pytest.mark.parametrize(("move", "text"), [("why", "The reason."), ("repeat", "<b>Lift first.</b>")])
    def test_told_again(self, move, text):
        """Asked for the reason, or for it in short, that alone is said; asked to repeat it, all of it."""
        (shown,) = messages([{**ANSWER, "move": move, "text": "The reason."}])

        assert text in shown.text

    def test_of_a_group(self):
        """In a group each key carries who may press it."""
        (shown,) = messages([ANSWER], "123456789012345")

        assert all(key["callback_data"].endswith(":123456789012345") for row in shown.keyboard for key in row)
        check_keyboard({"inline_keyboard": shown.keyboard})


class TestMarks:
    @pytest.mark.parametrize(
        ("written", "shown"),
        [
            ("**a** *b* `c`", "<b>a</b> <i>b</i> <code>c</code>"),
            ("[a & b](https://x.example/?a=1&b=2)", '<a href="https://x.example/?a=1&amp;b=2">a &amp; b</a>'),
            ("[a](javascript:alert)", "[a](javascript:alert)"),
            ("<b>a</b> & 2 * 3 * 4", "&lt;b&gt;a&lt;/b&gt; &amp; 2 * 3 * 4"),
        ],
    )
    def test_marks(self, written, shown):
        """The marks that the widget knows are shown; everything else stays the text it is."""
        assert shown == messages([{"kind": "talk", "text": written}])[0].text


class TestLimits:
    @settings(max_examples=50, deadline=None)
    @given(st.lists(_REPLIES, min_size=1, max_size=3), st.sampled_from(["", "123456789012345"]))
    def test_anything(self, replies, asker):
        """Whatever is in a reply, Telegram takes each message, as HTML and as plain text, and every button is there once."""
        shown = messages(replies, asker)

        for one in shown:
            assert 0 < units(read_html(one.text).strip())
            assert units(read_html(one.text)) <= MOST_UNITS >= units(one.plain)
            check_keyboard({"inline_keyboard": one.keyboard})
        buttons = [
            button["button"]
            for reply in replies
            for name in ("goal_choices", "choices", "follow_ups")
            for button in reply.get(name, [])
            if button["title"].strip()
        ]
        keys = [
            key["callback_data"].split(":")[1] for one in shown for row in one.keyboard for key in row if key["callback_data"][0] in "bg"
        ]
        assert sorted(buttons) == sorted(keys)

    def test_long(self):
        """What is longer than a message is split between words, and none is lost."""
        text = " ".join(f"word{number}" for number in range(2000))
        shown = messages([{"kind": "talk", "text": text, "choices": [{"title": "A", "button": "t_x.b0"}]}])

        assert text == " ".join(read_html(one.text) for one in shown)
        assert [False] * (len(shown) - 1) + [True] == [bool(one.keyboard) for one in shown]

    def test_many_sources(self):
        """Long sources are folded up in each of the messages that they need."""
        shown = messages([{**ANSWER, "evidence": ANSWER["evidence"] * 300}])

        assert len(shown) > 2
        assert all("</blockquote>" in one.text for one in shown[1:-1])
        assert 600 == sum(one.plain.count("“") for one in shown)

    def test_many_keys(self):
        """More keys than a keyboard may have go on in the next message."""
        choices = [{"title": f"Number {number}", "button": f"t_x.b{number}"} for number in range(250)]
        shown = messages([{"kind": "talk", "text": "x", "choices": choices}])

        assert 250 == sum(len(row) for one in shown for row in one.keyboard)
        for one in shown:
            check_keyboard({"inline_keyboard": one.keyboard})


class TestKeys:
    @pytest.mark.parametrize(
        ("titles", "rows"),
        [
            (["Yes", "No", "Maybe", "Later"], [["Yes", "No", "Maybe"], ["Later"]]),
            (
                ["Build muscle", "Get stronger", "Lose fat", "Run better", "Stay fit"],
                [["Build muscle", "Get stronger"], ["Lose fat", "Run better", "Stay fit"]],
            ),
            (
                ["How long should I wait?", "Yes", "Same day or separate days?", "No"],
                [["How long should I wait?"], ["Yes"], ["Same day or separate days?"], ["No"]],
            ),
            (["走ってから筋トレ", "はい"], [["走ってから筋トレ", "はい"]]),
        ],
    )
    def test_width(self, titles, rows):
        """As many keys share a row as their titles have room for on a telephone; their order stays."""
        assert rows == [[key["text"] for key in row] for row in laid_out([{"text": title} for title in titles])]

    def test_chosen(self):
        """Of goals and thumbs one is chosen; what was asked next stays marked."""
        keyboard = [
            [{"text": "✓ A", "callback_data": "g:1"}, {"text": "B", "callback_data": "g:2"}],
            [{"text": "✓ C", "callback_data": "b:3"}, {"text": "D", "callback_data": "b:4"}],
        ]
        keyboard = chosen(chosen(keyboard, "g:2"), "b:4")

        assert [["A", "✓ B"], ["✓ C", "✓ D"]] == [[key["text"] for key in row] for row in keyboard]
