"""How the voice falls at the end of what was said: loudness and pitch of its last syllable, beside those before.

Whoever finishes a sentence lets both sink; whoever stops in the middle of one breaks off at full voice.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from vasi.engines.ports import HEARING_RATE, Samples

_Floats: TypeAlias = npt.NDArray[np.float32]

_RATE = HEARING_RATE // 2
_HEARD = 4 * HEARING_RATE
"""Samples that are compared: a speaker's register drifts over longer ones, and they cost more."""
_HOP = _RATE // 100
_WINDOW = 4 * _HOP
_TRANSFORM = 1024
_LAGS = slice(_RATE // 400, _RATE // 70 + 1)
"""Voices from 70 to 400 Hz."""
_VOICED = 0.6
_OCTAVE = 0.87
"""The first lag that repeats nearly as well as the best is the pitch; the best may be twice as long."""
_AUDIBLE_DB = 22.0
"""Below the loudest frames, this much is background."""
_ENDING = 12
"""Voiced frames, of 10 ms, that are the end."""
_LEAST_VOICED = 24
_MOST_SEMITONES = 6.0
"""A larger step is a mistake of an octave, or creaking."""


@dataclass(frozen=True, slots=True)
class Fall:
    """The end of the voiced sound beside the rest: negative is lower.

    Attributes:
        loudness_db: against the louder quarter.
        pitch_semitones: against the middle.
    """

    loudness_db: float
    pitch_semitones: float


def fall(samples: Samples) -> Fall | None:
    """How the voice in ``samples`` (``int16[n]``, 16 kHz) ends; None if there's too little of it. About 10 ms."""
    frames = _frames(samples)
    if len(frames) < _LEAST_VOICED:
        return None
    levels: _Floats = 10 * np.log10(np.mean(frames**2, axis=1) + 1)
    lags, periodic = _periods(frames)
    audible = levels > np.percentile(levels, 95) - _AUDIBLE_DB
    voiced = np.flatnonzero(audible & (periodic > _VOICED))
    if len(voiced) < _LEAST_VOICED:
        return None
    semitones: _Floats = -12 * np.log2(lags[voiced])
    step = float(np.median(semitones[-_ENDING:]) - np.median(semitones))
    loud = levels[voiced]
    loudness = float(loud[-_ENDING:].mean() - np.percentile(loud, 75))
    return Fall(loudness, max(-_MOST_SEMITONES, min(_MOST_SEMITONES, step)))


def _frames(samples: Samples) -> _Floats:
    sound = samples[-_HEARD:].astype(np.float32)
    sound = sound[: sound.size // 2 * 2].reshape(-1, 2).mean(axis=1)
    if sound.size < _WINDOW:
        return np.zeros((0, _WINDOW), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(sound, _WINDOW)[::_HOP]
    return (frames - frames.mean(axis=1, keepdims=True)) * _hann()


def _periods(frames: _Floats) -> tuple[_Floats, _Floats]:
    """Of each frame the lag at which it repeats itself, in samples, and how well it does, 0 to 1."""
    repeats = _autocorrelation(frames)
    window = _autocorrelation(_hann()[np.newaxis])
    repeats = repeats / (repeats[:, :1] + 1e-6) * window[:, :1] / window
    seen = repeats[:, _LAGS]
    best = seen.max(axis=1)
    peaks = np.zeros(seen.shape, bool)
    peaks[:, 1:-1] = (seen[:, 1:-1] >= seen[:, :-2]) & (seen[:, 1:-1] >= seen[:, 2:])
    peaks &= seen > _OCTAVE * best[:, np.newaxis]
    peaks |= (seen == best[:, np.newaxis]) & ~peaks.any(axis=1, keepdims=True)
    return np.argmax(peaks, axis=1).astype(np.float32) + np.float32(_LAGS.start), best


def _autocorrelation(frames: _Floats) -> _Floats:
    spectrum = np.fft.rfft(frames, _TRANSFORM, axis=1)
    return np.fft.irfft(spectrum.real**2 + spectrum.imag**2, axis=1)[:, : _LAGS.stop].astype(np.float32)


@cache
def _hann() -> _Floats:
    return np.hanning(_WINDOW).astype(np.float32)
