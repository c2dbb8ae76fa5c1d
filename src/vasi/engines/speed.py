"""How fast engines are on this machine: measured once, with the work that a conversation gives them, and kept.

"auto" takes the best engine that is fast enough here (``vasi.plugins``); what was measured on another machine, or with
another runtime, doesn't count.
"""

from __future__ import annotations

import logging
import os
import platform
import time
from collections.abc import Callable, Collection, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec
import numpy as np

from vasi import plugins
from vasi.config import Settings
from vasi.engines.models.folders import data_root
from vasi.engines.ports import HEARING_RATE, Samples, Stt, Tts
from vasi.errors import EngineMissing, VasiError
from vasi.media.resample import Resampler
from vasi.plugins import Candidate

log = logging.getLogger(__name__)

PARTS = ("stt", "tts")
"""What is measured: what the user waits for in every turn."""
QUESTION = "Where is the assembly point of the workshop?"
"""What a recogniser is given, about 2.5 s."""
CLAUSE = "The assembly point is at the flagpole."
"""What a voice has to say, as the first clause of an answer."""
FILE = "speed.json"
_RUNTIMES = ("ctranslate2", "onnxruntime")
_RUNS = 2
_SPEECH_LIKE_S = 2.5


class Measured(msgspec.Struct, frozen=True):
    """What is kept: seconds by the part and name of engines, and the machine on which they were taken."""

    machine: str
    seconds: dict[str, float]


def measured(settings: Settings, part: str, name: str) -> float | None:
    """Seconds that the engine ``name`` took here for its share of a turn; None if that wasn't measured."""
    return _read(settings).seconds.get(f"{part}/{name}")


def stamp(settings: Settings) -> int:
    """Another number whenever something was measured, in this process or another."""
    try:
        return _file(settings).stat().st_mtime_ns
    except OSError:
        return 0


def measurable(settings: Settings) -> list[Candidate]:
    """The engines that could be taken here, and whose speed matters."""
    return [
        candidate
        for part in PARTS
        for candidate in plugins.candidates(part)
        if candidate.budget_s is not None and plugins.lack_of(candidate, settings) is None
    ]


async def measure(settings: Settings, some: Collection[Candidate], tell: Callable[[str], None] | None = None) -> None:
    """Measure the speed of ``some`` engines and keep it; what can't be started counts as unmeasured.

    Args:
        settings: what they're made with.
        some: engines, of those of ``measurable``.
        tell: is told which comes next.
    """
    for candidate in some:
        if tell is not None:
            tell(candidate.name)
        try:
            seconds = await _seconds(candidate, settings)
        except VasiError as error:
            log.warning("The speed of %s couldn't be measured: %s", candidate.name, error.message)
            continue
        _keep(settings, f"{candidate.part}/{candidate.name}", seconds)


async def _seconds(candidate: Candidate, settings: Settings) -> float:
    """The shortest of some runs: a machine is as fast as that, whatever else it has to do at the moment."""
    engine = candidate.make(settings)
    await engine.start()
    try:
        if candidate.part == "stt":
            speech = _question()
            return min([await _recognise(engine, speech) for _ in range(_RUNS)])
        return min([await _speak(engine) for _ in range(_RUNS)])
    finally:
        await engine.stop()


async def _recognise(stt: Stt, speech: Samples) -> float:
    """Seconds from the end of what was said to its transcript."""
    stream = stt.open("")
    stream.feed(speech)
    began = time.perf_counter()
    await stream.finish()
    return time.perf_counter() - began


async def _speak(tts: Tts) -> float:
    """Seconds to the first sound."""
    began = time.perf_counter()
    sound = tts.speak(CLAUSE, voice="")
    try:
        async for chunk in sound:
            if chunk.samples.size:
                break
    finally:
        await sound.aclose()
    return time.perf_counter() - began


def _question() -> Samples:
    """Somebody who asks (``int16[n]``, 16 kHz); where there's no voice to ask with, a noise as long."""
    from vasi.engines.espeak import Espeak, WordStart

    heard: list[Samples] = []

    def hear(samples: Samples, _starts: Sequence[WordStart]) -> bool:
        heard.append(samples.copy())
        return True

    try:
        espeak = Espeak.shared()
        espeak.synthesize(QUESTION, hear, voice="en-us", words_per_minute=175, end_pause=True).result(10)
        resampler = Resampler(espeak.rate, HEARING_RATE)
        return np.concatenate([resampler.push(np.concatenate(heard)), resampler.flush()])
    except (EngineMissing, TimeoutError):
        noise = np.random.default_rng(0).normal(0, 2_000, int(_SPEECH_LIKE_S * HEARING_RATE))
        return noise.astype(np.int16)


# --- what is kept ---------------------------------------------------------------------------------------------------
def _file(settings: Settings) -> Path:
    return data_root(settings) / FILE


def _read(settings: Settings) -> Measured:
    """What was measured on this machine; nothing if that's another one, or can't be read."""
    try:
        kept = msgspec.json.decode(_file(settings).read_bytes(), type=Measured)
    except (OSError, msgspec.DecodeError):
        kept = None
    here = _machine()
    return kept if kept is not None and kept.machine == here else Measured(here, {})


def _keep(settings: Settings, key: str, seconds: float) -> None:
    kept = _read(settings)
    now = Measured(kept.machine, {**kept.seconds, key: round(seconds, 3)})
    file = _file(settings)
    part = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(msgspec.json.format(msgspec.json.encode(now), indent=2))
        part.replace(file)
    except OSError as error:
        log.warning("The speed of engines couldn't be written to %s: %s", file, error.strerror)


def _machine() -> str:
    """What speed depends on."""
    runtimes = " ".join(f"{name} {_version(name)}" for name in _RUNTIMES)
    return f"{platform.node()}, {platform.machine()}, {os.cpu_count()} cores, {runtimes}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "-"
