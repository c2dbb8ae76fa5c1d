import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vasi.media.resample import Resampler

PAIRS = [(22_050, 24_000), (24_000, 16_000), (16_000, 24_000), (48_000, 24_000), (48_000, 16_000),
         (8_000, 24_000), (24_000, 8_000), (44_100, 24_000), (24_000, 48_000)]  # fmt: skip


def sine(hz, rate, seconds=0.5, amplitude=16_000):
    return np.rint(amplitude * np.sin(2 * np.pi * hz * np.arange(int(rate * seconds)) / rate)).astype(np.int16)


def convert(samples, src, dst, block):
    resampler = Resampler(src, dst)
    parts = [resampler.push(samples[at : at + block]) for at in range(0, samples.size, block)]
    return np.concatenate([*parts, resampler.flush()])


def snr_db(actual, expected):
    noise = (actual.astype(float) - expected)[200:-200]
    return 10 * np.log10(np.mean(expected[200:-200].astype(float) ** 2) / max(1e-3, np.mean(noise**2)))


@pytest.mark.parametrize(("src", "dst"), PAIRS)
@pytest.mark.parametrize("hz", [200, 1_000, 3_000])
def test_a_tone_comes_out_at_the_same_pitch_and_phase(src, dst, hz):
    out = convert(sine(hz, src), src, dst, src // 50)
    assert out.size == dst // 2
    assert snr_db(out, sine(hz, dst)) > 75


@pytest.mark.parametrize(
    ("src", "dst", "hz"), [(24_000, 16_000, 9_000), (48_000, 16_000, 12_000), (24_000, 8_000, 6_000)]
)
def test_what_the_lower_rate_cannot_carry_is_removed_not_folded_back(src, dst, hz):
    out = convert(sine(hz, src), src, dst, 480)
    assert np.abs(out[200:-200]).max() <= 16


@pytest.mark.parametrize(("src", "dst"), PAIRS)
def test_little_is_held_back(src, dst):
    resampler = Resampler(src, dst)
    assert resampler.delay / src <= 0.0045
    fed = given_out = 0
    for _ in range(50):
        given_out += resampler.push(np.ones(src // 100, dtype=np.int16)).size
        fed += src // 100
        assert given_out / dst > (fed - resampler.delay - 1) / src


@given(
    pair=st.sampled_from(PAIRS),
    length=st.integers(0, 3_000),
    cuts=st.lists(st.integers(1, 700), min_size=1, max_size=8),
)
def test_how_the_stream_is_cut_makes_no_difference(pair, length, cuts):
    src, dst = pair
    samples = np.random.default_rng(length).integers(-20_000, 20_000, length).astype(np.int16)
    resampler = Resampler(src, dst)
    parts, at, turn = [], 0, 0
    while at < length:
        step = cuts[turn % len(cuts)]
        parts.append(resampler.push(samples[at : at + step]))
        at, turn = at + step, turn + 1
    out = np.concatenate([*parts, resampler.flush()])
    whole = convert(samples, src, dst, max(1, length))
    assert out.size == whole.size == -(-length * dst // src)
    assert np.abs(out.astype(int) - whole).max(initial=0) <= 1


def test_after_a_flush_a_new_stream_begins():
    resampler = Resampler(16_000, 24_000)
    first = np.concatenate([resampler.push(sine(500, 16_000)), resampler.flush()])
    second = np.concatenate([resampler.push(sine(500, 16_000)), resampler.flush()])
    assert np.array_equal(first, second)


def test_full_scale_does_not_wrap_around():
    square = np.where(np.arange(4_000) // 40 % 2, 32_767, -32_768).astype(np.int16)
    out = convert(square, 16_000, 24_000, 320)
    # The filter overshoots at the edges; an overflow would turn the sign there.
    assert out[31:59].max() < 0
    assert out[91:119].min() > 0


def test_equal_rates_pass_through_untouched():
    samples = sine(440, 24_000)
    resampler = Resampler(24_000, 24_000)
    assert np.array_equal(resampler.push(samples), samples)
    assert resampler.flush().size == 0


@pytest.mark.parametrize(("src", "dst"), [(0, 16_000), (16_000, -1), (16_001, 24_000)])
def test_impossible_rates_are_refused(src, dst):
    with pytest.raises(ValueError, match=r"rate|resample"):
        Resampler(src, dst)
