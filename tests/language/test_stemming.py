"""Forms of a word have one stem, in each language; different words have not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from vasi.language.stemming import stem
from vasi.language.stop_words import NEGATIONS, QUESTION_WORDS, STOP_WORDS_OF, Language
from vasi.language.terms import content_words, stems, words


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", "refund refunds refunded refunding"),
        ("de", "vertrag verträge verträgen vertrags"),
        ("de", "häuser haeuser haus hauses"),
        ("de", "straße strasse straßen strassen"),
        ("de", "größe groesse größen"),
        ("de", "kündigung kündigungen kuendigung"),
        ("es", "habitación habitaciones habitacion"),
        ("es", "cancelar cancelado cancelación"),
        ("fr", "réunion réunions reunion"),
        ("fr", "assurer assurance assuré"),
        ("it", "contratto contratti"),
        ("it", "proprietà proprieta"),
        ("nl", "verzekering verzekeringen"),
        ("nl", "huis huizen"),
        ("pt", "reunião reuniões reuniao reunioes"),
        ("pt", "habitação habitações habitacao habitacoes"),
        ("ar", "البرمجة البرمجه"),
        ("ar", "الإنتاجية الانتاجية إنتاجية"),
        ("ar", "كِتاب كتاب"),
        ("ko", "포인트의 포인트는 포인트 포인트를 포인트에서"),
    ],
)
def test_forms_of_a_word_have_one_stem(language: Language, forms: str) -> None:
    assert len({stem(word, language) for word in forms.split()}) == 1


@pytest.mark.parametrize(
    "forms",
    [
        "own owner owns owned ownership",
        "pay paid payment payments",
        "insure insurance insured insurer",
        "buy bought buyer",
        "child children",
        "high height",
        "decide decision",
        "dr doctor",
        "km kilometre kilometers",
        "oct october",
        "thirty 30 30th",
        "3 third 3rd",
        "1st first",
        "2nd second",
        "35.00 35",
        "12.50 12.5",
        "organise organisation organize",
    ],
)
def test_english_forms_and_spellings_are_one(forms: str) -> None:
    assert len({stem(word) for word in forms.split()}) == 1


@pytest.mark.parametrize(
    "pair",
    ["price cost", "corner corn", "number numb", "flower flow", "tower tow", "member remember", "3.5 35", "1.200 1200"],
)
def test_other_english_words_stay_apart(pair: str) -> None:
    one, other = pair.split()
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("language", "word", "english"),
    [
        ("de", "oktober", "october"),
        ("fr", "août", "august"),
        ("es", "octubre", "october"),
        ("pt", "três", "3"),
        ("de", "1.200", "1200"),
        ("it", "12.000", "12000"),
        ("de", "prozent", "percent"),
    ],
)
def test_months_and_numbers_are_the_same_in_every_language(language: Language, word: str, english: str) -> None:
    assert stem(word, language) == stem(english)


@pytest.mark.parametrize(
    ("language", "pair"),
    [
        ("de", "vertrag vertreter"),
        ("fr", "logement loyer"),
        ("es", "pagar pegar"),
        ("ar", "لغة برمجة"),
        ("ko", "회의 회사"),
    ],
)
def test_different_words_have_different_stems(language: Language, pair: str) -> None:
    one, other = pair.split()
    assert stem(one, language) != stem(other, language)


def test_a_script_of_one_language_needs_no_name() -> None:
    assert stem("البرمجة") == stem("البرمجة", "ar")
    assert stem("포인트의") == "포인트"


def test_accents_are_folded_in_every_language() -> None:
    assert stem("café") == stem("cafe")
    assert stem("señor", "es") == stem("senor", "es")
    assert stem("naïveté", "nl").isascii()


def test_threads_share_the_stemmers() -> None:
    made = [
        f"{first}{last}" for first in ("lauf", "renn", "spring", "schwimm") for last in ("en", "ende", "t", "ungen")
    ]
    expected = [stem(word + "ster", "de") for word in made]
    stem.cache_clear()
    with ThreadPoolExecutor(8) as threads:
        for _ in range(20):
            assert list(threads.map(lambda word: stem(word + "ster", "de"), made)) == expected
            stem.cache_clear()


@pytest.mark.parametrize("language", STOP_WORDS_OF)
def test_stop_words_are_words(language: Language) -> None:
    for listed in (STOP_WORDS_OF, QUESTION_WORDS, NEGATIONS):
        assert listed[language]
    assert all(words(word) == [word] for word in STOP_WORDS_OF[language])


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Wie hoch ist die Kaution für das Fahrrad?", ["hoch", "kaution", "fahrrad"]),
        ("¿Cuál es el plazo de entrega?", ["plazo", "entrega"]),
        ("Quel est le montant de l'acompte ?", ["montant", "acompte"]),
        ("Qual è la durata della garanzia?", ["durata", "garanzia"]),
        ("Wat is de prijs van het kaartje?", ["prijs", "kaartje"]),
        ("Qual é o valor da multa?", ["valor", "multa"]),
        ("ما هي مدة الضمان؟", ["مدة", "الضمان"]),
        ("보증 기간은 얼마인가요?", ["보증", "기간은"]),
        ("工房の住所はどこですか", ["工房", "住所"]),
        ("What was the fee for the war museum?", ["fee", "war", "museum"]),
    ],
)
def test_a_question_is_left_with_what_it_is_about(question: str, expected: list[str]) -> None:
    assert content_words(question) == expected


def test_stems_of_a_text_are_by_its_language() -> None:
    assert stems("Die Verträge und die Häuser sind alt.") == {"vertrag", "haus", "alt"}
