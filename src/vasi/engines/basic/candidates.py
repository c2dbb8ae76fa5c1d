"""The basic engines as what the group ``vasi.engines`` takes. Imports stay inside, so that choosing costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from vasi.config import Settings
from vasi.engines import espeak
from vasi.engines.ports import Stt, Tts, TurnAnalyzer, Vad
from vasi.engines.tts import voices
from vasi.errors import EngineMissing
from vasi.plugins import Candidate

_INSTALL_LOCAL = "pip install 'vasi[local]'"


def _energy(_: Settings) -> Vad:
    from vasi.engines.basic.energy import EnergyVad

    return EnergyVad()


def _cues(_: Settings) -> TurnAnalyzer:
    from vasi.engines.basic.cues import CueTurnAnalyzer

    return CueTurnAnalyzer()


def _lacks_pocketsphinx(settings: Settings) -> str | None:
    if settings.language not in ("auto", "en"):
        return f"PocketSphinx knows only English, not '{settings.language}'."
    return None if find_spec("pocketsphinx") else f"Speech recognition isn't installed: {_INSTALL_LOCAL}"


def _pocketsphinx(settings: Settings) -> Stt:
    from vasi.engines.basic.pocketsphinx.engine import PocketSphinxStt

    return PocketSphinxStt(cache=_recognition(settings), pronounce=_pronounce())


def _forget_words(settings: Settings, profile: str, texts: Sequence[str]) -> None:
    """One that runs makes its model anew when it learns of the change."""
    if not _recognition(settings).is_dir():
        return
    from vasi.engines.basic.pocketsphinx.models import Models

    made = Models(_recognition(settings), _pronounce())
    made.forget(profile, made.path(profile, texts))


def _recognition(settings: Settings) -> Path:
    return settings.data / "recognition"


def _pronounce() -> Callable[..., Any] | None:
    """Espeak's pronunciations for words that the recogniser's dictionary lacks, where it's installed."""
    try:
        return espeak.Espeak.shared().pronounce
    except EngineMissing:
        return None


def _espeak(settings: Settings) -> Tts:
    from vasi.engines.basic.espeak import EspeakTts

    tts = EspeakTts()
    if not tts.knows(settings.voice):
        raise voices.unknown(settings.voice, tts.voices(), ", or one of the latter with a variant, such as en-us+f2")
    return tts


CANDIDATES = (
    Candidate(
        "vad",
        "energy",
        lambda _: None,
        _energy,
        "Loudness alone tells speech from silence; any noise can take a turn.",
        f"Silero, which knows speech from noise: {_INSTALL_LOCAL}",
        priority=10,
    ),
    Candidate(
        "turn",
        "cues",
        lambda _: None,
        _cues,
        "Judges by how the words end and how the pitch falls whether you have finished.",
        "Smart Turn, a model that detects it far more reliably: vasi download smart-turn",
        priority=10,
    ),
    Candidate(
        "stt",
        "pocketsphinx",
        _lacks_pocketsphinx,
        _pocketsphinx,
        "PocketSphinx, a basic English recogniser that learns the words of your documents.",
        "Whisper, which mishears a tenth as often: vasi download",
        priority=10,
        forget_words=_forget_words,
    ),
    Candidate(
        "tts",
        "espeak",
        lambda _: espeak.lack(),
        _espeak,
        "espeak-ng, a small and quick synthetic voice.",
        "A neural voice, which is far easier to understand: vasi download piper-en_US-joe",
        priority=10,
    ),
)
"""The engines that need no model; "auto" takes one only where there is nothing better."""
