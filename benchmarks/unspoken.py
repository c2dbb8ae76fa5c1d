"""Sounds in which nobody speaks: made here, so that they can be made again. All are ``int16[n]``, 16 kHz."""

from __future__ import annotations

import numpy as np

from benchmarks.turns import noises
from vasi.engines.ports import HEARING_RATE, Samples
from vasi.media.resample import Resampler

_SCALE = (262, 294, 330, 349, 392, 440, 494, 523)
_CHORDS = ((262, 330, 392), (220, 262, 330), (175, 220, 262), (196, 247, 294))


def sounds() -> dict[str, Samples]:
    """By name: silence, noises, keys, and music."""
    chance = np.random.default_rng(9)
    seconds = np.arange(3 * HEARING_RATE) / HEARING_RATE
    made = {
        "silence": np.zeros(2 * HEARING_RATE),
        "hiss": chance.normal(0, 100, 3 * HEARING_RATE),
        "noise": chance.normal(0, 3_000, 3 * HEARING_RATE),
        "rumble": _rumble(chance),
        "hum": np.sin(2 * np.pi * 50 * seconds) * 3_000,
        "melody": np.concatenate([_note((pitch,), 0.25, 5) for pitch in chance.choice(_SCALE, 16)]),
        "chords": np.concatenate([_note(chord, 0.5, 3) for chord in _CHORDS for _ in range(4)]),
        "drums": _drums(chance),
        "typing": _typing(chance),
    }
    found = {name: np.rint(sound).astype(np.int16) for name, sound in made.items()}
    for name, sound in noises.all_of_them(np.random.default_rng(3)).items():
        if name != "uh huh":
            resampler = Resampler(noises.RATE, HEARING_RATE)
            found[name] = np.concatenate([resampler.push(sound), resampler.flush()])
    return found


def _note(pitches: tuple[int, ...], seconds: float, fall: float) -> np.ndarray:
    time = np.arange(int(seconds * HEARING_RATE)) / HEARING_RATE
    tones = [np.sin(2 * np.pi * pitch * k * time) / k for pitch in pitches for k in range(1, 7)]
    return np.sum(tones, axis=0) * np.exp(-fall * time) * 3_000 / len(pitches)


def _rumble(chance: np.random.Generator) -> np.ndarray:
    """The low noise of traffic."""
    walk = np.cumsum(chance.normal(0, 1, 3 * HEARING_RATE))
    walk -= np.convolve(walk, np.ones(2_000) / 2_000, "same")
    return walk / walk.std() * 2_500


def _drums(chance: np.random.Generator) -> np.ndarray:
    time = np.arange(HEARING_RATE // 2) / HEARING_RATE
    bass = np.sin(2 * np.pi * 60 * time) * np.exp(-12 * time) * 12_000
    snare = chance.normal(0, 4_000, len(time)) * np.exp(-30 * time)
    return np.tile(np.concatenate([bass, bass + snare]), 4)


def _typing(chance: np.random.Generator) -> np.ndarray:
    sound = chance.normal(0, 20, 4 * HEARING_RATE)
    for at in np.cumsum(chance.integers(1_200, 3_500, 20)):
        press = chance.normal(0, 3_000, 300) * np.exp(-np.arange(300) / 60)
        sound[at : at + 300] += press[: max(0, len(sound) - at)]
    return sound
