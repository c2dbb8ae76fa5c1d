"""Finding what was cited in a document that was read again."""

from __future__ import annotations

import pytest

from vasi.knowledge.locate import locate
from vasi.storage.ports import Passage
from vasi.storage.recorded import Cited


def document(*texts: str) -> list[Passage]:
    """Passages of one section, with a space between."""
    passages: list[Passage] = []
    start = 0
    for number, text in enumerate(texts, 1):
        passages.append(Passage(f"p{number}", "document", "doc_1", "a.md", text, start=start, end=start + len(text)))
        start += len(text) + 1
    return passages


def cited(excerpt: str, start: int = 0) -> Cited:
    return Cited("p9", "a.md", kind="document", source_id="doc_1", start=start, excerpt=excerpt)


@pytest.mark.parametrize(
    ("excerpt", "texts", "expected"),
    [
        ("The sauna opens at six.", ("Welcome.", "The sauna opens at six."), "p2"),
        ("The sauna opens at six.", ("Welcome. The sauna\nopens  at six. Bring towels.", "More."), "p1"),
        ("at six. Bring two towels", ("The sauna opens at six.", "Bring two towels, please."), "p2"),
        ("The sauna opens at s", ("The sauna opens at seven.",), "p1"),
        ("The sauna opens at six.", ("The sauna opens at seven.",), None),
        ("a.c", ("abc",), None),
        ("", ("The sauna opens at six.",), None),
        ("The sauna", (), None),
    ],
)
def test_the_passage_is_found_that_holds_the_text(excerpt: str, texts: tuple[str, ...], expected: str | None) -> None:
    found = locate(cited(excerpt), document(*texts))
    assert (found and found.id) == expected


def test_of_several_places_the_nearest_is_taken() -> None:
    passages = document("See below.", "Something else that is long enough.", "See below.", "The end.")
    assert [(found := locate(cited("See below.", start), passages)) and found.id for start in (0, 12, 40, 900)] == [
        "p1",
        "p1",
        "p3",
        "p3",
    ]


def test_headings_and_pages_part_the_text() -> None:
    first = Passage("p1", "document", "doc_1", "a.md", "The fee is $5.", "Gym", 1, 0, 14)
    second = Passage("p2", "document", "doc_1", "a.md", "The fee is $9.", "Sauna", 2, 30, 44)
    assert locate(cited("The fee is $9."), [first, second]) == second
    assert locate(cited("$5. The fee"), [first, second]) is None
