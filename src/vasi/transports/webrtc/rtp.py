"""Packets of RTP with sound in them, and reports about them (RFC 3550)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from aiortc.rtp import (
    RtcpPacket,
    RtcpReceiverInfo,
    RtcpRrPacket,
    RtcpSdesPacket,
    RtcpSenderInfo,
    RtcpSourceInfo,
    RtcpSrPacket,
)

RATE = 48_000
_HEADER = struct.Struct("!BBHII")
_VERSION = 2
_NTP_1970 = 2_208_988_800


@dataclass(frozen=True, slots=True)
class SoundPacket:
    """One packet.

    Attributes:
        payload_type: what is in it.
        sequence: its 16-bit number.
        timestamp: of its first sample, 32 bits.
        ssrc: its source.
        payload: the encoded sound.
    """

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes


def parse_packet(data: bytes) -> SoundPacket | None:
    """The packet in ``data``; None if it's none."""
    if len(data) < _HEADER.size or data[0] >> 6 != _VERSION:
        return None
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(data)
    begin = _HEADER.size + 4 * (first & 0x0F)
    if first & 0x10:
        if len(data) < begin + 4:
            return None
        begin += 4 + 4 * int.from_bytes(data[begin + 2 : begin + 4], "big")
    end = len(data) - (data[-1] if first & 0x20 else 0)
    return SoundPacket(second & 0x7F, sequence, timestamp, ssrc, data[begin:end]) if begin <= end else None


def packet(payload_type: int, sequence: int, timestamp: int, ssrc: int, payload: bytes, *, marker: bool) -> bytes:
    """A packet on the wire."""
    return _HEADER.pack(_VERSION << 6, payload_type | marker << 7, sequence, timestamp, ssrc) + payload


@dataclass(slots=True)
class Reception:
    """What this side tells the sender of a stream about it (RFC 3550, appendix A)."""

    ssrc: int
    received: int = 0
    jitter: float = 0.0
    """In samples."""
    _first: int = 0
    _highest: int = 0
    """With how often it began anew in the upper bits."""
    _transit: float | None = None
    _expected_before: int = 0
    _received_before: int = 0
    _report: tuple[int, float] | None = None
    """The middle of the last sender report's NTP time, and when it came (seconds)."""

    def note(self, sequence: int, timestamp: int, now: float) -> None:
        """A packet has come at ``now`` (seconds)."""
        if not self.received:
            self._first = self._highest = sequence
        ahead = (sequence - self._highest + 0x8000) % 0x10000 - 0x8000
        if ahead > 0:
            self._highest += ahead
        self.received += 1
        transit = now * RATE - timestamp
        if self._transit is not None:
            difference = abs(transit - self._transit)
            if difference < RATE:
                self.jitter += (difference - self.jitter) / 16
        self._transit = transit

    def note_report(self, ntp: int, now: float) -> None:
        """The sender has reported."""
        self._report = (ntp >> 16 & 0xFFFFFFFF, now)

    def info(self, now: float) -> RtcpReceiverInfo:
        """What is to be reported now."""
        expected = self._highest - self._first + 1 if self.received else 0
        lost = expected - self.received
        expected_since = expected - self._expected_before
        lost_since = expected_since - (self.received - self._received_before)
        self._expected_before, self._received_before = expected, self.received
        fraction = 0 if expected_since <= 0 or lost_since <= 0 else min(255, (lost_since << 8) // expected_since)
        last, delay = (0, 0) if self._report is None else (self._report[0], int((now - self._report[1]) * 65_536))
        return RtcpReceiverInfo(
            ssrc=self.ssrc,
            fraction_lost=fraction,
            packets_lost=max(-(1 << 23), min(lost, (1 << 23) - 1)),
            highest_sequence=self._highest & 0xFFFFFFFF,
            jitter=min(int(self.jitter), 0xFFFFFFFF),
            lsr=last,
            dlsr=min(delay, 0xFFFFFFFF),
        )


def report(
    ssrc: int, *, unix: float, timestamp: int, packets: int, octets: int, heard: RtcpReceiverInfo | None
) -> bytes:
    """A report of what was sent and received.

    Args:
        ssrc: this side's source.
        unix: now.
        timestamp: of the stream, now.
        packets: sent so far; 0 for a side that only listens.
        octets: of their payloads.
        heard: what is reported of the client's stream.
    """
    reports = [] if heard is None else [heard]
    described = bytes(RtcpSdesPacket(chunks=[RtcpSourceInfo(ssrc=ssrc, items=[(1, b"vasi")])]))
    if not packets:
        return bytes(RtcpRrPacket(ssrc=ssrc, reports=reports)) + described
    sender = RtcpSenderInfo(
        ntp_timestamp=int((unix + _NTP_1970) * (1 << 32)) & 0xFFFFFFFFFFFFFFFF,
        rtp_timestamp=timestamp,
        packet_count=packets & 0xFFFFFFFF,
        octet_count=octets & 0xFFFFFFFF,
    )
    return bytes(RtcpSrPacket(ssrc=ssrc, sender_info=sender, reports=reports)) + described


def parse_reports(data: bytes) -> list[RtcpSrPacket | RtcpRrPacket]:
    """The reports in a datagram of RTCP; none if it can't be read."""
    try:
        packets = RtcpPacket.parse(data)
    except (ValueError, struct.error, IndexError):
        return []
    return [one for one in packets if isinstance(one, RtcpSrPacket | RtcpRrPacket)]
