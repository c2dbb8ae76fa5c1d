"""Packets of sound that come late, twice, out of order or never, in the order in which they were sent.

What is in order leaves at once. A hole is waited for until a few later packets have come, since most of what is late
has only been overtaken; then it counts as lost. Nothing is held back otherwise, and so nothing can pile up: a sender
whose clock goes wrong is simply heard at its own pace.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

PATIENCE_PACKETS = 2
"""Later packets that may come before a hole counts as lost."""
PATIENCE_MS = 60.0
"""How long it's waited for if no more packets come."""
LONGEST_GAP_S = 1.0
"""A longer gap isn't filled: the sender was silent on purpose, or has begun anew."""
RESTART_PACKETS = 1_500
"""A packet so far from the one that is expected tells that the sender has begun anew: half a minute."""

_SEQUENCES = 1 << 16
_TIMESTAMPS = 1 << 32
_SAMPLES_MS = 48


@dataclass(frozen=True, slots=True)
class Packet:
    """One that has come.

    Attributes:
        timestamp: of its first sample, in 48 kHz.
        samples: how long it lasts, in 48 kHz.
        payload: the encoded sound.
    """

    timestamp: int
    samples: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Gap:
    """Samples at 48 kHz for which there is no sound: ``lost`` on the way, or else never sent."""

    samples: int
    lost: bool


Released: TypeAlias = Packet | Gap


@dataclass(slots=True)
class JitterStats:
    """What became of the packets."""

    received: int = 0
    lost: int = 0
    late: int = 0
    """Came after they had been given up, or a second time."""


@dataclass(slots=True)
class JitterBuffer:
    """The packets of one sender.

    Attributes:
        patience: later packets that may come before a hole counts as lost.
    """

    patience: int = PATIENCE_PACKETS
    stats: JitterStats = field(default_factory=JitterStats)
    _next: int | None = None
    """Sequence number of the next packet to leave."""
    _ends: int | None = None
    """Timestamp after the last sample that has left."""
    _waiting: dict[int, tuple[Packet, float]] = field(default_factory=dict[int, tuple[Packet, float]])
    """With when it came."""

    def push(self, sequence: int, packet: Packet, now_ms: float) -> list[Released]:
        """A packet has come; what leaves because of it.

        Args:
            sequence: its 16-bit number.
            packet: it.
            now_ms: when.
        """
        self.stats.received += 1
        if self._next is None:
            self._next = sequence
        ahead = _difference(sequence, self._next, _SEQUENCES)
        if abs(ahead) > RESTART_PACKETS:
            self._waiting.clear()
            self._next, self._ends, ahead = sequence, None, 0
        if ahead < 0 or sequence in self._waiting:
            self.stats.late += 1
            return []
        self._waiting[sequence] = (packet, now_ms)
        return list(self._release(now_ms))

    def take(self, now_ms: float) -> list[Released]:
        """What leaves because time has passed: nothing more seems to come that could fill the hole."""
        return list(self._release(now_ms)) if self._waiting else []

    def _release(self, now_ms: float) -> Iterator[Released]:
        while self._waiting:
            assert self._next is not None, "set with the first packet"
            if self._next not in self._waiting:
                oldest = min(came for _, came in self._waiting.values())
                if len(self._waiting) <= self.patience and now_ms - oldest < PATIENCE_MS:
                    return
                expected: int = self._next
                missing = min(_difference(number, expected, _SEQUENCES) for number in self._waiting)
                self._next = (expected + missing) % _SEQUENCES
                self.stats.lost += missing
                yield from self._gap(self._waiting[self._next][0], lost=True)
            packet, _ = self._waiting.pop(self._next)
            yield from self._gap(packet, lost=False)
            self._next = (self._next + 1) % _SEQUENCES
            self._ends = (packet.timestamp + packet.samples) % _TIMESTAMPS
            yield packet

    def _gap(self, packet: Packet, *, lost: bool) -> Iterator[Gap]:
        if self._ends is None:
            return
        samples = _difference(packet.timestamp, self._ends, _TIMESTAMPS)
        self._ends = packet.timestamp
        if 0 < samples <= LONGEST_GAP_S * 1000 * _SAMPLES_MS:
            yield Gap(samples, lost)


def _difference(later: int, earlier: int, modulus: int) -> int:
    """``later - earlier`` of numbers that begin anew at ``modulus``."""
    half = modulus // 2
    return (later - earlier + half) % modulus - half
