import math

import numpy as np
import pytest

from vasi.errors import ClientError
from vasi.media import pcm


def test_bytes_are_little_endian_and_survive_the_round_trip():
    assert pcm.decode(b"\x01\x00\xff\x7f\x00\x80").tolist() == [1, 32767, -32768]
    assert pcm.encode(np.array([1, 32767, -32768], dtype=np.int16)) == b"\x01\x00\xff\x7f\x00\x80"
    assert pcm.decode(b"").size == 0


def test_half_a_sample_is_the_clients_mistake():
    with pytest.raises(ClientError, match="even number of bytes, but got 3"):
        pcm.decode(b"abc")


def test_lengths_in_samples_bytes_and_milliseconds_agree():
    assert pcm.ms_to_samples(20, 24_000) == 480
    assert pcm.ms_to_bytes(20, 24_000) == 960
    assert pcm.samples_to_ms(480, 24_000) == 20
    assert pcm.samples_to_ms(503, 24_000) == 20
    assert pcm.ms_to_bytes(1, 22_050) % 2 == 0
    assert pcm.silence(250, 16_000).tolist() == [0] * 4_000


def test_level_is_relative_to_full_scale():
    square = np.tile(np.array([-32768, -32768], dtype=np.int16), 100)
    sine = (32767 * np.sin(np.arange(24_000) * 2 * math.pi / 240)).astype(np.int16)
    assert pcm.level_dbfs(square) == pytest.approx(0.0, abs=0.01)
    assert pcm.level_dbfs(sine) == pytest.approx(-3.01, abs=0.02)
    assert pcm.level_dbfs((sine // 10).astype(np.int16)) == pytest.approx(-23.0, abs=0.1)
    assert pcm.level_dbfs(pcm.silence(10, 8_000)) == pcm.SILENCE_DBFS
    assert pcm.level_dbfs(pcm.silence(0, 8_000)) == pcm.SILENCE_DBFS


def test_float_samples_clip_instead_of_wrapping():
    loud = np.array([0.5, 1.5, -1.5, np.nan, np.inf, -np.inf])
    assert pcm.from_float(loud).tolist() == [16384, 32767, -32768, 0, 32767, -32768]
