"""What a question is about, in its own words."""

from __future__ import annotations

import pytest

from vasi.language.asking import without_titles
from vasi.language.topics import topic_of


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("How much is the insurance of the clubhouse?", "the insurance of the clubhouse"),
        ("When does the next boat to Oslo leave?", "boat to Oslo"),
        ("Wie hoch ist die Miete der Halle?", "Miete der Halle"),
        ("Who is Ada Moen's sister?", "Ada Moen's sister"),
        ("What is that?", ""),
    ],
)
def test_the_topic_is_what_the_question_asks_about(question: str, topic: str) -> None:
    assert topic_of(question) == topic


def test_names_go_without_their_titles() -> None:
    assert without_titles("What does Dr. Lang say to Mrs Moen?") == "What does Lang say to Moen?"
    assert without_titles("Where is the doctor?") == "Where is the doctor?"
