"""Voice activity by loudness alone, for installations without Silero's model.

Speech rises and falls; the background doesn't. What stands clear of the quietest moment of the last seconds counts
as speech, so a steady hum or hiss is taken for background after that time. Music isn't told from speech.
"""

from __future__ import annotations

from collections import deque
from math import exp

import numpy as np

from vasi.engines.ports import HEARING_RATE, VAD_WINDOW, Samples
from vasi.media import pcm

_MEMORY_WINDOWS = 5 * HEARING_RATE // (2 * VAD_WINDOW)
"""2.5 s: long enough to hold a pause between words, short enough to get used to a fan."""
_FAINTEST_DBFS = -58.0
"""A background below this counts as this: in digital silence every rustle would stand out."""
_CLEAR_DB = 8.0
_RELEASE_DB = 5.0
"""How far the loudness may fall in a window: it bridges the weak consonants inside a word."""
_SOFTNESS_DB = 2.0


class EnergyVad:
    """Needs nothing but numpy."""

    @property
    def name(self) -> str:
        """Its name."""
        return "energy"

    def open(self) -> EnergyStream:
        """A stream for a new microphone."""
        return EnergyStream()


class EnergyStream:
    """The loudness of one microphone over the last seconds."""

    def __init__(self) -> None:
        self._levels: deque[float] = deque(maxlen=_MEMORY_WINDOWS)
        self._loudness = pcm.SILENCE_DBFS

    def probability(self, window: Samples) -> float:
        """How clearly ``window`` (``int16[512]``, 16 kHz) stands out, as 0 to 1; 0.5 is 8 dB."""
        if window.size != VAD_WINDOW:
            raise ValueError(f"a VAD window has {VAD_WINDOW} samples, not {window.size}")
        centred = window.astype(np.float32) - np.float32(window.mean())
        level = pcm.level_dbfs(np.rint(centred).astype(np.int16))
        self._levels.append(level)
        background = max(_FAINTEST_DBFS, min(self._levels))
        self._loudness = max(level, self._loudness - _RELEASE_DB)
        return 1.0 / (1.0 + exp((_CLEAR_DB - (self._loudness - background)) / _SOFTNESS_DB))

    def reset(self) -> None:
        """Forget what was heard."""
        self._levels.clear()
        self._loudness = pcm.SILENCE_DBFS
