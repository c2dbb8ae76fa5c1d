"""What Smart Turn sees of sound: the log-mel spectrogram of its last 8 s, brought to one loudness."""

from __future__ import annotations

import numpy as np

from vasi.engines import spectrogram
from vasi.engines.ports import HEARING_RATE, Samples
from vasi.engines.spectrogram import BANDS, Floats

__all__ = ["BANDS", "FRAMES", "SECONDS", "log_mel"]

SECONDS = 8
FRAMES = SECONDS * 100
_LENGTH = SECONDS * HEARING_RATE


def log_mel(samples: Samples) -> Floats:
    """``float32[80, 800]`` of the last 8 s of ``samples`` (``int16[n]``, 16 kHz); silence fills up the front."""
    sound = np.zeros(_LENGTH, np.float32)
    heard = samples[-_LENGTH:]
    sound[_LENGTH - len(heard) :] = heard
    sound /= 32_768
    sound = (sound - sound.mean()) / np.sqrt(sound.var() + 1e-7)
    return spectrogram.log_mel(sound)
