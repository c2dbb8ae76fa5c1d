"""How long a session replaces connections that bring nothing."""

from __future__ import annotations

import random

import pytest

from vasi.backends.upstream.reconnect_policy import STEADY_S, TRIES, ReconnectPolicy


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def policy(clock: Clock) -> ReconnectPolicy:
    return ReconnectPolicy(30.0, random.Random(1), clock=clock)


def test_a_connection_that_brought_something_is_replaced_at_once_however_often(policy: ReconnectPolicy) -> None:
    for _ in range(100):
        policy.opened()
        policy.made_progress = True
        assert policy.pause_before_next(waiting=True) == 0


def test_what_several_in_a_row_fail_of_is_given_up_and_then_they_count_anew(
    policy: ReconnectPolicy, clock: Clock
) -> None:
    for _ in range(2):
        waits: list[float] = []
        while (wait := policy.pause_before_next(waiting=True)) is not None:
            waits.append(wait)
            clock.now += wait
            policy.opened()
        assert len(waits) == TRIES - 1
        assert waits[0] == 0 < waits[1] < waits[2]
        policy.reset()


def test_without_anything_to_give_up_they_are_tried_for_a_while_ever_more_seldom(
    policy: ReconnectPolicy, clock: Clock
) -> None:
    begin, tries = clock.now, 0
    while (wait := policy.pause_before_next(waiting=False)) is not None:
        tries += 1
        clock.now += wait + 0.1
        policy.opened()
    assert 30 < clock.now - begin < 36
    assert tries < 20


def test_a_quiet_connection_that_lasted_was_a_good_one_unless_an_answer_was_outstanding(
    policy: ReconnectPolicy, clock: Clock
) -> None:
    for _ in range(10):
        policy.opened()
        clock.now += STEADY_S + 1
        assert policy.pause_before_next(waiting=False) == 0
    policy.opened()
    clock.now += STEADY_S + 1
    assert policy.pause_before_next(waiting=True) == 0
    assert policy.failures_in_a_row == 1
