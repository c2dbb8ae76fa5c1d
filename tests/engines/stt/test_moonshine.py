"""Moonshine's engine, with a worker that recites, and its real worker as far as it goes without weights."""

from __future__ import annotations

import asyncio
import importlib.util
import os
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from tests.engines.stt import recited_stream
from vasi.engines.ports import HEARING_RATE, Samples, Word
from vasi.engines.stt.moonshine import MoonshineStt
from vasi.errors import EngineError, EngineMissing
from vasi.workers.child import Program

installed = importlib.util.find_spec("moonshine_voice") is not None
needs_moonshine = pytest.mark.skipif(not installed, reason="Moonshine isn't installed: pip install 'vasi[moonshine]'")


def sound(seconds: float, first: int = 0) -> Samples:
    samples = np.full(int(seconds * HEARING_RATE), 1_000, np.int16)
    samples[0] = first
    return samples


@pytest.fixture
async def stt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MoonshineStt]:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: find("json" if name == "moonshine_voice" else name))
    environment = {"RECITED": str(tmp_path), "PYTHONPATH": os.getcwd()}
    made = MoonshineStt(tmp_path, program=Program("tests.engines.stt.recited_stream", environment=environment))
    await made.start()
    yield made
    await made.stop()


async def test_the_words_of_the_documents_are_expected_in_their_owners_utterances(stt: MoonshineStt) -> None:
    await stt.adapt("ann", ["Today the Kestrel sails.", "Yesterday the Kestrel sailed with Mara Lindqvist."])
    texts: list[str] = []
    for profile in ("ann", "ben"):
        utterance = stt.open(profile)
        utterance.feed(sound(1))
        texts.append((await utterance.finish()).text)
    assert texts == ["10 tenths with Kestrel and Mara Lindqvist", "10 tenths with nothing"]


async def test_the_text_grows_while_somebody_speaks(stt: MoonshineStt) -> None:
    told: list[str] = []
    utterance = stt.open("ann", told.append)
    for _ in range(3):
        utterance.feed(sound(0.2))
        await asyncio.sleep(0.2)
    utterance.pause()
    utterance.resume()
    transcript = await utterance.finish()
    assert told[-1] == "6 tenths"
    assert transcript.words == (Word("tenths", 100, 250, 0.5),)


@pytest.mark.skipif(os.name == "nt", reason="the child kills itself with a signal")
async def test_a_worker_that_dies_in_mid_utterance_costs_nothing(stt: MoonshineStt) -> None:
    utterance = stt.open("ann")
    utterance.feed(sound(1, recited_stream.DIE_ONCE))
    assert (await utterance.finish()).text == "10 tenths with nothing"


async def test_without_the_package_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EngineMissing, match=r"vasi\[moonshine\]"):
        await MoonshineStt(tmp_path).start()


@needs_moonshine
async def test_a_folder_that_holds_no_model_is_told_of(tmp_path: Path) -> None:
    stt = MoonshineStt(tmp_path)
    with pytest.raises(EngineError, match=r"Moonshine does not start: .*Failed to load"):
        await stt.start()
    with pytest.raises(EngineError, match="isn't running"):
        stt.open("ann")
    await stt.stop()


@needs_moonshine
def test_the_package_has_what_the_worker_calls() -> None:
    from moonshine_voice.moonshine_api import ModelArch, TranscriptLine, WordTiming
    from moonshine_voice.transcriber import LineTextChanged, Stream, Transcriber

    assert ModelArch.SMALL_STREAMING in ModelArch
    assert all(map(callable, (Transcriber.set_keyterms, Transcriber.create_stream, LineTextChanged)))
    assert all(map(callable, (Stream.start, Stream.add_audio, Stream.add_listener, Stream.stop, Stream.close)))
    assert {"word", "start", "end", "confidence"} <= set(WordTiming.__dataclass_fields__)
    assert {"text", "words", "line_id"} <= set(TranscriptLine.__dataclass_fields__)


@needs_moonshine
def test_the_library_knows_the_options_that_the_worker_sets(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from moonshine_voice.errors import MoonshineError

    from vasi.engines.stt.moonshine_worker import Recogniser

    with pytest.raises(MoonshineError):
        Recogniser(str(tmp_path))
    complaint = capfd.readouterr().err
    assert "tokenizer file does not exist" in complaint, "it looks at the options first"
    assert "Unknown transcriber option" not in complaint
