"""Sounds that aren't turns: made here, so that they can be made again. All are ``int16[n]``, 24 kHz."""

from __future__ import annotations

import numpy as np

from vasi.media.pcm import Samples

RATE = 24_000
ROOM = 6.0
"""Loudness of a quiet room: the standard deviation of its noise."""
AFTER_MS = 1500


def in_room(sound: Samples, before_ms: int, after_ms: int, chance: np.random.Generator) -> Samples:
    """``sound`` in a quiet room, with silence around it."""
    around = np.concatenate([np.zeros(before_ms * 24, np.int16), sound, np.zeros(after_ms * 24, np.int16)])
    return np.clip(np.rint(around + chance.normal(0.0, ROOM, around.size)), -32_768, 32_767).astype(np.int16)


def all_of_them(chance: np.random.Generator) -> dict[str, Samples]:
    """By name, each shorter than 250 ms (the keys apart), in a room."""
    made = {
        "cough": cough(chance),
        "click": np.full(5 * 24, 12_000.0),
        "door": _decaying(220, 25.0) * np.sin(2 * np.pi * 70 * _seconds(220)) * 16_000,
        "keys": np.concatenate(
            [np.concatenate([_noise(12, 0.003, chance) * 5_000, np.zeros(108 * 24)]) for _ in range(6)]
        ),
        "uh huh": uh_huh(),
    }
    return {name: in_room(np.rint(sound).astype(np.int16), 0, AFTER_MS, chance) for name, sound in made.items()}


def cough(chance: np.random.Generator) -> np.ndarray:
    """A burst of breath with a rough voice below it, 220 ms."""
    rough = np.sign(np.sin(2 * np.pi * 140 * _seconds(220))) * 0.25
    return (chance.normal(0.0, 0.4, rough.size) + rough) * _decaying(220, 14.0) * 9_000


def uh_huh() -> np.ndarray:
    """Two voiced syllables, 100 ms each."""
    seconds = _seconds(100)
    voice = sum(
        np.sin(2 * np.pi * 120 * k * seconds) * level for k, level in ((1, 1), (2, 0.8), (4, 0.5), (5, 0.6), (9, 0.2))
    )
    syllable = voice * np.sin(np.pi * seconds / 0.1) * 3_000
    return np.concatenate([syllable, np.zeros(30 * 24), syllable])


def _noise(milliseconds: int, fall_s: float, chance: np.random.Generator) -> np.ndarray:
    seconds = _seconds(milliseconds)
    return chance.normal(0.0, 1.0, seconds.size) * np.exp(-seconds / fall_s)


def _decaying(milliseconds: int, rate: float) -> np.ndarray:
    return np.exp(-_seconds(milliseconds) * rate)


def _seconds(milliseconds: int) -> np.ndarray:
    return np.arange(milliseconds * RATE // 1000) / RATE
