"""What runs in the process that decodes (``vasi.workers.run``): one model, one utterance at a time.

``create_handler`` loads the model that ``MODEL`` in the environment describes, so that whoever started the process
knows by its first reply whether it can be used.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import ctranslate2  # pyright: ignore[reportMissingTypeStubs]
import numpy as np

from vasi.engines.spectrogram import HOP, log_mel
from vasi.engines.stt.whisper.requests import DECODE, MODEL
from vasi.engines.stt.whisper.text import from_tokens

_whisper: Any = ctranslate2

_RATE = 16_000
_LONGEST_WINDOW_S = 30
_PADDING = 1.5
"""A window little longer than the speech in it makes the model say it all again."""
_LEAST_TOKENS, _ENGLISH_TOKENS_A_SECOND, _TOKENS_A_SECOND = 10, 7, 14
"""More aren't spoken: a text that goes on is a loop. Of other languages the vocabulary has fewer words."""
_DETECTABLE_S = 3.0
_LANGUAGE = re.compile(r"^<\|([a-z]{2,3})\|>$", re.MULTILINE)
"""How the vocabulary names a language."""
_SURE = 0.9
"""Less speech than ``_DETECTABLE_S`` is taken for the first of the languages unless it's as sure as this."""


class Recogniser:
    """The model in ``folder``, run by ``threads`` threads on windows of ``window_s`` seconds or more."""

    def __init__(self, folder: str, threads: int, window_s: float) -> None:
        self._model = _whisper.models.Whisper(
            folder, device="cpu", compute_type="int8", intra_threads=threads, inter_threads=1
        )
        self._window_s = window_s
        vocabulary = (Path(folder) / "vocabulary.txt").read_text(encoding="utf-8")
        self._known = frozenset(_LANGUAGE.findall(vocabulary))

    def answer(self, kind: int, payload: bytes) -> bytes:
        """Do one request."""
        if kind != DECODE:
            raise ValueError(f"there is no request of kind {kind}")
        head, _, audio = payload.partition(b"\n")
        asked = json.loads(head)
        return json.dumps(self.decode(np.frombuffer(audio, "<i2"), asked["language"], asked["among"])).encode()

    def decode(self, samples: np.ndarray, language: str | None, among: Sequence[str]) -> dict[str, Any]:
        """The most probable text of ``samples`` (``int16[n]``, at most 30 s), and what the model says about it."""
        seconds = len(samples) / _RATE
        heard = self._model.encode(_whisper.StorageView.from_array(self._seen(samples, seconds)))
        spoken = self._language(heard, seconds, [language] if language and language in self._known else among)
        prompt = ["<|startoftranscript|>", *([f"<|{spoken}|>", "<|transcribe|>"] if spoken else []), "<|notimestamps|>"]
        rate = _ENGLISH_TOKENS_A_SECOND if spoken in (None, "en") else _TOKENS_A_SECOND
        (result,) = self._model.generate(
            heard,
            [prompt],
            beam_size=1,
            max_length=len(prompt) + _LEAST_TOKENS + int(rate * seconds),
            return_no_speech_prob=True,
            return_scores=True,
        )
        return {
            "text": from_tokens(result.sequences[0]),
            "no_speech": round(float(result.no_speech_prob), 4),
            "likelihood": round(float(result.scores[0]), 4),
            "language": spoken,
        }

    def _seen(self, samples: np.ndarray, seconds: float) -> np.ndarray:
        window_s = min(_LONGEST_WINDOW_S, max(self._window_s, _PADDING * seconds))
        sound = np.zeros(int(window_s * _RATE) // (2 * HOP) * (2 * HOP), np.float32)  # an even number of frames
        sound[: len(samples)] = samples[: len(sound)]
        sound /= 32_768
        return np.ascontiguousarray(log_mel(sound)[np.newaxis])

    def _language(self, heard: Any, seconds: float, among: Sequence[str]) -> str | None:
        """Which of the languages it is; None for a model that knows only English."""
        if not self._model.is_multilingual:
            return None
        if len(among) == 1:
            return among[0]
        probabilities = {name.strip("<|>"): value for name, value in self._model.detect_language(heard)[0]}
        likeliest = max(among, key=lambda code: probabilities.get(code, 0.0))
        share = probabilities.get(likeliest, 0.0) / (sum(probabilities.get(code, 0.0) for code in among) or 1.0)
        return likeliest if seconds >= _DETECTABLE_S or share >= _SURE else among[0]


def create_handler() -> Callable[[int, bytes], bytes]:
    """Answers ``DECODE``."""
    model = json.loads(os.environ[MODEL])
    return Recogniser(model["folder"], model["threads"], model["window_s"]).answer
