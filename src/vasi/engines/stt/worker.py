"""The process that decodes: ``python -m vasi.engines.stt.worker``.

PocketSphinx holds Python's global lock while it works, up to a second at a time, so it can't live in the server's
process. Imports as little as it can: it starts in a tenth of a second.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from pathlib import Path
from typing import Any

import pocketsphinx  # pyright: ignore[reportMissingTypeStubs]

from vasi.engines.stt import frames
from vasi.engines.stt.frames import AUDIO_AND_TELL, FINISH, LOAD, START

_sphinx: Any = pocketsphinx

_KEPT = 2
"""Models held at once: each costs some 30 MB, loading one a tenth of a second."""


class Recogniser:
    """The decoders of this process; at most one utterance runs."""

    def __init__(self) -> None:
        self._decoders: OrderedDict[str, Any] = OrderedDict()
        self._running: Any = None

    def answer(self, kind: int, payload: bytes) -> bytes:
        """Do one request."""
        if kind == LOAD:
            self._load(payload.decode())
        elif kind == START:
            self._start(payload.decode())
        elif kind == FINISH:
            return self._finish()
        elif payload:
            self._running.process_raw(payload)
            if kind == AUDIO_AND_TELL and (hypothesis := self._running.hyp()):
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
        if self._running is not None:
            self._running.end_utt()
            self._running = None
        decoder = self._load(model)
        decoder.start_utt()
        self._running = decoder

    def _finish(self) -> bytes:
        decoder, self._running = self._running, None
        decoder.end_utt()
        segments = decoder.seg() if decoder.hyp() else ()
        return json.dumps([[s.word, s.start_frame, s.end_frame, round(s.prob, 6)] for s in segments]).encode()


if __name__ == "__main__":
    frames.serve(Recogniser().answer)
