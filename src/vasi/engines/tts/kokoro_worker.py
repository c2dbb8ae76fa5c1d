"""What runs in the process that speaks with Kokoro (``vasi.workers.run``)."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from vasi.engines.ports import SPEAKING_RATE, Samples
from vasi.engines.tts.network import Floats, Network, handler, ready_to_play
from vasi.workers.frames import Stoppable

MODEL, THREADS = "SPEECH_MODEL", "SPEECH_THREADS"
"""Environment: the file to load at the start, and how many threads a clause may take."""
_STYLE = 256


class Kokoro:
    """The network of this process."""

    def __init__(self, model: Path, threads: int) -> None:
        self._network = Network(model, threads)

    def speak(self, payload: bytes) -> Samples:
        """``payload`` is JSON: ``tokens``, ``speed``, and the files of ``voices`` that are mixed."""
        asked = json.loads(payload)
        tokens = asked["tokens"]
        styles = [_styles(file) for file in asked["voices"]]
        chosen = np.stack([rows[min(len(tokens), len(rows)) - 1] for rows in styles])
        style: Floats = chosen.mean(axis=0, keepdims=True, dtype=np.float32)
        inputs: dict[str, Any] = {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": style,
            "speed": np.array([asked["speed"]], dtype=np.float32),
        }
        return ready_to_play(self._network.run(inputs), SPEAKING_RATE)


@lru_cache(maxsize=32)
def _styles(file: str) -> Floats:
    """``float32[510, 256]``: the style of a voice for every length of a clause."""
    return np.fromfile(file, dtype=np.float32).reshape(-1, _STYLE)


def create_handler() -> Stoppable:
    """Answers requests to speak a clause with its PCM, 24 kHz."""
    return handler(Kokoro(Path(os.environ[MODEL]), int(os.environ[THREADS])).speak)
