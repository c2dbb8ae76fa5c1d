"""Questions about the library itself, and what is said where the documents hold nothing."""

from __future__ import annotations

import json

import pytest

from tests.engines.llm.conftest import Open

FILES = {
    "harbour-rules.md": "# Harbour rules\n\n## Mooring\n\nBoats moor at pier 2.\n\n## Fuel\n\nFuel costs 2 crowns.",
    "bread.md": "# Bread\n\n## Rye bread\n\nRye bread needs a sourdough of two days.\n",
}


async def test_documents_are_counted_and_named(library: Open) -> None:
    shelf = await library(FILES)
    assert await shelf.ask("How many documents do I have?") == "You have 2 documents."
    listed = await shelf.go_on("List them.")
    assert "harbour rules" in listed
    assert "bread" in listed
    assert await shelf.ask("Wie viele Dokumente habe ich?") == "Du hast 2 Dokumente."


async def test_what_was_added_in_a_time_is_told(library: Open) -> None:
    shelf = await library(FILES)
    assert await shelf.ask("What did I add last week?") == "You added no documents in that time."
    assert (await shelf.ask("When did I add the bread document?")).startswith("You added the bread on ")


async def test_what_is_in_a_document_are_its_sections(library: Open) -> None:
    shelf = await library(FILES)
    said = await shelf.ask("What is in the harbour rules?")
    assert "Mooring" in said
    assert "Fuel" in said
    assert "Rye" not in said


async def test_what_is_in_something_else_is_searched(library: Open) -> None:
    shelf = await library({"kit.md": "# Kit\n\nIn the rescue bag there is a whistle and a blanket.\n"} | FILES)
    assert "whistle" in await shelf.ask("What is in the rescue bag?")


async def test_where_something_stands_is_told(library: Open) -> None:
    shelf = await library(FILES)
    assert (await shelf.ask("Do I have anything about mooring?")).startswith("That is in the harbour rules.")


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        (
            "Who painted the lighthouse?",
            "I could not find that in your documents: they say nothing about the lighthouse.",
        ),
        (
            "Was kostet das Parken am Bahnhof?",
            "Das konnte ich in deinen Dokumenten nicht finden: Zu „Parken am Bahnhof“ steht dort nichts.",
        ),
        (
            "Combien coûte le parking de la gare ?",
            "Je n'ai pas trouvé cela dans vos documents : ils ne disent rien sur « le parking de la gare ».",
        ),
    ],
)
async def test_what_is_not_there_is_said_in_the_language_of_the_question(
    library: Open, question: str, begins: str
) -> None:
    shelf = await library({"parking.md": "# Zoo\n\nThe zoo opens at nine."} | FILES)
    assert (await shelf.ask(question)).startswith(begins)


async def test_a_section_is_a_place(library: Open) -> None:
    terms = "# Terms\n\n## 1. Members\n\nMembers pay in May.\n\n## 2. Guests\n\nGuests sign the book at the gate.\n"
    shelf = await library({"terms.md": terms} | FILES)
    said = await shelf.ask("What does section 2 of the terms say?")
    assert "Guests sign the book at the gate." in said
    assert "May" not in said
    output = json.loads(shelf.outputs[-1])
    assert output["place"] == {"document": "terms.md", "section": "2"}
