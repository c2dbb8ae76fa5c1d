"""A Piper voice: its files, what its network is asked for, and what it calls its speakers."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vasi.errors import EngineError

_BEGIN, _END, _PAD = "^", "$", "_"


@dataclass(frozen=True, slots=True)
class PiperVoice:
    """One file of Piper's.

    Attributes:
        name: of the file, like "en_US-joe-medium".
        model: the ONNX file.
        language: ISO 639-1.
        espeak: the voice of espeak whose phonemes it learned; "" for one that reads letters.
        rate: of its sound, in Hz.
        ids: what the network calls each phoneme.
        speakers: their numbers by name; empty if there is only one.
        scales: noise, length and width of noise, as it was trained.
    """

    name: str
    model: Path
    language: str
    espeak: str
    rate: int
    ids: Mapping[str, tuple[int, ...]]
    speakers: Mapping[str, int]
    scales: tuple[float, float, float]

    @classmethod
    def read(cls, folder: Path) -> PiperVoice:
        """The voice in ``folder``: a ``*.onnx`` and the ``*.onnx.json`` beside it. Raises ``EngineError``."""
        described = sorted(folder.glob("*.onnx.json"))
        if not described:
            raise EngineError(f"{folder} holds no Piper voice.")
        try:
            return cls._parse(described[0], json.loads(described[0].read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise EngineError(f"{described[0]} doesn't describe a Piper voice: {error!r}.") from error

    @classmethod
    def _parse(cls, path: Path, described: Any) -> PiperVoice:
        name = path.name.removesuffix(".onnx.json")
        reads_letters = described.get("phoneme_type", "espeak") == "text"
        espeak = "" if reads_letters else str(described["espeak"]["voice"])
        code = described.get("language", {}).get("code") or name.partition("-")[0] or espeak
        usual = described.get("inference", {})
        several = int(described.get("num_speakers", 1)) > 1
        return cls(
            name=name,
            model=path.with_suffix(""),
            language=str(code).replace("-", "_").partition("_")[0].lower(),
            espeak=espeak,
            rate=int(described["audio"]["sample_rate"]),
            ids={phoneme: tuple(map(int, ids)) for phoneme, ids in described["phoneme_id_map"].items()},
            speakers={str(key): int(value) for key, value in described["speaker_id_map"].items()} if several else {},
            scales=(
                float(usual.get("noise_scale", 0.667)),
                float(usual.get("length_scale", 1.0)),
                float(usual.get("noise_w", 0.8)),
            ),
        )

    def sequence(self, phonemes: str) -> list[int]:
        """The ids that the network reads for ``phonemes`` with their marks; what it doesn't know is left out."""
        pad = self.ids.get(_PAD, (0,))
        sequence = [*self.ids.get(_BEGIN, ()), *pad]
        for phoneme in unicodedata.normalize("NFD", phonemes):
            if phoneme in self.ids:
                sequence += [*self.ids[phoneme], *pad]
        return [*sequence, *self.ids.get(_END, ())]

    def can_say(self, phonemes: str) -> bool:
        """Whether any of ``phonemes`` has a sound in this voice."""
        return any(char in self.ids and char.isalpha() for char in unicodedata.normalize("NFD", phonemes))


def read_all(folders: Iterable[Path]) -> tuple[PiperVoice, ...]:
    """The voices of ``folders``. Raises ``EngineError``."""
    return tuple(PiperVoice.read(folder) for folder in folders)
