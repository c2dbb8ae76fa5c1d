"""What runs in the processes that decode with Moonshine (``vasi.workers.run``): one model, one stream at a time.

The kinds of request are PocketSphinx's; ``START`` brings a JSON list of the terms to expect, and the answer to
``FINISH`` is JSON ``{"text": text, "words": [[word, start, end, confidence], ...]}``, with times in seconds.
"""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Callable
from typing import Any

import numpy as np

from vasi.engines.stt.moonshine import MODEL
from vasi.engines.stt.requests import AUDIO, AUDIO_AND_TELL, FINISH, START

_RATE = 16_000
_UPDATE_S = 0.4
_OPTIONS = {
    # The conversation has told speech from silence already: all of it is one line, whatever the pauses in it.
    "vad_threshold": "0.0",
    "vad_max_segment_duration": "3600",
    "return_audio_data": "false",
    "word_timestamps": "true",
}


class Recogniser:
    """The model in ``folder`` and the stream that runs."""

    def __init__(self, folder: str) -> None:
        # An extra, which need not be there where this module is only looked at.
        self._moonshine: Any = importlib.import_module("moonshine_voice.transcriber")
        architectures: Any = importlib.import_module("moonshine_voice.moonshine_api").ModelArch
        self._transcriber = self._moonshine.Transcriber(
            folder, architectures.SMALL_STREAMING, update_interval=_UPDATE_S, options=_OPTIONS
        )
        self._terms: list[str] = []
        self._stream: Any = None
        self._lines: dict[int, str] = {}

    def answer(self, kind: int, payload: bytes) -> bytes:
        """Do one request."""
        if kind == START:
            self._start(json.loads(payload))
        elif kind == FINISH:
            return self._finish()
        elif kind in (AUDIO, AUDIO_AND_TELL):
            self._stream.add_audio((np.frombuffer(payload, "<i2") / 32_768).tolist(), _RATE)
            return " ".join(self._lines.values()).encode() if kind == AUDIO_AND_TELL else b""
        else:
            raise ValueError(f"there is no request of kind {kind}")
        return b""

    def _start(self, terms: list[str]) -> None:
        self._end()
        if terms != self._terms:
            self._transcriber.set_keyterms(terms)
            self._terms = terms
        self._lines = {}
        self._stream = self._transcriber.create_stream()
        self._stream.add_listener(self._hear)
        self._stream.start()

    def _hear(self, event: Any) -> None:
        if isinstance(event, self._moonshine.LineTextChanged):
            self._lines[event.line.line_id] = event.line.text.strip()

    def _finish(self) -> bytes:
        transcript = self._stream.stop()
        self._end()
        if transcript is None:
            raise RuntimeError("the end of the utterance couldn't be decoded")
        words = [
            [word.word, word.start, word.end, word.confidence] for line in transcript.lines for word in line.words or ()
        ]
        return json.dumps({"text": " ".join(line.text.strip() for line in transcript.lines), "words": words}).encode()

    def _end(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None


def create_handler() -> Callable[[int, bytes], bytes]:
    """Answers ``START`` to ``FINISH``."""
    return Recogniser(os.environ[MODEL]).answer
