"""From the client's audio to VAD windows and utterances: 16 kHz samples with their place in the session's time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vasi.engines.ports import HEARING_RATE, SPEAKING_RATE, VAD_WINDOW, Samples, SttStream
from vasi.media import g711, pcm
from vasi.media.resample import Resampler
from vasi.protocol.session import AudioFormat, Pcm, Pcma, Pcmu, bytes_per_ms

SLICE_MS = 200
"""Audio is processed in slices this long, so that a large append never holds the event loop."""
KEPT_SAMPLES = 8 * HEARING_RATE
"""What can still be given to an utterance that begins in the past, or to the judge of a turn."""
_ROOM = 4 * HEARING_RATE
"""Samples that come between two moves of what is kept."""


class _Recent:
    """The end of a stream of samples; each is found by its place in the stream, ``KEPT_SAMPLES`` of them at least."""

    def __init__(self, begin: int) -> None:
        self._samples: Samples = np.empty(KEPT_SAMPLES + _ROOM, np.int16)
        self._begin = self.end = begin

    def push(self, samples: Samples) -> None:
        held = self.end - self._begin
        if held + len(samples) > len(self._samples):
            kept = self._samples[held - KEPT_SAMPLES : held].copy()
            self._samples[: len(kept)] = kept
            self._begin, held = self.end - len(kept), len(kept)
        self._samples[held : held + len(samples)] = samples
        self.end += len(samples)

    def between(self, begin: int, end: int) -> Samples:
        """A view that holds until the next ``push``; less if some of it is forgotten or hasn't come yet."""
        return self._samples[max(0, begin - self._begin) : max(0, min(end, self.end) - self._begin)]


@dataclass(slots=True)
class Utterance:
    """A recogniser's stream and the audio time (in samples) up to which it was fed."""

    stream: SttStream
    fed: int


class Hearing:
    """The input audio of one session at 16 kHz."""

    def __init__(self) -> None:
        self._format: AudioFormat | None = None
        self._resampler: Resampler | None = None
        self._recent = _Recent(0)
        self._window_end = 0
        self._utterances: dict[str, Utterance] = {}

    def slices(self, audio: bytes, start_ms: int, audio_format: AudioFormat) -> Iterator[None]:
        """Take in ``audio`` slice by slice; after each, ``windows`` has new windows."""
        if self._resampler is None or audio_format != self._format:
            self._format = audio_format
            self._resampler = _resampler(audio_format)
            self._window_end = start_ms * HEARING_RATE // 1000
            self._recent = _Recent(self._window_end)
        size = _slice_bytes(audio_format)
        for at in range(0, len(audio), size):
            self._recent.push(self._resampler.push(_decoded(audio[at : at + size], audio_format)))
            yield

    def windows(self) -> Iterator[tuple[int, Samples]]:
        """Each whole window not yet seen, with the ms of audio time at its end."""
        while self._recent.end - self._window_end >= VAD_WINDOW:
            self._window_end += VAD_WINDOW
            window = self._recent.between(self._window_end - VAD_WINDOW, self._window_end)
            yield self._window_end * 1000 // HEARING_RATE, window

    def between(self, start_ms: int, end_ms: int) -> Samples:
        """``int16[n]``, 16 kHz: that stretch of the input audio, at most its last 8 s."""
        end = end_ms * HEARING_RATE // 1000
        return self._recent.between(max(start_ms * HEARING_RATE // 1000, end - KEPT_SAMPLES), end).copy()

    def reset(self) -> None:
        """The stream was cut."""
        self._resampler = None

    # --- utterances -------------------------------------------------------------------------------------------------
    def open(self, item_id: str, stream: SttStream, start_ms: int) -> None:
        """Feed ``stream`` from ``start_ms`` on."""
        self._utterances[item_id] = Utterance(stream, start_ms * HEARING_RATE // 1000)

    def feed(self, *, whole: bool) -> None:
        """Give open utterances what they lack: up to the last window, or all there is."""
        end = self._recent.end if whole else self._window_end
        for utterance in self._utterances.values():
            samples = self._recent.between(utterance.fed, end)
            if len(samples):
                utterance.stream.feed(samples.copy())
            utterance.fed = max(utterance.fed, end)

    def pause(self, item_id: str) -> None:
        """The user seems to have stopped."""
        if item_id in self._utterances:
            self._utterances[item_id].stream.pause()

    def resume(self, item_id: str) -> None:
        """The user speaks on."""
        if item_id in self._utterances:
            self._utterances[item_id].stream.resume()

    def take(self, item_id: str) -> SttStream | None:
        """The stream of an utterance that gets no more audio."""
        utterance = self._utterances.pop(item_id, None)
        return utterance.stream if utterance else None

    def take_all(self) -> list[SttStream]:
        """The streams of all open utterances."""
        streams = [utterance.stream for utterance in self._utterances.values()]
        self._utterances.clear()
        return streams


def resampled(audio: bytes, audio_format: AudioFormat) -> Iterator[Samples]:
    """All of ``audio`` at 16 kHz, slice by slice."""
    resampler, size = _resampler(audio_format), _slice_bytes(audio_format)
    for at in range(0, len(audio), size):
        yield resampler.push(_decoded(audio[at : at + size], audio_format))
    yield resampler.flush()


def _resampler(audio_format: AudioFormat) -> Resampler:
    return Resampler(audio_format.rate, HEARING_RATE)


def _slice_bytes(audio_format: AudioFormat) -> int:
    return SLICE_MS * bytes_per_ms(audio_format)


def _decoded(audio: bytes, audio_format: AudioFormat) -> Samples:
    match audio_format:
        case Pcm():
            return pcm.decode(audio)
        case Pcmu():
            return g711.mulaw_decode(audio)
        case Pcma():
            return g711.alaw_decode(audio)


class Encoder:
    """The assistant's voice (24 kHz) in the client's format."""

    def __init__(self, audio_format: AudioFormat) -> None:
        self._format = audio_format
        rate = audio_format.rate
        self._resampler = None if rate == SPEAKING_RATE else Resampler(SPEAKING_RATE, rate)

    def push(self, samples: Samples) -> bytes:
        """The bytes for these samples; resampling holds a few back."""
        return self._encoded(samples if self._resampler is None else self._resampler.push(samples))

    def flush(self) -> bytes:
        """What was held back."""
        return b"" if self._resampler is None else self._encoded(self._resampler.flush())

    def _encoded(self, samples: Samples) -> bytes:
        match self._format:
            case Pcm():
                return pcm.encode(samples)
            case Pcmu():
                return g711.mulaw_encode(samples)
            case Pcma():
                return g711.alaw_encode(samples)
