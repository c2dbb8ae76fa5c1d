"""How well and how fast answers are spoken: a table of voices, and whole spoken turns as a waterfall.

Voices: processor time for a second of speech, time to the first sound of a short and a long clause, memory, and how
many of their words Whisper hears wrongly. Those that aren't installed are left out. Turns: questions by recorded
voices, in real time, through the whole server with the engines that it chooses here; ms after the end of the speech.
With ``--sessions N`` so many people talk at once, and are compared with one; ``--speculation both`` compares turns
whose text is decoded in the first pause with those where that waits for the end.
``--json FILE`` writes the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import psutil
from rich.console import Console
from rich.table import Table

from benchmarks import spoken_turns
from vasi.config import Settings
from vasi.engines.basic.espeak import EspeakTts
from vasi.engines.models import folder
from vasi.engines.ports import HEARING_RATE, SPEAKING_RATE, Samples, Tts
from vasi.engines.stt.whisper.engine import WhisperStt
from vasi.engines.tts.kokoro import KokoroTts
from vasi.engines.tts.piper import PiperTts
from vasi.language.numerals import spoken
from vasi.media.resample import Resampler

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


# --- telling --------------------------------------------------------------------------------------------------------
def show(voices: Sequence[Voice], turns: Mapping[str, Any]) -> None:
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
        spoken_turns.show(console, turns)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--only", choices=("voices", "turns"), help="only this part")
    parser.add_argument("--turns", type=int, default=15, help="questions to ask in each session; 15 unless set")
    parser.add_argument("--sessions", type=int, default=1, help="sessions that talk at once, compared with one")
    parser.add_argument("--no-limit", action="store_true", help="let all of them talk, however many the machine allows")
    parser.add_argument("--speculation", choices=("on", "off", "both"), default="on", help="decode in the first pause")
    given = parser.parse_args()
    voices: list[Voice] = []
    turns: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder_of_data:
        data = Path(folder_of_data)
        if given.only != "turns":
            voices = asyncio.run(measure_voices(Settings(data=data)))
        if given.only != "voices":
            speculation = {"on": (True,), "off": (False,), "both": (True, False)}[given.speculation]
            turns = spoken_turns.measure(data, given.turns, given.sessions, speculation, limited=not given.no_limit)
    show(voices, turns)
    if given.json:
        figures = {"voices": [vars(voice) for voice in voices], "turns": turns}
        given.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
