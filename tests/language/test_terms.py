"""Words, stop words and stems; English stems are compared with those of SQLite's Porter stemmer."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vasi.language.porter import porter
from vasi.language.terms import STOP_WORDS, content_words, fold, stem, stems, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The DENTIST, at nine.", ["the", "dentist", "at", "nine"]),
        (
            "Don’t forget the dentist's bill; it's due",
            ["don't", "forget", "the", "dentist", "bill", "it", "due"],
        ),
        ("the employees' canteen", ["the", "employees", "canteen"]),
        ("$1,000 or 12,500.75 or 3.5 %", ["dollar", "1000", "or", "12500.75", "or", "3.5", "percent"]),
        ("1.000,50 € und 12.345.678,9", ["1000.50", "euro", "und", "12345678.9"]),
        (
            "2024-10-01, 1.10.2024, 31/10/2024, 10/31/2024",
            [*["1", "october", "2024"]] * 2 + [*["31", "october", "2024"]] * 2,
        ),
        ("1/2/2024, 10.0.0.1, 2024-13-01", [*["1", "2", "2024"], "10", "0", "0", "1", *["2024", "13", "01"]]),
        ("E-mail, x-ray, re-use", ["email", "xray", "re", "use"]),
        ("version 1.2.3, on 2026-03-04: 4.5.", ["version", "1", "2", "3", "on", "4", "march", "2026", "4.5"]),
        ("a co-pay of 401(k) snake_case", ["a", "co", "pay", "of", "401", "k", "snake", "case"]),
        ("Crème brûlée, ﬁne Straße", ["crème", "brûlée", "fine", "straße"]),
        ("l'eau, qu’une offre d'été", ["l", "eau", "qu", "une", "offre", "d", "été"]),
        ("dell'acqua e un'isola", ["dell", "acqua", "e", "un", "isola"]),
        ("o'clock, c'mon, we'd", ["o'clock", "c'mon", "we'd"]),
        ("北京 東", ["北京", "東"]),
        ("東京都のコンピュータ", ["東京", "京都", "の", "コン", "ンピ", "ピュ", "ュー", "ータ"]),
        ("हिन्दी में, தமிழ்!", ["हिन्दी", "में", "தமிழ்"]),
        ("שָׁלוֹם עולם; سَلام", ["שָׁלוֹם", "עולם", "سَلام"]),
        ("Ελλάδα, Йод", ["ελλάδα", "йод"]),
        ("\u00adhy\u00adphen", ["hyphen"]),
        ("!!! --- ''", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_content_words_drop_stop_words_but_never_everything() -> None:
    assert content_words("What is the deductible?") == ["deductible"]
    assert content_words("who are you") == ["who", "are", "you"]
    assert content_words("") == []


def test_stop_words_are_words() -> None:
    assert all(words(word) == [word] for word in STOP_WORDS)


def test_stems_make_forms_of_a_word_equal() -> None:
    assert stem("dentists") == stem("dentist")
    assert stem("reimbursed") == stem("reimbursement") == stem("reimbursing")
    assert stem("cafés") == stem("cafes")
    assert fold("brûlée") == "brulee"
    assert fold("Straße, œuvre") == "Strasse, oeuvre"
    assert stems("The running runner's dogs") == {"run", "dog"}


TOKENIZER = "\"porter unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'\""


def _sqlite_stems(tokens: list[str]) -> dict[str, str]:
    """What FTS5 makes of each token."""
    db = sqlite3.connect(":memory:")
    db.execute(f"CREATE VIRTUAL TABLE t USING fts5(x, tokenize = {TOKENIZER})")
    db.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, 'instance')")
    db.executemany("INSERT INTO t(rowid, x) VALUES (?, ?)", list(enumerate(tokens)))
    found: dict[str, list[str]] = {}
    for term, doc in db.execute("SELECT term, doc FROM v ORDER BY doc, offset"):
        found.setdefault(tokens[doc], []).append(term)
    db.close()
    return {token: " ".join(terms) for token, terms in found.items()}


_SUFFIXES = """
ational tional enci anci izer logi bli alli entli eli ousli ization ation ator alism iveness fulness
ousness aliti iviti biliti icate ative alize iciti ical ful ness al ance ence er ic able ible ant
ement ment ent ion sion tion ou ism ate iti ous ive ize s es ss sses ies ed eed ing y e ll at bl iz
"""
_ENDINGS = _SUFFIXES.split()


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda stem, first, second: stem + first + second,
            st.text("abcdefgilmnoprstuvwyz7", min_size=0, max_size=6),
            st.sampled_from(_ENDINGS),
            st.sampled_from(["", *_ENDINGS]),
        ),
        min_size=1,
        max_size=30,
        unique=True,
    )
)
def test_english_stems_are_porters(tokens: list[str]) -> None:
    assert {token: porter(token) for token in tokens} == _sqlite_stems(tokens)


def test_decimals_and_apostrophes_part_a_word() -> None:
    tokens = ["3.5", "don't", "o'clock", "as", "is"]
    assert {token: stem(token) for token in tokens} == _sqlite_stems(tokens)


@given(st.text())
def test_any_text_has_clean_words(text: str) -> None:
    for word in words(text):
        assert word
        assert '"' not in word
        assert word == word.strip()
        assert words(word)  # a word is made of words: nothing of it is lost on the way to the index


@given(st.text(alphabet="aZ'.,_ -09\x1fs$%/", max_size=30))
def test_words_of_plain_text_are_those_of_any_text(text: str) -> None:
    assert words(f"{text} é") == [*words(text), "é"]
