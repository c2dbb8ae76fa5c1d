"""The neural voices that are installed: what they lack, and how they become one ``Tts`` with espeak-ng behind them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from vasi import plugins
from vasi.engines import espeak
from vasi.engines.models import catalogue, folder
from vasi.engines.tts import voices

if TYPE_CHECKING:
    from vasi.config import Settings
    from vasi.engines.ports import Tts
    from vasi.engines.tts.by_language import LanguageTts

GET_PIPER = "vasi download piper-en_US-joe"
GET_KOKORO = "vasi download kokoro-int8"
_PIPER, _KOKORO = "piper-", "kokoro-int8"
_EVERY_LANGUAGE = "espeak"
_BY_NAME = 2
"""How well a voice fits that an engine has by that name."""
KOKORO_CORES = 4
"""Fewer cores speak more slowly than people listen."""


def lacks_piper(settings: Settings) -> str | None:
    """What keeps Piper's voices from being used."""
    if not _piper_folders(settings):
        return f"No voice of Piper is installed: {GET_PIPER}"
    return _lacks_runtime()


def lacks_kokoro(settings: Settings) -> str | None:
    """What keeps Kokoro from being used."""
    if folder(settings, _KOKORO) is None:
        return f"Kokoro isn't installed: {GET_KOKORO}"
    return _lacks_runtime()


def make_piper(settings: Settings) -> Tts:
    """Piper's voices, and espeak-ng for the other languages. Raises ``EngineError`` or ``ConfigError``."""
    return _with_others([_piper(settings)], settings)


def make_kokoro(settings: Settings) -> Tts:
    """Kokoro, and for other languages Piper's voices and espeak-ng. Raises ``EngineError`` or ``ConfigError``."""
    from vasi.engines.tts.kokoro import KokoroTts

    place = folder(settings, _KOKORO)
    assert place is not None, "chosen where it's installed"
    piper = [_piper(settings)] if lacks_piper(settings) is None else []
    return _with_others([KokoroTts(place), *piper], settings)


def _piper(settings: Settings) -> LanguageTts:
    from vasi.engines.tts.piper import PiperTts

    return PiperTts(_piper_folders(settings))


def _with_others(engines: list[LanguageTts], settings: Settings) -> Tts:
    from vasi.engines.tts.by_language import TtsByLanguage

    tts = TtsByLanguage([*engines, *_basic(settings)])
    if tts.fitness(settings.voice, None) < _BY_NAME and settings.voice not in tts.voices():
        raise voices.unknown(settings.voice, tts.voices())
    return tts


def _basic(settings: Settings) -> list[LanguageTts]:
    """The engine for languages of which there is no model, if it can be used."""
    chosen = next((one for one in plugins.candidates("tts") if one.name == _EVERY_LANGUAGE), None)
    if chosen is None or plugins.lack_of(chosen, settings) is not None:
        return []
    # The voice that is set may be that of another engine.
    return [chosen.make(settings.model_copy(update={"voice": voices.HOSTED[0]}))]


def _piper_folders(settings: Settings) -> list[Path]:
    """Of all Piper voices that are installed, in the order of the catalogue."""
    models = [model.name for model in catalogue() if model.part == "tts" and model.name.startswith(_PIPER)]
    return [place for name in models if (place := folder(settings, name)) is not None]


def _lacks_runtime() -> str | None:
    if find_spec("onnxruntime") is None:
        return "onnxruntime isn't installed: pip install 'vasi[local]'"
    if espeak.lack() is not None:
        return "Neural voices need the phonemes of espeak-ng: pip install 'vasi[espeak]'"
    return None
