"""The quantity that a question asks for, and the sentences that hold it."""

from __future__ import annotations

import pytest

from vasi.language.measures import asked_measure, holds


@pytest.mark.parametrize(
    ("question", "sentence", "sure"),
    [
        ("how many members does the club have", "Today we have 236 members.", 1.0),
        ("how many members does the club have", "The club had 31 new members.", 0.5),
        ("how many members does the club have", "Members of the club pay one crown less.", 0.0),
        ("how many apple trees grow here", "There are four hundred and twelve apple trees.", 1.0),
        ("how many red buttons can stop the machines", "Five red buttons stop all machines.", 1.0),
        ("how deep is the lake", "The lake is 83 metres deep.", 1.0),
        ("how deep is the lake", "The lake is deep and 5 degrees cold.", 0.0),
        ("how long is the trail", "It is nineteen kilometres long.", 1.0),
        ("how long does the dough rest", "The dough rests sixteen hours.", 1.0),
        ("how fast can the Otter go", "Her top speed is twenty-five knots.", 1.0),
        ("how hot may the kiln get", "The kiln may reach 1,240 degrees.", 1.0),
        ("how strong is the laser", "The laser has sixty watts.", 1.0),
        ("what is the weight of a crate", "A full crate weighs eighteen kilograms.", 1.0),
        ("how much does the new roof cost", "The offer of 18,700 crowns was taken.", 1.0),
        ("how much does the new roof cost", "The roof leaks over 3 rooms.", 0.0),
        ("what is the price of the tent", "Others pay $60.", 1.0),
        ("how old is the bell", "The bell was cast in 1711.", 1.0),
        ("how soon must damage be reported", "Report damage within forty-eight hours.", 1.0),
    ],
)
def test_the_sentence_with_the_quantity_is_told_apart(question: str, sentence: str, sure: float) -> None:
    measure = asked_measure(question)
    assert measure is not None
    assert holds(measure, sentence) == sure


@pytest.mark.parametrize("question", ["", "who keeps the key", "where is the assembly point", "how do i sharpen a saw"])
def test_other_questions_ask_for_no_quantity(question: str) -> None:
    assert asked_measure(question) is None
