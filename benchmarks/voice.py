"""How well and how fast answers are spoken: a table of voices, and whole spoken turns as a waterfall.

Voices: processor time for a second of speech, time to the first sound of a short and a long clause, memory, and how
many of their words Whisper hears wrongly. Those that aren't installed are left out. Turns: questions by recorded
voices, in real time, through the whole server with the engines that it chooses here; ms after the end of the speech.
``--json FILE`` writes the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import re
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import psutil
from rich.console import Console
from rich.table import Table

from vasi.app import Vasi
from vasi.cli import client
from vasi.config import Settings
from vasi.engines.basic.espeak import EspeakTts
from vasi.engines.models import folder
from vasi.engines.ports import HEARING_RATE, SPEAKING_RATE, Samples, Tts
from vasi.engines.stt.whisper.engine import WhisperStt
from vasi.engines.tts.kokoro import KokoroTts
from vasi.engines.tts.piper import PiperTts
from vasi.language.numerals import spoken
from vasi.media import pcm, wav
from vasi.media.resample import Resampler

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ROOT / "examples" / "questions"
DOCUMENTS = ROOT / "examples" / "documents"
SHORT = "You have ten days of leave."
LONG = "The annual fee for a large garden plot is forty euros, paid in March."
SENTENCES = (
    "According to the employee handbook, you have ten days of annual leave in the first year.",
    SHORT,
    LONG,
    "The library closes at six in the evening on Saturday.",
    "Please write to the secretary before the end of the month.",
    "I could not find that in your documents.",
    "The meeting begins at nine, and coffee is served from half past eight.",
    "New members pay a deposit, which they get back when they leave.",
    "Turn the main switch off before you open the cover.",
    "The ferry to the island leaves every two hours between April and October.",
    "I have written that down for you.",
    "Anyone who arrives late should use the door on the north side.",
    "The warranty covers repairs for three years after the purchase.",
    "There are four workshops this summer, and each of them takes two days.",
)
RECOGNISERS = {"whisper-tiny.en": 10.0, "whisper-base": 15.0}
TRIES = 5
SILENT = 0.02


@dataclass
class Voice:
    """What one engine does."""

    name: str
    real_time_factor: float
    short_ms: float
    long_ms: float
    memory_mb: int
    word_errors: dict[str, float] = field(default_factory=dict[str, float])


def plain(text: str) -> str:
    """As it is compared: digits as words, no marks, no capitals."""
    return " ".join(re.sub(r"[^a-z' ]+", " ", spoken(text).lower()).split())


async def say(tts: Tts, text: str) -> Samples:
    chunks = [chunk.samples async for chunk in tts.speak(text, voice="alloy", language="en")]
    return np.concatenate(chunks)


async def first_sound_ms(tts: Tts, text: str) -> float:
    took: list[float] = []
    for _ in range(TRIES):
        began = time.perf_counter()
        async for _ in tts.speak(text, voice="alloy", language="en"):
            took.append(1_000 * (time.perf_counter() - began))
            break
        await say(tts, "So.")  # what was cut off is over
    return round(statistics.median(took), 1)


def processes(tts: Tts) -> list[psutil.Process]:
    pids: Sequence[int] = getattr(tts, "pids", ())
    return [psutil.Process(pid) for pid in pids or (os.getpid(),)]


def cpu_seconds(tts: Tts) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes(tts))


async def measure_voice(tts: Tts) -> tuple[Voice, list[Samples]]:
    """The engine's figures, and what it says."""
    await tts.start()
    try:
        before = cpu_seconds(tts)
        sounds = [await say(tts, sentence) for sentence in SENTENCES]
        cpu = cpu_seconds(tts) - before
        voice = Voice(
            name=tts.name,
            real_time_factor=round(cpu * SPEAKING_RATE / sum(sound.size for sound in sounds), 3),
            short_ms=await first_sound_ms(tts, SHORT),
            long_ms=await first_sound_ms(tts, LONG),
            memory_mb=round(sum(process.memory_info().rss for process in processes(tts)) / 1e6),
        )
        return voice, sounds
    finally:
        await tts.stop()


async def word_errors(model: Path, name: str, sounds: Sequence[Samples]) -> float:
    """Of Whisper on ``sounds``."""
    stt = WhisperStt(model, name=name, window_s=RECOGNISERS[name])
    await stt.start()
    heard: list[str] = []
    for sound in sounds:
        resampler = Resampler(SPEAKING_RATE, HEARING_RATE)
        stream = stt.open("bench", language="en")
        stream.feed(np.concatenate((resampler.push(sound), resampler.flush())))
        heard.append(plain((await stream.finish()).text))
    await stt.stop()
    return round(jiwer.wer([plain(sentence) for sentence in SENTENCES], heard), 3)


def engines(settings: Settings) -> list[Tts]:
    found: list[Tts] = [EspeakTts()]
    if (place := folder(settings, "piper-en_US-joe")) is not None:
        found.append(PiperTts([place]))
    if (place := folder(settings, "kokoro-int8")) is not None:
        found.append(KokoroTts(place))
    return found


async def measure_voices(settings: Settings) -> list[Voice]:
    voices: list[Voice] = []
    for tts in engines(settings):
        voice, sounds = await measure_voice(tts)
        for name in RECOGNISERS:
            if (model := folder(settings, name)) is not None:
                voice.word_errors[name] = await word_errors(model, name, sounds)
        voices.append(voice)
    return voices


# --- whole turns ----------------------------------------------------------------------------------------------------
STAGES = {
    "input_audio_buffer.speech_stopped": "decision",
    "conversation.item.input_audio_transcription.completed": "transcript",
    "response.output_audio_transcript.delta": "first text",
    "response.output_audio.delta": "first audio",
}


async def measure_turn(vasi: Vasi, question: Samples) -> dict[str, float]:
    """When each stage was reached, in ms after the last loud sample of ``question``."""
    link = vasi.connect("local")
    turn = {"type": "semantic_vad"}
    audio = {"input": {"turn_detection": turn, "transcription": {"model": "vasi"}}}
    await client.send(link, type="session.update", session={"type": "realtime", "audio": audio})
    loud = np.flatnonzero(np.abs(question.astype(np.int32)) > SILENT * np.abs(question).max())
    ended_s = loud[-1] / client.RATE
    sound = np.concatenate((question, pcm.silence(4_000, client.RATE)))
    size = client.RATE // 50
    began = time.perf_counter()

    async def speak() -> None:
        for start in range(0, sound.size, size):
            await asyncio.sleep(max(0.0, began + (start + size) / client.RATE - time.perf_counter()))
            data = base64.b64encode(pcm.encode(sound[start : start + size])).decode()
            await client.send(link, type="input_audio_buffer.append", audio=data)

    speaking = asyncio.create_task(speak())
    reached: dict[str, float] = {}
    try:
        async with asyncio.timeout(30):
            while "first audio" not in reached and (frame := await link.receive()) is not None:
                stage = STAGES.get(json.loads(frame)["type"])
                if stage is not None:
                    # A pause within the question may have been taken for its end: the last time counts.
                    reached[stage] = round(1_000 * (time.perf_counter() - began - ended_s))
    except TimeoutError:
        pass
    finally:
        speaking.cancel()
        await asyncio.wait([speaking])
        await link.close()
    return reached


async def measure_turns(data: Path, count: int) -> dict[str, Any]:
    asked = [q for q in json.loads((QUESTIONS / "questions.json").read_text()) if q["wav"] and q["kind"] == "fact"]
    settings = Settings(data=data)
    async with Vasi.open(settings, engines=False) as vasi:
        await vasi.knowledge.add("local", [DOCUMENTS])
    turns: list[dict[str, float]] = []
    async with Vasi.open(settings) as vasi:
        await vasi.ready()
        for question in asked[:count]:
            turns.append(await measure_turn(vasi, wav.read((QUESTIONS / question["wav"]).read_bytes(), client.RATE)))
        children = psutil.Process().children(recursive=True)
        memory = round((psutil.Process().memory_info().rss + sum(c.memory_info().rss for c in children)) / 1e6)
    whole = [turn for turn in turns if len(turn) == len(STAGES)]
    return {
        "turns": len(turns),
        "complete": len(whole),
        "memory_mb": memory,
        **{stage: _spread([turn[stage] for turn in whole]) for stage in STAGES.values()},
    }


def _spread(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    return {"median": statistics.median(values), "p90": round(float(np.percentile(values, 90))), "min": min(values)}


# --- telling --------------------------------------------------------------------------------------------------------
def show(voices: Sequence[Voice], turns: dict[str, Any]) -> None:
    console = Console()
    if voices:
        table = Table(title="voices")
        for column in ("voice", "CPU / audio", "6 words, ms", "14 words, ms", "MB", *RECOGNISERS):
            table.add_column(column, justify="left" if column == "voice" else "right")
        for voice in voices:
            errors = [str(voice.word_errors.get(name, "-")) for name in RECOGNISERS]
            figures = (voice.real_time_factor, voice.short_ms, voice.long_ms, voice.memory_mb)
            table.add_row(voice.name, *map(str, figures), *errors)
        console.print(table)
    if turns:
        table = Table(title=f"{turns['complete']} of {turns['turns']} turns, ms after the end of speech")
        for column in ("stage", "median", "p90", "min"):
            table.add_column(column, justify="left" if column == "stage" else "right")
        for stage in STAGES.values():
            table.add_row(stage, *(str(turns[stage].get(name, "-")) for name in ("median", "p90", "min")))
        console.print(table, f"server and its processes: {turns['memory_mb']} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--only", choices=("voices", "turns"), help="only this part")
    parser.add_argument("--turns", type=int, default=15, help="questions to ask; 15 unless set")
    given = parser.parse_args()
    voices: list[Voice] = []
    turns: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder_of_data:
        data = Path(folder_of_data)
        if given.only != "turns":
            voices = asyncio.run(measure_voices(Settings(data=data)))
        if given.only != "voices":
            turns = asyncio.run(measure_turns(data, given.turns))
    show(voices, turns)
    if given.json:
        figures = {"voices": [vars(voice) for voice in voices], "turns": turns}
        given.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
