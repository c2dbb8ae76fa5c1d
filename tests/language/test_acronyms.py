"""Acronyms with what they stand for, as texts define them."""

from __future__ import annotations

import time

import pytest

from vasi.language.acronyms import Definition, asked_keys, definitions, replaced


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Every diver wears a Buoyancy Control Device (BCD).", [("BCD", "Buoyancy Control Device")]),
        ("The BCD (buoyancy control device) is rinsed.", [("BCD", "buoyancy control device")]),
        (
            "BCD: buoyancy control device\nLOTO – lockout and tagout",
            [("BCD", "buoyancy control device"), ("LOTO", "lockout and tagout")],
        ),
        ("MOB stands for man over board.", [("MOB", "man over board")]),
        ("Abbreviation: SWL; Meaning: safe working load", [("SWL", "safe working load")]),
        ("Die persönliche Schutzausrüstung (PSA) wird gestellt.", [("PSA", "persönliche Schutzausrüstung")]),
        ("El Impuesto sobre el Valor Añadido (IVA) es del 21 %.", [("IVA", "Impuesto sobre el Valor Añadido")]),
        ("The Board of Directors (BoD) meets.", [("BoD", "Board of Directors")]),
        ("We meet at the harbour (NORTH) at ten.", []),
        ("The old shed of the club (OK) is open.", []),
        ("Boat: Heron; Berth: B21; Price: 70 EUR", []),
    ],
)
def test_what_an_acronym_stands_for(text: str, expected: list[tuple[str, str]]) -> None:
    assert definitions(text) == [Definition(*one) for one in expected]


def test_both_forms_of_a_question() -> None:
    device = Definition("BCD", "buoyancy control device")
    question = "Where are the buoyancy control devices rinsed?"
    assert replaced(question, asked_keys(question)[device.keys[1]], device) == "Where are the BCD rinsed?"
    question = "Where is the BCD rinsed?"
    assert (
        replaced(question, asked_keys(question)[device.keys[0]], device)
        == "Where is the buoyancy control device rinsed?"
    )


def test_where_the_meaning_is_asked_for_the_acronym_stays() -> None:
    assert asked_keys("What does BCD stand for?") == {}
    assert asked_keys("What is the meaning of BCD?") == {}


@pytest.mark.parametrize("text", ["a-" * 9_000, "Ab " * 6_000 + "(AB", "A" * 19_000, "AB: " * 4_000, "a'" * 9_000])
def test_hostile_texts_take_no_time(text: str) -> None:
    start = time.perf_counter()
    definitions(text)
    assert time.perf_counter() - start < 2
