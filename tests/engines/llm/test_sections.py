"""A heading that is what was asked is read with its first sentences; a field is the one that its label names."""

from __future__ import annotations

from tests.engines.llm.conftest import Open

FAQ = """# Questions about the press

## How can I print a whole folder of posters on the big press?

On the old console:

for file in posters; do send big; done

On the new console you drag the folder onto the picture of the press. It asks for the paper size.

## Why is the paper grey?

The drum is worn. Ask Olaf for a new one.

# Visitors

## Visitor policy

Visitors sign the book at the gate and get a badge. They leave the badge with the porter. Dogs stay outside.
"""
CARDS = """# Workshop cards

## Card 31

Model: Otter 4
Owner: Pia Holm
Serial number: ZX-4471
Deposit: 120 crowns

## Card 32

Model: Heron 2
Owner: Rolf Ek
Serial number: QM-0099
Deposit: 80 crowns
"""
PLANS = """# Plans

The Gold plan pays for surgery, crutches and taxis. The Silver plan only pays for surgery.

## Medicines

The Gold plan pays for all medicines. The Silver plan only pays for generic medicines.
"""


async def test_a_question_that_is_a_heading_is_answered_by_what_stands_below(library: Open) -> None:
    press = await library({"press.md": FAQ})
    said = await press.ask("How do I print a whole folder of posters on the big press?")
    assert "for file in posters; do send big; done" in said
    assert "drum" not in said
    said = await press.ask("What is the visitor policy?")
    assert said.startswith("Visitors sign the book at the gate and get a badge.")


async def test_the_field_whose_label_is_asked_for_is_said(library: Open) -> None:
    cards = await library({"cards.md": CARDS})
    assert "ZX-4471" in await cards.ask("What is the serial number of the Otter 4?")
    assert "80 crowns" in await cards.ask("How much is the deposit of the Heron 2?")


async def test_a_no_by_only_is_said_by_the_sentence_that_speaks_of_it(library: Open) -> None:
    plans = await library({"plans.md": PLANS})
    assert (await plans.ask("Does the Silver plan pay for taxis?")).startswith(
        "No: The Silver plan only pays for surgery."
    )


async def test_a_field_that_only_repeats_the_question_is_no_answer(library: Open) -> None:
    mail = "Subject: Barn dance\n\nHello all,\n\nThe barn dance has a band, a bonfire and soup.\n"
    post = await library({"mail.md": f"# Barn dance\n\n{mail}", "cards.md": CARDS})
    assert "a band, a bonfire and soup" in await post.ask("What will there be at the barn dance?")
    assert (await post.ask("Who is Pia Holm's sister?")).startswith("I could not find that")
    assert (await post.ask("Which card belongs to Rolf Ek?")).startswith("Card 32: owner Rolf Ek.")
