"""Where audio that is longer than the model hears at once is parted: in a pause."""

from __future__ import annotations

import numpy as np

from vasi.engines.ports import HEARING_RATE, Samples

LONGEST_SECONDS = 28
"""The model hears 30 s; a little silence at the end keeps it from repeating itself."""
_EARLIEST_SECONDS = 12
_PAUSE = HEARING_RATE // 4
_STEP = HEARING_RATE // 50


def cut(samples: Samples) -> int:
    """The sample in the middle of the quietest quarter second of ``samples`` (``int16[n]``) that's late enough."""
    begin = _EARLIEST_SECONDS * HEARING_RATE
    late = samples[begin : LONGEST_SECONDS * HEARING_RATE].astype(np.float32)
    energy = np.concatenate([[0.0], np.cumsum(late * late, dtype=np.float64)])
    windows = np.arange(0, len(late) - _PAUSE, _STEP)
    quietest = windows[np.argmin(energy[windows + _PAUSE] - energy[windows])]
    return begin + int(quietest) + _PAUSE // 2
