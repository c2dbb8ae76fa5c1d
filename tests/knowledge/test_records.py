"""Questions over many records: counted, listed, compared and summed over the whole table, never guessed."""

from __future__ import annotations

import pytest

from vasi.knowledge.records import read_records
from vasi.knowledge.selection import FoundRecords, ask
from vasi.language.aggregates import asked_aggregate
from vasi.storage.ports import Passage


def passages(*parts: tuple[str, str], document: str = "book.md") -> list[Passage]:
    """Heading and text of each."""
    found: list[Passage] = []
    start = 0
    for place, (heading, text) in enumerate(parts):
        start += len(heading) + 4
        found.append(Passage(f"p{place}", "document", "doc_1", document, text, heading, None, start, start + len(text)))
        start += len(text)
    return found


def rows(first: int, last: int) -> str:
    return "\n\n".join(
        f"No.: {n}; Cottage: Cottage {n}; District: {'lake' if n % 4 else 'hill'} {n % 3 + 1}; Rent: {n * 50} crowns"
        for n in range(first, last + 1)
    )


COTTAGES = passages(("Cottages", rows(1, 30)), ("Cottages", rows(31, 60)))
CAFE = passages(
    ("Cafés > Café Anker", "Seats: 40. Street: Kaigata. Opened: 1998."),
    ("Cafés > Café Brise", "Seats: 25. Street: Torget. Opened: 2011."),
    ("Cafés > Café Corda", "Seats: 31. Street: Kaigata. Opened: 2004."),
    ("Rules", "The following is sold:\n- tea\n- cake\n- soup"),
)


def answer(question: str, *documents: list[Passage]) -> tuple[list[str], str, float | None] | None:
    found = told(question, *documents)
    return None if found is None else ([record.name for record in found.records], found.column, found.value)


def told(question: str, *documents: list[Passage]) -> FoundRecords | None:
    asked = asked_aggregate(question)
    if asked is None:
        return None
    return ask(asked, [one for document in documents for one in read_records(document)])


def test_records_are_counted_over_all_passages_of_their_table() -> None:
    found = answer("How many cottages are there?", COTTAGES)
    assert found is not None
    assert len(found[0]) == 60
    found = answer("How many cottages are in the hill district?", COTTAGES)
    assert found is not None
    assert len(found[0]) == 15


def test_a_number_belongs_to_the_word_before_it() -> None:
    found = answer("Which cottages are in lake 2?", COTTAGES)
    assert found is not None
    assert found[0][:3] == ["Cottage 1", "Cottage 7", "Cottage 10"]


def test_the_largest_and_the_smallest_are_told_by_their_column() -> None:
    assert answer("Which cottage is the cheapest?", COTTAGES)[0][0] == "Cottage 1"  # type: ignore[index]
    names, column, _ = answer("Which café has the most seats?", CAFE)  # type: ignore[misc]
    assert (names[0], column) == ("Café Anker", "Seats")
    names, _, _ = answer("Which is older, Café Brise or Café Corda?", CAFE)  # type: ignore[misc]
    assert names == ["Café Corda", "Café Brise"]


def test_values_are_summed_and_averaged() -> None:
    assert answer("What is the total rent of the hill cottages?", COTTAGES)[2] == sum(n * 50 for n in range(4, 61, 4))  # type: ignore[index]
    assert answer("What is the average rent of all cottages?", COTTAGES)[2] == 1525  # type: ignore[index]


def test_like_sections_are_records() -> None:
    assert answer("How many cafés are there?", CAFE)[0] == ["Café Anker", "Café Brise", "Café Corda"]  # type: ignore[index]
    assert answer("Which cafés are in Kaigata?", CAFE)[0] == ["Café Anker", "Café Corda"]  # type: ignore[index]


@pytest.mark.parametrize(
    "question",
    [
        "How many cottages have a sauna?",
        "How many days may I stay in a cottage?",
        "How many dogs are there?",
        "Which cottage is the quietest?",
        "Which cottages are cheaper than Café Brise?",
        "What is the rent of the villa?",
        "Which cottages cost less than 50 euros?",
    ],
)
def test_what_the_records_do_not_say_is_left_to_the_sentences(question: str) -> None:
    assert answer(question, COTTAGES, CAFE) is None
