"""What can be told of an Opus packet without decoding it (RFC 6716, section 3)."""

from __future__ import annotations

RATE = 48_000
"""Samples a second of Opus on the wire, whatever was encoded."""
FRAME = RATE // 50
"""Samples of 20 ms."""

_SILK_MS = (10, 20, 40, 60)
_HYBRID_MS = (10, 20)
_CELT_MS = (2.5, 5, 10, 20)
_LONGEST_MS = 120


def samples(packet: bytes) -> int:
    """How long a packet lasts, in samples at 48 kHz; 0 if it's none."""
    if not packet:
        return 0
    config, code = packet[0] >> 3, packet[0] & 3
    if config < 12:
        ms = float(_SILK_MS[config & 3])
    elif config < 16:
        ms = float(_HYBRID_MS[config & 1])
    else:
        ms = _CELT_MS[config & 3]
    if code == 3:
        if len(packet) < 2:
            return 0
        ms *= packet[1] & 0x3F
    elif code:
        ms *= 2
    return int(ms * RATE / 1000) if ms <= _LONGEST_MS else 0
