"""What shares words with a question and tells of something else of the kind is no answer to it."""

from __future__ import annotations

import pytest

from tests.engines.llm.conftest import Open

HIRE = """# Bicycle hire

Sheds cost 1.20 crowns per square metre a month. A cargo bicycle costs 14 crowns a day, a folding bicycle 9 crowns.
Bicycles are handed out at the gate.

# Riding class

The riding class begins at the fountain on Sundays. It costs 30 crowns and takes four hours.

# Repair class

You must be 14 years old for the repair class.
"""
KEPT = """# Where things hang

- Lamps of the Falcon: hook by the door
- Lamps of the Swift: drawer under the bench
- Pumps of the Merlin: shelf in the yard
"""
RULES = """# Depot

The depot is open from seven to nine. Tools are lent for two days.

# Garden

No fires may be lit in the garden. Grilling is allowed on the terrace until ten.
"""
PEOPLE = """# The people of the society

The society was founded in 1988 and has 90 members. Wanda Krol is the secretary of the society, and Emil Bard leads it.
"""
STORE = "Article,Stock,Price\nBrass bells,25,4.00\nSpokes,300,0.20\n"


@pytest.mark.parametrize(
    "question",
    [
        "What does a tandem bicycle cost?",
        "How old must I be for the riding class?",
        "Where are the lamps of the Merlin kept?",
        "Where are the pumps of the Falcon?",
        "Where are the Merlin's lamps?",
        "Is grilling allowed in the depot?",
        "What is not allowed in the depot?",
        "Who is the lawyer of the society?",
        "How many bells were sold?",
        "How many brass bells were stolen?",
    ],
)
async def test_of_another_thing_nothing_is_said(library: Open, question: str) -> None:
    files = {"hire.md": HIRE, "kept.md": KEPT, "rules.md": RULES, "people.md": PEOPLE, "store.csv": STORE}
    club = await library(files)
    said = await club.ask(question)
    assert said.startswith("I could not find that in your documents")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What does a folding bicycle cost?", "9 crowns"),
        ("What does a cargo bicycle cost a day?", "14 crowns"),
        ("How old must I be for the repair class?", "14 years"),
        ("What does the riding class cost?", "30 crowns"),
        ("Where are the lamps of the Swift kept?", "drawer under the bench"),
        ("Where are the Merlin's pumps?", "shelf in the yard"),
        ("What is not allowed in the garden?", "No fires"),
        ("Is grilling allowed on the terrace?", "Grilling is allowed on the terrace"),
        ("Who is the secretary of the society?", "Wanda Krol"),
        ("How many brass bells are in stock?", "25"),
    ],
)
async def test_of_the_very_thing_it_is_said(library: Open, question: str, answer: str) -> None:
    files = {"hire.md": HIRE, "kept.md": KEPT, "rules.md": RULES, "people.md": PEOPLE, "store.csv": STORE}
    club = await library(files)
    assert answer in await club.ask(question)
