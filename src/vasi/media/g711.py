"""G.711 mu-law and A-law, exact to ITU-T G.711.

Both laws are pure functions of one sample, so each direction is a table: 65,536 codes to encode, 256
samples to decode. The tables follow the reference code of ITU-T G.191: negative samples are taken in one's
complement, so the quantiser is symmetrical.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vasi.media.pcm import Samples

_Codes = npt.NDArray[np.uint8]

_MU_BIAS = 33
_MU_CLIP = 0x1FFF


def _decoded_mulaw() -> Samples:
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    exponent, mantissa = (code >> 4) & 7, code & 15
    magnitude = (((mantissa << 1) + _MU_BIAS) << exponent) - _MU_BIAS
    return (np.where(code & 0x80, -magnitude, magnitude) << 2).astype(np.int16)


def _decoded_alaw() -> Samples:
    code = np.arange(256, dtype=np.int32) ^ 0x55
    exponent, mantissa = (code >> 4) & 7, code & 15
    linear = (mantissa << 4) + 8
    magnitude = np.where(exponent > 0, (linear + 0x100) << np.maximum(exponent - 1, 0), linear)
    return np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)


def _segment(magnitude: npt.NDArray[np.int32], first: int) -> npt.NDArray[np.int32]:
    """How many of the 7 segment ends, doubling from ``first``, lie at or below each magnitude."""
    ends = first << np.arange(7)
    return np.searchsorted(ends, magnitude, side="right").astype(np.int32)


def _all_samples() -> npt.NDArray[np.int32]:
    """Every sample in the order of its unsigned bit pattern, which is how the tables are indexed."""
    return np.arange(65_536, dtype=np.uint16).view(np.int16).astype(np.int32)


def _encoded_mulaw() -> _Codes:
    sample = _all_samples()
    magnitude = np.minimum((np.where(sample < 0, ~sample, sample) >> 2) + _MU_BIAS, _MU_CLIP)
    segment = _segment(magnitude, 64)
    code = (segment << 4) | ((magnitude >> (segment + 1)) & 15)
    sign = np.where(sample < 0, 0x80, 0)
    return (~(code | sign) & 0xFF).astype(np.uint8)


def _encoded_alaw() -> _Codes:
    sample = _all_samples()
    magnitude = np.where(sample < 0, ~sample, sample) >> 4
    segment = _segment(magnitude, 16)
    code = (segment << 4) | ((magnitude >> np.maximum(segment - 1, 0)) & 15)
    sign = np.where(sample < 0, 0, 0x80)
    return ((code | sign) ^ 0x55).astype(np.uint8)


_MULAW_OUT, _MULAW_IN = _encoded_mulaw(), _decoded_mulaw()
_ALAW_OUT, _ALAW_IN = _encoded_alaw(), _decoded_alaw()


def mulaw_encode(samples: Samples) -> bytes:
    """``int16[n]`` as bytes of mu-law (PCMU)."""
    return _MULAW_OUT[samples.view(np.uint16)].tobytes()


def mulaw_decode(data: bytes) -> Samples:
    """Bytes of mu-law (PCMU) as ``int16[n]``."""
    return _MULAW_IN[np.frombuffer(data, dtype=np.uint8)]


def alaw_encode(samples: Samples) -> bytes:
    """``int16[n]`` as bytes of A-law (PCMA)."""
    return _ALAW_OUT[samples.view(np.uint16)].tobytes()


def alaw_decode(data: bytes) -> Samples:
    """Bytes of A-law (PCMA) as ``int16[n]``."""
    return _ALAW_IN[np.frombuffer(data, dtype=np.uint8)]
