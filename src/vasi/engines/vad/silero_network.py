"""Silero VAD v5 at 16 kHz in numpy.

The network is small (310,000 weights) and runs 31 times a second for each microphone. A general runtime spends three
quarters of that time on the hundreds of little operations around the few that matter, which are these: a short-time
spectrum, four convolutions, an LSTM cell and a weighted sum.
"""

from __future__ import annotations

from math import exp
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from vasi.engines.vad.silero_weights import Weights, named_tensors

_Floats: TypeAlias = npt.NDArray[np.float32]

SAMPLES = 576
"""That the network looks at: the window, and the end of the one before."""
_PADDED = 640
_BLOCK, _HOP, _BLOCKS, _BINS = 256, 128, 4, 129
_CELL = 128
_BASIS = "stft.forward_basis_buffer"
_SHAPES = {
    _BASIS: (2 * _BINS, 1, _BLOCK),
    "encoder.0.reparam_conv.weight": (128, _BINS, 3),
    "encoder.1.reparam_conv.weight": (64, 128, 3),
    "encoder.2.reparam_conv.weight": (64, 64, 3),
    "encoder.3.reparam_conv.weight": (128, 64, 3),
    "decoder.rnn.weight_ih": (4 * _CELL, _CELL),
    "decoder.rnn.weight_hh": (4 * _CELL, _CELL),
    "decoder.decoder.2.weight": (1, _CELL, 1),
}


class SileroNetwork:
    """The weights, arranged for the way they are used; shared by all microphones."""

    def __init__(self, weights: Weights) -> None:
        """Arrange ``weights``. Raises ``ValueError`` if they're another network's."""
        for name, shape in _SHAPES.items():
            if name not in weights or weights[name].shape != shape:
                raise ValueError(f"{name} isn't {shape}")
        hann = np.hanning(_BLOCK + 1)[:-1]
        angles = np.outer(np.arange(_BINS), np.arange(_BLOCK)) * (2 * np.pi / _BLOCK)
        spectrum = np.concatenate((np.cos(angles), -np.sin(angles))) * hann
        if not np.allclose(weights[_BASIS][:, 0], spectrum, atol=1e-6):
            raise ValueError("the spectrum isn't the usual one")
        kernels = [weights[f"encoder.{layer}.reparam_conv.weight"] for layer in range(4)]
        self.biases = [weights[f"encoder.{layer}.reparam_conv.bias"].copy() for layer in range(4)]
        self.hann = hann.astype(np.float32)
        # One row holds what an output sees, tap by tap.
        self.first, self.second = (
            np.ascontiguousarray(kernel.transpose(2, 1, 0).reshape(-1, kernel.shape[0])) for kernel in kernels[:2]
        )
        # Only two inputs are left for the third, and one for the fourth: the other taps see nothing but padding.
        self.third = np.ascontiguousarray(kernels[2][:, :, 1:].transpose(0, 2, 1).reshape(64, 128))
        self.fourth = np.ascontiguousarray(kernels[3][:, :, 1])
        # sigmoid(x) is (tanh(x / 2) + 1) / 2, so that one tanh serves all gates.
        halves = np.full(4 * _CELL, 0.5, np.float32)
        halves[2 * _CELL : 3 * _CELL] = 1.0
        cell = np.concatenate((weights["decoder.rnn.weight_ih"], weights["decoder.rnn.weight_hh"]), axis=1)
        self.cell = np.ascontiguousarray(cell * halves[:, np.newaxis])
        self.cell_bias = (weights["decoder.rnn.bias_ih"] + weights["decoder.rnn.bias_hh"]) * halves
        self.last = weights["decoder.decoder.2.weight"].reshape(_CELL).copy()
        self.last_bias = float(weights["decoder.decoder.2.bias"].item())

    @classmethod
    def read(cls, file: bytes) -> SileroNetwork:
        """The network for 16 kHz in an ONNX file. Raises ``ValueError`` if there is none."""
        weights: Weights = {}
        for name, value in named_tensors(file):
            if name == _BASIS and _SHAPES.items() <= {key: each.shape for key, each in weights.items()}.items():
                break
            weights[name] = value
        return cls(weights)


class SileroState:
    """What the network remembers of one microphone, and its room to work in."""

    def __init__(self, network: SileroNetwork) -> None:
        self._network = network
        self._sound = np.zeros(_PADDED, np.float32)
        self._blocks = _overlapping(self._sound, _BLOCKS, _BLOCK, _HOP)
        self._spectra = np.zeros((_BLOCKS + 2, _BINS), np.float32)
        self._seen = _overlapping(self._spectra, _BLOCKS, 3 * _BINS, _BINS)
        self._features = np.zeros((_BLOCKS + 1, 128), np.float32)
        self._seen_next = _overlapping(self._features, 2, 3 * 128, 2 * 128)
        self._input_and_output = np.zeros(2 * _CELL, np.float32)
        self._cell = np.zeros(_CELL, np.float32)

    def reset(self) -> None:
        """Forget everything."""
        self._input_and_output[:] = 0.0
        self._cell[:] = 0.0

    def probability(self, sound: _Floats) -> float:
        """Probability of speech in ``sound`` (``float32[576]``, -1 to 1); about 0.1 ms."""
        network, both, cell = self._network, self._input_and_output, self._cell
        self._sound[:SAMPLES] = sound
        self._sound[SAMPLES:] = sound[-2 : -2 - (_PADDED - SAMPLES) : -1]
        np.abs(np.fft.rfft(self._blocks * network.hann), out=self._spectra[1:-1])
        # Copied, as overlapping rows can't go through BLAS.
        features = self._seen.copy() @ network.first
        features += network.biases[0]
        np.maximum(features, 0.0, out=self._features[1:])
        features = self._seen_next.copy() @ network.second
        features += network.biases[1]
        np.maximum(features, 0.0, out=features)
        # One row at a time: BLAS would wake other threads for a matrix of this size.
        features = np.vecdot(network.third, features.reshape(128))
        features += network.biases[2]
        np.maximum(features, 0.0, out=features)
        features = np.vecdot(network.fourth, features)
        features += network.biases[3]
        np.maximum(features, 0.0, out=both[:_CELL])
        gates = np.vecdot(network.cell, both)
        gates += network.cell_bias
        np.tanh(gates, out=gates)
        gates[: 2 * _CELL] += 1.0
        gates[3 * _CELL :] += 1.0
        take, keep, new, show = gates.reshape(4, _CELL)
        cell *= keep
        cell += take * new
        cell *= 0.5
        shown = np.tanh(cell)
        shown *= show
        shown *= 0.5
        both[_CELL:] = shown
        score = float(np.dot(np.maximum(shown, 0.0), network.last)) + network.last_bias
        return 1.0 / (1.0 + exp(-score))


def _overlapping(room: _Floats, rows: int, length: int, step: int) -> _Floats:
    """``float32[rows, length]``: a view of ``room`` whose rows begin ``step`` values apart."""
    size = room.itemsize
    return np.ndarray((rows, length), np.float32, room, strides=(step * size, size))
