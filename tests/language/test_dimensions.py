"""What a question wants to know, and which sentences say so."""

from __future__ import annotations

import pytest

from vasi.language.detection import detect
from vasi.language.dimensions import holds, wanted


@pytest.mark.parametrize(
    ("question", "dimension"),
    [
        ("What does a day ticket cost?", "money"),
        ("How much is the night guard paid?", "money"),
        ("Wie hoch ist der Jahresbeitrag?", "money"),
        ("Combien coûte le permis ?", "money"),
        ("¿Cuánto cuesta la entrada?", "money"),
        ("Quanto costa il biglietto?", "money"),
        ("How much does the anvil weigh?", "weight"),
        ("Wie schwer ist der Amboss?", "weight"),
        ("What is the phone number of the harbour?", "contact"),
        ("How many oars does the boat have?", "count"),
        ("Wie viele Ruder hat das Boot?", "count"),
        ("When was the mill built?", "date"),
        ("Wann wurde die Mühle gebaut?", "date"),
        ("How long does the ferry take?", "duration"),
        ("What share of the votes is needed?", "percent"),
        ("How much barley did the farm harvest?", "number"),
    ],
)
def test_a_question_tells_what_it_wants_to_know(question: str, dimension: str) -> None:
    found = wanted(question, detect(question))
    assert found is not None
    assert found.dimension == dimension


@pytest.mark.parametrize(
    "question", ["Who built the mill?", "When was the Bill of Rights framed? And why?", "What is on the price list?"]
)
def test_other_questions_want_no_sum_of_money(question: str) -> None:
    found = wanted(question)
    assert found is None or found.dimension != "money"


@pytest.mark.parametrize(
    ("question", "says", "says_not"),
    [
        ("What does a day ticket cost?", "A day ticket is 7 euros.", "A day ticket is valid for 24 hours."),
        ("What does a day ticket cost?", "Ticket: day; Price: 7", "Ticket: day; Zone: 7"),
        ("How much does the anvil weigh?", "It brings 80 kg to the scales.", "The anvil is 80 cm long."),
        (
            "How many oars does the boat have?",
            "The boat has four long oars.",
            "The boat of 1987 still has its oars.",
        ),
        ("Wie viele Ruder hat das Boot?", "Es hat vier Ruder.", "Das Boot liegt seit drei Jahren an Land."),
        ("When was the mill built?", "It was built in May 1871.", "It was built by two brothers."),
        ("What is the phone number of the harbour?", "Phone: 555-0142", "The harbour has 12 berths."),
        ("¿Cuánto cuesta la entrada?", "La entrada cuesta 12 €.", "La entrada está a 300 m."),
    ],
)
def test_a_sentence_says_it_or_not(question: str, says: str, says_not: str) -> None:
    language = detect(question)
    asked = wanted(question, language)
    assert asked is not None
    assert holds(asked, says, language) >= 0.7
    assert holds(asked, says_not, language) < 0.5
