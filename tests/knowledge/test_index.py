"""The index over a store: what it makes of texts, and how it ranks."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from vasi.knowledge.index import Index, TextAnalyser
from vasi.knowledge.index.bm25 import Alternatives, Budget, affordable, best
from vasi.knowledge.index.pronunciation import CmuDictionary
from vasi.language.terms import content_words
from vasi.storage.ports import NewDocument, NewPassage
from vasi.storage.sqlite import SqliteStore
from vasi.storage.terms import Occurrences, Postings

PLAN = NewDocument("/plan.md", "plan.md", "d1", "text/markdown", 12)


@pytest.fixture
def dictionary(tmp_path: Path) -> Callable[[], CmuDictionary]:
    """Says "walnut" like nobody else."""
    path = tmp_path / "strange.dict"
    path.write_text("almond AA M AH N D\nwalnut Z EH B R AH\nwalnut(2) HH AA\nwalnut's W AO L\n")
    return lambda: CmuDictionary(path)


def test_a_dictionary_gives_the_first_pronunciation(dictionary: Callable[[], CmuDictionary]) -> None:
    known = dictionary()
    assert known.get("walnut") == ["Z", "EH", "B", "R", "AH"]
    assert known.get("almond") == ["AA", "M", "AH", "N", "D"]
    assert known.get("wal") is None
    assert known.get("zzz") is None


async def test_sounds_are_made_anew_when_the_dictionary_comes_or_goes(
    tmp_path: Path, dictionary: Callable[[], CmuDictionary]
) -> None:
    async def heard(analyser: TextAnalyser, *words: str) -> list[str]:
        store = SqliteStore(tmp_path / "vasi.db", analyser)
        await store.open()
        if not await store.documents("anna"):
            await store.put_document("anna", PLAN, [NewPassage("walnut tree")])
        hits = await Index(store, analyser).search_sounds("anna", words, 10)
        texts = [passage.text for passage in await store.passages("anna", [hit.passage_id for hit in hits])]
        await store.close()
        return texts

    assert await heard(TextAnalyser(lambda: None), "zebra") == []
    assert await heard(TextAnalyser(dictionary), "zebra") == ["walnut tree"]
    assert await heard(TextAnalyser(dictionary), "walnut") == ["walnut tree"]
    assert await heard(TextAnalyser(lambda: None), "zebra") == []
    assert await heard(TextAnalyser(lambda: None), "wall", "nut") == ["walnut tree"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Running, runners and reimbursements", {"run", "and", "reimburs"}),
        ("don't pay 3.5 or 1,000", {"don.t", "pai", "3.5", "or", "1000"}),
        ("Façade ÜNÏCÖDÉ", {"facad", "unicod"}),
        ("北京", {"北京"}),
        ("", set[str]()),
        ("a" * 5_000, {"a" * 64}),
    ],
)
def test_words_become_stems(text: str, terms: set[str]) -> None:
    found = TextAnalyser(lambda: None).terms("", text).words
    assert set(found) == terms
    assert not any(" " in term or not term for term in found)


def test_terms_are_counted_in_heading_and_text() -> None:
    terms = TextAnalyser(lambda: None).terms("Plan", "The plan of plans: kayak.")
    assert terms.words["plan"] == 3
    assert terms.words["kayak"] == 1
    assert sum(terms.words.values()) == 6
    assert sorted(terms.sounds.values()) == [1, 1, 2], "plan, plans and kayak"


def asked(**frequency: int) -> list[Alternatives]:
    return [Alternatives({term: 1.0}, {term: count} if count else {}) for term, count in frequency.items()]


def test_the_rarest_words_are_looked_up_as_many_as_are_affordable() -> None:
    def chosen(budget: Budget) -> list[str]:
        found = affordable(asked(a=500, b=5, c=0, d=50, e=700, f=6, unknown=0), budget)
        return [term for one in found for term in one.terms]

    assert chosen(Budget(24, 40_000, 40_000)) == ["b", "f", "d", "a", "e"]
    assert chosen(Budget(2, 40_000, 40_000)) == ["b", "f"]
    assert chosen(Budget(24, 600, 40_000)) == ["b", "f", "d", "a"]
    assert chosen(Budget(24, 40_000, 499)) == ["b", "f", "d"]
    assert chosen(Budget(24, 1, 1)) == ["b", "f", "d"], "three at least"


def test_of_alternatives_a_passage_counts_the_one_that_serves_best() -> None:
    where = Occurrences(
        ["p1", "p2", "p3"],
        np.full(3, 4, np.int32),
        {
            "flat": Postings(np.array([0, 1], np.int32), np.array([1, 1], np.int32)),
            "flad": Postings(np.array([0, 2], np.int32), np.array([1, 1], np.int32)),
        },
    )
    either = Alternatives({"flat": 1.0, "flad": 0.5}, {"flat": 2, "flad": 2}, alike=False)
    scores = {hit.passage_id: hit.score for hit in best([either], where, 4.0, 100, 10)}
    assert scores["p1"] == scores["p2"] == pytest.approx(2 * scores["p3"])
    rare, alike = (
        Alternatives({"flat": 1.0}, {"flat": 2}),
        Alternatives(dict.fromkeys(("flat", "flad"), 1.0), {"flat": 2, "flad": 2}),
    )
    assert best([alike], where, 4.0, 100, 1)[0].score < best([rare], where, 4.0, 100, 1)[0].score


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("Wann enden die Verträge?", "Der Vertrag endet mit dem Tod des Tieres."),
        ("vertraege", "Alle Verträge liegen im Tresor bei den Akten."),
        ("¿Qué habitaciones hay?", "La habitación del fondo tiene dos camas y un balcón."),
        ("Quand ont lieu les réunions ?", "La réunion du conseil est ouverte à seize heures."),
        ("reunioes", "A reunião do conselho foi adiada para segunda."),
        ("verzekering", "De verzekeringen zijn opgezegd door de eigenaar."),
        ("assicurazione", "Le assicurazioni sono state annullate dal proprietario."),
        ("لغات البرمجة", "هذه لغة برمجة سهلة جدا للمبتدئين"),
        ("포인트", "포인트는 다섯 해 동안 쓸 수 있습니다"),
        ("東京の天気", "今日は東京が寒いです"),
        ("Brandschutz", "Brandschutz: Raum 4"),
    ],
)
async def test_forms_of_other_languages_are_found(
    store: SqliteStore, index: Index, question: str, passage: str
) -> None:
    others = ["The contract ends.", "Der Zug hält am Ort.", "Le train part.", "El tren sale.", "fig", "nut"]
    await store.put_document("anna", PLAN, [NewPassage(text) for text in (*others, passage)])
    hits = await index.search_words("anna", content_words(question), 3)
    (first, *_) = await store.passages("anna", [hit.passage_id for hit in hits])
    assert first.text == passage


async def test_a_word_that_stands_nowhere_is_found_in_compounds(store: SqliteStore, index: Index) -> None:
    texts = [
        "Die Kündigungsfrist beträgt drei Monate.",
        "Der Kunde zahlt bar.",
        "Het huurcontract loopt af.",
        "fig",
        "nut",
    ]
    await store.put_document("anna", PLAN, [NewPassage(text) for text in texts])
    for asked, expected in {"kündigung": texts[:1], "huurco": texts[2:3], "kunde": texts[1:2], "fiction": []}.items():
        seen = await index.look_up("anna", [asked], word_limit=3)
        assert [passage.text for passage in seen.passages] == expected
    assert (await index.look_up("anna", ["kündigung"], word_limit=3)).frequency == {"kündigung": 0}


async def test_a_word_is_as_common_as_its_forms_together(store: SqliteStore, index: Index) -> None:
    texts = ["Das sind zwei Häuser in der Stadt.", "Das Haus ist alt und die Stadt ist neu.", "A house in town.", "fig"]
    await store.put_document("anna", PLAN, [NewPassage(text) for text in texts])
    seen = await index.look_up("anna", ["haus", "häuser", "house", "pear"])
    assert (seen.total, seen.frequency) == (4, {"haus": 2, "häuser": 2, "house": 1, "pear": 0})


async def test_passages_are_ranked_by_bm25(store: SqliteStore, index: Index) -> None:
    texts = ["walnut walnut tree", "walnut cake with almonds and a lot of cream", "almond", "raisin", "fig", "date"]
    await store.put_document("anna", PLAN, [NewPassage(text) for text in texts])
    hits = await index.search_words("anna", ["walnuts", "almond"], 10)
    lengths = [len(text.split()) for text in texts]

    def score(*found: tuple[int, int, int]) -> float:
        """Of (times it stands there, passages that hold it, length)."""
        total = 0.0
        for times, holders, length in found:
            idf = math.log((len(texts) - holders + 0.5) / (holders + 0.5))
            total += idf * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * length / (sum(lengths) / len(texts))))
        return total

    expected = {
        texts[0]: score((2, 2, 3)),
        texts[1]: score((1, 2, 9), (1, 2, 9)),
        texts[2]: score((1, 2, 1)),
    }
    found = await store.passages("anna", [hit.passage_id for hit in hits])
    assert {one.text: hit.score for one, hit in zip(found, hits, strict=True)} == pytest.approx(expected)
    assert [one.text for one in found] == sorted(expected, key=lambda text: -expected[text])


async def test_other_owners_change_no_rank(store: SqliteStore, index: Index) -> None:
    passages = [NewPassage("walnut tree"), NewPassage("walnut"), NewPassage("tree house"), NewPassage("fig")]
    await store.put_document("anna", PLAN, passages)
    alone = await index.search_words("anna", ["walnut", "tree"], 9)
    await store.put_document("ben", PLAN, [NewPassage(f"walnut number {n}") for n in range(30)])
    assert await index.search_words("anna", ["walnut", "tree"], 9) == alone
