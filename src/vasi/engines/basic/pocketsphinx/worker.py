"""What runs in the processes that decode (``vasi.workers.run``).

PocketSphinx holds Python's global lock while it works, up to a second at a time, so it can't live in the server's
process. Imports as little as it can: it starts in a tenth of a second.
"""

from __future__ import annotations

import json
from array import array
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pocketsphinx  # pyright: ignore[reportMissingTypeStubs]

from vasi.engines.stt.requests import AUDIO_AND_TELL, FINISH, LOAD, START

_sphinx: Any = pocketsphinx

_FRAME_BYTES = 320
_HELD_FRAMES = 100
"""Frames from the first loud one on that are measured before decoding begins."""
_MOST_HELD_FRAMES = 250
_LOUD = 0.1
_LEAD_FRAMES = 5
_USUAL_MEAN = (40.0, 3.0, -1.0, *([0.0] * 10))
_USUAL_FRAMES = 500
"""The weight that PocketSphinx gives the mean an utterance starts with."""

_KEPT = 2
"""Models held at once: each costs some 30 MB, loading one a tenth of a second."""


class Recogniser:
    """The decoders of this process; at most one utterance runs.

    The first second of speech is held back and measured: recognition is a quarter better when the cepstral mean (the
    sound of voice, microphone and room) is that of the utterance itself, and PocketSphinx can't change it on the way.
    """

    def __init__(self) -> None:
        self._decoders: OrderedDict[str, Any] = OrderedDict()
        self._running: Any = None
        self._held: bytearray | None = None

    def answer(self, kind: int, payload: bytes) -> bytes:
        """Do one request."""
        if kind == LOAD:
            self._load(payload.decode())
        elif kind == START:
            self._start(payload.decode())
        elif kind == FINISH:
            return self._finish()
        elif payload:
            self._hear(payload)
            if kind == AUDIO_AND_TELL and self._held is None and (hypothesis := self._running.hyp()):
                return hypothesis.hypstr.encode()
        return b""

    def _load(self, model: str) -> Any:
        decoder = self._decoders.get(model)
        if decoder is None:
            while len(self._decoders) >= _KEPT:
                self._decoders.popitem(last=False)
            decoder = _sphinx.Decoder(
                hmm=str(Path(_sphinx.get_model_path()) / "en-us" / "en-us"),
                lm=f"{model}.lm",
                dict=f"{model}.dict",
                fwdflat=False,  # a second pass at the end: 130 ms for 0.5 to 1 % of the words
                maxwpf=20,  # without a bound on words a frame, noise makes the end of an utterance take a second
                loglevel="FATAL",
            )
            self._decoders[model] = decoder
        self._decoders.move_to_end(model)
        return decoder

    def _start(self, model: str) -> None:
        self._end()
        self._running = self._load(model)
        self._held = bytearray()

    def _hear(self, audio: bytes) -> None:
        if self._held is None:
            self._running.process_raw(audio)
            return
        self._held += audio
        frames_held = len(self._held) // _FRAME_BYTES
        if frames_held >= _HELD_FRAMES and (
            frames_held >= _MOST_HELD_FRAMES or frames_held - _onset(self._held) >= _HELD_FRAMES
        ):
            self._begin(bytes(self._held))

    def _begin(self, audio: bytes) -> None:
        """Measure the mean of ``audio``, then decode it with that."""
        decoder, self._held = self._running, None
        speech = audio[_onset(audio) * _FRAME_BYTES :]
        decoder.set_cmn(_cepstra(_USUAL_MEAN))
        decoder.start_utt()
        if speech:
            decoder.process_raw(speech, no_search=True)
        # PocketSphinx gives a mean in which the usual one counts as so many frames: take that out.
        share = _USUAL_FRAMES / max(len(speech) // _FRAME_BYTES, 1)
        mixed = [float(value) for value in decoder.get_cmn(True).split(",")]
        own = [now * (1 + share) - usual * share for now, usual in zip(mixed, _USUAL_MEAN, strict=True)]
        decoder.end_utt()
        decoder.set_cmn(_cepstra(own))
        decoder.start_utt()
        if audio:
            decoder.process_raw(audio)

    def _finish(self) -> bytes:
        if self._held is not None:
            self._begin(bytes(self._held))
        decoder = self._running
        self._end()
        segments = decoder.seg() if decoder.hyp() else ()
        return json.dumps([[s.word, s.start_frame, s.end_frame, min(round(s.prob, 4), 1.0)] for s in segments]).encode()

    def _end(self) -> None:
        if self._running is not None and self._held is None:
            self._running.end_utt()
        self._running = self._held = None


def _onset(audio: bytes | bytearray) -> int:
    """The first frame that isn't quiet, as quiet goes in ``audio``."""
    samples = array("h", bytes(audio[: len(audio) // _FRAME_BYTES * _FRAME_BYTES]))
    size = _FRAME_BYTES // 2
    levels = [sum(map(abs, samples[at : at + size])) for at in range(0, len(samples), size)]
    if not levels:
        return 0
    quiet, loud = sorted(levels)[len(levels) // 10], max(levels)
    first = next(place for place, level in enumerate(levels) if level >= quiet + _LOUD * (loud - quiet))
    return max(first - _LEAD_FRAMES, 0)


def _cepstra(values: Sequence[float]) -> str:
    return ",".join(f"{value:.4f}" for value in values)


def create_handler() -> Callable[[int, bytes], bytes]:
    """Answers requests up to ``FINISH``."""
    return Recogniser().answer
