"""Speaking into an answer: B1 while the assistant speaks, B2, B3 and B5."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.turns.conversation import FIRST_WORD, WORD_MS, conversation, say
from benchmarks.turns.figures import Row, summary
from benchmarks.turns.process import Server
from benchmarks.turns.recordings import Recording
from benchmarks.turns.talker import AUDIO, DONE, STARTED, Event, Talker
from vasi.testing.canned import LEVEL, RECITE

ANSWER_MS = 20_000
HEARD_MS = (600, 1400)
"""How long the assistant has been speaking when the user cuts in."""
AFTER_MS = 700
AT_A_TIME = 3
HOLDS = frozenset({"vasi.output.held", "vasi.playback.hold"})


@dataclass(frozen=True, slots=True)
class BargeIn:
    """What is said after ``heard_ms`` of the answer, and whether the client reports how much it played."""

    recording: Recording
    heard_ms: int
    reported: bool


@dataclass(slots=True)
class BargeIns:
    """What came of them; times in ms, one entry a barge-in."""

    started: list[float] = field(default_factory=list[float])
    held: list[float] = field(default_factory=list[float])
    unplayed: list[float] = field(default_factory=list[float])
    reported_ms: list[float] = field(default_factory=list[float])
    told_words: list[float] = field(default_factory=list[float])
    guessed_words: list[float] = field(default_factory=list[float])
    stale_bytes: list[float] = field(default_factory=list[float])
    missed: int = 0


async def measure(
    vasi: Server, floor: Server, sentences: Sequence[Recording], count: int, chance: random.Random
) -> list[Row]:
    """``count`` barge-ins into each server, a few sessions at a time, and as many cancels."""
    seed = chance.random()
    runs: list[BargeIns] = []
    for place in (vasi, floor):
        again, run = random.Random(seed), BargeIns()
        sessions = min(AT_A_TIME, count)
        async with asyncio.TaskGroup() as tasks:
            for session in range(sessions):
                shares = range(session, count, sessions)
                wanted = [
                    BargeIn(sentences[at % len(sentences)], again.randrange(*HEARD_MS), reported=at % 2 == 0)
                    for at in shares
                ]
                tasks.create_task(_hold(place, wanted, run, again.uniform(0, 1)))
        runs.append(run)
    ours, bare = runs
    cancelled = await _cancels(vasi, count, chance)
    started, unplayed = ((summary(x) for x in (getattr(ours, k), getattr(bare, k))) for k in ("started", "unplayed"))
    return [
        Row("B1", "onset to speech_started, assistant speaking", "ms", *started, 300),
        Row("B1", "onset to hold, assistant speaking", "ms", summary(ours.held), None, 150 if ours.held else None),
        Row("B1", "barge-ins not noticed once", "turns", summary([ours.missed]), summary([bare.missed])),
        Row("B2", "audio unplayed at speech_started", "ms", *unplayed),
        Row("B3", "truncated as reported: audio kept", "ms", summary(ours.reported_ms), None, 40, "max"),
        Row("B3", "truncated as reported: what the model is told", "words", summary(ours.told_words), None, 1, "max"),
        Row("B3", "not reported: what the model is told", "words", summary(ours.guessed_words), None, 1, "max"),
        Row("B5", "audio after a barge-in's response.done", "bytes", summary(ours.stale_bytes), None, 0, "max"),
        Row("B5", "audio after a cancel's response.done", "bytes", summary(cancelled), None, 0, "max"),
    ]


async def _hold(place: Server, wanted: Sequence[BargeIn], into: BargeIns, delay_s: float) -> None:
    async with conversation(place, reply_ms=ANSWER_MS, activity=True, create_response=False) as talker:
        await asyncio.sleep(delay_s)
        for one in wanted:
            await _barge_in(place, talker, one, into)


async def _barge_in(place: Server, talker: Talker, wanted: BargeIn, into: BargeIns) -> None:
    mark = len(talker.events)
    await talker.send("response.create")
    speaking = asyncio.create_task(say(talker, wanted.recording, wanted.heard_ms, AFTER_MS))
    sound = await _event(talker, AUDIO, mark)
    started_at, _ = await _event(talker, STARTED, mark)
    _, spoken = sound
    speaker = talker.speakers[spoken.response_id]
    played_ms, unplayed_ms = speaker.played_ms(started_at), speaker.unplayed_ms(started_at)
    if wanted.reported and place.name == "vasi":
        await talker.send(
            "conversation.item.truncate", item_id=spoken.item_id, content_index=0, audio_end_ms=int(played_ms)
        )
    onset, _ = await speaking
    came = talker.events[mark:]
    if started_at < onset or sum(event.type == STARTED for _, event in came) != 1:
        into.missed += 1
    else:
        into.started.append(started_at - onset)
        into.unplayed.append(unplayed_ms)
        into.held += [at - onset for at, event in came if event.type in HOLDS][:1]
    if place.name == "floor":
        # It can't be interrupted.
        talker.speakers.clear()
        return
    into.stale_bytes.append(_stale(talker, mark, spoken.response_id))
    told = await _told(talker)
    error = abs(told - _heard(speaker.pcm, played_ms))
    if wanted.reported:
        into.told_words.append(error)
        await talker.send("conversation.item.retrieve", item_id=spoken.item_id)
        _, retrieved = await _event(talker, "conversation.item.retrieved", mark)
        kept = len(retrieved.item["content"][0].get("audio") or "") * 3 // 4 / 48
        into.reported_ms.append(abs(kept - played_ms))
    else:
        into.guessed_words.append(error)


async def _event(talker: Talker, kind: str, since: int) -> tuple[float, Event]:
    await talker.until(kind, since)
    found = talker.find(kind, since)
    assert found is not None, "waited for"
    return found


async def _told(talker: Talker) -> int:
    """How many of its words the model is told were heard."""
    mark = len(talker.events)
    response = {"conversation": "none", "output_modalities": ["text"], "instructions": RECITE}
    await talker.send("response.create", response=response)
    _, done = await _event(talker, DONE, mark)
    return sum(word.strip(".,").isdecimal() for word in done.response["output"][0]["content"][0]["text"].split())


def _heard(audio: bytearray, played_ms: float) -> float:
    """How many words sounded in what was played, the last one in part: each sounds at a level of its own."""
    played = np.frombuffer(audio, "<i2")[: int(played_ms * 24)]
    if not len(played):
        return 0.0
    last = int(played[-1]) // LEVEL
    return last - FIRST_WORD + np.count_nonzero(played == played[-1]) / (WORD_MS * 24)


async def _cancels(vasi: Server, count: int, chance: random.Random) -> list[float]:
    """Bytes that still came of each response that the client cancelled, after it was said to be over."""
    stale: list[float] = []
    async with conversation(vasi, reply_ms=ANSWER_MS) as talker:
        for _ in range(count):
            mark = len(talker.events)
            await talker.send("response.create")
            _, sound = await _event(talker, AUDIO, mark)
            await asyncio.sleep(chance.uniform(0, 0.3))
            await talker.send("response.cancel")
            await _event(talker, DONE, mark)
            await asyncio.sleep(0.2)
            stale.append(_stale(talker, mark, sound.response_id))
    return stale


def _stale(talker: Talker, mark: int, response_id: str) -> float:
    """Bytes of a response's audio that came after its end."""
    over = False
    count = 0
    for _, event in talker.events[mark:]:
        if event.type == DONE and event.response["id"] == response_id:
            over = True
        elif over and event.type == AUDIO and event.response_id == response_id:
            count += len(event.delta) * 3 // 4
    return float(count)
