"""The names that a recogniser is told to expect."""

import time

from vasi.engines.stt.names import names


def test_names_within_sentences_are_found_the_commonest_first():
    texts = [
        "The ferry Kestrel leaves at noon. Ask Mara Lindqvist about the Kestrel.",
        "On Fridays the Kestrel stays in port, says Mara Lindqvist.",
        "We met Ödön in Łódź.",
    ]
    assert names(texts, 3) == ("Kestrel", "Mara Lindqvist", "Fridays")
    assert "Ödön" in names(texts, 10)


def test_what_is_written_small_elsewhere_is_no_name():
    assert names(["Read the Annual Report. The annual report is long."], 5) == ()


def test_none_are_found_where_there_are_none():
    assert names([], 5) == names(["", "nothing here. Nothing there."], 5) == ()


def test_hostile_text_takes_no_time():
    began = time.perf_counter()
    names(["a " + "Aa " * 200_000, "a A" * 200_000, "x " + "A" * 500_000], 5)
    assert time.perf_counter() - began < 5
