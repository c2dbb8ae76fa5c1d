"""Things of a question with what tells them from others of their kind."""

from __future__ import annotations

import pytest

from vasi.language.asked_things import (
    AskedThing,
    asked_places,
    asked_role,
    asked_things,
    speaks_of,
    speaks_of_another,
)
from vasi.language.detection import detect
from vasi.language.terms import stems


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What does a week ticket cost?", [AskedThing("ticket", ("week",))]),
        ("Where are the sails of the Heron?", [AskedThing("sail", (), ("heron",))]),
        ("Where are the Heron's sails?", [AskedThing("sail", (), ("heron",))]),
        ("¿Cuánto cuesta el billete de semana?", [AskedThing("billet", (), ("seman",))]),
        ("What is the maximum speed?", []),
        ("When does it open?", []),
    ],
)
def test_what_is_asked_about(question: str, expected: list[AskedThing]) -> None:
    assert list(asked_things(question, detect(question))) == expected


@pytest.mark.parametrize(
    ("question", "text", "another"),
    [
        ("What does a week ticket cost?", "A season ticket costs 80 crowns.", True),
        ("What does a week ticket cost?", "A ticket for a week costs 20 crowns.", False),
        ("What does a week ticket cost?", "Tickets: day 4, week 20.", False),
        ("What does a week ticket cost?", "The ticket costs 20 crowns.", False),
        ("Where are the sails of the Heron?", "Sails of the Kestrel: loft", True),
        ("Where are the sails of the Heron?", "Oars of the Heron: rack", True),
        ("Where are the sails of the Heron?", "The Kestrel's sails are in the loft.", True),
        ("Where are the sails of the Heron?", "The Heron's sails are in the loft.", False),
        ("Where are the sails of the Heron?", "They are in the loft.", False),
    ],
)
def test_what_tells_of_another_thing(question: str, text: str, another: bool) -> None:
    things = asked_things(question, "en")
    assert speaks_of_another(things, text, (), frozenset(stems(question)), "en") is another


def test_a_heading_may_say_what_a_sentence_leaves_out() -> None:
    things = asked_things("What does the welding course cost?", "en")
    asked = frozenset(stems("What does the welding course cost?"))
    assert speaks_of_another(things, "The evening course costs 60 crowns.", (), asked, "en")
    assert not speaks_of_another(things, "The evening course costs 60 crowns.", {"weld"}, asked, "en")
    assert speaks_of(things, "The course costs 60 crowns.", {"weld"}, "en")
    assert not speaks_of(things, "The course costs 60 crowns.", (), "en")


@pytest.mark.parametrize(
    ("question", "role"),
    [
        ("Who is the chair of the club?", "chair"),
        ("Who's the club's lawyer?", "lawyer"),
        ("Who keeps the books of the club?", ""),
        ("Who is responsible for the boats?", ""),
        ("Wer ist der Kassier des Vereins?", "kassi"),
    ],
)
def test_what_somebody_is(question: str, role: str) -> None:
    assert asked_role(question, detect(question)) == role


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("Is smoking allowed in the workshop?", {"workshop"}),
        ("May I grill on the upper terrace?", {"terrac"}),
        ("Can it be amended by a simple majority?", set()),
        ("Darf man in der Werkstatt rauchen?", {"werkstatt"}),
    ],
)
def test_where_the_matter_is_set(question: str, places: set[str]) -> None:
    assert asked_places(question, detect(question)) == places
