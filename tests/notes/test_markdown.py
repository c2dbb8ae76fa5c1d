"""Notes in an exported file of Markdown say what they said."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from vasi.notes.markdown import as_markdown

MARKS = [
    *("#", " ", "\n", "-", "*", "_", "`", "[", "](", ")", "1.", ">", "<b>", "&amp;", "~~", "|", "a", "=", "+"),
    *("\\", "!", "\t"),
]


def read(markdown: str) -> str:
    """What a reader of Markdown shows, line by line."""
    shown = MarkdownIt("gfm-like", {"linkify": False}).render(markdown)
    assert set(re.findall(r"<([a-z0-9]+)", shown)) <= {"p", "br"}, shown
    return html.unescape(re.sub(r"</?p>|<br />", "", shown)).replace("\u00a0", " ")


def lines(text: str) -> list[str]:
    return [line.expandtabs(4).rstrip() for line in text.split("\n") if line.strip()]


@pytest.mark.parametrize(
    "text",
    [
        "# Heading note",
        "Buy *milk* and `eggs`, [not](this)",
        "- one\n- two\n1. three\n2) four",
        "snake_case and _this_ & 3 < 4 &amp; <b>",
        "Title\n===\nor\n---\n> quote\n    code",
        "| a | b |\n|---|---|\n~~~\ncode\n~~~",
    ],
)
def test_a_note_that_looks_like_markdown_is_shown_as_it_is(text: str) -> None:
    assert lines(read(as_markdown(text))) == lines(text)


@given(st.lists(st.sampled_from(MARKS), min_size=1, max_size=30).map("".join))
def test_any_note_is_shown_as_it_is(text: str) -> None:
    assert lines(read(as_markdown(text.strip()))) == lines(text.strip())


def test_plain_words_stay_plain() -> None:
    assert as_markdown("Ask Dr. Lee, file snake_case-2.txt (10 %)!") == "Ask Dr. Lee, file snake_case-2.txt (10 %)!"
