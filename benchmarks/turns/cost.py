"""What a session costs the server: C1, in processor time and memory."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

import numpy as np

from benchmarks.turns.conversation import conversation
from benchmarks.turns.figures import Row, summary
from benchmarks.turns.process import Server
from benchmarks.turns.recordings import Recording
from benchmarks.turns.talker import AUDIO, FRAME_MS, RATE, frames, room

ROUNDS = 3
"""Each kind of session is watched so often, the servers in turns."""
PAUSE_S = 0.15
"""Between the sentences of somebody who talks on and on."""
SETTLE_S = 1
LONG_MS = 60_000
PATIENT_MS = 500


async def memory(vasi: Server, floor: Server, sessions: int) -> list[Row]:
    """Megabytes of a session. To be measured on a fresh server: one that has served many keeps what they needed."""
    silence = frames(room(RATE * SETTLE_S, 2))
    each = [summary([await _memory(place, sessions, silence)]) for place in (vasi, floor)]
    return [Row("C1", f"memory of a session, {sessions} open", "MB", *each, 3.0)]


async def processor(vasi: Server, floor: Server, sentences: Sequence[Recording], seconds: float) -> list[Row]:
    """Shares of one core."""
    pause = room(int(PAUSE_S * RATE), 1)
    monologue = np.concatenate([part for one in sentences for part in (one.samples(RATE), pause)])
    silence = frames(room(RATE * 10, 2))
    kinds: dict[str, tuple[list[str], bool, float | None]] = {
        "microphone on, nobody speaks": (silence, False, 5.0),
        "user speaks": (frames(monologue), False, None),
        "assistant speaks": (silence, True, None),
    }
    rows: list[Row] = []
    for what, (prepared, answering, target) in kinds.items():
        shares: dict[str, list[float]] = {vasi.name: [], floor.name: []}
        for _ in range(ROUNDS):
            for place in (vasi, floor):
                shares[place.name].append(await _share(place, prepared, seconds / ROUNDS, answering=answering))
        both = (summary(shares[place.name]) for place in (vasi, floor))
        rows.append(Row("C1", f"of a core: {what}", "%", *both, target))
    return rows


async def _share(place: Server, prepared: Sequence[str], seconds: float, *, answering: bool) -> float:
    async with conversation(place, reply_ms=LONG_MS if answering else 0, silence_ms=PATIENT_MS) as talker:
        if answering:
            await talker.send("response.create")
            await talker.until(AUDIO)
        count = max(1, int(seconds * 1000 / FRAME_MS))
        wanted = [prepared[at % len(prepared)] for at in range(count)]
        await talker.speak(wanted[:5])
        before = place.cpu_ms()
        await talker.speak(wanted)
        return (place.cpu_ms() - before) / (count * FRAME_MS) * 100


async def _memory(place: Server, sessions: int, silence: list[str]) -> float:
    """What the server grows by for each of ``sessions`` with some audio; a first one paves the way."""
    async with conversation(place) as talker:
        await talker.speak(silence)
    before = place.memory_mb()
    async with AsyncExitStack() as stack:
        talkers = [await stack.enter_async_context(conversation(place)) for _ in range(sessions)]
        async with asyncio.TaskGroup() as tasks:
            for talker in talkers:
                tasks.create_task(talker.speak(silence))
        return (place.memory_mb() - before) / sessions
