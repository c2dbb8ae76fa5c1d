"""What the processes that speak have in common: a network of onnxruntime, and its sound made ready to be played.

Runs in child processes only (``vasi.workers.run``); imports as little as it can.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import onnxruntime  # pyright: ignore[reportMissingTypeStubs]

from vasi.engines.ports import SPEAKING_RATE, Samples
from vasi.media import pcm
from vasi.media.resample import Resampler
from vasi.workers.frames import Stoppable

Floats: TypeAlias = npt.NDArray[np.float32]

_runtime: Any = onnxruntime

LOUDNESS = 0.09
"""Root mean square of what is spoken, of full scale 1: as loud as espeak-ng."""
_LOUDEST = 0.95
_FRAME_S = 0.01
_QUIET = 0.02
"""Below this share of the loudest frame nothing is being said."""
_LEAD_S, _TAIL_S = 0.02, 0.06
"""What is left of the silence before and after the words."""


class _Running:
    """How networks are run in this process: one at a time, until nobody wants the sound any more."""

    def __init__(self) -> None:
        self.options = _runtime.RunOptions()
        # Else it would keep what the longest clause took.
        self.options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")

    def arm(self) -> None:
        """A clause is asked for."""
        self.options.terminate = False

    def stop(self) -> None:
        """It isn't wanted any more: the network gives up after the layer that it's at."""
        self.options.terminate = True


_RUNNING = _Running()


class Network:
    """A session of onnxruntime for the file ``path``; takes a second to load."""

    def __init__(self, path: Path, threads: int) -> None:
        options = _runtime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        self._session = _runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.inputs = frozenset(node.name for node in self._session.get_inputs())
        """What it wants."""

    def run(self, inputs: Mapping[str, Any]) -> Floats:
        """Its first output. Raises what onnxruntime raises, also when it's stopped."""
        return self._session.run(None, dict(inputs), _RUNNING.options)[0]


class Networks:
    """Networks by their file, the last few used."""

    def __init__(self, threads: int, kept: int) -> None:
        self._threads = threads
        self._kept = kept
        self._networks: OrderedDict[Path, Network] = OrderedDict()

    def get(self, path: Path) -> Network:
        """The network of the file ``path``, loaded by the first call."""
        network = self._networks.get(path)
        if network is None:
            while len(self._networks) >= self._kept:
                self._networks.popitem(last=False)
            network = self._networks[path] = Network(path, self._threads)
        self._networks.move_to_end(path)
        return network


def ready_to_play(sound: Floats, rate: int) -> Samples:
    """``sound`` (``float32[n]`` at ``rate`` Hz, any level) trimmed of silence, evened in loudness, at 24 kHz."""
    sound = np.nan_to_num(sound.reshape(-1).astype(np.float32, copy=False))
    size = int(rate * _FRAME_S)
    count = sound.size // size
    if count == 0:
        return np.zeros(0, dtype=np.int16)
    power = np.square(sound[: count * size].reshape(count, size)).mean(axis=1)
    spoken = np.flatnonzero(power > power.max() * _QUIET**2)
    if spoken.size == 0:
        return np.zeros(0, dtype=np.int16)
    begin = max(0, spoken[0] * size - int(rate * _LEAD_S))
    end = min(sound.size, (spoken[-1] + 1) * size + int(rate * _TAIL_S))
    level = float(np.sqrt(power[spoken].mean()))
    sound = sound[begin:end] * (LOUDNESS / level)
    # What is louder than the rest is bent, not clipped.
    over = np.abs(sound) > _LOUDEST / 2
    sound[over] = np.sign(sound[over]) * _LOUDEST * (1 - 0.25 * _LOUDEST / np.abs(sound[over]))
    resampler = Resampler(rate, SPEAKING_RATE)
    samples = pcm.from_float(sound)
    return np.concatenate((resampler.push(samples), resampler.flush()))


Speak: TypeAlias = Callable[[bytes], Samples]


def handler(speak: Speak) -> Stoppable:
    """Answers every request with what ``speak`` makes of it with networks, as bytes of PCM."""
    return Stoppable(lambda _, payload: pcm.encode(speak(payload)), _RUNNING.arm, _RUNNING.stop)
