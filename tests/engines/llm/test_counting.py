"""Counts, comparisons and sums are answered over the whole table, with its document as source."""

from __future__ import annotations

import json

from tests.engines.llm.conftest import Open

HERD = "Goat,Barn,Weight\n" + "".join(
    f"Goat {n},{'north' if n % 5 else 'south'} barn,{40 + n} kg\n" for n in range(1, 61)
)


async def test_what_is_asked_of_all_rows_is_told_of_all_rows(library: Open) -> None:
    farm = await library({"herd.csv": HERD, "farm.md": "# Farm\n\nThe farm has an old barn.\n"})
    said = await farm.ask("How many goats are in the south barn?")
    assert said.startswith("There are 12: Goat 5, Goat 10,")
    assert said.endswith("That is from the herd.")
    assert (await farm.ask("Which goat is the heaviest?")).startswith("Goat 60: Weight 100 kg.")
    assert (await farm.ask("Which is lighter, Goat 7 or Goat 3?")).startswith("Goat 3: Weight 43 kg.")
    assert (await farm.ask("What is the average weight of the goats?")).startswith("Weight: 70.50 kg for 60 entries.")


async def test_a_model_gets_the_counts_as_well(library: Open) -> None:
    farm = await library({"herd.csv": HERD})
    await farm.ask("How many goats are in the south barn?")
    records = json.loads(farm.outputs[-1])["records"]
    assert (records["operation"], records["total"], records["count"]) == ("count", 60, 12)
    assert records["records"][0]["fields"] == {"Goat": "Goat 5", "Barn": "south barn", "Weight": "45 kg"}


async def test_a_number_that_stands_there_is_not_counted(library: Open) -> None:
    text = "# Club\n\nThe club has 412 members.\n\nMembers of the board:\n\n- Ida\n- Jon\n- Kim\n"
    club = await library({"club.md": text})
    assert "412" in await club.ask("How many members are there?")


async def test_one_cell_is_no_question_over_all(library: Open) -> None:
    farm = await library({"herd.csv": HERD})
    assert (await farm.ask("What is the weight of Goat 7?")).startswith("Weight of Goat 7: 47 kg.")


async def test_what_is_counted_for_each(library: Open) -> None:
    club = await library(
        {"tents.csv": "Tent,Rent,Meadow\nAlder,70 crowns,North\nBeech,40 crowns,South\nCherry,120 crowns,North\n"}
    )
    said = await club.ask("How many tents are there on each meadow?")
    assert said == "Meadow North: 2; Meadow South: 1. That is from the tents."
    assert (await club.ask("Which tents are cheaper than the Cherry tent?")).startswith(
        "There are 2: Alder (70 crowns) and Beech (40 crowns)."
    )
