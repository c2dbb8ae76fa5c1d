"""A question with an acronym finds what is written out, and the other way round, where a document defines it."""

from __future__ import annotations

import pytest

from tests.engines.llm.conftest import Open

DIVING = """# Equipment

Every diver gets a Buoyancy Control Device (BCD) and two lamps.

## Abbreviations

| Short | Meaning |
|---|---|
| DDM | daily dive manifest |
| RV | rescue vessel |

# Care

The BCD is rinsed with fresh water after each dive. The DDM lies on the table of the foreman.

# Harbour

The rescue vessel is moored at the east pier. Tanks are filled on Fridays.
"""


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is the buoyancy control device rinsed with?", "The BCD is rinsed with fresh water"),
        ("On whose table does the daily dive manifest lie?", "on the table of the foreman"),
        ("Where is the RV moored?", "at the east pier"),
        ("What does RV mean?", "rescue vessel"),
    ],
)
async def test_either_form_finds_the_other(library: Open, question: str, answer: str) -> None:
    club = await library({"diving.md": DIVING})
    assert answer in await club.ask(question)


async def test_an_acronym_that_nothing_defines_is_looked_up_as_it_is(library: Open) -> None:
    club = await library({"diving.md": DIVING.replace("| RV | rescue vessel |\n", "")})
    assert (await club.ask("Where is the RV moored?")).startswith("I could not find that")
