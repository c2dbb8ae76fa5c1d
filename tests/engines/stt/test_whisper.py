"""Whisper with its real weights, in its own process."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import jiwer
import numpy as np
import psutil
import pytest
import pytest_asyncio

from benchmarks import unspoken
from tests.real_models import model_folder, needs_model
from tests.shared_data import SPEECH
from vasi.engines.basic.espeak import EspeakTts
from vasi.engines.basic.pocketsphinx import corpus
from vasi.engines.espeak import Espeak
from vasi.engines.ports import HEARING_RATE, SPEAKING_RATE, Samples, Transcript
from vasi.engines.stt.whisper.engine import WhisperStt
from vasi.errors import EngineError
from vasi.media import wav
from vasi.media.resample import Resampler

pytestmark = pytest.mark.asyncio(loop_scope="module")
pytest.importorskip("ctranslate2", reason="CTranslate2 isn't installed: pip install 'vasi[local]'")

QUESTIONS = Path(__file__).parents[3] / "examples" / "questions"
TINY, BASE = "whisper-tiny.en", "whisper-base"
needs_tiny, needs_base = needs_model(TINY), needs_model(BASE)


def engine(name: str, **options) -> WhisperStt:
    folder = model_folder(name)
    assert folder is not None
    return WhisperStt(folder, name=name, window_s=10 if name == TINY else 15, **options)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stt() -> AsyncIterator[WhisperStt]:
    made = engine(TINY)
    await made.start()
    yield made
    await made.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def polyglot() -> AsyncIterator[WhisperStt]:
    made = engine(BASE, languages=("en", "de", "fr", "es"))
    await made.start()
    yield made
    await made.stop()


async def hear(stt: WhisperStt, samples: Samples, language: str | None = None) -> Transcript:
    utterance = stt.open("ann", language=language)
    for start in range(0, len(samples), 640):
        utterance.feed(samples[start : start + 640])
    return await utterance.finish()


def words(text: str) -> str:
    return " ".join(word for sentence in corpus.sentences(text) for word in sentence)


def recording(path: Path) -> Samples:
    return wav.read(path.read_bytes(), HEARING_RATE)


def question(name: str) -> tuple[Samples, str]:
    listed = json.loads((QUESTIONS / "questions.json").read_text(encoding="utf-8"))
    [text] = [each["question"] for each in listed if each["wav"] == name]
    return recording(QUESTIONS / name), words(text)


def at_hearing_rate(samples: Samples, rate: int) -> Samples:
    resampler = Resampler(rate, HEARING_RATE)
    return np.concatenate([resampler.push(samples), resampler.flush()])


@needs_tiny
async def test_people_are_heard_without_a_mistake(stt: WhisperStt) -> None:
    if not SPEECH.is_dir():
        pytest.skip("the recordings of people aren't here")
    with (SPEECH / "index.csv").open(encoding="utf-8") as rows:
        people = [row for row in csv.DictReader(rows) if row["file"].startswith(("harvard", "jfk", "beckett", "pause"))]
    said = [words(row["transcript"]) for row in people]
    heard = [words((await hear(stt, recording(SPEECH / row["file"]))).text) for row in people]
    assert jiwer.wer(said, heard) <= 0.05


@needs_tiny
async def test_questions_are_heard_as_text_that_can_be_read(stt: WhisperStt) -> None:
    names = [f"fact-0{number:02}.wav" for number in (1, 3, 4, 6, 8, 9, 15, 16)]
    asked = [question(name) for name in names]
    heard = [(await hear(stt, samples)).text for samples, _ in asked]
    assert jiwer.wer([text for _, text in asked], [words(text) for text in heard]) <= 0.2
    assert all(text[0].isupper() and text == text.strip() for text in heard)


@needs_tiny
async def test_silence_noise_typing_and_music_have_no_text(stt: WhisperStt) -> None:
    heard = {name: (await hear(stt, sound)).text for name, sound in unspoken.sounds().items()}
    assert heard == dict.fromkeys(heard, "")


@needs_base
async def test_noise_has_no_text_and_no_language_in_many_languages_either(polyglot: WhisperStt) -> None:
    sounds = unspoken.sounds()
    for name in ("noise", "melody", "typing"):
        assert await hear(polyglot, sounds[name]) == Transcript(""), name


@needs_tiny
async def test_speech_in_noise_is_heard(stt: WhisperStt) -> None:
    samples, said = question("fact-001.wav")
    noise = np.random.default_rng(1).normal(0, samples.std() / 10, len(samples))
    assert jiwer.wer(said, words((await hear(stt, (samples + noise).astype(np.int16))).text)) <= 0.25


async def spoken(text: str, voice: str) -> Samples:
    """What espeak says, at 16 kHz."""
    tts = EspeakTts()
    chunks = [chunk.samples async for chunk in tts.speak(text, voice=voice)]
    return at_hearing_rate(np.concatenate(chunks), SPEAKING_RATE)


@needs_base
@pytest.mark.parametrize(
    ("voice", "text", "language"),
    [
        ("es", "¿Cuántos días de vacaciones tengo en el primer año, y a quién tengo que preguntar?", "es"),
        ("de", "Guten Tag, ich hätte gerne gewusst, wann morgen früh der Zug nach Berlin abfährt.", "de"),
        ("en-us", "How many vacation days do I get in my first year, and whom do I have to ask?", "en"),
    ],
)
async def test_the_language_is_found_among_those_that_are_allowed(
    polyglot: WhisperStt, voice: str, text: str, language: str
) -> None:
    pytest.importorskip("espeakng_loader", reason="espeak isn't installed: pip install 'vasi[espeak]'")
    assert Espeak.shared().knows(voice)
    found = await hear(polyglot, await spoken(text, voice))
    assert found.language == language
    assert jiwer.wer(text.casefold().strip("¿?."), found.text.casefold().strip("¿?.")) <= 0.5
    told = await hear(polyglot, await spoken(text, voice), language)
    assert told.language == language
    assert jiwer.wer(found.text.casefold(), told.text.casefold()) <= 0.5


@needs_tiny
async def test_a_worker_that_is_killed_in_mid_utterance_costs_nothing(stt: WhisperStt) -> None:
    samples, said = question("note-001.wav")
    utterance = stt.open("ann")
    utterance.feed(samples)
    finishing = asyncio.create_task(utterance.finish())
    await asyncio.sleep(0.05)
    [pid] = stt.pids
    os.kill(pid, signal.SIGTERM)
    assert jiwer.wer(said, words((await finishing).text)) <= 0.15
    assert list(stt.pids) != [pid]


@needs_tiny
async def test_ten_people_at_once_are_all_heard_by_one_process(stt: WhisperStt) -> None:
    samples, said = question("note-001.wav")
    heard = await asyncio.gather(*(hear(stt, samples) for _ in range(10)))
    assert all(jiwer.wer(said, words(each.text)) <= 0.15 for each in heard)
    assert len(stt.pids) <= max(1, (os.cpu_count() or 1) // 2)
    assert sum(psutil.Process(pid).memory_info().rss for pid in stt.pids) < 400e6 * len(stt.pids)


@needs_tiny
async def test_speech_of_more_than_half_a_minute_is_heard_to_its_end(stt: WhisperStt) -> None:
    pause = np.zeros(HEARING_RATE // 2, np.int16)
    names = [f"note-00{number}.wav" for number in range(1, 7)] + [
        f"fact-0{number:02}.wav" for number in (1, 3, 4, 6, 8, 9, 15, 16)
    ]
    asked = [question(name) for name in names]
    samples = np.concatenate([piece for recorded, _ in asked for piece in (recorded, pause)])
    assert len(samples) > 32 * HEARING_RATE
    heard = words((await hear(stt, samples)).text)
    assert jiwer.wer(" ".join(text for _, text in asked), heard) <= 0.25


@needs_tiny
async def test_english_alone_is_known_to_a_model_of_english(stt: WhisperStt) -> None:
    samples, said = question("note-001.wav")
    transcript = await hear(stt, samples, "de")
    assert jiwer.wer(said, words(transcript.text)) <= 0.15
    assert transcript.language is None


async def test_a_folder_that_holds_no_model_is_told_of(tmp_path: Path) -> None:
    stt = WhisperStt(tmp_path, name="none")
    with pytest.raises(EngineError, match="Whisper does not start"):
        await stt.start()
    with pytest.raises(EngineError, match="isn't running"):
        stt.open("ann")
    await stt.stop()
