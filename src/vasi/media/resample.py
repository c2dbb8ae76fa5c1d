"""Change the sample rate of a stream, with little delay.

A windowed-sinc filter in polyphase form. A conversation pays for every millisecond that a resampler holds
back, and the block transforms of soxr's stream hold back 20 to 75 ms; this filter needs only the samples
under half its length: 2 ms at 16 kHz, 4 ms at 8 kHz. Whole files, which can wait, go through soxr
(``wav.py``).
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, gcd
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from vasi.media.pcm import Samples

_Floats: TypeAlias = npt.NDArray[np.float32]

_NOTHING: Samples = np.zeros(0, dtype=np.int16)

_HALF_LENGTH = 32
"""Zero crossings of the sinc on either side of its centre."""
_CUTOFF = 0.95
"""Of the lower Nyquist frequency: flat to 0.87 of it, 80 dB down at 1.03."""
_KAISER_BETA = 8.0
_MOST_PHASES = 1_000
_FEW_PHASES = 8


@lru_cache(maxsize=32)
def _filter_bank(up: int, down: int) -> _Floats:
    """``float32[up, 2 * reach]``: the taps of each output phase."""
    cutoff = _CUTOFF * min(1.0, up / down)
    reach = ceil(_HALF_LENGTH * max(1.0, down / up))
    phase = np.arange(up)[:, np.newaxis] / up
    distance = np.arange(1 - reach, 1 + reach)[np.newaxis, :] - phase
    window = np.i0(_KAISER_BETA * np.sqrt(np.clip(1.0 - (distance / reach) ** 2, 0.0, 1.0)))
    taps = np.sinc(cutoff * distance) * window
    taps /= taps.sum(axis=1, keepdims=True)
    return taps.astype(np.float32)


class Resampler:
    """One stream of sound on its way from ``src_rate`` to ``dst_rate`` Hz.

    Output sample k stands at the time of output k, without shift: what is held back comes out with later
    samples or with ``flush``, and in the end n samples in give ``ceil(n * dst_rate / src_rate)`` out.
    """

    def __init__(self, src_rate: int, dst_rate: int) -> None:
        """Begin a stream.

        Raises:
            ValueError: a rate isn't positive, or the two have too small a common divisor.
        """
        if src_rate <= 0 or dst_rate <= 0:
            raise ValueError("sample rates must be positive")
        divisor = gcd(src_rate, dst_rate)
        self._up, self._down = dst_rate // divisor, src_rate // divisor
        if self._up > _MOST_PHASES:
            raise ValueError(f"can't resample a stream from {src_rate} to {dst_rate} Hz")
        self._taps = _filter_bank(self._up, self._down)
        self._reach: int = self._taps.shape[1] // 2
        self._start()

    @property
    def delay(self) -> int:
        """Input samples that ``push`` holds back at most."""
        return 0 if self._up == self._down else self._reach

    def push(self, samples: Samples) -> Samples:
        """Add ``samples`` at the source rate; returns those at the target rate that are now certain."""
        if self._up == self._down:
            return samples
        self._taken += samples.size
        out = self._filter(samples)
        self._given += out.size
        return out

    def flush(self) -> Samples:
        """End the stream: the samples still held back. The next ``push`` begins a new stream."""
        if self._up == self._down:
            return _NOTHING
        missing = -(-self._taken * self._up // self._down) - self._given
        tail = np.zeros(self._reach, dtype=np.int16)
        out = self._filter(tail)[:missing]
        self._start()
        return out

    def _start(self) -> None:
        self._held = np.zeros(self._reach - 1, dtype=np.float32)
        self._phase = 0
        self._taken = self._given = 0

    def _filter(self, samples: Samples) -> Samples:
        size = self._held.size + samples.size
        width = 2 * self._reach
        # Output k looks at held[p : p + width], where p = (phase + k * down) // up.
        count = max(0, -(-((size - width + 1) * self._up - self._phase) // self._down))
        held = np.empty(size + self._down, dtype=np.float32)
        held[: self._held.size] = self._held
        held[self._held.size : size] = samples
        if count == 0:
            self._held = held[:size]
            return _NOTHING
        held[size:] = 0.0
        out = self._weigh(held, count)
        advance, self._phase = divmod(self._phase + count * self._down, self._up)
        self._held = held[advance:size]
        np.rint(out, out=out)
        np.maximum(out, -32_768, out=out)
        return np.minimum(out, 32_767, out=out).astype(np.int16)

    def _weigh(self, held: _Floats, count: int) -> _Floats:
        if self._up > _FEW_PHASES:
            positions, phases = np.divmod(self._phase + np.arange(count) * self._down, self._up)
            windows = np.lib.stride_tricks.sliding_window_view(held, self._taps.shape[1])
            return np.vecdot(windows[positions], self._taps[phases])
        # Each round of `up` outputs sees the same stretch of input; the stretches of two rounds lie `down` apart.
        taps = _round_taps(self._up, self._down, self._phase)
        rounds, size = -(-count // self._up), held.itemsize
        seen = np.ndarray((rounds, 1, taps.shape[1]), np.float32, held, strides=(self._down * size, 0, size))
        return np.vecdot(seen, taps).reshape(-1)[:count]


@lru_cache(maxsize=32)
def _round_taps(up: int, down: int, phase: int) -> _Floats:
    """``float32[up, 2 * reach + down]``: the taps of the ``up`` outputs of a round that begins at ``phase``."""
    bank = _filter_bank(up, down)
    taps = np.zeros((up, bank.shape[1] + down), dtype=np.float32)
    for k in range(up):
        position, at = divmod(phase + k * down, up)
        taps[k, position : position + bank.shape[1]] = bank[at]
    return taps
