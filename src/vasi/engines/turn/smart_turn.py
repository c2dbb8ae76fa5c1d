"""Smart Turn v3 through onnxruntime: detects the end of a turn from prosody.

A judgement takes about 90 ms of one core, so a thread works through them one by one, for all sessions.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from vasi.engines.ports import Samples
from vasi.engines.turn.log_mel import BANDS, FRAMES, log_mel
from vasi.errors import EngineError, EngineMissing

MOST_WAITING = 16
"""Judgements that may wait; one that waited longer than for these would come after the silence that it is about."""


class SmartTurnAnalyzer:
    """One model and one thread for all sessions; ``start`` before use.

    Args:
        weights: the ONNX file (``vasi.engines.turn.weights.find``).
    """

    def __init__(self, weights: Path) -> None:
        self._weights = weights
        self._session: Any = None
        self._thread: ThreadPoolExecutor | None = None
        self._waiting = 0

    @property
    def name(self) -> str:
        """With the model's generation."""
        return "smart-turn v3"

    async def start(self) -> None:
        """Load the model (about 0.3 s, in its thread).

        Raises:
            EngineMissing: onnxruntime isn't installed.
            EngineError: the file isn't a Smart Turn model of version 3.
        """
        thread = ThreadPoolExecutor(1, "smart-turn")
        try:
            self._session = await asyncio.get_running_loop().run_in_executor(thread, _load, self._weights)
        except BaseException:
            thread.shutdown(wait=False)
            raise
        self._thread = thread

    async def completeness(self, samples: Samples, words: str) -> float:
        """Probability (0 to 1) that the turn is over, from the sound alone.

        Raises:
            EngineError: it isn't started, ``MOST_WAITING`` judgements wait already (``retryable``), or it failed.
        """
        if self._thread is None:
            raise EngineError("Smart Turn isn't running yet.", retryable=True)
        if self._waiting >= MOST_WAITING:
            raise EngineError("Too many pauses wait to be judged by Smart Turn.", retryable=True)
        self._waiting += 1
        try:
            # Cancelling takes what hasn't begun out of the queue: the user went on speaking.
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._judge, samples.copy())
        finally:
            self._waiting -= 1

    async def stop(self) -> None:
        """End the thread, after the judgement that it's at."""
        if self._thread is not None:
            thread, self._thread = self._thread, None
            thread.shutdown(wait=False, cancel_futures=True)
            self._session = None

    def _judge(self, samples: Samples) -> float:
        session = self._session
        try:
            (probabilities,) = session.run(None, {"input_features": log_mel(samples)[np.newaxis]})
        except Exception as error:
            raise EngineError(f"Smart Turn failed: {error}") from error
        return min(1.0, max(0.0, float(probabilities.reshape(-1)[0])))


def _load(weights: Path) -> Any:
    try:
        import onnxruntime  # pyright: ignore[reportMissingTypeStubs]
    except ImportError as error:
        raise EngineMissing("Smart Turn needs onnxruntime; install it with: pip install 'vasi[local]'.") from error
    runtime: Any = onnxruntime
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Without VNNI, processors overflow in the fast way to multiply what is quantised, and pauses seem to be ends.
    options.add_session_config_entry("session.x64quantprecision", "1")
    options.log_severity_level = 3
    try:
        session: Any = runtime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise EngineError(f"{weights} can't be loaded as a Smart Turn model: {error}") from error
    inputs = [(node.name, list(node.shape)[1:]) for node in session.get_inputs()]
    if inputs != [("input_features", [BANDS, FRAMES])]:
        raise EngineError(f"{weights} isn't a Smart Turn model of version 3.")
    return session
