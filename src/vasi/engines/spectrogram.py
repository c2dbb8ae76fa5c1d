"""The log-mel spectrogram of Whisper, which Smart Turn hears with, too.

Published constants (Radford et al. 2022; the mel scale is Slaney's): windows of 25 ms every 10 ms, 80 bands up to
8 kHz, base-10 logarithms clipped 8 below the loudest and brought near to -1 to 1. Needs numpy alone.
"""

from __future__ import annotations

from functools import cache
from math import log
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float32]

BANDS = 80
HOP = 160
"""Samples of a frame: 10 ms at 16 kHz."""
_RATE = 16_000
_WINDOW = 400
_FAINTEST = np.float32(1e-10)
_RANGE = np.float32(8.0)
_LINEAR_HZ = 200 / 3
"""Hz of one mel below 1 kHz; above, 27 mels are a factor of 6.4."""
_KNEE_HZ = 1_000.0


def log_mel(sound: Floats) -> Floats:
    """``float32[80, n // 160]`` of ``sound`` (``float32[n]``, 16 kHz, n > 200)."""
    padded = np.pad(sound, _WINDOW // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[: len(sound) // HOP * HOP : HOP]
    spectrum = np.fft.rfft(frames * _hann(), axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    logs = np.log10(np.maximum(_filters() @ power.T, _FAINTEST))
    return ((np.maximum(logs, logs.max() - _RANGE) + 4) / 4).astype(np.float32)


@cache
def _hann() -> Floats:
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_WINDOW) / _WINDOW)).astype(np.float32)


@cache
def _filters() -> Floats:
    """Triangles of equal area, ``float32[80, 201]``."""
    top = _KNEE_HZ / _LINEAR_HZ + 27 * log(_RATE / 2 / _KNEE_HZ) / log(6.4)
    mels = np.arange(BANDS + 2) * (top / (BANDS + 1))
    bent = _KNEE_HZ * 6.4 ** ((mels - _KNEE_HZ / _LINEAR_HZ) / 27)
    edges = np.where(mels < _KNEE_HZ / _LINEAR_HZ, mels * _LINEAR_HZ, bent)
    low, middle, high = (edges[at : at + BANDS, np.newaxis] for at in range(3))
    hertz = np.arange(_WINDOW // 2 + 1) * (_RATE / _WINDOW)
    triangles = np.minimum((hertz - low) / (middle - low), (high - hertz) / (high - middle))
    return (np.maximum(triangles, 0.0) * 2 / (high - low)).astype(np.float32)
