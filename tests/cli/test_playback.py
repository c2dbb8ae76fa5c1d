"""What the loudspeaker plays, and what it says when it's cut off."""

from __future__ import annotations

import numpy as np

from vasi.cli.playback import Cut, Playback

RATE = 24_000


def ramp(start: int, count: int) -> np.ndarray:
    return np.arange(start, start + count, dtype=np.int16)


def test_samples_come_out_in_order_then_silence() -> None:
    playback = Playback(RATE)
    playback.add("a", 0, ramp(1, 5))
    playback.add("a", 0, ramp(6, 3))
    assert playback.take(6).tolist() == [1, 2, 3, 4, 5, 6]
    assert playback.take(4).tolist() == [7, 8, 0, 0]


def test_a_cut_tells_how_much_was_heard_of_the_item_being_played() -> None:
    playback = Playback(RATE)
    playback.add("a", 0, ramp(0, RATE // 10))
    playback.add("b", 0, ramp(0, RATE))
    playback.take(RATE // 10)
    playback.take(RATE // 4)
    assert playback.interrupt() == Cut("b", 0, 250)
    assert not playback.take(480).any()


def test_an_item_that_was_not_begun_was_not_heard() -> None:
    playback = Playback(RATE)
    playback.add("a", 0, ramp(0, 480))
    playback.take(480)
    playback.add("b", 0, ramp(0, 480))
    assert playback.interrupt() == Cut("b", 0, 0)


def test_nothing_is_cut_when_all_was_heard() -> None:
    playback = Playback(RATE)
    playback.add("a", 0, ramp(0, 480))
    playback.take(960)
    assert playback.interrupt() is None


def test_the_rest_of_a_cut_item_stays_unheard() -> None:
    playback = Playback(RATE)
    playback.add("a", 0, ramp(1, 480))
    playback.take(24)
    playback.interrupt()
    playback.add("a", 0, ramp(1, 480))
    assert not playback.take(480).any()
    playback.add("b", 0, ramp(1, 480))
    assert playback.take(3).tolist() == [1, 2, 3]


def test_a_pause_tells_where_it_is_and_goes_on_there() -> None:
    playback = Playback(RATE)
    playback.add("a", 0, ramp(1, 480))
    playback.take(48)
    assert playback.hold() == Cut("a", 0, 2)
    assert not playback.take(480).any()
    playback.add("a", 0, ramp(481, 480))
    assert playback.hold() == Cut("a", 0, 2)
    playback.resume()
    assert playback.take(480).tolist() == list(range(49, 529))


def test_what_is_cut_while_it_is_held_is_over() -> None:
    playback = Playback(RATE)
    assert playback.hold() is None
    playback.add("a", 0, ramp(1, 480))
    assert playback.interrupt() == Cut("a", 0, 0)
    playback.add("b", 0, ramp(1, 480))
    assert playback.take(2).tolist() == [1, 2]
