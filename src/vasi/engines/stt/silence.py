"""Audio in which there is nothing to recognise."""

from __future__ import annotations

import numpy as np

from vasi.engines.ports import HEARING_RATE, Samples

_INAUDIBLE = 48
"""Nothing that peaks below this, -57 dB, is speech."""
_SHORTEST = HEARING_RATE // 10


def audible(samples: Samples) -> bool:
    """Whether ``samples`` (``int16[n]``, 16 kHz) are long and loud enough for a word."""
    return len(samples) >= _SHORTEST and int(np.abs(samples.astype(np.int32)).max()) >= _INAUDIBLE
