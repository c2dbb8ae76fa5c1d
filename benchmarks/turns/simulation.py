"""A ``Conversation`` that hears a recording: audio time only, no wall clock.

The detector, the conversation and the turn analyzer are the real ones; a judgement comes ``latency_ms`` of audio time
after it was asked for. The model and the voice are a stub that goes on talking for half a minute.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from vasi.backends.hearing import Hearing
from vasi.backends.local import level
from vasi.conversation import effects as do
from vasi.conversation import inputs
from vasi.conversation.machine import Conversation
from vasi.engines.ports import VadStream
from vasi.media import pcm
from vasi.media.pcm import Samples
from vasi.protocol.client_events import AudioAppend, ClientEvent, ResponseCreate
from vasi.protocol.session import Session, updated
from vasi.testing.settings import conversation_settings

FRAME_MS = 20
FRAME = 24 * FRAME_MS
ANSWER_S = 30

Judge = Callable[[Samples], Awaitable[float]]


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of the kind ``type`` was sent to the client at ``at_ms`` of audio time."""

    type: str
    at_ms: float


class Simulation:
    """One session.

    Args:
        detection: its ``turn_detection``.
        vad: the detector's stream.
        judge: how complete (0 to 1) the samples seem; None leaves every turn unfinished.
        latency_ms: how long a judgement takes.
        activity: whether the client can hold its playback.
    """

    def __init__(
        self,
        detection: dict[str, Any],
        vad: VadStream,
        judge: Judge | None,
        latency_ms: float,
        *,
        activity: bool = False,
    ) -> None:
        changes: dict[str, Any] = {"audio": {"input": {"turn_detection": detection}}}
        if activity:
            changes["include"] = ["vasi.activity"]
        session = updated(Session(id="sess_simulated", model="vasi", expires_at=2_000_000_000), changes)
        self._conversation = Conversation(session, conversation_settings(), seed="simulated")
        self._hearing = Hearing()
        self._vad, self._judge, self._latency_ms = vad, judge, latency_ms
        self._due: list[tuple[float, int, inputs.Input]] = []
        self._order = itertools.count()
        self._wake_at: float | None = None
        self.now = 0.0
        self.happened: list[Happened] = []

    async def begin(self) -> None:
        await self._carry_out(self._conversation.begin(self.now))

    async def answer(self) -> None:
        """The assistant begins to talk."""
        await self.say(ResponseCreate())

    async def say(self, event: ClientEvent) -> None:
        await self._step(inputs.ClientSent(event))
        await self._catch_up()

    async def hear(self, sound: Samples) -> None:
        """The microphone sends ``sound`` (``int16[n]``, 24 kHz), 20 ms at a time, each when it's over."""
        for at in range(0, len(sound) - FRAME + 1, FRAME):
            await self._catch_up(self.now + FRAME_MS)
            await self.say(AudioAppend(audio=pcm.encode(sound[at : at + FRAME])))

    # --- time -------------------------------------------------------------------------------------------------------
    async def _catch_up(self, until: float | None = None) -> None:
        """Let everything happen that is due up to ``until``."""
        until = self.now if until is None else until
        while True:
            soonest = min(self._due[0][0] if self._due else until + 1, self._wake_at or until + 1)
            if soonest > until:
                break
            self.now = max(self.now, soonest)
            if self._due and self._due[0][0] <= soonest:
                await self._step(heapq.heappop(self._due)[2])
            else:
                self._wake_at = None
                await self._step(inputs.TimerFired())
        self.now = until

    def _later(self, happens: inputs.Input, after_ms: float = 0.0) -> None:
        heapq.heappush(self._due, (self.now + after_ms, next(self._order), happens))

    async def _step(self, happened: inputs.Input) -> None:
        await self._carry_out(self._conversation.step(happened, self.now))

    async def _carry_out(self, effects: list[do.Effect]) -> None:
        for effect in effects:
            match effect:
                case do.Send(event):
                    self.happened.append(Happened(str(event.__struct_config__.tag), self.now))
                case do.ProcessAudio():
                    for _ in self._hearing.slices(effect.audio, effect.start_ms, effect.format):
                        for end_ms, window in self._hearing.windows():
                            await self._step(
                                inputs.SpeechProbability(end_ms, self._vad.probability(window), level(window))
                            )
                case do.DetectEndOfTurn():
                    samples = self._hearing.between(effect.start_ms, effect.end_ms)
                    seems = 0.0 if self._judge is None else await self._judge(samples)
                    self._later(inputs.TurnJudged(effect.item_id, effect.pause_ms, seems), self._latency_ms)
                case do.FinishUtterance(item_id):
                    self._later(inputs.Recognised(item_id, "what was said"))
                case do.Generate():
                    self._later(inputs.TextDelta(effect.response_id, "This is what I have to say about it. "))
                    self._later(inputs.Generated(effect.response_id, "stop"))
                case do.Speak():
                    tone = np.full(24_000 * ANSWER_S, 300, np.int16)
                    self._later(inputs.AudioChunk(effect.response_id, effect.clause, pcm.encode(tone)))
                    self._later(inputs.ClauseFinished(effect.response_id, effect.clause))
                case do.WakeAt(at):
                    self._wake_at = at
                case _:
                    pass
