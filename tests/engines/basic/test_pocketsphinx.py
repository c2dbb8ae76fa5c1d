"""PocketSphinx decoding real recordings in its own processes."""

from __future__ import annotations

import asyncio
import importlib.util
import itertools
import json
import os
import signal
import stat
import subprocess
import sys
import threading
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import jiwer
import numpy as np
import pytest

from tests.shared_data import SPEECH
from vasi.engines.basic.pocketsphinx import corpus
from vasi.engines.basic.pocketsphinx.engine import PocketSphinxStt
from vasi.engines.ports import Samples, Transcript
from vasi.errors import EngineError, EngineMissing

pytestmark = pytest.mark.skipif(importlib.util.find_spec("pocketsphinx") is None, reason="PocketSphinx isn't installed")

ROOT = Path(__file__).parents[3]
QUESTIONS = ROOT / "examples" / "questions"
FERRY = """The Kestrel is the small ferry of the cooperative. The Kestrel carries passengers; twelve passengers fit on
the Kestrel. The batteries of the Kestrel last four hours. Ask the skipper how long the batteries last."""
SECOND = 16_000


def recording(path: Path) -> Samples:
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), np.int16)


PASSENGERS = recording(QUESTIONS / "fact-020.wav")
LADDER = recording(QUESTIONS / "note-001.wav")


async def hear(stt: PocketSphinxStt, samples: Samples, profile: str = "ann") -> Transcript:
    utterance = stt.open(profile)
    for start in range(0, len(samples), 640):
        utterance.feed(samples[start : start + 640])
    return await utterance.finish()


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared, so that general English is built once."""
    return tmp_path_factory.mktemp("recognition")


@pytest.fixture
async def stt(cache: Path) -> AsyncIterator[PocketSphinxStt]:
    engine = PocketSphinxStt(cache, workers=2, settle=0)
    await engine.start()
    yield engine
    await engine.stop()


async def test_a_note_is_understood_with_times_and_confidence(stt: PocketSphinxStt) -> None:
    transcript = await hear(stt, LADDER)
    assert transcript.text == "take a note that the ladder needs repair"
    assert [word.text for word in transcript.words] == transcript.text.split()
    times = [time for word in transcript.words for time in (word.start_ms, word.end_ms)]
    assert times == sorted(times)
    assert 0 < times[0] < times[-1] <= len(LADDER) * 1000 // SECOND
    assert all(word.confidence is not None and 0 <= word.confidence <= 1 for word in transcript.words)


async def test_words_of_the_documents_are_heard_by_their_owner_alone(stt: PocketSphinxStt) -> None:
    before = await hear(stt, PASSENGERS)
    opened_before = stt.open("ann")
    await stt.adapt("ann", [FERRY])
    opened_before.feed(PASSENGERS)
    assert "kestrel" not in before.text
    assert "kestrel" in (await hear(stt, PASSENGERS)).text
    assert "kestrel" not in (await hear(stt, PASSENGERS, "ben")).text
    assert (await opened_before.finish()).text == before.text
    await stt.adapt("ann", [])
    assert (await hear(stt, PASSENGERS)).text == before.text


async def test_recordings_are_understood_better_with_the_documents(stt: PocketSphinxStt) -> None:
    questions = json.loads((QUESTIONS / "questions.json").read_text(encoding="utf-8"))
    documents = [path.read_text(encoding="utf-8") for path in (ROOT / "examples" / "documents").glob("*.md")]
    names = {path.name for path in (ROOT / "examples" / "documents").glob("*.md")}
    asked = [q for q in questions if q["wav"] and q.get("document") in names][:5]
    said = [" ".join(w for s in corpus.sentences(q["question"]) for w in s) for q in asked]

    async def heard() -> list[str]:
        return [(await hear(stt, recording(QUESTIONS / q["wav"]))).text for q in asked]

    before = jiwer.wer(said, await heard())
    await stt.adapt("ann", documents)
    after = jiwer.wer(said, await heard())
    assert after < before
    assert after <= 0.25


async def test_people_are_understood_for_the_most_part(stt: PocketSphinxStt) -> None:
    if not SPEECH.is_dir():
        pytest.skip("recordings of people are not here (../shared/speech): recognition of real voices is NOT tested")
    said = {
        "harvard_spk1_snt1": "the child almost hurt the small dog",
        "harvard_spk1_snt2": "drop the two when you add the figures",
        "harvard_spk1_snt3": "at that high level the air is pure",
        "harvard_spk1_snt4": "a thin stripe runs down the middle",
        "harvard_spk1_snt5": "sunday is the best part of the week",
        "pause800_spk1_snt1": "the child almost hurt the small dog",
    }
    heard = [(await hear(stt, recording(SPEECH / f"{name}.wav"))).text for name in said]
    assert jiwer.wer(list(said.values()), heard) <= 0.45


def noises() -> dict[str, Samples]:
    chance = np.random.default_rng(1)
    time = np.arange(3 * SECOND) / SECOND
    rumble = np.cumsum(chance.normal(0, 1, len(time)))
    sounds = {
        "silence": np.zeros(3 * SECOND),
        "hiss": chance.normal(0, 300, len(time)),
        "loud hiss": chance.normal(0, 3_000, len(time)),
        "rumble": rumble / np.abs(rumble).max() * 5_000,
        "mains hum": 1_000 * np.sin(2 * np.pi * 50 * time),
        "tone": 5_000 * np.sin(2 * np.pi * 440 * time),
        "waves": chance.normal(0, 1_500, len(time)) * np.abs(np.sin(4 * np.pi * time)),
        "a moment": np.zeros(50),
    }
    return {name: sound.astype(np.int16) for name, sound in sounds.items()}


async def test_no_words_are_heard_in_silence_and_noise(stt: PocketSphinxStt) -> None:
    assert {name: (await hear(stt, sound)).text for name, sound in noises().items()} == dict.fromkeys(noises(), "")
    assert await stt.open("ann").finish() == Transcript("")


async def test_partials_come_on_the_loop_and_grow_into_the_text(stt: PocketSphinxStt) -> None:
    partials: list[str] = []
    grown = asyncio.Event()
    thread = threading.get_ident()

    def on_partial(text: str) -> None:
        assert threading.get_ident() == thread
        partials.append(text)
        if "note" in text:
            grown.set()

    utterance = stt.open("ann", on_partial)
    utterance.feed(LADDER[: 2 * SECOND])
    await asyncio.wait_for(grown.wait(), 20)
    assert not any(a == b for a, b in itertools.pairwise(partials))
    utterance.feed(LADDER[2 * SECOND :])
    assert (await utterance.finish()).text == "take a note that the ladder needs repair"


async def test_the_size_of_the_pieces_makes_no_difference(stt: PocketSphinxStt) -> None:
    texts: set[str] = set()
    for size in (37, 5_000, len(LADDER)):
        utterance = stt.open("ann")
        for start in range(0, len(LADDER), size):
            utterance.feed(LADDER[start : start + size])
        texts.add((await utterance.finish()).text)
    assert texts == {"take a note that the ladder needs repair"}


async def test_more_utterances_than_workers_all_get_their_text(stt: PocketSphinxStt) -> None:
    transcripts = await asyncio.gather(*(hear(stt, LADDER, f"owner {n}") for n in range(7)))
    assert {transcript.text for transcript in transcripts} == {"take a note that the ladder needs repair"}
    assert len(stt.pids) == 2


async def test_speakers_who_fall_silent_do_not_keep_others_waiting(stt: PocketSphinxStt) -> None:
    silent = [stt.open("ann"), stt.open("ann")]
    for utterance in silent:
        utterance.feed(LADDER[: 2 * SECOND])
    assert (await hear(stt, LADDER, "ben")).text == "take a note that the ladder needs repair"
    for utterance in silent:
        utterance.feed(LADDER[2 * SECOND :])
        assert (await utterance.finish()).text == "take a note that the ladder needs repair"


async def killed(stt: PocketSphinxStt) -> int:
    (pid,) = stt.pids
    os.kill(pid, signal.SIGKILL)
    return pid


async def test_an_utterance_outlives_its_worker(stt: PocketSphinxStt) -> None:
    heard = asyncio.Event()
    utterance = stt.open("ann", lambda _: heard.set())
    utterance.feed(LADDER[: 2 * SECOND])
    await asyncio.wait_for(heard.wait(), 20)
    pid = await killed(stt)
    utterance.feed(LADDER[2 * SECOND :])
    assert (await utterance.finish()).text == "take a note that the ladder needs repair"
    assert pid not in stt.pids


async def test_an_utterance_that_two_workers_die_of_is_given_up(stt: PocketSphinxStt) -> None:
    utterance = stt.open("ann")
    utterance.feed(LADDER)
    first = await killed(stt)
    utterance.feed(LADDER)
    async with asyncio.timeout(20):
        while not stt.pids or first in stt.pids:
            await asyncio.sleep(0.01)
    await killed(stt)
    utterance.feed(LADDER)
    with pytest.raises(EngineError, match="stopped working") as caught:
        await utterance.finish()
    assert caught.value.retryable
    assert (await hear(stt, LADDER)).text == "take a note that the ladder needs repair"


async def test_a_worker_that_hangs_is_given_up(cache: Path) -> None:
    engine = PocketSphinxStt(cache, workers=1, patience=4)
    await engine.start()
    try:
        (pid,) = engine.pids
        os.kill(pid, signal.SIGSTOP)
        utterance = engine.open("ann")
        utterance.feed(LADDER[: SECOND // 2])
        with pytest.raises(EngineError, match="took too long") as caught:
            await utterance.finish()
        assert (caught.value.code, caught.value.retryable) == ("recognition_timeout", True)
        assert (await hear(engine, LADDER)).text == "take a note that the ladder needs repair"
        assert pid not in engine.pids
    finally:
        await engine.stop()


async def test_closing_in_the_middle_frees_the_worker(stt: PocketSphinxStt) -> None:
    for _ in range(4):
        utterance = stt.open("ann")
        utterance.feed(LADDER)
        await asyncio.sleep(0)
        await utterance.close()
        await utterance.close()
        utterance.feed(LADDER)
        with pytest.raises(EngineError):
            await utterance.finish()
    assert (await hear(stt, LADDER)).text == "take a note that the ladder needs repair"


async def test_an_endless_utterance_is_refused_in_a_sentence(stt: PocketSphinxStt) -> None:
    utterance = stt.open("ann")
    for _ in range(125):
        utterance.feed(np.zeros(SECOND, np.int16))
    with pytest.raises(EngineError, match="longer than 120 seconds") as caught:
        await utterance.finish()
    assert not caught.value.retryable
    assert (await hear(stt, LADDER)).text == "take a note that the ladder needs repair"


async def test_the_newest_texts_win(cache: Path) -> None:
    engine = PocketSphinxStt(cache, settle=0.2)
    await engine.start()
    await asyncio.gather(
        engine.adapt("ann", ["An older text about the zorvane pump."]),
        engine.adapt("ann", [FERRY]),
    )
    assert "kestrel" in (await hear(engine, PASSENGERS)).text
    await engine.stop()


async def test_a_restart_builds_nothing_and_damage_is_repaired(tmp_path: Path, cache: Path) -> None:
    folder = tmp_path / "recognition"
    folder.mkdir()
    for file in cache.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())

    async def restart() -> str:
        engine = PocketSphinxStt(folder, settle=0)
        await engine.start()
        await engine.adapt("ann", [FERRY])
        text = (await hear(engine, PASSENGERS)).text
        await engine.stop()
        return text

    first = await restart()
    models = {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in folder.glob("*.lm")}
    assert await restart() == first
    assert {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in folder.glob("*.lm")} == models
    for file, (_, content) in models.items():
        file.write_bytes(content[: len(content) // 2])
    for mark in list(folder.glob("*.json"))[:1]:
        mark.write_text("{")
    assert await restart() == first


def copy(cache: Path, folder: Path) -> Path:
    """A folder with general English of ``cache``, so that it needn't be built."""
    folder.mkdir()
    for file in cache.glob("general-*"):
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


def holds(folder: Path, word: str) -> bool:
    return any(word.encode() in file.read_bytes() for file in folder.iterdir())


async def test_words_that_were_removed_are_in_no_file(stt: PocketSphinxStt, tmp_path: Path, cache: Path) -> None:
    folder = copy(cache, tmp_path / "recognition")
    (folder / f"{'0' * 32}.dict").write_text("zorvane Z AO R V EY N")  # of a time when names had no profile
    engine = PocketSphinxStt(folder, settle=0)
    await engine.start()
    general = {file.name for file in folder.iterdir()}
    assert not holds(folder, "zorvane")
    await engine.adapt("ben", ["Ben oils the quillimar."])
    await engine.adapt("ann", ["Repair the zorvane pump."])
    assert holds(folder, "zorvane")
    await engine.adapt("ann", ["Repair the pump."])
    assert not holds(folder, "zorvane")
    assert holds(folder, "quillimar")
    assert len(list(folder.iterdir())) == 9
    await engine.forget("ann")
    await engine.adapt("ben", [])
    assert {file.name for file in folder.iterdir()} == general
    await engine.stop()


@pytest.mark.skipif(os.name == "nt", reason="no modes on Windows")
async def test_nobody_else_may_read_the_words(stt: PocketSphinxStt, tmp_path: Path, cache: Path) -> None:
    folder = copy(cache, tmp_path / "recognition")
    folder.chmod(0o755)
    for file in folder.iterdir():
        file.chmod(0o644)
    engine = PocketSphinxStt(folder, settle=0)
    await engine.start()
    await engine.adapt("ann", ["Repair the zorvane pump."])
    await engine.stop()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


async def test_a_model_that_another_process_deleted_is_replaced(tmp_path: Path, cache: Path, stt: object) -> None:
    folder = copy(cache, tmp_path / "recognition")
    ours, other = PocketSphinxStt(folder, settle=0), PocketSphinxStt(folder, settle=0)
    await ours.start()
    await other.start()
    await ours.adapt("ann", ["Repair the zorvane pump."])
    await other.adapt("ann", [FERRY])
    assert "kestrel" in (await hear(ours, PASSENGERS)).text
    await other.stop()
    await ours.stop()
    ours = PocketSphinxStt(folder, settle=0)
    await ours.start()
    await ours.adapt("ann", [FERRY])
    for file in folder.iterdir():
        file.unlink()
    assert (await hear(ours, LADDER)).text == "take a note that the ladder needs repair"
    await ours.adapt("ann", [FERRY])
    assert "kestrel" in (await hear(ours, PASSENGERS)).text
    await ours.stop()


async def test_what_the_pronouncer_says_is_used(tmp_path: Path, cache: Path) -> None:
    asked: list[str] = []

    def pronounce(words: list[str]) -> dict[str, list[str]]:
        asked.extend(words)
        return {"zorvane": ["L", "AE", "D", "ER"], "kestrel": ["not", "a", "phone"]}

    folder = tmp_path / "recognition"
    engine = PocketSphinxStt(folder, pronounce, settle=0)
    await engine.start()
    await engine.adapt("ann", [FERRY, "The zorvane needs repair. Take a note that the zorvane needs repair. " * 3])
    assert set(asked) == {"kestrel", "zorvane"}
    assert (await hear(engine, LADDER)).text == "take a note that the zorvane needs repair"
    assert "kestrel" in (await hear(engine, PASSENGERS)).text
    await engine.stop()


async def test_a_cache_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EngineError, match="check that the folder is writable"):
        await PocketSphinxStt(tmp_path / "file" / "recognition").start()


async def test_without_pocketsphinx_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(EngineMissing, match=r"pip install 'vasi\[local\]'"):
        await PocketSphinxStt(tmp_path).start()


async def test_it_must_be_started(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="isn't running yet"):
        PocketSphinxStt(tmp_path).open("ann")


def test_workers_import_little_and_the_server_no_pocketsphinx() -> None:
    script = "import sys, {}; print(*sorted({{'numpy', 'pocketsphinx', 'asyncio'}} & set(sys.modules)))"

    def imports(module: str) -> str:
        command = [sys.executable, "-c", script.format(module)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    assert imports("vasi.engines.basic.pocketsphinx.worker") == "pocketsphinx"
    assert "pocketsphinx" not in imports("vasi.engines.basic.pocketsphinx.engine").split()
