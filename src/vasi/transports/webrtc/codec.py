# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Opus, as FFmpeg's libopus does it."""

from __future__ import annotations

import logging
from fractions import Fraction

import numpy as np
from av import AudioFrame, CodecContext, Packet
from av.audio.codeccontext import AudioCodecContext
from av.error import FFmpegError

from vasi.media.opus import RATE
from vasi.media.pcm import Samples

FRAME_MS = 20
BITS_PER_SECOND = 32_000
SILENCE = b"\xd8\xff\xfe"
"""A packet of 20 ms in which nothing sounds."""


class Encoder:
    """One stream: ``int16[n]`` mono in pieces of 20 ms.

    Args:
        rate: samples a second: 8, 12, 16, 24 or 48 thousand.
    """

    def __init__(self, rate: int) -> None:
        context = CodecContext.create("libopus", "w")
        assert isinstance(context, AudioCodecContext)
        context.sample_rate = rate
        context.layout = "mono"
        context.format = "s16"
        context.bit_rate = BITS_PER_SECOND
        context.time_base = Fraction(1, rate)
        context.options = {"application": "voip", "frame_duration": str(FRAME_MS)}
        self._context = context
        self._rate = rate
        self._samples = 0

    def encode(self, samples: Samples) -> bytes:
        """The packet for 20 ms of sound."""
        frame = AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = self._rate
        frame.pts = self._samples
        self._samples += len(samples)
        packets = self._context.encode(frame)
        return bytes(packets[0]) if packets else SILENCE


class Decoder:
    """One stream, as ``int16[n]`` mono at 48 kHz."""

    def __init__(self) -> None:
        context = CodecContext.create("libopus", "r")
        assert isinstance(context, AudioCodecContext)
        context.sample_rate = RATE
        context.layout = "mono"
        context.format = "s16"
        self._context = context

    def decode(self, payload: bytes) -> Samples | None:
        """The sound of one packet; None if it has none."""
        try:
            frames = self._context.decode(Packet(payload))
        except (FFmpegError, ValueError):
            return None
        sounds = [np.asarray(frame.to_ndarray(), np.int16).reshape(-1) for frame in frames]
        return np.concatenate(sounds) if sounds else None


def quiet_libraries() -> None:
    """What FFmpeg says of broken packets, and ICE of each of its steps, doesn't belong into a server's log."""
    logging.getLogger("libav").setLevel(logging.CRITICAL)
    for name in ("aioice", "aiortc"):
        logging.getLogger(name).setLevel(logging.WARNING)
