"""The audio-time tier: where turns are ended in labelled speech, and what interrupts the assistant. No wall clock.

Every figure is in ms of audio, so the load of the machine moves none of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.turns import noises
from benchmarks.turns.recordings import Recording, are_labelled, recordings
from benchmarks.turns.simulation import Judge, Simulation
from vasi.config import Settings
from vasi.engines.basic.cues import CueTurnAnalyzer
from vasi.engines.basic.pocketsphinx.engine import PocketSphinxStt
from vasi.engines.ports import HEARING_RATE, Samples
from vasi.engines.turn import weights
from vasi.engines.turn.smart_turn import SmartTurnAnalyzer
from vasi.engines.vad.silero import SileroVad

LEAD_MS, TAIL_MS = 500, 4500
LATE_MS = 1500
BEFORE_MS = 2000
"""How long the assistant has talked when it's interrupted."""
SMART_TURN_MS, CUES_MS = 90.0, 10.0
"""How long a judgement takes on this kind of machine, in processor time."""
INSERTED_MS = (400, 800, 1200)
NATURAL = ("jfk.wav", "beckett.wav", "vosk_digits.wav")
EXAMPLES = 6
SERVER_VAD = {f"server_vad {ms}": {"type": "server_vad", "silence_duration_ms": ms} for ms in (200, 500, 800)}
EAGERNESS = ("low", "auto", "high")
BARGE_INS = ("server_vad 500", "semantic_vad auto")


@dataclass(frozen=True, slots=True)
class Clip:
    """Speech with its labels; times in ms of ``sound`` (``int16[n]``, 24 kHz)."""

    name: str
    sound: Samples
    onset_ms: int
    end_ms: int
    pauses: tuple[tuple[int, int], ...] = ()
    labelled: bool = True
    """False: the pause was put in here."""


@dataclass(slots=True)
class Endings:
    """What one way of ending turns did."""

    mode: str
    delays_ms: list[float] = field(default_factory=list[float])
    """From the end of whole sentences to the commit."""
    paused_delays_ms: list[float] = field(default_factory=list[float])
    """The same, of sentences with a pause."""
    cut: dict[str, list[bool]] = field(default_factory=dict[str, list[bool]])
    """Whether a turn was ended in a pause; by the pause's length, the labelled ones apart."""
    natural_cuts: list[int] = field(default_factory=list[int])
    """Turns ended inside recordings of several phrases."""

    def json(self) -> dict[str, Any]:
        every = [*self.delays_ms, *self.paused_delays_ms]
        return {
            "T1": {name: quantile(self.delays_ms, share) for name, share in QUANTILES.items()},
            "T1 after a pause": {name: quantile(self.paused_delays_ms, share) for name, share in QUANTILES.items()},
            "T4": {name: round(float(np.mean(cuts)), 3) for name, cuts in self.cut.items()},
            "T4 natural, a recording": round(float(np.mean(self.natural_cuts)), 2) if self.natural_cuts else None,
            "T5": round(float(np.mean([delay > LATE_MS for delay in every])), 3) if every else None,
            "n": {"sentences": len(self.delays_ms), **{name: len(cuts) for name, cuts in self.cut.items()}},
        }


QUANTILES = {"p50": 0.5, "p90": 0.9, "p95": 0.95}


def quantile(values: list[float], share: float) -> float | None:
    return round(float(np.quantile(values, share, method="inverted_cdf")), 1) if values else None


@dataclass(frozen=True, slots=True)
class BargeIns:
    """What one kind of session does when somebody, or something, speaks up."""

    mode: str
    silent_ms: list[float]
    """From the onset to ``speech_started`` while the assistant is silent,"""
    speaking_ms: list[float]
    """while it speaks,"""
    hold_ms: list[float]
    """and to the hold, where the client can hold."""
    stopped_by: dict[str, bool]
    """Whether the answer was cut by each noise."""

    def json(self) -> dict[str, Any]:
        figures = {"silent": self.silent_ms, "speaking": self.speaking_ms, "hold": self.hold_ms}
        return {"B1": {name: quantile(values, 0.5) for name, values in figures.items()}, "B4": self.stopped_by}


class Replayed:
    """A detector's stream whose judgements are known already."""

    def __init__(self, known: list[float]) -> None:
        self._known = iter(known)

    def probability(self, window: Samples) -> float:
        return next(self._known)

    def reset(self) -> None:
        """Nothing to forget."""


class Ears:
    """Silero's and the analyzers' judgements, each made once: they don't depend on what becomes of them."""

    def __init__(self) -> None:
        self._vad = SileroVad()
        self._probabilities: dict[str, list[float]] = {}
        self._judgements: dict[tuple[str, bytes], float] = {}

    def stream(self, name: str, sound: Samples) -> Replayed:
        """The detector for ``sound`` (24 kHz), which ``name`` stands for."""
        if name not in self._probabilities:
            self._probabilities[name] = _heard(self._vad, sound)
        return Replayed(self._probabilities[name])

    async def judged(self, name: str, judge: Judge, samples: Samples) -> float:
        key = (name, samples.tobytes())
        if key not in self._judgements:
            self._judgements[key] = await judge(samples)
        return self._judgements[key]


def _heard(vad: SileroVad, sound: Samples) -> list[float]:
    from vasi.backends.hearing import Hearing
    from vasi.media import pcm
    from vasi.protocol.session import Pcm

    stream, hearing, found = vad.open(), Hearing(), []
    for _ in hearing.slices(pcm.encode(sound), 0, Pcm()):
        found += [stream.probability(window) for _, window in hearing.windows()]
    return found


# --- speech ---------------------------------------------------------------------------------------------------------
def clips(chance: np.random.Generator) -> tuple[list[Clip], list[Clip], list[Clip]]:
    """Whole sentences, sentences with a pause, and recordings of several phrases."""
    everything = recordings()
    if are_labelled():
        whole = [each for each in everything if each.name.startswith("harvard")]
        paused = [each for each in everything if each.pauses]
        natural = [each for each in everything if each.name in NATURAL]
    else:
        whole, paused, natural = [each for each in everything if not each.pauses][:EXAMPLES], [], []
    inserted = [_with_pause(each, length, chance) for each in whole for length in INSERTED_MS]
    labelled = [_clip(each, chance) for each in paused]
    return [_clip(each, chance) for each in whole], [*labelled, *inserted], [_clip(each, chance) for each in natural]


def _clip(recording: Recording, chance: np.random.Generator) -> Clip:
    pauses = tuple((begin + LEAD_MS, end + LEAD_MS) for begin, end in recording.pauses)
    sound = noises.in_room(recording.samples(24_000), LEAD_MS, TAIL_MS, chance)
    return Clip(recording.name, sound, recording.onset_ms + LEAD_MS, recording.end_ms + LEAD_MS, pauses)


def _with_pause(recording: Recording, length_ms: int, chance: np.random.Generator) -> Clip:
    """A pause at the quietest moment of the middle of the sentence."""
    samples = recording.samples(24_000)
    loudness = np.convolve(samples.astype(np.float64) ** 2, np.ones(720), "same")
    first, last = (int(share * samples.size) for share in (0.4, 0.65))
    at = first + int(np.argmin(loudness[first:last]))
    sound = np.concatenate([samples[:at], np.zeros(length_ms * 24, np.int16), samples[at:]])
    begin, end = at // 24 + LEAD_MS, at // 24 + length_ms + LEAD_MS
    name = f"{recording.name} + {length_ms} ms"
    heard = noises.in_room(sound, LEAD_MS, TAIL_MS, chance)
    return Clip(
        name, heard, recording.onset_ms + LEAD_MS, recording.end_ms + length_ms + LEAD_MS, ((begin, end),), False
    )


# --- ends of turns --------------------------------------------------------------------------------------------------
async def endings(
    mode: str,
    detection: dict[str, Any],
    said: tuple[list[Clip], list[Clip], list[Clip]],
    ears: Ears,
    judge: Judge | None,
    latency_ms: float,
) -> Endings:
    """How ``detection`` ends the turns of all clips."""
    found = Endings(mode)
    whole, paused, natural = said
    for clip in (*whole, *paused, *natural):
        simulation = Simulation(
            {**detection, "create_response": False}, ears.stream(clip.name, clip.sound), judge, latency_ms
        )
        await simulation.begin()
        await simulation.hear(clip.sound)
        ends = [event.at_ms for event in simulation.happened if event.type == "input_audio_buffer.committed"]
        after = [at - clip.end_ms for at in ends[-1:]]
        if clip.pauses:
            ((begin, end),) = clip.pauses
            name = f"{end - begin} ms" + ("" if clip.labelled else ", put in")
            found.cut.setdefault(name, []).append(any(begin <= at < end + 100 for at in ends))
            found.paused_delays_ms += after
        elif any(clip is each for each in natural):
            found.natural_cuts.append(sum(at < clip.end_ms - 100 for at in ends))
        else:
            found.delays_ms += after
    return found


# --- barge-ins ------------------------------------------------------------------------------------------------------
async def barge_ins(mode: str, detection: dict[str, Any], whole: list[Clip], ears: Ears) -> BargeIns:
    """How soon somebody who speaks up is noticed, and what else is taken for somebody."""

    async def hear(name: str, sound: Samples, *, speaking: bool, activity: bool = False) -> dict[str, float]:
        """The first time of each kind of event after the sound began, in ms of the sound."""
        before = noises.in_room(np.zeros(0, np.int16), BEFORE_MS, 0, np.random.default_rng(1))
        both = np.concatenate([before, sound])
        simulation = Simulation(detection, ears.stream(f"later {name}", both), None, 0.0, activity=activity)
        await simulation.begin()
        if speaking:
            await simulation.answer()
        await simulation.hear(both)
        first: dict[str, float] = {}
        for event in simulation.happened:
            if event.at_ms > BEFORE_MS:
                first.setdefault(event.type, event.at_ms - BEFORE_MS)
        return first

    async def onsets(event: str, **how: bool) -> list[float]:
        heard = [(clip, await hear(clip.name, clip.sound, **how)) for clip in whole]
        return [first[event] - clip.onset_ms for clip, first in heard if event in first]

    started = "input_audio_buffer.speech_started"
    stopped = {
        name: started in await hear(name, sound, speaking=True)
        for name, sound in noises.all_of_them(np.random.default_rng(2)).items()
    }
    return BargeIns(
        mode,
        await onsets(started, speaking=False),
        await onsets(started, speaking=True),
        await onsets("vasi.output_audio.hold", speaking=True, activity=True),
        stopped,
    )


# --- the tier -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class AudioTime:
    """The figures of the tier."""

    about: dict[str, Any]
    endings: list[Endings]
    barge_ins: list[BargeIns]

    def json(self) -> dict[str, Any]:
        return {
            "about": self.about,
            "endings": {each.mode: {**each.json(), "measured": asdict(each)} for each in self.endings},
            "barge-ins": {each.mode: {**each.json(), "measured": asdict(each)} for each in self.barge_ins},
        }


def measure(seed: int, *, words: bool) -> AudioTime:
    """Run the tier; ``words`` has the recogniser decode what was said up to each pause, which takes a minute."""
    return asyncio.run(_measure(seed, words))


async def _measure(seed: int, words: bool) -> AudioTime:
    said, ears = clips(np.random.default_rng(seed)), Ears()
    modes: dict[str, dict[str, Any]] = dict(SERVER_VAD)
    ends = [await endings(mode, detection, said, ears, None, 0.0) for mode, detection in SERVER_VAD.items()]
    async with _analyzers(words) as analyzers:
        for eagerness in EAGERNESS:
            mode = f"semantic_vad {eagerness}"
            modes[mode] = {"type": "semantic_vad", "eagerness": eagerness}
            for name, (judge, latency_ms) in analyzers.items():
                once = None if judge is None else partial(ears.judged, name, judge)
                ends.append(await endings(f"{mode}, {name}", modes[mode], said, ears, once, latency_ms))
    barged = [await barge_ins(mode, modes[mode], said[0], ears) for mode in BARGE_INS]
    whole, paused, natural = said
    about = {
        "seed": seed,
        "sentences": [clip.name for clip in whole],
        "with a pause": [clip.name for clip in paused],
        "natural": [clip.name for clip in natural],
        "words": "PocketSphinx, of what was said up to the pause" if words else "none",
    }
    return AudioTime(about, ends, barged)


@contextlib.asynccontextmanager
async def _analyzers(words: bool) -> AsyncIterator[dict[str, tuple[Judge | None, float]]]:
    """By name; Smart Turn where its weights are."""
    async with contextlib.AsyncExitStack() as stack:
        found: dict[str, tuple[Judge | None, float]] = {}
        path = weights.find(Settings())
        if path is not None:
            smart = SmartTurnAnalyzer(path)
            await smart.start()
            stack.push_async_callback(smart.stop)
            found["smart-turn"] = (lambda samples: smart.completeness(samples, ""), SMART_TURN_MS)
        recognise = await stack.enter_async_context(_recogniser()) if words else None
        cues = CueTurnAnalyzer()

        async def by_cues(samples: Samples) -> float:
            return await cues.completeness(samples, "" if recognise is None else await recognise(samples))

        found["cues"] = (by_cues, CUES_MS)
        found["none"] = (None, 0.0)
        yield found


@contextlib.asynccontextmanager
async def _recogniser() -> AsyncIterator[Callable[[Samples], Awaitable[str]]]:
    if not find_spec("pocketsphinx"):
        raise RuntimeError("PocketSphinx isn't installed: pip install 'vasi[local]'")
    with tempfile.TemporaryDirectory() as folder:
        stt = PocketSphinxStt(cache=Path(folder), pronounce=None)
        await stt.start()

        async def recognise(samples: Samples) -> str:
            stream = stt.open("")
            try:
                for at in range(0, samples.size, HEARING_RATE):
                    stream.feed(samples[at : at + HEARING_RATE])
                return (await stream.finish()).text
            finally:
                await stream.close()

        try:
            yield recognise
        finally:
            await stt.stop()


def show(tier: AudioTime) -> None:
    """Print the tables."""
    console = Console(width=170)
    lengths = list(tier.endings[0].cut)
    table = Table(
        "ends of turns",
        *QUANTILES,
        *(f"{name} after a pause" for name in ("p50", "p90")),
        *(f"cut in {name}" for name in lengths),
        "cuts a natural recording",
        "late",
    )
    for each in tier.endings:
        figures = each.json()
        first, paused = figures["T1"], figures["T1 after a pause"]
        cut = [f"{figures['T4'][name]:.0%}" for name in lengths]
        delays = [*first.values(), paused["p50"], paused["p90"]]
        late = "-" if figures["T5"] is None else f"{figures['T5']:.0%}"
        table.add_row(each.mode, *map(_ms, delays), *cut, str(figures["T4 natural, a recording"]), late)
    console.print(table)
    noise = list(tier.barge_ins[0].stopped_by)
    table = Table("barge-ins", "heard, silent", "heard, speaking", "hold", *noise)
    for each in tier.barge_ins:
        figures = each.json()["B1"].values()
        table.add_row(each.mode, *map(_ms, figures), *("cut" if each.stopped_by[name] else "ignored" for name in noise))
    console.print(table)
    for name, value in tier.about.items():
        console.print(f"{name}: {', '.join(value) if isinstance(value, list) else value}", highlight=False)


def _ms(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f} ms"
