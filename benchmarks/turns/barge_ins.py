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
from benchmarks.turns.talker import AUDIO, DONE, FRAME_MS, STARTED, Event, Loudspeaker, Talker
from vasi.testing.canned import LEVEL, RECITE

ANSWER_MS = 20_000
HEARD_MS = (600, 1400)
"""How long the assistant has been speaking when the user cuts in."""
AFTER_MS = 900
SILENCE_MS = 500
"""A pause in what the user says is no end."""
AT_A_TIME = 6
"""Sessions of each server. Every other one of vasi's asks for what goes beyond the API, and is told to hold."""
HOLD = "vasi.output_audio.hold"


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
    """``count`` barge-ins into each server, and half as many cancels."""
    ours, bare = BargeIns(), BargeIns()
    sessions = min(AT_A_TIME, count)
    async with asyncio.TaskGroup() as tasks:
        for session in range(sessions):
            wanted: list[BargeIn] = []
            for at in range(session, count, sessions):
                heard_ms, reported = chance.randrange(*HEARD_MS, FRAME_MS), at // sessions % 2 == 0
                wanted.append(BargeIn(sentences[at % len(sentences)], heard_ms, reported))
            delay_s = chance.uniform(0, 2)
            tasks.create_task(_hold(vasi, wanted, ours, delay_s, activity=session % 2 == 1))
            tasks.create_task(_hold(floor, wanted, bare, delay_s + 1))
    cancelled = await _cancels(vasi, -(-count // 2), chance)
    started, unplayed = ((summary(x) for x in (getattr(ours, k), getattr(bare, k))) for k in ("started", "unplayed"))
    return [
        Row("B1", "onset to speech_started, assistant speaking", "ms", *started, 300),
        Row("B1", "onset to hold, assistant speaking", "ms", summary(ours.held), None, 150),
        Row("B1", "barge-ins not noticed once", "turns", summary([ours.missed]), summary([bare.missed]), 0),
        Row("B2", "audio unplayed when told to stop", "ms", *unplayed),
        Row("B3", "truncated as reported: audio kept", "ms", summary(ours.reported_ms), None, 40, "max"),
        Row("B3", "truncated as reported: what the model is told", "words", summary(ours.told_words), None, 1, "max"),
        Row("B3", "not reported: what the model is told", "words", summary(ours.guessed_words), None, 1, "max"),
        Row("B5", "audio after a barge-in's response.done", "bytes", summary(ours.stale_bytes), None, 0, "max"),
        Row("B5", "audio after a cancel's response.done", "bytes", summary(cancelled), None, 0, "max"),
    ]


async def _hold(
    place: Server, wanted: Sequence[BargeIn], into: BargeIns, delay_s: float, *, activity: bool = False
) -> None:
    async with conversation(
        place, reply_ms=ANSWER_MS, activity=activity, silence_ms=SILENCE_MS, create_response=False
    ) as talker:
        await asyncio.sleep(delay_s)
        for one in wanted:
            await _barge_in(place, talker, one, into)


async def _barge_in(place: Server, talker: Talker, wanted: BargeIn, into: BargeIns) -> None:
    mark = len(talker.events)
    await talker.send("response.create")
    speaking = asyncio.create_task(say(talker, wanted.recording, wanted.heard_ms, AFTER_MS))
    _, sound = await talker.until(AUDIO, mark)
    speaker = talker.speakers[sound.response_id]
    stopping = asyncio.create_task(_stopped(talker, sound, mark, report=wanted.reported and place.name == "vasi"))
    onset, _ = await speaking
    if not stopping.done():
        stopping.cancel()
    came = talker.events[mark:]
    started = [at for at, event in came if event.type == STARTED]
    if len(started) != 1 or started[0] < onset or not stopping.done():
        into.missed += 1
        if place.name == "vasi" and talker.find(DONE, mark) is None:
            await talker.send("response.cancel")
            await talker.until(DONE, mark)
        talker.speakers.clear()
        return
    stopped_at = await stopping
    played_ms = speaker.played_ms(stopped_at)
    into.started.append(started[0] - onset)
    into.unplayed.append(speaker.unplayed_ms(stopped_at))
    into.held += [at - onset for at, event in came if event.type == HOLD][:1]
    if place.name == "vasi":
        into.stale_bytes.append(_stale(talker, mark, sound.response_id))
        await _compare(talker, sound, speaker, played_ms, into, reported=wanted.reported)
    talker.speakers.clear()


async def _stopped(talker: Talker, sound: Event, mark: int, *, report: bool) -> float:
    """When the client was told to be quiet; then it says what it played, if it's one that does."""
    stopped_at, _ = await talker.until((HOLD, STARTED), mark)
    played_ms = talker.speakers[sound.response_id].played_ms(stopped_at)
    await talker.until(STARTED, mark)
    if report:
        await talker.send(
            "conversation.item.truncate", item_id=sound.item_id, content_index=0, audio_end_ms=int(played_ms)
        )
    return stopped_at


async def _compare(
    talker: Talker, sound: Event, speaker: Loudspeaker, played_ms: float, into: BargeIns, *, reported: bool
) -> None:
    """What the server believes was heard, with what was."""
    mark = len(talker.events)
    error = abs(await _told(talker) - _heard(speaker.pcm, played_ms))
    if not reported:
        into.guessed_words.append(error)
        return
    into.told_words.append(error)
    await talker.send("conversation.item.retrieve", item_id=sound.item_id)
    _, retrieved = await talker.until("conversation.item.retrieved", mark)
    kept_ms = len(retrieved.item["content"][0].get("audio") or "") * 3 // 4 / 48
    into.reported_ms.append(abs(kept_ms - played_ms))


async def _told(talker: Talker) -> int:
    """How many of its words the model is told were heard."""
    mark = len(talker.events)
    response = {"conversation": "none", "output_modalities": ["text"], "instructions": RECITE}
    await talker.send("response.create", response=response)
    _, done = await talker.until(DONE, mark)
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
            _, sound = await talker.until(AUDIO, mark)
            await asyncio.sleep(chance.uniform(0, 0.3))
            await talker.send("response.cancel")
            await talker.until(DONE, mark)
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
