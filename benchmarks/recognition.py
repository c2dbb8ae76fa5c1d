"""How well and how fast speech is recognised by every engine that is installed: tables, and JSON with ``--json FILE``.

Clips: people's voices where ``../shared/speech`` is present, and the sample questions (``examples/questions``) as they
are recorded there (Flite) and as a Piper voice asks them, where one is installed. CPU time is that of the worker
processes. The latency is from the end of speech to the text, in real time: of a turn that is judged to be over
``DECIDED_MS`` after its end, decoded then, or already ``STOPPED_MS`` after its end.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import statistics
import tempfile
import time
import wave
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, cast

import jiwer
import numpy as np
import psutil
from rich.console import Console
from rich.table import Table

from benchmarks import unspoken
from vasi.config import EngineSettings, Settings
from vasi.conversation.turn import STOPPED_MS
from vasi.engines.basic.pocketsphinx import corpus
from vasi.engines.choice import make_engines
from vasi.engines.models import folder
from vasi.engines.ports import HEARING_RATE, SPEAKING_RATE, Samples, Stt
from vasi.engines.tts.piper import PiperTts
from vasi.knowledge.parse.reader import Reader
from vasi.media.resample import Resampler
from vasi.testing.settings import reading_limits

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "examples" / "questions"
DOCUMENTS = ROOT / "examples" / "documents"
SPEECH = ROOT.parent / "shared" / "speech"
VOICE = "piper-en_US-joe"
ENGINES = ("pocketsphinx", "whisper-tiny.en", "whisper-base", "whisper-small", "moonshine-small-en")
FRAME = 640
IN_REAL_TIME = 12
DECIDED_MS = 320
"""After the end of speech: the silence that is judged, what a VAD lags behind, and the time that judging takes."""
AT_ONCE = 10


class Measured(Stt, Protocol):
    """A recogniser that works in processes of its own."""

    @property
    def pids(self) -> Collection[int]: ...


@dataclass(frozen=True)
class Clip:
    group: str
    words: str
    samples: Samples


@dataclass
class Score:
    said: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def result(self) -> dict[str, float]:
        return {
            "clips": len(self.said),
            "word_error_rate": round(jiwer.wer(self.said, self.heard), 3),
            "cpu_ms_median": round(1_000 * statistics.median(self.cpu)),
            "cpu_real_time_factor": round(sum(self.cpu) / self.seconds, 3),
        }


def spoken(text: str) -> str:
    return " ".join(word for sentence in corpus.sentences(text) for word in sentence)


def clip(group: str, words: str, path: Path) -> Clip:
    with wave.open(str(path)) as file:
        return Clip(group, spoken(words), np.frombuffer(file.readframes(file.getnframes()), np.int16))


async def clips() -> list[Clip]:
    asked = json.loads((QUESTIONS / "questions.json").read_text(encoding="utf-8"))
    recorded = [each for each in asked if each["wav"]]
    found = [clip("questions (Flite)", each["question"], QUESTIONS / each["wav"]) for each in recorded]
    if (voice := folder(Settings(), VOICE)) is not None:
        tts = PiperTts([voice])
        await tts.start()
        for each in recorded:
            found.append(Clip("questions (Piper)", spoken(each["question"]), await said_by(tts, each["question"])))
        await tts.stop()
    if SPEECH.is_dir():
        with (SPEECH / "index.csv").open(newline="", encoding="utf-8") as rows:
            # Those whose transcript is exact.
            people = [row for row in csv.DictReader(rows) if row["kind"] == "human" and "(" not in row["transcript"]]
        found += [
            clip("people", row["transcript"], SPEECH / row["file"]) for row in people if "..." not in row["transcript"]
        ]
    return found


async def said_by(tts: PiperTts, text: str) -> Samples:
    """``text`` at the rate of hearing, with as much silence around it as a turn has."""
    silence = np.zeros(SPEAKING_RATE * 3 // 10, np.int16)
    chunks = [chunk.samples async for chunk in tts.speak(text, voice="")]
    resampler = Resampler(SPEAKING_RATE, HEARING_RATE)
    return np.concatenate([resampler.push(np.concatenate([silence, *chunks, silence])), resampler.flush()])


async def documents() -> list[str]:
    async with Reader(reading_limits()) as reader:
        readings = [await reader.read(str(path), path.name) for path in sorted(DOCUMENTS.iterdir())]
    return [passage.text for reading in readings for passage in reading.passages]


def cpu_seconds(stt: Measured) -> float:
    times = [psutil.Process(pid).cpu_times() for pid in stt.pids]
    return sum(t.user + t.system for t in times)


# --- what is measured of one recogniser -------------------------------------------------------------------------------
async def recognise(stt: Measured, wanted: list[Clip]) -> dict[str, Any]:
    scores: dict[str, Score] = {}
    for one in wanted:
        score = scores.setdefault(one.group, Score())
        before = cpu_seconds(stt)
        utterance = stt.open("bench", language="en")
        utterance.feed(one.samples)
        score.heard.append(spoken((await utterance.finish()).text))
        score.said.append(one.words)
        score.cpu.append(cpu_seconds(stt) - before)
        score.seconds += len(one.samples) / HEARING_RATE
    return {group: score.result() for group, score in scores.items()}


async def latency(stt: Measured, wanted: list[Clip], *, early: bool) -> dict[str, float]:
    """How long after its end the text of a turn is there; its silence is told of at once if ``early``."""
    ends: list[float] = []
    for one in wanted:
        began = time.perf_counter()
        utterance = stt.open("bench", language="en")

        async def until(milliseconds: float, began: float = began) -> None:
            await asyncio.sleep(max(0.0, began + milliseconds / 1_000 - time.perf_counter()))

        for number, start in enumerate(range(0, len(one.samples), FRAME), start=1):
            await until(number * FRAME * 1_000 / HEARING_RATE)
            utterance.feed(one.samples[start : start + FRAME])
        ended_ms = len(one.samples) * 1_000 / HEARING_RATE
        for silence_ms in range(32, DECIDED_MS + 1, 32):
            await until(ended_ms + silence_ms)
            utterance.feed(np.zeros(512, np.int16))
            if early and silence_ms == STOPPED_MS:
                utterance.pause()
        await utterance.finish()
        ends.append(1_000 * (time.perf_counter() - began) - ended_ms)
    return {"median_ms": round(statistics.median(ends)), "max_ms": round(max(ends))}


async def at_once(stt: Measured, wanted: list[Clip]) -> dict[str, float]:
    """``AT_ONCE`` turns that end in the same moment: when the first and the last has its text, and how many fail."""
    began = time.perf_counter()
    ends: list[float] = []

    async def one_turn(one: Clip) -> None:
        utterance = stt.open("bench", language="en")
        utterance.feed(one.samples)
        await utterance.finish()
        ends.append(1_000 * (time.perf_counter() - began))

    await asyncio.gather(*(one_turn(one) for one in wanted[:AT_ONCE]), return_exceptions=True)
    return {"first_ms": round(min(ends)), "last_ms": round(max(ends)), "failed": AT_ONCE - len(ends)}


async def made_of_nothing(stt: Measured) -> dict[str, str]:
    """What is heard where nobody speaks; nothing, if all is well."""
    heard: dict[str, str] = {}
    for name, sound in unspoken.sounds().items():
        utterance = stt.open("bench", language="en")
        utterance.feed(sound)
        if text := (await utterance.finish()).text:
            heard[name] = text
    return heard


@asynccontextmanager
async def recogniser(name: str, data: Path) -> AsyncIterator[Measured]:
    settings = Settings(data=data, engines=EngineSettings(stt=name))
    stt = cast("Measured", make_engines(settings).stt)
    await stt.start()
    try:
        yield stt
    finally:
        await stt.stop()


async def measure(names: Collection[str]) -> dict[str, Any]:
    wanted, texts = await clips(), await documents()
    asked = [one for one in wanted if one.group.startswith("questions")]
    timed = asked[-IN_REAL_TIME:]
    results: dict[str, Any] = {"load": round(os.getloadavg()[0], 1)}
    with tempfile.TemporaryDirectory() as data:
        for name in names:
            began = time.perf_counter()
            async with recogniser(name, Path(data)) as stt:
                result: dict[str, Any] = {"start_s": round(time.perf_counter() - began, 2)}
                if name == "pocketsphinx":
                    results["pocketsphinx, untaught"] = {"clips": await recognise(stt, wanted)}
                await stt.adapt("bench", texts)
                result["clips"] = await recognise(stt, wanted)
                result["unspoken"] = await made_of_nothing(stt)
                result["at_the_end"] = await latency(stt, timed, early=False)
                result["at_the_first_silence"] = await latency(stt, timed, early=True)
                result["at_once"] = await at_once(stt, asked)
                result["rss_mb"] = max(round(psutil.Process(pid).memory_info().rss / 1e6) for pid in stt.pids)
                results[name] = result
    return results


def installed() -> list[str]:
    return [name for name in ENGINES if name == "pocketsphinx" or folder(Settings(), name) is not None]


def show(results: dict[str, Any]) -> None:
    console = Console()
    groups = list(results["pocketsphinx, untaught"]["clips"] if "pocketsphinx" in results else ())
    recognisers = {name: result for name, result in results.items() if isinstance(result, dict)}
    groups = groups or list(next(iter(recognisers.values()))["clips"])
    errors = Table(title=f"word errors, and CPU ms of an utterance (load {results['load']})")
    errors.add_column("recogniser")
    for group in groups:
        errors.add_column(group, justify="right")
    for name, result in recognisers.items():
        scores = [result["clips"][group] for group in groups]
        errors.add_row(name, *(f"{score['word_error_rate']:.3f}  {score['cpu_ms_median']}" for score in scores))
    console.print(errors)
    times = Table(title="ms from the end of speech to the text, median and most; ten at once; memory")
    for column in ("recogniser", "at the end", "at the first silence", "ten at once", "refused", "MB", "start s"):
        times.add_column(column, justify="left" if column == "recogniser" else "right")
    for name, result in recognisers.items():
        if "rss_mb" not in result:
            continue
        late, early, many = result["at_the_end"], result["at_the_first_silence"], result["at_once"]
        times.add_row(
            name,
            f"{late['median_ms']}  {late['max_ms']}",
            f"{early['median_ms']}  {early['max_ms']}",
            f"{many['first_ms']} to {many['last_ms']}",
            str(many["failed"]),
            str(result["rss_mb"]),
            str(result["start_s"]),
        )
    console.print(times)
    for name, result in recognisers.items():
        for sound, text in result.get("unspoken", {}).items():
            console.print(f"{name} makes of {sound}: {text}")
    if "people" not in groups:
        console.print("No recordings of people here (../shared/speech): voices are synthetic.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--engine", action="append", choices=ENGINES, help="only these; else all that are installed")
    options = parser.parse_args()
    results = asyncio.run(measure(options.engine or installed()))
    show(results)
    if options.json:
        options.json.write_text(json.dumps({"recognition": results}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
