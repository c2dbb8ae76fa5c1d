"""Questions for a place in the documents."""

from __future__ import annotations

import pytest

from vasi.language.places import asked_part, named_place, sought


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Which page tells about pruning?", "pruning"),
        ("which page talks about the red buttons", "the red buttons"),
        ("On which page is the emergency stop described?", "the emergency stop"),
        ("what page is the fire drill on?", "the fire drill"),
        ("on what slide is the rope", "the rope"),
        ("Which document mentions the deposit?", "the deposit"),
        ("which section of the manual covers fire", "fire"),
        ("in which document can I read about the batteries?", "the batteries"),
        ("Where does it say that dogs are allowed?", "dogs are allowed"),
        ("where does the handbook say how to pay", "how to pay"),
        ("Where can I find out more about the festival?", "the festival"),
        ("where is the deposit mentioned", "the deposit"),
        ("which page is that on?", ""),
        ("where does it say that?", ""),
        ("Where is the assembly point?", None),
        ("where do I find the key", None),
        ("Which document do I need to board?", None),
        ("what page size does the printer take", None),
        ("where does the boat leave", None),
        ("how many pages has the manual", None),
    ],
)
def test_what_is_sought(question: str, topic: str | None) -> None:
    assert sought(question) == topic


@pytest.mark.parametrize(
    ("question", "page", "section"),
    [
        ("What is on page iv of the manual?", 4, ""),
        ("What is on the last page?", -1, ""),
        ("Was steht auf der letzten Seite?", -1, ""),
        ("What does the last chapter say?", None, "-1"),
        ("What is in appendix B?", None, "B"),
    ],
)
def test_pages_and_sections_are_named_in_other_ways(question: str, page: int | None, section: str) -> None:
    place = named_place(question)
    assert place is not None
    assert (place.page, place.section) == (page, section)


def test_the_number_of_an_article_is_no_section() -> None:
    assert named_place("What is the price of article G-104?") is None


def test_a_chapter_may_be_called_by_its_topic() -> None:
    assert sought("On which page is the chapter on frost?") == "frost"
    assert asked_part("What does the chapter on frost say?") == "frost"
