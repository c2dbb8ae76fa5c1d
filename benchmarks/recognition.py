"""How well and how fast speech is recognised, with and without the documents: a table, and JSON with ``--json FILE``.

Clips: the sample questions (``examples/questions``, synthetic voices), and people's voices where ``../shared/speech``
is present. CPU time is that of the worker processes; the end latency is that of clips fed at the speed of speech.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import statistics
import tempfile
import time
import wave
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import psutil
from rich.console import Console
from rich.table import Table

from vasi.engines.espeak import Espeak
from vasi.engines.stt import corpus
from vasi.engines.stt.pocketsphinx import PocketSphinxStt
from vasi.knowledge.parse.reader import Reader
from vasi.testing.settings import reading_limits

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "examples" / "questions"
DOCUMENTS = ROOT / "examples" / "documents"
SPEECH = ROOT.parent / "shared" / "speech"
RATE = 16_000
FRAME = 640
IN_REAL_TIME = 15


@dataclass(frozen=True)
class Clip:
    group: str
    words: str
    samples: np.ndarray


@dataclass
class Score:
    said: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    cpu: float = 0.0
    seconds: float = 0.0

    def result(self) -> dict[str, float]:
        return {
            "clips": len(self.said),
            "word_error_rate": round(jiwer.wer(self.said, self.heard), 3),
            "cpu_real_time_factor": round(self.cpu / self.seconds, 3),
        }


def spoken(text: str) -> str:
    return " ".join(word for sentence in corpus.sentences(text) for word in sentence)


def clip(group: str, words: str, path: Path) -> Clip:
    with wave.open(str(path)) as file:
        return Clip(group, spoken(words), np.frombuffer(file.readframes(file.getnframes()), np.int16))


def clips() -> list[Clip]:
    asked = json.loads((QUESTIONS / "questions.json").read_text(encoding="utf-8"))
    found = [clip(q["kind"], q["question"], QUESTIONS / q["wav"]) for q in asked if q["wav"]]
    if SPEECH.is_dir():
        with (SPEECH / "index.csv").open(newline="", encoding="utf-8") as rows:
            # Those whose transcript is exact.
            people = [row for row in csv.DictReader(rows) if row["kind"] == "human" and "(" not in row["transcript"]]
        found += [
            clip("people", row["transcript"], SPEECH / row["file"]) for row in people if "..." not in row["transcript"]
        ]
    return found


async def documents() -> list[str]:
    async with Reader(reading_limits()) as reader:
        readings = [await reader.read(str(path), path.name) for path in sorted(DOCUMENTS.iterdir())]
    return [passage.text for reading in readings for passage in reading.passages]


def cpu_seconds(stt: PocketSphinxStt) -> float:
    times = [psutil.Process(pid).cpu_times() for pid in stt.pids]
    return sum(t.user + t.system for t in times)


async def recognise(stt: PocketSphinxStt, wanted: list[Clip]) -> dict[str, Any]:
    scores: dict[str, Score] = {}
    for one in wanted:
        score = scores.setdefault(one.group, Score())
        before = cpu_seconds(stt)
        utterance = stt.open("bench")
        utterance.feed(one.samples)
        score.heard.append((await utterance.finish()).text)
        score.said.append(one.words)
        score.cpu += cpu_seconds(stt) - before
        score.seconds += len(one.samples) / RATE
    return {group: score.result() for group, score in scores.items()}


async def latency(stt: PocketSphinxStt, wanted: list[Clip]) -> dict[str, float]:
    """Feed ``wanted`` in real time; how long the text takes after the last sample, and how late the event loop gets."""
    gaps: list[float] = []

    async def watch() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            gaps.append(1_000 * (time.perf_counter() - before - 0.001))

    watcher = asyncio.create_task(watch())
    ends: list[float] = []
    partials: list[float] = []
    for one in wanted:
        began = time.perf_counter()
        first: list[float] = []

        def on_partial(text: str, began: float = began, first: list[float] = first) -> None:
            if text and not first:
                first.append(time.perf_counter() - began)

        utterance = stt.open("bench", on_partial)
        for number, start in enumerate(range(0, len(one.samples), FRAME), start=1):
            await asyncio.sleep(max(0.0, began + number * FRAME / RATE - time.perf_counter()))
            utterance.feed(one.samples[start : start + FRAME])
        finished = time.perf_counter()
        await utterance.finish()
        ends.append(1_000 * (time.perf_counter() - finished))
        partials += first
    watcher.cancel()
    await asyncio.wait([watcher])
    return {
        "end_ms_median": round(statistics.median(ends), 1),
        "end_ms_max": round(max(ends), 1),
        "first_partial_s_median": round(statistics.median(partials), 2),
        "loop_late_ms_p99": round(float(np.percentile(gaps, 99)), 2),
        "loop_late_ms_max": round(max(gaps), 2),
    }


async def measure() -> dict[str, Any]:
    wanted, texts = clips(), await documents()
    pronounce = Espeak.shared().pronounce
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        stt = PocketSphinxStt(Path(folder), pronounce, settle=0)
        await stt.start()
        results: dict[str, Any] = {"first_start_s": round(time.perf_counter() - began, 2)}
        results["general"] = await recognise(stt, wanted)
        began = time.perf_counter()
        await stt.adapt("bench", texts)
        results["adapt_s"] = round(time.perf_counter() - began, 2)
        results["documents_words"] = sum(len(text.split()) for text in texts)
        results["documents"] = await recognise(stt, wanted)
        results["latency"] = await latency(stt, [one for one in wanted if one.group == "fact"][:IN_REAL_TIME])
        results["worker_rss_mb"] = max(round(psutil.Process(pid).memory_info().rss / 1e6) for pid in stt.pids)
        await stt.stop()
        began = time.perf_counter()
        again = PocketSphinxStt(Path(folder), pronounce, settle=0)
        await again.start()
        await again.adapt("bench", texts)
        results["restart_s"] = round(time.perf_counter() - began, 2)
        await again.stop()
    return results


def show(results: dict[str, Any]) -> None:
    table = Table(title="speech recognition (PocketSphinx)")
    for column in ("clips", "number", "WER general", "WER with documents", "CPU / audio"):
        table.add_column(column, justify="left" if column == "clips" else "right")
    for group, score in results["documents"].items():
        table.add_row(
            group,
            str(score["clips"]),
            f"{results['general'][group]['word_error_rate']:.3f}",
            f"{score['word_error_rate']:.3f}",
            f"{score['cpu_real_time_factor']:.2f}",
        )
    console = Console()
    console.print(table)
    end = results["latency"]
    console.print(
        f"last sample to text: {end['end_ms_median']} ms median, {end['end_ms_max']} ms at most\n"
        f"first partial after {end['first_partial_s_median']} s\n"
        f"event loop late by {end['loop_late_ms_p99']} ms (p99), {end['loop_late_ms_max']} ms at most\n"
        f"first start {results['first_start_s']} s, restart {results['restart_s']} s, "
        f"learning {results['documents_words']:,} words {results['adapt_s']} s, worker {results['worker_rss_mb']} MB"
    )
    if "people" not in results["documents"]:
        console.print("No recordings of people here (../shared/speech): voices are synthetic.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    results = asyncio.run(measure())
    show(results)
    if options.json:
        options.json.write_text(json.dumps({"recognition": results}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
