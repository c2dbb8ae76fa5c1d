"""What a question asks for, in the languages of the app."""

from __future__ import annotations

import pytest

from vasi.language.answer_types import AnswerType, answer_type
from vasi.language.cues import cue


@pytest.mark.parametrize(
    ("question", "expected", "sentence"),
    [
        ("How much is the deposit?", "amount", "The deposit is $40."),
        ("Wie viel kostet die Fähre?", "amount", "Eine Fahrt kostet 12 Euro."),
        ("Wann öffnet das Schwimmbad?", "time", "Es öffnet um 9 Uhr."),
        ("Wo steht der Brunnen?", "place", "Er steht in Bamberg."),
        ("¿Cuántos vecinos tiene el pueblo?", "number", "El pueblo tiene 812 vecinos."),
        ("¿Quién dirige el coro?", "name", "El coro lo dirige Lucía Ferrer."),
        ("Pourquoi le pont est-il fermé ?", "reason", "Il est fermé parce que la rivière déborde."),
        ("Quand la fête a-t-elle lieu ?", "time", "Elle a lieu en juillet."),
        ("Quanto tempo dura il corso?", "duration", "Il corso dura 6 settimane."),
        ("Waar ligt de haven?", "place", "De haven ligt in Enkhuizen."),
        ("Onde fica a biblioteca?", "place", "Fica em Coimbra."),
        ("図書館はどこですか", "place", "Turn left in Kyoto."),
    ],
)
def test_types_and_what_holds_them(question: str, expected: AnswerType, sentence: str) -> None:
    assert answer_type(question) == expected
    assert cue(expected, sentence, ()) >= 0.7
    assert cue(expected, "...", ()) < 0.5
