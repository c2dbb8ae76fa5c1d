"""Where sentences and clauses end."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vasi.language.sentences import LONGEST_CLAUSE, ClauseSplitter, clauses, last_cut, sentences


@pytest.mark.parametrize(
    "whole",
    [
        "Mr. J. R. Smith met Dr. Ann Lee at 5 p.m. on Monday.",
        "It costs $3.50, e.g. at the U.S. embassy.",
        "See No. 5 and version 2.0 of https://a.example/x.html?q=1.",
        '"Really?" he said.',
        "A line that was wrapped by hand somewhere near its eightieth character\ngoes on here.",
        "Yahoo! is a company.",
        "Samuel L. Jackson came.",
        "Das Fest ist am 4. Oktober im Saal.",
        "Der 2. Vorsitzende vertritt sie gem. Nr. 4 der Satzung.",
        "Project: Well; Begins: 8. It is dug by hand; Costs: 900 crowns",
    ],
)
def test_a_sentence_is_not_cut_inside(whole: str) -> None:
    assert [span.text for span in sentences(whole)] == [whole]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No. That is all.", ["No.", "That is all."]),
        ("Choose plan B. Then sign it!", ["Choose plan B.", "Then sign it!"]),
        ("We open at 9 a.m. The office closes at five.", ["We open at 9 a.m.", "The office closes at five."]),
        ("He asked (why?). She left...  Then rain.", ["He asked (why?).", "She left...", "Then rain."]),
        ("Fees\nThe fee is 5.", ["Fees", "The fee is 5."]),
        ("# Fees and all other charges\nthe fee is 5", ["# Fees and all other charges", "the fee is 5"]),
        (
            "You need\n- a pen\n- paper that is\n  white\n2. ink",
            ["You need", "- a pen", "- paper that is\n  white", "2. ink"],
        ),
        ("One.\n\ntwo", ["One.", "two"]),
        ("これは本です。それも本です。", ["これは本です。", "それも本です。"]),
        ("  \n ", []),
    ],
)
def test_sentences_end_where_a_reader_sees_it(text: str, expected: list[str]) -> None:
    assert [span.text for span in sentences(text)] == expected


@given(st.text(alphabet="ab. ,!?\n\"'A1-#:;", max_size=200))
def test_spans_cover_everything_but_white_space(text: str) -> None:
    position = 0
    for span in sentences(text):
        assert text[position : span.start].strip() == ""
        assert text[span.start : span.end] == span.text == span.text.strip()
        position = span.end
    assert text[position:].strip() == ""


@pytest.mark.parametrize("text", ["Word here. " * 90_000, "." * 1_000_000 + "x", "\"'" * 500_000, "a\n" * 300_000])
def test_a_huge_text_takes_linear_time(text: str) -> None:
    started = time.perf_counter()
    sentences(text)
    assert time.perf_counter() - started < 20


@given(st.lists(st.text(alphabet='ab. ,!?\n"A1-:;—。', max_size=60), max_size=20))
def test_clauses_joined_are_the_text_however_it_arrived(deltas: list[str]) -> None:
    splitter = ClauseSplitter()
    found = [clause for delta in deltas for clause in splitter.feed(delta)] + splitter.flush()
    assert "".join(found) == "".join(deltas)
    assert found == clauses("".join(deltas))


def test_the_first_clause_is_short_and_comes_before_the_sentence_is_complete() -> None:
    splitter = ClauseSplitter()
    text = "According to the handbook, employees get 1,250.50 dollars a year for sport, which covers gyms"
    found = splitter.feed(text)
    assert found[0] == "According to the handbook, "
    assert "".join(found + splitter.feed(", pools and lessons. And") + splitter.flush()).startswith(text)


@pytest.mark.parametrize(
    "text",
    ["At 3.5 percent", "Ask Dr. Lee", "See https://a.example/b,c:d.", "About 1,000,000 people live here"],
)
def test_clauses_do_not_cut_numbers_abbreviations_and_addresses(text: str) -> None:
    assert clauses(text) == [text]


def test_text_without_punctuation_is_cut_at_white_space() -> None:
    found = clauses("word " * 200)
    assert max(map(len, found)) <= LONGEST_CLAUSE
    assert all(clause.endswith("word ") for clause in found)


@pytest.mark.parametrize(
    ("text", "begin"),
    [
        ("Ask Dr. Lee about it now. Then go home, or", "Ask Dr. Lee about it now."),
        ("Bring the lamp and a rope, some water and", "Bring the lamp and a rope,"),
        ("Bring the lamp and a rope and some wat", "Bring the lamp and a rope and some "),
        ("x" * 60, "x" * 60),
        ("これは長い文です、そしてまだ続きます", "これは長い文です、"),
    ],
)
def test_the_last_pause_of_a_text_that_is_too_long(text: str, begin: str) -> None:
    assert text[: last_cut(text, 5)] == begin
