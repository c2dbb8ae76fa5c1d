"""The speed of engines: measured once, kept for this machine, and decisive for "auto"."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.plugin_packages import installed
from vasi import plugins
from vasi.config import Settings
from vasi.engines import speed

VOICES = """
import asyncio
from collections.abc import AsyncGenerator

import numpy as np

from vasi.engines import speed
from vasi.engines.ports import SpeechChunk
from vasi.errors import EngineError
from vasi.plugins import Candidate


class Voice:
    def __init__(self, name: str, delay_s: float) -> None:
        self.name = name
        self._delay_s = delay_s

    async def start(self) -> None:
        if self.name == "mute":
            raise EngineError("It has no voice.")

    async def stop(self) -> None:
        pass

    def voices(self) -> tuple[str, ...]:
        return ()

    async def speak(self, text, *, voice, speed=1.0, language=None) -> AsyncGenerator[SpeechChunk, None]:
        await asyncio.sleep(self._delay_s)
        yield SpeechChunk(np.ones(240, np.int16))


def candidate(name: str, delay_s: float, priority: int) -> Candidate:
    return Candidate(
        "tts", name, lambda _: None, lambda _: Voice(name, delay_s), name, priority=priority, budget_s=0.2,
        seconds=lambda settings: speed.measured(settings, "tts", name),
    )


ENGINES = (candidate("mute", 0, 100), candidate("grand", 0.3, 90), candidate("quick", 0.0, 80))
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Of a machine with three voices more."""
    packages = tmp_path / "packages"
    packages.mkdir()
    with installed(
        packages, monkeypatch, "voices-of-a-test", {"vasi.engines": {"v": "voices_of_a_test:ENGINES"}}, VOICES
    ):
        yield Settings(data=tmp_path / "data")


def chosen(settings: Settings, *without: str) -> str:
    candidate = plugins.choose("tts", settings, without)
    assert candidate is not None
    return candidate.name


def own(settings: Settings) -> list[plugins.Candidate]:
    return [one for one in speed.measurable(settings) if one.name in ("mute", "grand", "quick")]


def unmeasured(settings: Settings) -> list[str]:
    return [one.name for one in own(settings) if speed.measured(settings, "tts", one.name) is None]


async def test_the_best_engine_that_is_fast_enough_here_is_taken(settings: Settings) -> None:
    assert chosen(settings, "mute") == "grand", "what wasn't measured is believed to be fast"
    told: list[str] = []
    await speed.measure(settings, own(settings), told.append)
    assert told == ["mute", "grand", "quick"]
    assert chosen(settings, "mute") == "quick"
    assert unmeasured(settings) == ["mute"], "what doesn't start isn't measured"
    grand = speed.measured(settings, "tts", "grand")
    assert grand is not None
    assert 0.3 <= grand < 3


async def test_one_that_is_named_is_taken_however_slow_it_is(settings: Settings) -> None:
    await speed.measure(settings, own(settings))
    named = settings.model_copy(update={"engines": settings.engines.model_copy(update={"tts": "grand"})})
    assert chosen(named) == "grand"


async def test_what_was_measured_elsewhere_or_cannot_be_read_does_not_count(settings: Settings) -> None:
    await speed.measure(settings, own(settings))
    file = settings.data / "models" / speed.FILE
    kept = json.loads(file.read_text())
    file.write_text(json.dumps(kept | {"machine": "another"}))
    assert unmeasured(settings) == ["mute", "grand", "quick"]
    file.write_text("{")
    assert unmeasured(settings) == ["mute", "grand", "quick"]
    file.write_text(json.dumps(kept))
    assert unmeasured(settings) == ["mute"]


async def test_the_least_slow_is_taken_before_one_that_is_far_worse(
    settings: Settings,
) -> None:
    await speed.measure(settings, own(settings))
    assert chosen(settings, "mute", "quick", "piper", "kokoro") == "grand", "espeak is fast, but this is bearable"
    file = settings.data / "models" / speed.FILE
    kept = json.loads(file.read_text())
    file.write_text(json.dumps(kept | {"seconds": {"tts/grand": 30.0}}))
    assert chosen(settings, "mute", "quick", "piper", "kokoro") == "espeak"
