"""Packets come late, twice, out of order or never: what leaves the jitter buffer, and when."""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vasi.media.jitter import Gap, JitterBuffer, Packet, Released

FRAME = 960
FRAME_MS = 20.0


@dataclass(frozen=True)
class Arrival:
    at_ms: float
    number: int


@dataclass(frozen=True)
class Left:
    at_ms: float
    released: Released


def packet(number: int, *, first: int = 0) -> Packet:
    return Packet((first + number * FRAME) % 2**32, FRAME, str(number).encode())


def played(arrivals: Iterable[Arrival], *, first_sequence: int = 0, first_timestamp: int = 0) -> list[Left]:
    """What leaves, with when; time is looked at every 20 ms as well."""
    buffer = JitterBuffer()
    left: list[Left] = []
    tick = 0.0
    for arrival in sorted(arrivals, key=lambda one: one.at_ms):
        while tick <= arrival.at_ms:
            left += [Left(tick, one) for one in buffer.take(tick)]
            tick += FRAME_MS
        sequence = (first_sequence + arrival.number) % 2**16
        came = packet(arrival.number, first=first_timestamp)
        left += [Left(arrival.at_ms, one) for one in buffer.push(sequence, came, arrival.at_ms)]
    for _ in range(20):
        left += [Left(tick, one) for one in buffer.take(tick)]
        tick += FRAME_MS
    return left


def numbers(left: Iterable[Left]) -> list[int]:
    return [int(one.released.payload) for one in left if isinstance(one.released, Packet)]


def samples(left: Iterable[Left]) -> int:
    return sum(one.released.samples for one in left)


def test_packets_in_order_leave_at_once():
    arrivals = [Arrival(n * FRAME_MS, n) for n in range(50)]
    left = played(arrivals)
    assert numbers(left) == list(range(50))
    assert [one.at_ms for one in left] == [one.at_ms for one in arrivals]


def test_an_overtaken_packet_is_put_in_its_place():
    left = played([Arrival(0, 0), Arrival(20, 2), Arrival(30, 1), Arrival(60, 3)])
    assert numbers(left) == [0, 1, 2, 3]
    assert not any(isinstance(one.released, Gap) for one in left)


def test_a_lost_packet_is_waited_for_and_then_given_up():
    left = played([Arrival(n * FRAME_MS, n) for n in range(10) if n != 4])
    gap = next(one for one in left if isinstance(one.released, Gap))
    assert gap.released == Gap(FRAME, lost=True)
    assert gap.at_ms == 7 * FRAME_MS
    assert numbers(left) == [0, 1, 2, 3, 5, 6, 7, 8, 9]
    assert samples(left) == 10 * FRAME


def test_a_hole_at_the_end_of_speech_isnt_waited_for_forever():
    left = played([Arrival(0, 0), Arrival(40, 2)])
    assert numbers(left) == [0, 2]
    assert left[-1].at_ms <= 120


def test_copies_are_dropped():
    buffer = JitterBuffer()
    for number in (0, 0, 1, 1, 0):
        buffer.push(number, packet(number), 0.0)
    assert (buffer.stats.received, buffer.stats.late, buffer.stats.lost) == (5, 3, 0)


def test_numbers_begin_anew_without_a_gap():
    arrivals = [Arrival(n * FRAME_MS, n) for n in range(40)]
    left = played(arrivals, first_sequence=2**16 - 7, first_timestamp=2**32 - 9 * FRAME)
    assert numbers(left) == list(range(40))
    assert samples(left) == 40 * FRAME


def test_a_pause_of_the_sender_is_silence():
    buffer = JitterBuffer()
    buffer.push(0, packet(0), 0.0)
    assert buffer.push(1, packet(6), 120.0) == [Gap(5 * FRAME, lost=False), packet(6)]


def test_a_sender_that_begins_anew_is_followed():
    buffer = JitterBuffer()
    buffer.push(0, packet(0), 0.0)
    assert buffer.push(30_000, packet(9, first=77), 20.0) == [packet(9, first=77)]
    assert buffer.push(30_001, packet(10, first=77), 40.0) == [packet(10, first=77)]


@given(
    fates=st.lists(
        st.tuples(st.booleans(), st.floats(0, 55), st.booleans()),  # lost, delay in ms, twice
        min_size=1,
        max_size=80,
    ),
    first_sequence=st.integers(0, 2**16 - 1),
    first_timestamp=st.integers(0, 2**32 - 1),
)
def test_time_stays_true_whatever_happens_on_the_way(
    fates: list[tuple[bool, float, bool]], first_sequence: int, first_timestamp: int
):
    arrivals = [Arrival(n * FRAME_MS + delay, n) for n, (lost, delay, _) in enumerate(fates) if not lost]
    arrivals += [Arrival(one.at_ms + 5, one.number) for one in arrivals if fates[one.number][2]]
    left = played(arrivals, first_sequence=first_sequence, first_timestamp=first_timestamp)
    order = numbers(left)
    assert order == sorted(set(order)), "in order, each once"
    assert set(order) <= {one.number for one in arrivals}
    if order:
        # From the first packet that left to the last every sample has its place.
        assert samples(left) == (order[-1] - order[0] + 1) * FRAME
    for one in left:
        assert one.released.samples > 0


@pytest.mark.parametrize("loss", [0.02, 0.05])
def test_loss_costs_little_delay_and_none_of_it_stays(loss: float):
    chance = random.Random(7)
    count = 15_000
    arrivals = [Arrival(n * FRAME_MS + chance.uniform(0, 5), n) for n in range(count) if chance.random() >= loss]
    sent_at = {n: n * FRAME_MS for n in range(count)}
    left = [one for one in played(arrivals) if isinstance(one.released, Packet)]
    lags = sorted(one.at_ms - sent_at[int(one.released.payload)] for one in left)  # type: ignore[union-attr]
    assert statistics.mean(lags) <= 39
    assert lags[int(len(lags) * 0.99)] <= 83
    late = [one.at_ms - sent_at[int(one.released.payload)] for one in left[-1_000:]]  # type: ignore[union-attr]
    early = [one.at_ms - sent_at[int(one.released.payload)] for one in left[:1_000]]  # type: ignore[union-attr]
    assert statistics.mean(late) == pytest.approx(statistics.mean(early), abs=2)


@pytest.mark.parametrize("ppm", [100, -100])
def test_ten_minutes_of_a_clock_that_goes_wrong_leave_neither_gap_nor_delay(ppm: int):
    """The sender's 20 ms are a little longer or shorter than ours."""
    frame_ms = FRAME_MS * (1 + ppm / 1_000_000)
    arrivals = [Arrival(n * frame_ms, n) for n in range(30_000)]
    left = played(arrivals)
    assert numbers(left) == list(range(30_000))
    assert max(one.at_ms - arrival.at_ms for one, arrival in zip(left, arrivals, strict=True)) == 0
