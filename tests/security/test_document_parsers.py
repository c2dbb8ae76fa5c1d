"""Files made to keep a parser busy: it takes time that grows with their size, not with its square."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from vasi.knowledge.parse import delimited, html, markdown

HTML = (
    "<a `", "<!--", "<", "</", "<?", "<![CDATA[", "<a x=", "<a x='", "&a", "<p>", "<p hidden>x", "<b>", "<div>",
    "<form>", "<script>", "<td>x", "<li>x", "<table><tr><td>", "<p><b>", "<a><p>", "</p>", "</body ", "<h1>",
    "<!--x-->",
)  # fmt: skip
MARKDOWN = (
    "[", "![", "[[a]", "[a](", "](", "[^", "[^a]: ", "[x]: ", "[a]: b\n", "*a ", "*a_ ", "a**b", "**", "~~a ", "==a ",
    "`", "``a`", "<a ", "<!--", "<", "&", "\\", "> ", "- ", "- a\n", "  - a\n", "| ", "a|b\n", "```\n", "    a\n\n",
    "\\[[3]", "a\n=\n", "---\n", "a: b\n", "<user@", "[!a] ", "[ ] ",
)  # fmt: skip


def seconds(parse: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    parse(text)
    return time.process_time() - started


def assert_linear(parse: Callable[[str], object], piece: str) -> None:
    """Eight times as much takes about eight times as long: with its square it would be 64 times."""
    short, long = (piece * (characters // len(piece)) for characters in (8_000, 64_000))
    if seconds(parse, long) >= 0.3:
        # The least of several: a collection of garbage may fall into any of them.
        assert min(seconds(parse, long) for _ in range(3)) < 32 * min(seconds(parse, short) for _ in range(3))


@pytest.mark.parametrize(
    "text",
    [
        "x" * 900_000 + ",b\n" + "1,2\n" * 5_000,
        ",".join(f"column {number}" for number in range(100_000)) + "\n" + ",".join("1" * 100_000),
    ],
    ids=["a name of 900 kB", "100,000 columns"],
)
def test_a_table_with_a_hostile_head_is_read_at_once(text: str) -> None:
    started = time.process_time()
    parsed = delimited.parse(text)
    assert time.process_time() - started < 5
    assert sum(len(block.text) for block in parsed.blocks) < 4_000_000


@pytest.mark.parametrize("piece", HTML)
def test_html(piece: str) -> None:
    assert_linear(html.parse, piece)


@pytest.mark.parametrize("piece", MARKDOWN)
def test_markdown(piece: str) -> None:
    assert_linear(markdown.parse, piece)


def test_large_pages_that_were_quadratic_in_the_standard_library() -> None:
    for page in ("<a `" * 400_000, "<!--" * 300_000):
        assert seconds(html.parse, page) < 5
