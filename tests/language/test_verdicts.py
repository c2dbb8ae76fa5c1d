"""Yes and no: only where the sentence decides."""

from __future__ import annotations

import time

import pytest

from vasi.language.verdicts import asks_same, is_exception, verdict


@pytest.mark.parametrize(
    ("question", "statement", "says"),
    [
        ("Are dogs allowed in the garden?", "Dogs are allowed in the garden.", True),
        ("Are dogs allowed in the garden?", "Dogs are never allowed in the garden.", False),
        ("Are dogs allowed in the garden?", "Dogs are no longer allowed in the garden.", False),
        ("Are dogs allowed in the garden?", "Dogs are hardly ever allowed in the garden.", None),
        ("Are dogs allowed in the garden?", "Dogs are rarely allowed in the garden.", None),
        ("Are dogs allowed in the garden?", "Few dogs are allowed in the garden.", None),
        ("Are dogs allowed in the garden?", "Dogs used to be allowed in the garden.", None),
        ("Are dogs allowed in the garden?", "Dogs were allowed in the garden before 1998.", None),
        ("Were dogs allowed in the garden?", "Dogs were allowed in the garden.", True),
        ("Are dogs allowed in the garden?", "It is false that dogs are allowed in the garden.", None),
        ("Are dogs allowed in the garden?", "It is not clear that dogs are allowed in the garden.", None),
        ("Are dogs allowed in the garden?", "It is rumoured that dogs are allowed in the garden.", None),
        ("Are dogs allowed in the garden?", "It is planned that dogs are allowed in the garden.", None),
        ("Is the new quay planned?", "The new quay is planned for June.", True),
        ("Are dogs allowed in the garden?", "Dogs are allowed in the garden until noon.", None),
        ("Are dogs allowed in the garden?", "Are dogs allowed in the garden?", None),
        ("Are dogs allowed in the garden?", "Q: Are dogs allowed in the garden?", None),
        ("Are dogs allowed in the garden?", "No dogs are allowed in the garden.", False),
        ("Are dogs allowed in the garden?", "Dogs are allowed in the garden only on Mondays.", None),
        ("Are dogs allowed in the garden?", "Dogs are not allowed in the garden without a lead.", None),
        ("Are dogs allowed in the garden?", "Neither dogs nor cats are allowed in the garden.", False),
        ("Can children climb the mill?", "Nobody may climb the mill.", False),
        ("Can I climb the mill?", "No one may climb the mill.", False),
        ("Can I paint the mill?", "Nobody may climb the mill.", None),
        ("Can children climb the mill?", "Nobody under ten may climb the mill.", None),
        ("Is nobody allowed in the mill?", "Nobody is allowed in the mill.", True),
        ("Do the cabins have a stove?", "None of the cabins has a stove.", False),
        ("Are visitors with a ticket admitted?", "Visitors without a ticket are not admitted.", None),
        ("Are visitors without a ticket admitted?", "Visitors without a ticket are not admitted.", False),
        ("Are visitors without a ticket admitted?", "Visitors without a ticket are admitted.", True),
        ("Can guests swim before lunch?", "Guests can swim after lunch.", None),
        ("May children under 12 row?", "Children over 12 may row.", None),
        ("Is smoking allowed inside the hut?", "Smoking is allowed outside the hut.", None),
        ("May registered boats moor here?", "Boats that are not registered may moor here.", None),
    ],
)
def test_a_verdict_only_where_the_sentence_decides(question: str, statement: str, says: bool | None) -> None:
    assert verdict(question, statement) is says


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("Q: Can children enter the drying hall?", True),
        ("Can children enter the drying hall without an adult?", False),
        ("Can children enter the drying hall at night?", False),
        ("Must children enter the drying hall?", False),
        ("Can dogs enter the drying hall?", False),
    ],
)
def test_a_question_of_the_document_is_the_same_only_if_it_asks_the_same(other: str, same: bool) -> None:
    assert asks_same("Can children enter the drying hall?", other) is same


@pytest.mark.parametrize(
    ("sentence", "excepts"),
    [
        ("Guide dogs are an exception.", True),
        ("However, the porch is open.", True),
        ("Exceptions: puppies.", True),
        ("But puppies may come.", True),
        ("This does not apply to members.", True),
        ("Buttons are sold at the door.", False),
    ],
)
def test_exceptions_are_known(sentence: str, excepts: bool) -> None:
    assert is_exception(sentence) is excepts


@pytest.mark.parametrize("part", ["nobody ", "only ", "are an ", "q 1 ", "does not ", "used ", "is the only "])
def test_hostile_text_takes_no_longer(part: str) -> None:
    began = time.perf_counter()
    verdict("Are dogs allowed?", part * 20_000)
    is_exception(part * 20_000)
    assert time.perf_counter() - began < 2
