"""What runs in the process that speaks with Piper's voices (``vasi.workers.run``)."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np

from vasi.engines.ports import Samples
from vasi.engines.tts.network import Networks, handler, ready_to_play
from vasi.workers.frames import Stoppable

MODEL, THREADS = "SPEECH_MODEL", "SPEECH_THREADS"
"""Environment: the file to load at the start, and how many threads a clause may take."""
_KEPT = 2
"""Voices held at once: each costs some 90 MB."""


class PiperVoices:
    """The voices of this process."""

    def __init__(self, first: Path, threads: int) -> None:
        self._networks = Networks(threads, _KEPT)
        self._networks.get(first)

    def speak(self, payload: bytes) -> Samples:
        """``payload`` is JSON: ``model``, ``ids``, ``scales`` (noise, length, width), ``speaker``, ``rate``."""
        asked = json.loads(payload)
        network = self._networks.get(Path(asked["model"]))
        ids = np.array([asked["ids"]], dtype=np.int64)
        inputs = {
            "input": ids,
            "input_lengths": np.array([ids.shape[1]], dtype=np.int64),
            "scales": np.array(asked["scales"], dtype=np.float32),
        }
        if "sid" in network.inputs:
            inputs["sid"] = np.array([asked["speaker"]], dtype=np.int64)
        return ready_to_play(network.run(inputs), asked["rate"])


def create_handler() -> Stoppable:
    """Answers requests to speak a clause with its PCM, 24 kHz."""
    return handler(PiperVoices(Path(os.environ[MODEL]), int(os.environ[THREADS])).speak)
