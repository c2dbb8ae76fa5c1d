"""Sound in place of what was lost: the last pitch period goes on and fades, as in ITU-T G.711, Appendix I.

A lost packet of speech is then hardly heard, and a recogniser doesn't take it for the end of a word.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vasi.media.pcm import Samples

FULL_MS = 10
"""What is made up is as loud as what came before for so long."""
SILENT_MS = 60
"""After so long nothing is made up any more."""
BLEND_MS = 5
"""Over which real sound takes over again."""

_SHORTEST_MS, _LONGEST_MS = 2.5, 16.0
"""Pitch periods: 400 to 62 Hz."""
_TEMPLATE_MS = 8.0
_SEARCH_RATE = 8_000

_Floats = npt.NDArray[np.float32]


class Concealment:
    """Fills the gaps of one stream.

    Args:
        rate: samples a second.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._kept = int((_LONGEST_MS * 2 + _TEMPLATE_MS) * rate / 1000)
        self._history: Samples = np.zeros(0, np.int16)
        self._period: Samples | None = None
        """What is repeated; None while nothing is lost."""
        self._made = 0
        """Samples made up since the last real one."""

    def heard(self, samples: Samples) -> Samples:
        """Real sound; after a gap its beginning is blended with what was made up."""
        if self._period is not None:
            count = min(len(samples), BLEND_MS * self._rate // 1000)
            if count:
                share = np.arange(1, count + 1, dtype=np.float32) / (count + 1)
                samples = samples.copy()
                made = self._continued(count).astype(np.float32)
                samples[:count] = np.rint(samples[:count] * share + made * (1 - share)).astype(np.int16)
            self._period, self._made = None, 0
        if len(samples):
            self._history = np.concatenate((self._history, samples))[-self._kept :]
        return samples

    def lost(self, count: int) -> Samples:
        """``count`` samples in place of lost ones."""
        if self._period is None:
            self._period = self._last_period()
        return self._continued(count)

    def silent(self, count: int) -> Samples:
        """``count`` samples in place of such as were never sent."""
        self._history, self._period, self._made = self._history[:0], None, 0
        return np.zeros(count, np.int16)

    def _continued(self, count: int) -> Samples:
        period = self._period
        if period is None or not len(period):
            self._made += count
            return np.zeros(count, np.int16)
        places = np.arange(self._made, self._made + count)
        full, silent = FULL_MS * self._rate // 1000, SILENT_MS * self._rate // 1000
        gain = np.clip((silent - places) / (silent - full), 0.0, 1.0).astype(np.float32)
        self._made += count
        return np.rint(period[places % len(period)] * gain).astype(np.int16)

    def _last_period(self) -> Samples:
        """The end of what was heard that is most like what came before it."""
        shortest, longest = (int(ms * self._rate / 1000) for ms in (_SHORTEST_MS, _LONGEST_MS))
        template = int(_TEMPLATE_MS * self._rate / 1000)
        if len(self._history) < longest + template:
            return self._history[-shortest:]
        step = max(1, self._rate // _SEARCH_RATE)
        thinned = self._history[-(longest + template) :][::-step][::-1]
        coarse = self._best_lag(thinned, shortest // step, step, template)
        lag = self._refined(coarse, step, shortest, longest, template)
        return self._history[-lag:]

    @staticmethod
    def _best_lag(history: Samples, shortest: int, step: int, template: int) -> int:
        """In samples of the whole rate, of ``history`` thinned out by ``step``."""
        sound: _Floats = history.astype(np.float32)
        size = template // step
        end = sound[-size:]
        windows = np.lib.stride_tricks.sliding_window_view(sound[:-shortest], size)
        likeness = windows @ end / (np.sqrt((windows * windows).sum(axis=1)) + 1.0)
        return (len(windows) - 1 - int(np.argmax(likeness)) + shortest) * step

    def _refined(self, coarse: int, step: int, shortest: int, longest: int, template: int) -> int:
        sound: _Floats = self._history.astype(np.float32)
        end = sound[-template:]
        best, lag_of_best = -np.inf, coarse
        for lag in range(max(shortest, coarse - step), min(longest, coarse + step) + 1):
            window = sound[-template - lag : -lag]
            likeness = float(window @ end) / (float(np.sqrt(window @ window)) + 1.0)
            if likeness > best:
                best, lag_of_best = likeness, lag
        return lag_of_best
