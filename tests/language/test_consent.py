"""What the user's own words allow."""

from __future__ import annotations

import time

import pytest

from vasi.language.consent import agrees, asked_changes


@pytest.mark.parametrize(
    ("utterance", "changes"),
    [
        ("Note what the manual says about the filter.", {"take"}),
        ("find out how long lunch is and write it down", {"take"}),
        ("Take a note: milk.", {"take"}),
        ("Could you put that in my notes please?", {"take"}),
        ("Please delete the note about the dentist", {"delete"}),
        ("Get rid of the dentist one", {"delete"}),
        ("Change that note to Friday", {"change"}),
        ("Look up the opening hours, then update my note about the garage", {"change"}),
        ("Notiere, was im Handbuch über den Filter steht", {"take"}),
        ("Lösch die Notiz über den Zahnarzt", {"delete"}),
        ("Modifie la note du garage", {"change"}),
        ("Supprimez la note", {"delete"}),
        ("削除して", {"delete"}),
        ("When does the garage close?", set()),
        ("When must I delete the backups?", set()),
        ("What does the manual say about how to change the filter?", set()),
        ("What did I note about the dentist?", set()),
        ("Is the note about the safe long?", set()),
        ("", set()),
    ],
)
def test_changes_that_are_asked_for(utterance, changes):
    assert asked_changes(utterance) == changes


@pytest.mark.parametrize(
    "utterance",
    [
        "Yes.",
        "yes, do it",
        "Yeah, go ahead please!",
        "OK",
        "Sure, delete it",
        "do it",
        "Ja, mach das",
        "はい",
        "Oui",
        "Sí",
    ],
)
def test_agreement(utterance):
    assert agrees(utterance)


@pytest.mark.parametrize(
    "utterance",
    [
        "No.",
        "Yes, but not the second one",
        "no, don't do it",
        "What does yes mean in German?",
        "okay, and when does the garage close again, because I have to be there before my sister arrives?",
        "Yesterday",
        "ok wait",
        "",
        "Nein",
    ],
)
def test_no_agreement(utterance):
    assert not agrees(utterance)


@pytest.mark.parametrize("pumped", ["yes ", "add to the ", "note,", ", ", "delete ", "put a", "。", "-- "])
def test_long_utterances_are_judged_quickly(pumped):
    began = time.perf_counter()
    asked_changes(pumped * 10_000)
    agrees(pumped * 10_000)
    assert time.perf_counter() - began < 0.5
