"""The sound of one call, both ways: packets in, samples out; samples in, a packet every 20 ms."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from secrets import randbits

import numpy as np
from aiortc.rtp import RtcpSrPacket

from vasi.media import opus, pcm
from vasi.media.concealment import Concealment
from vasi.media.jitter import Gap, JitterBuffer, Packet
from vasi.media.resample import Resampler
from vasi.transports.webrtc.codec import FRAME_MS, SILENCE, Decoder, Encoder
from vasi.transports.webrtc.rtp import Reception, packet, parse_packet, parse_reports, report

log = logging.getLogger(__name__)

SESSION_RATE = 24_000
"""Samples a second of sound in a session."""
FRAME_S = FRAME_MS / 1000
SKIP_S = 0.2
"""Who is so late skips ahead: what can't be sent in time isn't sent in a burst."""
REPORT_S = 2.0
_SILENT_FRAMES = 3
"""Frames of silence that are encoded before a packet serves that is always the same: the last word rings out."""
_TIMESTAMPS = 1 << 32
_SEQUENCES = 1 << 16


class SoundReceiver:
    """Turns the client's packets into ``int16`` sound at 24 kHz, in order and without holes.

    Args:
        payload_type: of Opus.
        deliver: takes the sound, as bytes.
    """

    def __init__(self, payload_type: int, deliver: Callable[[bytes], None]) -> None:
        self._payload_type = payload_type
        self._deliver = deliver
        self._jitter = JitterBuffer()
        self._decoder = Decoder()
        self._concealment = Concealment(opus.RATE)
        self._resampler = Resampler(opus.RATE, SESSION_RATE)
        self._reception: Reception | None = None

    def receive(self, data: bytes, now: float) -> None:
        """A packet has come at ``now`` (seconds)."""
        came = parse_packet(data)
        if came is None or came.payload_type != self._payload_type:
            return
        samples = opus.samples(came.payload)
        if not samples:
            return
        if self._reception is None or self._reception.ssrc != came.ssrc:
            self._reception = Reception(came.ssrc)
            self._jitter = JitterBuffer(stats=self._jitter.stats)
        self._reception.note(came.sequence, came.timestamp, now)
        for released in self._jitter.push(came.sequence, Packet(came.timestamp, samples, came.payload), now * 1000):
            self._release(released)

    def tick(self, now: float) -> None:
        """Time has passed."""
        for released in self._jitter.take(now * 1000):
            self._release(released)

    def note_report(self, ntp: int, now: float) -> None:
        """The client has reported what it sent."""
        if self._reception is not None:
            self._reception.note_report(ntp, now)

    @property
    def reception(self) -> Reception | None:
        """What there is to report to the client; None before it has sent anything."""
        return self._reception

    def _release(self, released: Packet | Gap) -> None:
        match released:
            case Packet(samples=samples, payload=payload):
                sound = self._decoder.decode(payload)
                heard = self._concealment.lost(samples) if sound is None else self._concealment.heard(sound)
            case Gap(samples=samples, lost=True):
                heard = self._concealment.lost(samples)
            case Gap(samples=samples):
                heard = self._concealment.silent(samples)
        out = self._resampler.push(heard)
        if len(out):
            self._deliver(pcm.encode(out))


@dataclass(slots=True)
class Lateness:
    """How punctual a sender is, in seconds.

    Attributes:
        mean: of the latest frames, the newest counting most.
        skipped: left out so far, because it was too late for them.
    """

    mean: float = 0.0
    skipped: float = 0.0

    def note(self, late: float) -> None:
        """A frame was sent so late."""
        self.mean += (late - self.mean) / 64


class SoundSender:
    """Sends a packet every 20 ms, by the clock.

    Args:
        payload_type: of Opus.
        ssrc: source of the stream.
        take: gives the next 20 ms as bytes of 24 kHz; None for silence.
        send: sends a packet, or a report if ``rtcp``.
        receiver: is told that time passes, and what it received is reported.
    """

    def __init__(
        self,
        payload_type: int,
        ssrc: int,
        take: Callable[[], bytes | None],
        send: Callable[..., None],
        receiver: SoundReceiver,
    ) -> None:
        self._payload_type = payload_type
        self._ssrc = ssrc
        self._take = take
        self._send = send
        self._receiver = receiver
        self._encoder = Encoder(SESSION_RATE)
        self._sequence = randbits(15)
        self._timestamp = randbits(31)
        self._packets = self._octets = 0
        self._silent = _SILENT_FRAMES
        self._due = 0.0
        self._reported = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self.lateness = Lateness()

    def start(self) -> None:
        """Begin to send."""
        if self._timer is None:
            self._due = self._reported = asyncio.get_running_loop().time()
            self._tick()

    def stop(self) -> None:
        """Send no more; harmless when repeated."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def note_reports(self, data: bytes, now: float) -> None:
        """The client has reported."""
        for one in parse_reports(data):
            if isinstance(one, RtcpSrPacket):
                self._receiver.note_report(one.sender_info.ntp_timestamp, now)

    def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        late = now - self._due
        self.lateness.note(max(0.0, late))
        if late > SKIP_S:
            frames = int(late / FRAME_S)
            self._due += frames * FRAME_S
            self._timestamp += frames * opus.FRAME
            self.lateness.skipped += frames * FRAME_S
        self._due += FRAME_S
        self._timer = loop.call_at(self._due, self._tick)
        try:
            self._send_frame()
            self._receiver.tick(now)
            if now - self._reported >= REPORT_S:
                self._reported = now
                self._send_report(now)
        except Exception:
            log.exception("A packet of sound couldn't be sent.")

    def _send_frame(self) -> None:
        sound = self._take()
        speech_begins = sound is not None and self._silent >= _SILENT_FRAMES
        if sound is not None:
            self._silent = 0
            payload = self._encoder.encode(np.frombuffer(sound, "<i2"))
        elif self._silent < _SILENT_FRAMES:
            self._silent += 1
            payload = self._encoder.encode(np.zeros(SESSION_RATE * FRAME_MS // 1000, np.int16))
        else:
            payload = SILENCE
        data = packet(
            self._payload_type,
            self._sequence % _SEQUENCES,
            self._timestamp % _TIMESTAMPS,
            self._ssrc,
            payload,
            marker=speech_begins,
        )
        self._sequence += 1
        self._timestamp += opus.FRAME
        self._packets += 1
        self._octets += len(payload)
        self._send(data)

    def _send_report(self, now: float) -> None:
        reception = self._receiver.reception
        data = report(
            self._ssrc,
            unix=time.time(),
            timestamp=self._timestamp % _TIMESTAMPS,
            packets=self._packets,
            octets=self._octets,
            heard=None if reception is None else reception.info(now),
        )
        self._send(data, rtcp=True)
