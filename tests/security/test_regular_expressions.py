"""No text can make a regular expression of the project hang: each takes linear time on 10,000 characters.

An expression is tried with strings made from its own structure, in a process of its own.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.security.measure_patterns import _interrupt, measure
from tests.security.project_patterns import ProjectPattern, dynamic_patterns, hidden_imports

_ESCAPED = {
    "engines/llm/evidence.py:_as_noun",
    "knowledge/locate.py:locate",
    "language/japanese_followups.py:_asking",
    "language/japanese_followups.py:_without_same",
}
"""Functions whose patterns are escaped words, between word boundaries or with white space between them."""
_AT_IMPORT = {
    "language/phrase.py:compiled",
    "language/phrase.py:whole",
    "language/phrase.py:somewhere",
    "language/date_words.py:date_pattern",
    "language/answer_types.py:_compiled",
    "language/aggregate_phrases.py:_pattern",
    "language/locales/turns.py:last_word",
    "language/locales/turns.py:opening",
}
"""Functions that are called while their module is imported only: what they make is tried like all the rest."""


@pytest.mark.timeout(600)  # hundreds of patterns, each on texts that grow
def test_none_grows_faster_than_its_text() -> None:
    root = Path(__file__).resolve().parents[2]
    tried = subprocess.run(
        [sys.executable, "-m", "tests.security.measure_patterns"], cwd=root, capture_output=True, text=True, timeout=580
    )
    assert tried.returncode == 0, tried.stderr
    *slow, total = [json.loads(line) for line in tried.stdout.splitlines()]
    assert slow == []
    assert total["patterns"] > 150


def test_none_is_made_where_it_can_not_be_tried() -> None:
    assert dynamic_patterns() == _ESCAPED | _AT_IMPORT
    assert hidden_imports() == []


@pytest.fixture
def _interruptible() -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, _interrupt)
    yield
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("_interruptible")
@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"\d[\d,.]*\s*(?:dollars?|euros?)\b", "search"),
        (r"(?:<!--.*?-->\s*)*<html", "match"),
        (r"([?&])([^=&]+)=", "finditer"),
        (r"\bwhat .*\bcost\b", "search"),
        (r"(?: (?:all|all the|the))*x", "fullmatch"),
        (r"a(?=.*b)", "finditer"),
    ],
)
def test_what_is_too_slow_is_found(pattern: str, method: str) -> None:
    assert measure(ProjectPattern("here", re.compile(pattern, re.DOTALL), method)) is not None


@pytest.mark.usefixtures("_interruptible")
def test_what_is_fast_enough_is_not() -> None:
    fast = re.compile(r"(?<![\d,.])\d[\d,.]*+\s*+(?:dollars?|euros?)\b")
    assert measure(ProjectPattern("here", fast, "search")) is None
