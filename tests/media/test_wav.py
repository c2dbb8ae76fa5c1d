import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vasi.errors import DocumentError, LimitError
from vasi.media import g711, wav

TONE = 0.5 * np.sin(2 * np.pi * 440 * np.arange(8_000) / 16_000)


def build(sound, *, kind=1, channels=1, rate=16_000, bits=16, align=None, data_size=None, extra=b"", fmt_extra=b""):
    align = channels * bits // 8 if align is None else align
    fmt = struct.pack("<HHIIHH", kind, channels, rate, rate * align, align, bits) + fmt_extra
    chunks = b"fmt " + struct.pack("<I", len(fmt)) + fmt + extra
    chunks += b"data" + struct.pack("<I", len(sound) if data_size is None else data_size) + sound
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def packed(values, kind, bits):
    match kind, bits:
        case 1, 8:
            return (np.rint(values * 127) + 128).astype(np.uint8).tobytes()
        case 1, 24:
            wide = np.rint(values * (2**23 - 1)).astype("<i4")
            return b"".join(int(value).to_bytes(3, "little", signed=True) for value in wide)
        case 1, _:
            return np.rint(values * (2 ** (bits - 1) - 1)).astype(f"<i{bits // 8}").tobytes()
        case 3, _:
            return values.astype(f"<f{bits // 8}").tobytes()
        case 6, _:
            return g711.alaw_encode(np.rint(values * 32_767).astype(np.int16))
        case _:
            return g711.mulaw_encode(np.rint(values * 32_767).astype(np.int16))


@pytest.mark.parametrize(
    ("kind", "bits", "tolerance"),
    [(1, 8, 300), (1, 16, 2), (1, 24, 2), (1, 32, 2), (3, 32, 2), (3, 64, 2), (6, 8, 600), (7, 8, 600)],
)
def test_every_sample_format_gives_the_same_sound(kind, bits, tolerance):
    out = wav.read(build(packed(TONE, kind, bits), kind=kind, bits=bits), 16_000)
    assert out.dtype == np.int16
    assert np.abs(out - TONE * 32_767).max() <= tolerance


def test_extensible_headers_and_foreign_chunks_are_understood():
    guid = struct.pack("<HHIH", 22, 16, 0, 1) + b"\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"
    extra = b"LIST" + struct.pack("<I", 3) + b"abc\x00"
    data = build(packed(TONE, 1, 16), kind=0xFFFE, fmt_extra=guid, extra=extra)
    assert np.abs(wav.read(data, 16_000) - TONE * 32_767).max() <= 2


def test_channels_are_averaged():
    stereo = np.stack([TONE, np.zeros_like(TONE)], axis=1).reshape(-1)
    out = wav.read(build(packed(stereo, 1, 16), channels=2), 16_000)
    assert np.abs(out - TONE * 16_383).max() <= 2


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 48_000, 96_000])
def test_any_rate_becomes_the_one_asked_for(rate):
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate // 2) / rate)
    out = wav.read(build(packed(tone, 1, 16), rate=rate), 16_000)
    assert abs(out.size - 8_000) <= 1
    middle = slice(1_000, 7_000)
    assert np.abs(out[middle] - TONE[middle] * 32_767).max() <= 40


@pytest.mark.parametrize("size", [0xFFFF_FFFF, 0x7FFF_FFFF, 0x7FFF_F000])
def test_the_open_ended_size_of_a_pipe_is_read_to_the_end(size):
    assert wav.read(build(packed(TONE, 1, 16), data_size=size), 16_000).size == 8_000


def test_what_was_written_can_be_read_by_us_and_by_others(tmp_path):
    import wave

    samples = np.rint(TONE * 32_767).astype(np.int16)
    data = wav.write(samples, 16_000)
    assert np.array_equal(wav.read(data, 16_000), samples)
    (tmp_path / "a.wav").write_bytes(data)
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
        assert file.readframes(10_000) == samples.tobytes()


SOUND = packed(TONE, 1, 16)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"ID3\x04" + bytes(100), "isn't a WAV file"),
        (b"RIFF\x04\x00\x00\x00AVI " + bytes(40), "isn't a WAV file"),
        (build(SOUND)[:30], "its format is cut off"),
        (build(SOUND)[:36], "ends before its sound begins"),
        (build(b""), "holds no sound"),
        (build(b"\x01"), "holds no sound"),
        (build(SOUND)[:-4_000], "promises 0.5 s, but 0.4 s are there"),
        (build(SOUND, rate=0), "a rate of 0 Hz"),
        (build(SOUND, rate=1), "a rate of 1 Hz"),
        (build(SOUND, channels=0), "0 channels"),
        (build(SOUND, channels=2, align=2), "2 channels of 16 bits in 2 bytes"),
        (build(SOUND, bits=12), "12-bit sound of format 1"),
        (build(SOUND, kind=2, bits=4), "ADPCM"),
        (build(SOUND, kind=0x55, bits=0), "MP3"),
    ],
)
def test_each_broken_file_gets_its_sentence(data, sentence):
    with pytest.raises(DocumentError, match=sentence):
        wav.read(data, 16_000)


def test_no_longer_than_allowed():
    with pytest.raises(LimitError, match="lasts 2 s, but at most 1 s"):
        wav.read(build(bytes(64_000)), 16_000, max_seconds=1)


def test_floats_out_of_range_are_clipped_not_fatal():
    values = np.array([np.nan, np.inf, -np.inf, 1e300, -5.0, 0.25])
    out = wav.read(build(values.astype("<f8").tobytes(), kind=3, bits=64), 16_000)
    assert out.tolist() == [0, 32_767, -32_768, 32_767, -32_768, 8_192]


def read_or_refuse(data):
    try:
        out = wav.read(data, 16_000, max_seconds=60)
    except (DocumentError, LimitError):
        return
    assert out.dtype == np.int16
    assert out.size > 0


@given(st.binary(max_size=200))
def test_random_bytes_are_never_a_crash(data):
    read_or_refuse(data)
    read_or_refuse(b"RIFF\xff\xff\xff\xffWAVE" + data)


@settings(max_examples=200)
@given(
    kind=st.sampled_from([0, 1, 2, 3, 6, 7, 0xFFFE, 0xFFFF]),
    channels=st.integers(0, 40),
    rate=st.sampled_from([0, 1, 3_999, 8_000, 11_025, 16_001, 384_000, 0xFFFF_FFFF // 8]),
    bits=st.sampled_from([0, 1, 8, 12, 16, 24, 32, 64, 65_528]),
    right_align=st.booleans(),
    size=st.one_of(st.none(), st.integers(0, 0xFFFF_FFFF)),
    sound=st.binary(max_size=300),
    cut=st.integers(0, 400),
)
def test_any_header_over_any_bytes_is_never_a_crash(kind, channels, rate, bits, right_align, size, sound, cut):
    align = min(0xFFFF, channels * bits // 8) if right_align else 7
    fmt = struct.pack("<HHIIHH", kind, channels, rate, 0, align, bits)
    data = b"RIFF\0\0\0\0WAVEfmt " + struct.pack("<I", len(fmt)) + fmt
    data += b"data" + struct.pack("<I", len(sound) if size is None else size) + sound
    read_or_refuse(data[: len(data) - cut] if cut < len(data) else data)
