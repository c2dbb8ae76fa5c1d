"""What the server plays: in order, paused and cut, and always known how much."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("aiortc", reason="WebRTC isn't installed: pip install 'vasi[webrtc]'")

from vasi.transports.webrtc.player import BYTES_PER_MS, FRAME, Cleared, Cut, Heard, Played, Player, Started, Stopped


def sound(ms: int) -> bytes:
    return b"\x01\x00" * (ms * BYTES_PER_MS // 2)


class Ear:
    """Hears a player."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.player = Player(self.heard.append, report_ms=100)
        self.ms = 0

    def listen(self, frames: int = 1) -> None:
        for _ in range(frames):
            taken = self.player.take()
            if taken is not None:
                assert len(taken) == FRAME
                self.ms += sum(taken[0::2]) // (BYTES_PER_MS // 2)

    def of(self, *kinds: type) -> list[Heard]:
        return [one for one in self.heard if isinstance(one, kinds)]


def test_a_response_starts_with_its_first_sound_and_stops_with_its_last():
    ear = Ear()
    ear.player.add("r1", "i1", 0, sound(50))
    assert ear.of(Started) == [Started("r1")]
    ear.player.finish("i1", 0)
    ear.player.end("r1")
    assert not ear.of(Stopped)
    ear.listen(3)
    assert ear.of(Stopped) == [Stopped("r1")]
    assert ear.heard[-2] == Played("i1", 50)
    assert ear.player.take() is None


def test_a_response_that_is_still_written_isnt_stopped_in_a_pause():
    ear = Ear()
    ear.player.add("r1", "i1", 0, sound(20))
    ear.listen(5)
    assert not ear.of(Stopped)
    ear.player.add("r1", "i1", 0, sound(20))
    ear.listen(1)
    ear.player.end("r1")
    assert ear.of(Started, Stopped) == [Started("r1"), Stopped("r1")]


def test_half_a_frame_waits_for_the_rest():
    ear = Ear()
    ear.player.add("r1", "i1", 0, sound(30))
    ear.listen(3)
    assert ear.ms == 20
    ear.player.add("r1", "i1", 0, sound(10))
    ear.listen(1)
    assert ear.ms == 40


def test_what_is_paused_goes_on_where_it_was():
    ear = Ear()
    ear.player.add("r1", "i1", 0, sound(100))
    ear.listen(2)
    ear.player.hold()
    ear.listen(10)
    assert ear.ms == 40
    ear.player.resume()
    ear.listen(3)
    assert ear.ms == 100


def test_what_is_cut_is_known_to_the_frame_and_nothing_of_it_comes_again():
    ear = Ear()
    ear.player.add("r1", "i1", 0, sound(400))
    ear.player.add("r1", "i2", 0, sound(400))
    ear.listen(7)
    assert ear.player.clear()
    assert ear.of(Cleared, Cut) == [Cleared("r1"), Cut("i1", 0, 140), Cut("i2", 0, 0)]
    ear.player.add("r1", "i1", 0, sound(100))
    ear.listen(5)
    ear.player.end("r1")
    assert ear.ms == 140
    assert not ear.of(Stopped)


def test_answers_are_played_one_after_the_other():
    ear = Ear()
    ear.player.add("r1", "i1", 0, sound(40))
    ear.player.end("r1")
    ear.player.add("r2", "i2", 0, sound(40))
    ear.player.end("r2")
    ear.listen(4)
    assert ear.of(Started, Stopped) == [Started("r1"), Stopped("r1"), Started("r2"), Stopped("r2")]


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("add"), st.integers(0, 3), st.integers(1, 130)),
            st.tuples(st.sampled_from(["finish", "end"]), st.integers(0, 3), st.just(0)),
            st.tuples(st.sampled_from(["hold", "resume", "clear"]), st.just(0), st.just(0)),
            st.tuples(st.just("take"), st.integers(1, 9), st.just(0)),
        ),
        max_size=60,
    )
)
def test_whatever_happens_each_start_has_one_end_and_no_sound_is_played_twice(steps: list[tuple[str, int, int]]):
    ear, given_ms, ended = Ear(), dict[int, int](), set[int]()
    for step, which, ms in steps:
        match step:
            case "add" if which not in ended:
                ear.player.add(f"r{which}", f"i{which}", 0, sound(ms))
                given_ms[which] = given_ms.get(which, 0) + ms
            case "finish" if which not in ended:
                ended.add(which)
                ear.player.finish(f"i{which}", 0)
            case "end":
                ended.add(which)
                ear.player.end(f"r{which}")
            case "hold":
                ear.player.hold()
            case "resume":
                ear.player.resume()
            case "clear":
                ear.player.clear()
            case "take":
                ear.listen(which)
            case _:
                pass
    ear.player.resume()
    for which in range(4):
        ear.player.end(f"r{which}")
    ear.listen(200)
    assert not ear.player.sounding
    sounding: str | None = None
    for one in ear.heard:
        match one:
            case Started(response_id):
                assert sounding is None
                sounding = response_id
            case Stopped(response_id) | Cleared(response_id):
                assert sounding == response_id
                sounding = None
            case Played(item_id, played_ms) | Cut(item_id, _, played_ms):
                assert 0 <= played_ms <= given_ms[int(item_id[1:])]
    assert sounding is None
    assert ear.ms <= sum(given_ms.values())
