"""Short fields bring the heading that they belong to, cells their row and column."""

from __future__ import annotations

from tests.engines.llm.conftest import Open

SHEDS = """# Sheds

## Shed 4

Keeper: Oda Vik
Lock: K81
Roof: slate

## Shed 5

Keeper: Paul Reyes. Lock: M20. Roof: tin.

# Telephone

Ferry office: 555-0143
"""
FARES = "Zone,Single,Monthly pass\nHarbour,3 crowns,70 crowns\nHills,5 crowns,110 crowns\n"


async def test_a_field_is_said_with_its_heading(library: Open) -> None:
    sheds = await library({"sheds.md": SHEDS})
    assert await sheds.ask("Which shed has the lock K81?") == "Shed 4: lock K81. That is from the sheds."
    assert (await sheds.ask("Who is the keeper of shed 5?")).startswith("Keeper of Shed 5: Paul Reyes.")


async def test_a_field_that_says_all_stands_alone(library: Open) -> None:
    sheds = await library({"sheds.md": SHEDS})
    assert (await sheds.ask("What is the number of the ferry office?")).startswith("Ferry office: 555-0143.")


async def test_of_a_row_the_asked_cell_is_said_with_its_key(library: Open) -> None:
    fares = await library({"fares.csv": FARES})
    said = await fares.ask("What does the monthly pass cost in the Hills zone?")
    assert said == "Monthly pass of Hills: 110 crowns. That is from the fares."


async def test_what_is_quoted_stands_as_in_the_document(library: Open) -> None:
    text = "# Tool\n\nThe discount is 25 % for `__init__` calls, e.g. a * b, see https://example.org/x_(y).\n"
    tool = await library({"tool.txt": text})
    said = await tool.ask("What is the discount?")
    assert "25 % for `__init__` calls, e.g. a * b, see https://example.org/x_(y)." in said


ESTIMATE = """# Boat yard Lund

Customer: Ida Moen

Work order number 7741

| Work | Cost |
|---|---|
| Hull | 2,100 |
| Mast | 300 |
| Grand total | 2,400 |
"""


async def test_the_value_with_the_label_that_is_asked_for_is_said(library: Open) -> None:
    yard = await library({"estimate.md": ESTIMATE, "sheds.md": SHEDS})
    assert "7741" in await yard.ask("What is the work order number of the boat yard Lund?")
    assert "2,400" in await yard.ask("What is the grand total of the boat yard's estimate?")


async def test_an_amount_of_something_else_is_no_answer(library: Open) -> None:
    rules = (
        "# Insurance and damage\n\nMembers are insured on the water. The insurance covers no tools. Damage is"
        " reported within two days. Whoever breaks an oar pays half of it, but never more than 200 crowns. Honest"
        " accidents cost nothing.\n"
    )
    club = await library({"rules.md": rules})
    said = await club.ask("How much is the insurance of the clubhouse?")
    assert "200" not in said
