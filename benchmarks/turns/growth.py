"""Whether a long conversation gets dearer turn by turn: C3."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import numpy as np

from benchmarks.turns.conversation import WORD_MS, conversation
from benchmarks.turns.figures import Row, summary
from benchmarks.turns.process import Server
from benchmarks.turns.talker import AUDIO, DONE, frames, milliseconds, room

SPOKEN_MS = 200
BLOCK = 10
"""Turns that are looked at together: one turn costs less than a noise of the machine."""


async def measure(vasi: Server, count: int) -> list[Row]:
    """``count`` short spoken turns, committed by the client, each answered with one word."""
    spoken = frames(room(SPOKEN_MS * 24, 3))
    latencies: list[float] = []
    cpu: list[float] = []
    memory: list[float] = []
    received: list[float] = []
    async with conversation(vasi, reply_ms=WORD_MS) as talker:
        await talker.send("session.update", session={"type": "realtime", "audio": {"input": {"turn_detection": None}}})
        await talker.until("session.updated", len(talker.events))
        for _ in range(count):
            mark, bytes_before, cpu_before = len(talker.events), talker.bytes_received, vasi.cpu_ms()
            for frame in spoken:
                await talker.pass_on(frame)
            await talker.send("input_audio_buffer.commit")
            begin = milliseconds()
            await talker.send("response.create")
            sounded_at, _ = await talker.until(AUDIO, mark)
            latencies.append(sounded_at - begin)
            await talker.until(DONE, mark)
            cpu.append(vasi.cpu_ms() - cpu_before)
            received.append(talker.bytes_received - bytes_before)
            memory.append(vasi.memory_mb())
            # The next answer shall not wait for the loudspeaker.
            await asyncio.sleep(WORD_MS / 1000)
    grown = (memory[-1] - memory[0]) * 1000 / max(1, count - 1)
    return [
        Row("C3", f"first audio after a commit, {count} turns", "ms", summary(latencies)),
        Row("C3", "... slope", "% a turn", summary([slope(latencies)]), None, 1.0),
        Row("C3", "processor time of a turn", "ms", summary(cpu)),
        Row("C3", "... slope", "% a turn", summary([slope(cpu)]), None, 1.0),
        Row("C3", "bytes sent for a turn", "bytes", summary(received)),
        Row("C3", "... slope", "% a turn", summary([slope(received)]), None, 1.0),
        Row("C3", "memory that a turn adds", "kB", summary([grown])),
    ]


def slope(values: Sequence[float]) -> float:
    """What each turn is dearer than the one before, in per cent of the median turn: a line through blocks' medians."""
    size = min(BLOCK, max(1, len(values) // 2))
    blocks = [float(np.median(values[at : at + size])) for at in range(0, len(values) - size + 1, size)]
    if len(blocks) < 2:
        return 0.0
    rise = float(np.polyfit(np.arange(len(blocks)) * size, blocks, 1)[0])
    return 100 * rise / float(np.median(blocks))
