"""What a client reads when its socket is closed."""

from __future__ import annotations

import pytest

from vasi.transports.websocket import LONGEST_REASON, fitting


@pytest.mark.parametrize("letter", ["x", "é", "…"])
def test_a_reason_fits_into_its_frame_and_ends_with_a_whole_word(letter: str) -> None:
    for length in range(1, 60):
        reason = " ".join([letter * 7] * length)
        told = fitting(reason)
        assert len(told.encode()) <= LONGEST_REASON
        if told != reason:
            assert len(reason.encode()) > LONGEST_REASON
            assert told.endswith("…")
            assert set(told.removesuffix("…").split(" ")) <= {letter * 7}
            assert len(told.encode()) > LONGEST_REASON / 2


def test_one_long_word_is_cut_where_it_must() -> None:
    told = fitting("é" * 100)
    assert told == "é" * 60 + "…"
