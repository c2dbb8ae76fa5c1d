"""How long an Opus packet lasts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vasi.media import opus


@pytest.mark.parametrize(
    ("packet", "samples"),
    [
        (b"\xd8\xff\xfe", 960),  # CELT, 20 ms
        (b"\xf8\xff\xfe", 960),
        (b"\x08abc", 960),  # SILK, 20 ms
        (b"\x18abc", 2880),  # SILK, 60 ms
        (b"\x60abc", 480),  # hybrid, 10 ms
        (b"\x80abc", 120),  # CELT, 2.5 ms
        (b"\xd9abc", 1920),  # two frames
        (b"\xdb\x03abc", 2880),  # as many as it says
        (b"\xdb", 0),
        (b"", 0),
    ],
)
def test_how_long_a_packet_lasts(packet: bytes, samples: int):
    assert opus.samples(packet) == samples


@given(st.binary(max_size=4))
def test_any_bytes_last_at_most_120_ms(packet: bytes):
    assert 0 <= opus.samples(packet) <= 5_760
