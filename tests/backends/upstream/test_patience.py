"""How long a session replaces connections that bring nothing."""

from __future__ import annotations

import random

import pytest

from vasi.backends.upstream.patience import STEADY_S, TRIES, Patience


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def patience(clock: Clock) -> Patience:
    return Patience(30.0, random.Random(1), clock=clock)


def test_a_connection_that_brought_something_is_replaced_at_once_however_often(patience: Patience) -> None:
    for _ in range(100):
        patience.opened()
        patience.fruitful = True
        assert patience.lost(waiting=True) == 0


def test_what_several_in_a_row_fail_of_is_given_up_and_then_they_count_anew(patience: Patience, clock: Clock) -> None:
    for _ in range(2):
        waits: list[float] = []
        while (wait := patience.lost(waiting=True)) is not None:
            waits.append(wait)
            clock.now += wait
            patience.opened()
        assert len(waits) == TRIES - 1
        assert waits[0] == 0 < waits[1] < waits[2]
        patience.renew()


def test_without_anything_to_give_up_they_are_tried_for_a_while_ever_more_seldom(
    patience: Patience, clock: Clock
) -> None:
    begin, tries = clock.now, 0
    while (wait := patience.lost(waiting=False)) is not None:
        tries += 1
        clock.now += wait + 0.1
        patience.opened()
    assert 30 < clock.now - begin < 36
    assert tries < 20


def test_a_quiet_connection_that_lasted_was_a_good_one_unless_something_was_owed(
    patience: Patience, clock: Clock
) -> None:
    for _ in range(10):
        patience.opened()
        clock.now += STEADY_S + 1
        assert patience.lost(waiting=False) == 0
    patience.opened()
    clock.now += STEADY_S + 1
    assert patience.lost(waiting=True) == 0
    assert patience.fruitless == 1
