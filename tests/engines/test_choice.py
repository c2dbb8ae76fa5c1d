"""What the choice of engines knows beside the engines."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.real_models import needs_model
from vasi import plugins
from vasi.config import EngineSettings, Settings
from vasi.engines.choice import forget_words, make_engines
from vasi.errors import ConfigError


@pytest.mark.skipif(importlib.util.find_spec("pocketsphinx") is None, reason="PocketSphinx isn't installed")
async def test_words_of_what_was_removed_are_forgotten_without_a_server(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, engines=EngineSettings(stt="pocketsphinx"))
    forget_words(settings, "ann", ["nothing was learned yet"])
    stt = make_engines(settings).stt
    await stt.start()
    try:
        await stt.adapt("ann", ["the quibblefrost lantern"])
        await stt.adapt("ben", ["the zarfgate lock"])
    finally:
        await stt.stop()

    def held(word: str) -> bool:
        return any(word.encode() in file.read_bytes() for file in (tmp_path / "recognition").iterdir())

    forget_words(settings, "ann", ["the quibblefrost lantern"])
    assert held("quibblefrost")
    forget_words(settings, "ann", ["the lantern"])
    assert not held("quibblefrost")
    assert held("zarfgate")


@needs_model("whisper-tiny.en", "whisper-base")
@pytest.mark.skipif(importlib.util.find_spec("ctranslate2") is None, reason="CTranslate2 isn't installed")
def test_a_recogniser_is_chosen_that_knows_the_language(tmp_path: Path) -> None:
    def settings(language: str, stt: str = "auto") -> Settings:
        return Settings(data=tmp_path, language=language, engines=EngineSettings(stt=stt))

    for language in ("de", "ja"):
        chosen = plugins.choose("stt", settings(language))
        assert chosen is not None
        assert chosen.name not in ("whisper-tiny.en", "moonshine-small-en")
    assert plugins.choose("stt", settings("en", "whisper-tiny.en")) is not None
    assert plugins.choose("stt", settings("auto", "whisper-tiny.en")) is not None
    with pytest.raises(ConfigError, match="doesn't know the language 'de'"):
        plugins.choose("stt", settings("de", "whisper-tiny.en"))
