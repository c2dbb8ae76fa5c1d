"""How soon a turn is answered: T1, T2 and T3, B1 while the assistant is silent, and C2."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.turns.conversation import SILENCE_MS, conversation, say
from benchmarks.turns.figures import Row, Summary, summary
from benchmarks.turns.process import Server
from benchmarks.turns.recordings import Recording
from benchmarks.turns.talker import AUDIO, FRAME_MS, STARTED, STOPPED, Talker

AFTER_MS = 800
"""Silence after each sentence: the answer comes, and is over, within it."""
LATEST_MS = 3000
"""An answer that hasn't come so long after that isn't waited for."""
LEADS_MS = (300, 500)

Script = Sequence[tuple[Recording, int]]
"""Sentences, each with the silence before it."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of one turn; ms from the labels of the recording to the event at the client."""

    started: float
    stopped: float
    sounded: float


@dataclass(slots=True)
class Run:
    """The turns of one server, None for one that wasn't answered once and in time."""

    turns: list[Turn | None] = field(default_factory=list[Turn | None])
    late: int = 0
    sent: int = 0
    cpu_ms: float = 0.0
    spoken_s: float = 0.0

    @property
    def good(self) -> list[Turn]:
        return [turn for turn in self.turns if turn is not None]


def script(sentences: Sequence[Recording], count: int, chance: random.Random) -> Script:
    """``count`` turns, beginning anywhere among the sentences."""
    first = chance.randrange(len(sentences))
    return [(sentences[(first + at) % len(sentences)], chance.randrange(*LEADS_MS, FRAME_MS)) for at in range(count)]


async def hold(place: Server, wanted: Script, into: Run, delay_s: float = 0.0) -> None:
    """One session: speak, hear the answer, speak again."""
    async with conversation(place) as talker:
        await asyncio.sleep(delay_s)
        for recording, lead_ms in wanted:
            into.turns.append(await turn(talker, recording, lead_ms))
            into.spoken_s += (lead_ms + recording.end_ms + AFTER_MS) / 1000
        into.late += talker.late
        into.sent += talker.sent


async def turn(talker: Talker, recording: Recording, lead_ms: int) -> Turn | None:
    """One sentence and its answer, in a time that doesn't depend on the answer, unless that is very late."""
    mark = len(talker.events)
    onset, end = await say(talker, recording, lead_ms, AFTER_MS)
    patience_ms = LATEST_MS
    while talker.find(AUDIO, mark) is None and patience_ms > 0:
        await talker.rest(100)
        patience_ms -= 100
    came = talker.events[mark:]
    started, stopped, sounded = ([at for at, event in came if event.type == kind] for kind in (STARTED, STOPPED, AUDIO))
    if len(started) != 1 or len(stopped) != 1 or not sounded:
        return None
    return Turn(started[0] - onset, stopped[0] - end, sounded[0] - end)


async def alone(
    vasi: Server,
    floor: Server,
    sentences: Sequence[Recording],
    count: int,
    chance: random.Random,
    engines_ms: float,
) -> list[Row]:
    """One session with each server; they take turns, half a turn apart, and hear the same to the sample."""
    wanted = script(sentences, count, chance)
    ours, bare = Run(), Run()
    half = (LEADS_MS[1] + wanted[0][0].end_ms + AFTER_MS) / 2000
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(hold(vasi, wanted, ours))
        tasks.create_task(hold(floor, wanted, bare, half))
    pairs = [(a, b) for a, b in zip(ours.turns, bare.turns, strict=True) if a is not None and b is not None]
    sounded = summary(turn.sounded for turn in ours.good), summary(turn.sounded for turn in bare.good)
    started = summary(turn.started for turn in ours.good), summary(turn.started for turn in bare.good)
    stopped = summary(turn.stopped for turn in ours.good), summary(turn.stopped for turn in bare.good)
    above = summary(a.sounded - b.sounded - engines_ms for a, b in pairs)
    inside = (summary(turn.sounded - turn.stopped for turn in run.good) for run in (ours, bare))
    return [
        Row("T1", "end of speech to speech_stopped", "ms", *stopped),
        Row("T2", "end of speech to first audio", "ms", *sounded, SILENCE_MS + 60 + engines_ms),
        Row("T3", "above the floor, turn by turn", "ms", above, None, 10, "p95"),
        Row("T3", "speech_stopped to first audio", "ms", *inside),
        Row("B1", "onset to speech_started, assistant silent", "ms", *started, 120),
        Row("T", "turns not answered once", "turns", _missed(ours), _missed(bare), 0),
        Row("T", "frames the client sent late", "%", _late(ours), _late(bare)),
    ]


async def together(
    vasi: Server,
    floor: Server,
    sentences: Sequence[Recording],
    sessions: int,
    turns_each: int,
    chance: random.Random,
    alone: Summary | None,
) -> list[Row]:
    """So many sessions at a time, with one server and then with the other; ``alone`` is T2 of a session alone."""
    runs: list[Run] = []
    seed = chance.random()
    for place in (vasi, floor):
        again, run = random.Random(seed), Run()
        before = place.cpu_ms()
        async with asyncio.TaskGroup() as tasks:
            for _ in range(sessions):
                wanted = script(sentences, turns_each, again)
                tasks.create_task(hold(place, wanted, run, again.uniform(0, 2)))
        run.cpu_ms = place.cpu_ms() - before
        runs.append(run)
    shares = (summary([run.cpu_ms / run.spoken_s / 10]) for run in runs)
    ours, bare = (summary(turn.sounded for turn in run.good) for run in runs)
    missed = (_missed(run) for run in runs)
    slower = None if ours is None or alone is None else summary([ours.median / alone.median])
    later = None if ours is None or alone is None else summary([ours.p95 - alone.p95])
    return [
        Row("C2", f"T2 with {sessions} sessions talking", "ms", ours, bare),
        Row("C2", "... median, by that of one session", "times", slower, None, 1.2),
        Row("C2", "... p95, above that of one session", "ms", later, None, 50),
        Row("C2", f"... turns not answered once, of {sessions * turns_each}", "turns", *missed, 0),
        Row("C2", "... frames the client sent late", "%", *(_late(run) for run in runs)),
        Row("C2", "... of a core for each session", "%", *shares, 5),
    ]


def _missed(run: Run) -> Summary | None:
    return summary([run.turns.count(None)])


def _late(run: Run) -> Summary | None:
    return summary([100 * run.late / run.sent] if run.sent else [])
