"""Voices of a few hundred bytes, like Piper's and Kokoro's: real ONNX networks, written by hand, that hum a tone for
every phoneme.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np

RATE = 22_050
PHONEME_SAMPLES = 1_200
"""What each id becomes, the pads too: some 54 ms."""
LETTERS = "abcdefghijklmnopqrstuvwxyzæðŋɐɑɒɔəɚɛɜɡɪɹɾʃʊʌʒθˈˌːᵻ?,.!;: "
_FLOAT, _INT64 = 1, 7


def make_voice(folder: Path, name: str = "en_US-tiny-low", espeak: str = "en-us", speakers: Sequence[str] = ()) -> Path:
    """Write the voice's two files into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    described = {
        "audio": {"sample_rate": RATE},
        "espeak": {"voice": espeak},
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_id_map": {"_": [0], "^": [1], "$": [2], **{char: [3 + i] for i, char in enumerate(LETTERS)}},
        "num_speakers": max(1, len(speakers)),
        "speaker_id_map": {speaker: number for number, speaker in enumerate(speakers)},
    }
    (folder / f"{name}.onnx.json").write_text(json.dumps(described))
    (folder / f"{name}.onnx").write_bytes(_model())
    return folder


def _model() -> bytes:
    tone = 0.4 * np.sin(2 * np.pi * 150 * np.arange(PHONEME_SAMPLES) / RATE, dtype=np.float32)
    nodes = [
        # An id becomes that much of the tone: ids as a column, times the tone as a row.
        _node("Cast", ["input"], ["floats"], _attribute("to", _FLOAT)),
        _node("Reshape", ["floats", "column"], ["stood"]),
        _node("Sign", ["stood"], ["signs"]),
        _node("Mul", ["signs", "tone"], ["hummed"]),
        _node("Reshape", ["hummed", "flat"], ["output"]),
        # The network must look at all of its inputs.
        _node("Identity", ["input_lengths"], ["lengths"]),
        _node("Identity", ["scales"], ["scaled"]),
    ]
    graph = b"".join(_bytes(1, node) for node in nodes) + _bytes(2, b"tiny")
    graph += _bytes(5, _tensor("column", _INT64, [2], struct.pack("<2q", -1, 1)))
    graph += _bytes(5, _tensor("flat", _INT64, [4], struct.pack("<4q", 1, 1, 1, -1)))
    graph += _bytes(5, _tensor("tone", _FLOAT, [1, PHONEME_SAMPLES], tone.astype("<f4").tobytes()))
    graph += _bytes(11, _value("input", _INT64, ["batch", "phonemes"]))
    graph += _bytes(11, _value("input_lengths", _INT64, ["batch"]))
    graph += _bytes(11, _value("scales", _FLOAT, [3]))
    graph += _bytes(12, _value("output", _FLOAT, ["batch", 1, 1, "time"]))
    graph += _bytes(12, _value("lengths", _INT64, ["batch"])) + _bytes(12, _value("scaled", _FLOAT, [3]))
    return _int(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, b"") + _int(2, 15))


def make_kokoro(folder: Path, voices: Sequence[str] = ("af_heart", "bm_george", "ff_siwis")) -> Path:
    """Write a network with Kokoro's inputs, its list of phonemes and ``voices`` into ``folder``."""
    (folder / "voices").mkdir(parents=True, exist_ok=True)
    (folder / "tiny.onnx").write_bytes(_kokoro_model())
    ids = {
        char: number for number, char in enumerate(".,!?;: AIOQWYbdefhijklmnopstuvwzæðŋɑɔəɛɜɡɪɹʃʊʌʒʤʧˈˌːθT", start=1)
    }
    (folder / "vocab.json").write_text(json.dumps({"vocab": ids}))
    for voice in voices:
        np.full((510, 256), len(voice), dtype=np.float32).tofile(folder / "voices" / f"{voice}.bin")
    return folder


def _kokoro_model() -> bytes:
    tone = 0.4 * np.sin(2 * np.pi * 150 * np.arange(PHONEME_SAMPLES) / RATE, dtype=np.float32)
    nodes = [
        _node("Cast", ["tokens"], ["floats"], _attribute("to", _FLOAT)),
        _node("Reshape", ["floats", "column"], ["stood"]),
        _node("Sign", ["stood"], ["signs"]),
        _node("Mul", ["signs", "tone"], ["hummed"]),
        _node("Reshape", ["hummed", "flat"], ["audio"]),
        _node("Identity", ["style"], ["styled"]),
        _node("Identity", ["speed"], ["sped"]),
    ]
    graph = b"".join(_bytes(1, node) for node in nodes) + _bytes(2, b"tiny")
    graph += _bytes(5, _tensor("column", _INT64, [2], struct.pack("<2q", -1, 1)))
    graph += _bytes(5, _tensor("flat", _INT64, [1], struct.pack("<q", -1)))
    graph += _bytes(5, _tensor("tone", _FLOAT, [1, PHONEME_SAMPLES], tone.astype("<f4").tobytes()))
    graph += _bytes(11, _value("tokens", _INT64, [1, "tokens"]))
    graph += _bytes(11, _value("style", _FLOAT, [1, 256])) + _bytes(11, _value("speed", _FLOAT, [1]))
    graph += _bytes(12, _value("audio", _FLOAT, ["time"]))
    graph += _bytes(12, _value("styled", _FLOAT, [1, 256])) + _bytes(12, _value("sped", _FLOAT, [1]))
    return _int(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, b"") + _int(2, 15))


# --- protocol buffers -----------------------------------------------------------------------------------------------
def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _int(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _node(kind: str, inputs: Sequence[str], outputs: Sequence[str], attributes: bytes = b"") -> bytes:
    names = b"".join(_bytes(1, name.encode()) for name in inputs) + b"".join(_bytes(2, o.encode()) for o in outputs)
    return names + _bytes(4, kind.encode()) + attributes


def _attribute(name: str, value: int) -> bytes:
    return _bytes(5, _bytes(1, name.encode()) + _int(3, value) + _int(20, 2))


def _tensor(name: str, kind: int, shape: Sequence[int], data: bytes) -> bytes:
    return b"".join(_int(1, size) for size in shape) + _int(2, kind) + _bytes(8, name.encode()) + _bytes(9, data)


def _value(name: str, kind: int, shape: Sequence[int | str]) -> bytes:
    sizes = b"".join(_bytes(1, _int(1, size) if isinstance(size, int) else _bytes(2, size.encode())) for size in shape)
    return _bytes(1, name.encode()) + _bytes(2, _bytes(1, _int(1, kind) + _bytes(2, sizes)))
