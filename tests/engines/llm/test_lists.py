"""Lists and steps are read as such, whole; what is denied isn't what is granted."""

from __future__ import annotations

from tests.engines.llm.conftest import Open

CAMP = """# Summer camp

## Packing

Every child brings:

- a sleeping bag
- a torch with spare batteries
- two towels

The following is not allowed in the tents:

- candles
- gas cookers
- pets

The sauna is open every evening. Children only use the small pool. The climbing wall has nine routes.

## How to light the stove

1. Open the damper.
2. Lay paper below the kindling.
3. Light the paper at both ends.
4. Close the door when the kindling burns.

## Ferry

The ferry to the camp leaves at half past nine. It takes forty minutes.
"""


async def test_a_list_is_read_with_all_its_items_in_order(library: Open) -> None:
    camp = await library({"camp.md": CAMP})
    said = await camp.ask("What does every child bring?")
    assert said.startswith("Every child brings:\n- a sleeping bag\n- a torch with spare batteries\n- two towels\n")
    assert said.endswith("That is from the camp.")
    assert "candles" not in said


async def test_steps_keep_their_numbers(library: Open) -> None:
    camp = await library({"camp.md": CAMP})
    said = await camp.ask("How do I light the stove?")
    steps = ["1. Open the damper.", "2. Lay paper", "3. Light the paper", "4. Close the door"]
    places = [said.index(step) for step in steps]
    assert places == sorted(places)


async def test_what_is_not_allowed_is_another_list_than_what_is_brought(library: Open) -> None:
    camp = await library({"camp.md": CAMP})
    said = await camp.ask("What is not allowed in the tents?")
    assert "gas cookers" in said
    assert "sleeping bag" not in said


async def test_a_question_for_one_thing_gets_no_list(library: Open) -> None:
    camp = await library({"camp.md": CAMP})
    said = await camp.ask("When does the ferry to the camp leave?")
    assert "half past nine" in said
    assert "\n" not in said


async def test_yes_and_no_come_with_the_sentence_that_decides(library: Open) -> None:
    camp = await library({"camp.md": CAMP})
    assert (await camp.ask("Are candles allowed in the tents?")).startswith("No: candles are not allowed in the tents.")
    assert (await camp.ask("Is the sauna open every evening?")).startswith("Yes: The sauna is open every evening.")
    assert (await camp.ask("Do children use the climbing wall?")).startswith("No: Children only use the small pool.")


async def test_a_yes_or_no_that_nothing_decides_has_no_verdict(library: Open) -> None:
    text = "# Rules\n\nGuests may use the boats if a keeper is on duty. Cars that are not registered may park in lot B."
    rules = await library({"rules.md": text})
    for question in ("May guests use the boats?", "May cars park in lot B?"):
        said = await rules.ask(question)
        assert not said.startswith(("Yes", "No"))
        assert said.endswith("That is from the rules.")


GOODS = ("rope", "tar", "nets", "oars", "lamps", "paint", "eggs", "milk", "bread", "honey", "cheese", "soap")
STALLS = "\n".join(f"- stall {number} sells {goods}" for number, goods in enumerate(GOODS, 1))
MARKET = f"# Market\n\n## Stalls\n\nThe stalls of the harbour market:\n\n{STALLS}\n"


async def test_a_long_list_is_offered_in_parts(library: Open) -> None:
    market = await library({"market.md": MARKET})
    first = await market.ask("What are the stalls of the harbour market?")
    assert "There are 12. The first 5 are:" in first
    assert first.endswith("Shall I go on?")
    assert "stall 6" not in first
    second = await market.go_on("Yes, please.")
    assert "The next 5 are:" in second
    assert "- stall 6 sells paint" in second
    third = await market.go_on("go on")
    assert "- stall 12 sells soap" in third
    assert not third.endswith("Shall I go on?")


async def test_yes_to_nothing_offered_goes_on_with_nothing(library: Open) -> None:
    camp = await library({"camp.md": CAMP})
    await camp.ask("When does the ferry to the camp leave?")
    assert "sleeping bag" not in await camp.go_on("yes")


async def test_a_list_that_is_cut_into_passages_is_whole_again(library: Open) -> None:
    duties = [f"Check pump number {n} and write its pressure into the book that hangs beside it." for n in range(1, 10)]
    text = "# Watch\n\nThe duties of the night watch:\n\n" + "\n".join(f"{n}. {one}" for n, one in enumerate(duties, 1))
    watch = await library({"watch.md": text})
    said = await watch.ask("What are the duties of the night watch?")
    said += await watch.go_on("continue")
    assert all(duty in said for duty in duties)


SAWMILL = """# Sawmill

Can children enter the drying hall? Only with a guide. The hall is warm.

Q: Are dogs permitted in the yard?
A: No. They frighten the horses.

Bicycles are not allowed on the pier. Cargo bicycles are an exception.
"""


async def test_what_stands_behind_the_same_question_is_the_answer(library: Open) -> None:
    mill = await library({"sawmill.md": SAWMILL})
    assert (await mill.ask("Can children enter the drying hall?")).startswith("Only with a guide.")
    said = await mill.ask("Are dogs permitted in the yard?")
    assert said.startswith("No. They frighten the horses.")


async def test_an_exception_is_said_with_the_verdict(library: Open) -> None:
    mill = await library({"sawmill.md": SAWMILL})
    said = await mill.ask("Are bicycles allowed on the pier?")
    assert said.startswith("No: Bicycles are not allowed on the pier. Cargo bicycles are an exception.")
