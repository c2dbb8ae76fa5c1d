"""WAV files: whatever a recorder wrote in, 16-bit mono out."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import soxr  # pyright: ignore[reportMissingTypeStubs]

from vasi.errors import DocumentError, LimitError
from vasi.media import g711, pcm
from vasi.media.pcm import Samples

_PCM, _FLOAT, _ALAW, _MULAW, _EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
_NAMES = {2: "ADPCM", 0x11: "ADPCM", 0x55: "MP3", 0xFF: "AAC", 0x161: "WMA"}
_LOWEST_RATE, _HIGHEST_RATE = 4_000, 384_000
_MOST_CHANNELS = 32
_OPEN_ENDED = 0x7FFF_0000
"""Programs that write to a pipe don't know the size yet, and claim this much or more."""


@dataclass(frozen=True, slots=True)
class _Format:
    kind: int
    channels: int
    rate: int
    bits: int

    @property
    def frame_bytes(self) -> int:
        return self.channels * self.bits // 8


def read(data: bytes, rate: int, *, max_seconds: float = 3600.0) -> Samples:
    """A WAV file's bytes as ``int16[n]`` mono at ``rate`` Hz.

    Reads PCM of 8, 16, 24 and 32 bits, float, A-law and mu-law, at any usual rate; channels are averaged.
    A file with the open-ended sizes of a pipe is read to its end.

    Raises:
        DocumentError: not a WAV file, without sound, cut off, or of a kind that can't be read.
        LimitError: longer than ``max_seconds``.
    """
    form, sound = _parse(data)
    frames = len(sound) // form.frame_bytes
    if frames == 0:
        raise DocumentError("The WAV file holds no sound; record it again.")
    if frames > max_seconds * form.rate:
        lasts = frames / form.rate
        raise LimitError(f"The WAV file lasts {lasts:.0f} s, but at most {max_seconds:.0f} s can be read; cut it up.")
    values = _decode(sound[: frames * form.frame_bytes], form)
    mono = values.reshape(frames, form.channels).mean(axis=1) if form.channels > 1 else values
    if form.rate != rate:
        mono = soxr.resample(mono, form.rate, rate, quality="HQ")
    return pcm.from_float(mono)


def write(samples: Samples, rate: int) -> bytes:
    """``samples`` (``int16[n]`` mono at ``rate`` Hz) as the bytes of a 16-bit WAV file."""
    sound = pcm.encode(samples)
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, _PCM, 1, rate, rate * 2, 2, 16)
    return struct.pack("<4sI4s", b"RIFF", 20 + len(form) + len(sound) - 8, b"WAVE") + b"".join(
        (form, struct.pack("<4sI", b"data", len(sound)), sound)
    )


def _parse(data: bytes) -> tuple[_Format, memoryview]:
    if not data:
        raise DocumentError("The WAV file is empty; record it again.")
    if len(data) < 12 or data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise DocumentError("This isn't a WAV file; export the recording as WAV (16-bit PCM).")
    view = memoryview(data)
    form: _Format | None = None
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        body = view[at + 8 : at + 8 + size]
        if name == b"fmt ":
            form = _format(body)
        elif name == b"data":
            if form is None:
                raise DocumentError("The WAV file's header is broken: no format is given; export it again.")
            return form, _sound(view[at + 8 :], size, form)
        at += 8 + size + size % 2
    raise DocumentError("The WAV file ends before its sound begins; copy or export it again.")


def _sound(rest: memoryview, size: int, form: _Format) -> memoryview:
    if size >= _OPEN_ENDED:
        return rest
    if size > len(rest):
        promised, there = (count / form.frame_bytes / form.rate for count in (size, len(rest)))
        raise DocumentError(
            f"The WAV file is cut off: its header promises {promised:.1f} s, but {there:.1f} s are there; "
            "copy or export it again."
        )
    return rest[:size]


def _format(body: memoryview) -> _Format:
    if len(body) < 16:
        raise DocumentError("The WAV file's header is broken: its format is cut off; export it again.")
    kind, channels, rate, _, align, bits = struct.unpack_from("<HHIIHH", body)
    if kind == _EXTENSIBLE and len(body) >= 26:
        (kind,) = struct.unpack_from("<H", body, 24)
    form = _Format(kind, channels, rate, bits)
    match kind, bits:
        case (1, 8 | 16 | 24 | 32) | (3, 32 | 64) | (6 | 7, 8):
            pass
        case _:
            name = _NAMES.get(kind, f"{bits}-bit sound of format {kind}")
            raise DocumentError(f"The WAV file holds {name}, which can't be read; export it as 16-bit PCM.")
    if not _LOWEST_RATE <= rate <= _HIGHEST_RATE:
        raise DocumentError(f"The WAV file's header is broken: a rate of {rate} Hz; export it again.")
    if not 1 <= channels <= _MOST_CHANNELS or align != form.frame_bytes:
        claims = f"{channels} channels of {bits} bits in {align} bytes"
        raise DocumentError(f"The WAV file's header is broken: {claims}; export it again.")
    return form


def _decode(sound: memoryview, form: _Format) -> npt.NDArray[np.float32]:
    """Interleaved samples in -1..1."""
    match form.kind, form.bits:
        case 3, bits:
            # A file may hold NaN, infinity and values that no float32 can: silence, and full scale.
            wide = np.frombuffer(sound, dtype=f"<f{bits // 8}").astype(np.float64)
            return np.clip(np.nan_to_num(wide), -1.0, 1.0).astype(np.float32)
        case 6, _:
            return _scaled(g711.alaw_decode(bytes(sound)), 16)
        case 7, _:
            return _scaled(g711.mulaw_decode(bytes(sound)), 16)
        case _, 8:
            return _scaled(np.frombuffer(sound, dtype=np.uint8).astype(np.int16) - 128, 8)
        case _, 24:
            wide = np.zeros((len(sound) // 3, 4), dtype=np.uint8)
            wide[:, 1:] = np.frombuffer(sound, dtype=np.uint8).reshape(-1, 3)
            return _scaled(wide.view("<i4").reshape(-1), 32)
        case _, bits:
            return _scaled(np.frombuffer(sound, dtype=f"<i{bits // 8}"), bits)


def _scaled(values: npt.NDArray[Any], bits: int) -> npt.NDArray[np.float32]:
    return values.astype(np.float32) / np.float32(2 ** (bits - 1))
