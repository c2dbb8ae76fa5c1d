"""What isn't in the documents isn't found, however many words a passage shares with the question."""

from __future__ import annotations

import pytest

from vasi.knowledge import Knowledge
from vasi.storage.ports import NewDocument, NewPassage
from vasi.storage.sqlite import SqliteStore

PASSAGES = {
    "mooring-tariffs.md": [
        "The Birch berth costs 240 crowns a month and includes water and power from the quay.",
        "The Cedar berth costs 310 crowns a month. A deposit of 90 crowns is due when the key is handed over.",
        "In 2023 the harbour had 146 boats, 12 more than in the year before.",
        "Boats up to nine metres may lie at the inner pier; longer ones lie at the breakwater.",
        "Marta Osei runs the harbour office. Her deputy is Jonas Feld.",
    ],
    "sailing-school.md": [
        "The beginners' course takes six evenings and costs 480 crowns.",
        "Lessons are cancelled when the wind is stronger than seven.",
        "Children from the age of eight may take part if they can swim.",
        "The school owns eleven dinghies and two keelboats.",
    ],
    "satzung.md": [
        "Der Verein wurde im Jahr 1987 gegründet und hat seinen Sitz in Wolfsburg.",
        "Die Mitglieder wählen den Vorstand alle zwei Jahre in geheimer Wahl.",
        "Der Mitgliedsbeitrag beträgt 45 Euro im Jahr und wird im Februar abgebucht.",
    ],
}


@pytest.fixture
async def harbour(knowledge: Knowledge, store: SqliteStore) -> Knowledge:
    for name, texts in PASSAGES.items():
        document = NewDocument(f"/{name}", name, name, "text/markdown", 1)
        await store.put_document("ann", document, [NewPassage(text) for text in texts])
    return knowledge


@pytest.mark.parametrize(
    "question",
    [
        "How much does the Cedar berth cost?",
        "How many boats were in the harbour in 2023?",
        "Who runs the harbour office?",
        "From what age may children take part?",
        "How many dinghies does the sailing school own?",
        "When are lessons cancelled?",
        "Wann wurde der Verein gegründet?",
        "Wie oft wählen die Mitglieder den Vorstand?",
    ],
)
async def test_what_is_there_is_found(harbour: Knowledge, question: str) -> None:
    result = await harbour.search("ann", question)
    assert result.found
    assert result.missing == ()


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("How much does the Walnut berth cost?", "Walnut"),
        ("How many boats were in the harbour in 2031?", "2031"),
        ("Who runs the harbour sauna?", "sauna"),
        ("How many kayaks does the sailing school own?", "kayaks"),
        ("What did Marta Osei study in Bergen?", "Bergen"),
        ("Does the harbour insure trailers against theft?", "trailers"),
        ("Wie hoch ist die Miete des Vereinsheims?", "Miete"),
    ],
)
async def test_another_party_year_or_thing_is_not_there(harbour: Knowledge, question: str, missing: str) -> None:
    result = await harbour.search("ann", question)
    assert not result.found
    assert any(missing in phrase for phrase in result.missing)


async def test_the_name_of_the_document_is_evidence(knowledge: Knowledge, store: SqliteStore) -> None:
    for name, sum_ in (("receipt-toolbarn.pdf", "61.20"), ("receipt-lampworks.pdf", "18.75")):
        document = NewDocument(f"/{name}", name, name, "application/pdf", 1)
        await store.put_document("ann", document, [NewPassage(f"Cashier: 7\nTotal: {sum_}\nPaid by card.", page=1)])
    result = await knowledge.search("ann", "What is the total on the Lampworks receipt?")
    assert result.found
    assert "18.75" in result.passages[0].passage.text


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("How much is the project leader paid?", False),
        ("How many members does the project leader ask?", False),
        ("Who asks the members for their views?", True),
    ],
)
async def test_what_asks_for_a_quantity_wants_a_number(
    knowledge: Knowledge, store: SqliteStore, question: str, found: bool
) -> None:
    text = (
        "The project leader asks the members for their views before making decisions. The leader should not "
        "overemphasise an own point of view. Minutes are kept. They are public."
    )
    document = NewDocument("/charter.md", "charter.md", "c", "text/markdown", 1)
    await store.put_document("ann", document, [NewPassage(text)])
    assert (await knowledge.search("ann", question)).found is found


@pytest.mark.parametrize(
    "question",
    ["How often does the project leader report to the members?", "How many deputies does the project leader have?"],
)
async def test_numbers_are_written_in_words_too(knowledge: Knowledge, store: SqliteStore, question: str) -> None:
    text = "The project leader reports to the members yearly. The project leader has two deputies."
    document = NewDocument("/charter.md", "charter.md", "c", "text/markdown", 1)
    await store.put_document("ann", document, [NewPassage(text)])
    assert (await knowledge.search("ann", question)).found
