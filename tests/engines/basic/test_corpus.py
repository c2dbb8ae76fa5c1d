"""What texts teach the recogniser: sentences as they're spoken, acronyms, and how unknown words sound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vasi.engines.basic.pocketsphinx import corpus, pronunciations
from vasi.language.phonetics import sound_terms


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("It costs $1,500.", "it costs one thousand five hundred dollars"),
        ("It costs €12.50 a day", "it costs twelve euros fifty cents a day"),
        ("A rate of 3.5% applies", "a rate of three point five percent applies"),
        ("Doors open at 9:30", "doors open at nine thirty"),
        ("From 9:05 to 10:00", "from nine oh five to ten"),
        ("built in 1984", "built in nineteen eighty four"),
        ("by 2024, or 2005", "by twenty twenty four or two thousand five"),
        ("the 3rd and the 21st", "the third and the twenty first"),
        ("call 5551234567", "call five five five one two three four five six seven"),
        ("code 007", "code zero zero seven"),
        ("the owner’s naïve plan", "the owner's naive plan"),
        ("a 2,000,000 people city", "a two million people city"),
        ("FORM W-2", "form w two"),
    ],
)
def test_text_becomes_what_a_speaker_says(written: str, said: str) -> None:
    assert [" ".join(sentence) for sentence in corpus.sentences(written)] == [said]


@given(st.from_regex(r"[$€£]?([0-9]{1,3}(,[0-9]{3}){1,3}|[0-9]{1,12})(\.[0-9]{1,3})?(%|st|nd| °)?", fullmatch=True))
def test_the_recogniser_is_taught_the_words_that_the_index_of_sounds_holds(number: str) -> None:
    (taught,) = corpus.sentences(f"about {number} of them")
    assert sound_terms(" ".join(taught)) == sound_terms(f"about {number} of them")


def test_sentences_end_at_stops_and_list_items() -> None:
    found = corpus.sentences("Bring a lamp. Is it dry?\n- first item\n- second item\n\nA heading\n\nThe end")
    assert [" ".join(sentence) for sentence in found] == [
        "bring a lamp",
        "is it dry",
        "first item",
        "second item",
        "a heading",
        "the end",
    ]


def test_a_line_without_end_or_spaces_is_no_trouble() -> None:
    assert corpus.sentences("x" * 100_000) == []
    assert all(len(sentence) <= 60 for sentence in corpus.sentences("word " * 5_000))


def test_of_too_much_text_the_passages_with_rare_words_are_kept() -> None:
    dull = [f"the boat is at the pier number {n % 7}." for n in range(400)]
    read = corpus.read([*dull, "the zorvane is at the pier."], limit=60)
    assert any("zorvane" in sentence for sentence in read.sentences)
    assert sum(map(len, read.sentences)) <= 70


def test_words_in_capitals_are_spelt() -> None:
    read = corpus.read(["Each employee has PTO. Ask about PTO early. THE END."])
    cmu = {"p.": ("P IY",), "t.": ("T IY",), "o.": ("OW",), "the": ("DH AH",)}
    assert pronunciations.derived("pto", cmu, read.acronyms) == ("P IY T IY OW",)
    assert pronunciations.spelt("n", cmu) == "EH N"


def test_possessives_plurals_and_compounds_follow_from_the_dictionary() -> None:
    cmu = {"kestrel": ("K EH S T R AH L",), "box": ("B AA K S",), "life": ("L AY F",), "jacket": ("JH AE K AH T",)}
    assert pronunciations.derived("kestrel's", cmu, ()) == ("K EH S T R AH L Z",)
    assert pronunciations.derived("box's", cmu, ()) == ("B AA K S IH Z",)
    assert pronunciations.derived("jackets", cmu, ()) == ("JH AE K AH T S",)
    assert pronunciations.derived("lifejacket", cmu, ()) == ("L AY F JH AE K AH T",)
    assert pronunciations.derived("zorvane", cmu, ()) == ()


def test_phones_that_the_decoder_lacks_are_refused() -> None:
    assert pronunciations.known_phones(["K", "AH"]) == ["K", "AH"]
    assert not pronunciations.known_phones(["K", "AH0"])
