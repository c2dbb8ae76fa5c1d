"""The wall-clock tier: a running server, real sockets, speech in real time, engines that take no time.

Everything is measured from outside, by the clock of the client. The floor server is measured in the same run, in turns
(vasi, floor, vasi, floor), so that a busy machine moves both: where a figure has a ratio, judge by the ratio.
"""

from __future__ import annotations

import asyncio
import os
import random
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import uvloop

from benchmarks.turns import barge_ins, cost, growth, turns
from benchmarks.turns.figures import Tier
from benchmarks.turns.process import server
from benchmarks.turns.recordings import recordings

SENTENCES = ("harvard_spk1_snt3.wav", "harvard_spk1_snt4.wav", "espeak_q1.wav", "espeak_q2.wav")
"""Sentences without a pause nearly as long as the endpointing window, be it only a mouth that is closed for a "t"."""
BARGE_INS = (
    *(f"harvard_spk1_snt{number}.wav" for number in range(1, 6)),
    *(f"espeak_{name}.wav" for name in ("q1", "q2", "n1", "bi1")),
)
"""What is said into an answer: every short recording of the set, since there a pause is no end."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured.

    Attributes:
        turns: of each server in a session of its own.
        sessions: numbers of sessions that talk at a time.
        turns_each: of each of those sessions.
        barge_ins: of each server.
        cost_s: how long the processor time of each kind of session is watched.
        idle_sessions: open at a time to see what one needs in memory.
        turns_of_one: how long the conversation gets that must not become dearer.
    """

    turns: int = 30
    sessions: tuple[int, ...] = (8, 20)
    turns_each: int = 3
    barge_ins: int = 60
    cost_s: float = 4.0
    idle_sessions: int = 20
    turns_of_one: int = 200


FULL = Plan()
QUICK = Plan(turns=4, sessions=(8,), turns_each=1, barge_ins=6, cost_s=1.2, turns_of_one=20)
LEAST = Plan(turns=1, sessions=(), turns_each=0, barge_ins=1, cost_s=0.6, idle_sessions=2, turns_of_one=4)
"""For a test of the benchmark itself."""


def measure(plan: Plan, seed: int, engines_ms: tuple[int, int, int] = (0, 0, 0)) -> Tier:
    """Run the whole tier, with engines that take so long: recogniser, model, voice.

    Raises:
        RuntimeError: a server doesn't start, or refuses what it's asked.
    """
    sentences, spoken_in = recordings(SENTENCES), recordings(BARGE_INS)
    about: dict[str, Any] = {"seed": seed, "files": [sentence.name for sentence in sentences]}
    about["spoken into answers"] = [sentence.name for sentence in spoken_in]
    about |= {"engines take (ms)": list(engines_ms), "load average before": load()}
    delays = [f"--{engine}-ms={took}" for engine, took in zip(("stt", "llm", "tts"), engines_ms, strict=True)]
    tier = Tier("wall clock", about)
    with ExitStack() as stack:
        vasi = stack.enter_context(server("vasi", "benchmarks.turns.canned", *delays))
        floor = stack.enter_context(server("floor", "benchmarks.turns.floor"))

        async def run() -> None:
            memory = await cost.memory(vasi, floor, plan.idle_sessions)
            tier.rows += await turns.alone(vasi, floor, sentences, plan.turns, random.Random(seed), sum(engines_ms))
            alone = next(row.vasi for row in tier.rows if row.id == "T2")
            for sessions in plan.sessions:
                chance = random.Random(seed + sessions)
                tier.rows += await turns.together(vasi, floor, sentences, sessions, plan.turns_each, chance, alone)
            tier.rows += await barge_ins.measure(vasi, floor, spoken_in, plan.barge_ins, random.Random(seed))
            tier.rows += await cost.processor(vasi, floor, sentences, plan.cost_s)
            tier.rows += memory
            tier.rows += await growth.measure(vasi, plan.turns_of_one)

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(run())
    about["load average after"] = load()
    return tier


def load() -> float:
    """How busy the machine was in the last minute."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else -1.0
