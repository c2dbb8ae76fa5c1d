"""Raw 16-bit sound: bytes, samples, milliseconds and level.

Sound inside vasi is ``int16[n]`` mono; on the wire it's the same in little-endian bytes.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from vasi.errors import ClientError

Samples: TypeAlias = npt.NDArray[np.int16]

BYTES_PER_SAMPLE = 2
SILENCE_DBFS = -100.0
"""What ``level_dbfs`` says of digital silence; the faintest 16-bit noise lies near -96 dBFS."""

_FULL_SCALE = 32_768.0


def decode(data: bytes | bytearray | memoryview) -> Samples:
    """Little-endian 16-bit bytes as ``int16[n]``; the result may be a read-only view of ``data``.

    Raises:
        ClientError: an odd number of bytes.
    """
    if len(data) % BYTES_PER_SAMPLE:
        raise ClientError(
            f"16-bit audio needs an even number of bytes, but got {len(data)}; send whole samples.",
            code="invalid_audio",
        )
    return np.frombuffer(data, dtype="<i2").astype(np.int16, copy=False)


def encode(samples: Samples) -> bytes:
    """``int16[n]`` as little-endian bytes."""
    return samples.astype("<i2", copy=False).tobytes()


def silence(ms: int, rate: int) -> Samples:
    """``ms`` of silence at ``rate`` Hz."""
    return np.zeros(ms_to_samples(ms, rate), dtype=np.int16)


def ms_to_samples(ms: int, rate: int) -> int:
    """Samples that last ``ms`` at ``rate`` Hz, rounded down."""
    return ms * rate // 1000


def samples_to_ms(count: int, rate: int) -> int:
    """Whole milliseconds that ``count`` samples last at ``rate`` Hz, rounded down."""
    return count * 1000 // rate


def ms_to_bytes(ms: int, rate: int) -> int:
    """Bytes of 16-bit mono audio that last ``ms``; always a whole number of samples."""
    return ms_to_samples(ms, rate) * BYTES_PER_SAMPLE


def from_float(samples: npt.NDArray[np.floating]) -> Samples:
    """Samples in -1..1 as ``int16[n]``, clipped; NaN becomes silence."""
    within = np.clip(np.nan_to_num(np.asarray(samples, dtype=np.float64)), -1.0, 1.0)
    return np.minimum(np.rint(within * _FULL_SCALE), _FULL_SCALE - 1).astype(np.int16)


def level_dbfs(samples: Samples) -> float:
    """RMS level in dB relative to full scale (the loudest square wave); at least ``SILENCE_DBFS``."""
    if samples.size == 0:
        return SILENCE_DBFS
    wide = samples.astype(np.float32)
    mean_square = float(np.dot(wide, wide)) / samples.size
    if mean_square <= 0.0:
        return SILENCE_DBFS
    return max(SILENCE_DBFS, 10.0 * float(np.log10(mean_square / _FULL_SCALE**2)))
