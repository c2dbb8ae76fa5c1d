"""A Realtime API that lives in this process: the conversation machine, with engines to carry out its effects."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

import numpy as np

from vasi.backends.context import chat_request
from vasi.backends.hearing import Encoder, Hearing, resampled
from vasi.backends.ports import Deliver
from vasi.conversation import effects as do
from vasi.conversation import inputs
from vasi.conversation.machine import Conversation
from vasi.conversation.settings import ConversationSettings
from vasi.conversation.spoken_language import base_language
from vasi.engines.host import EngineMonitor, Part, Unmonitored
from vasi.engines.ports import Engines, LlmDone, Samples, SttStream, TextDelta, ToolCallDelta, Transcript
from vasi.errors import EngineError, VasiError
from vasi.language.time_zones import in_zone
from vasi.observe.failures import Failures
from vasi.observe.observer import UNOBSERVED, SessionObserver
from vasi.protocol.client_events import AudioAppend, ClientEvent
from vasi.protocol.server_events import error_event
from vasi.protocol.session import AnySession, interpreting_of, time_zone_of
from vasi.protocol.sizes import approximate_bytes

log = logging.getLogger(__name__)

INBOX = 512
"""Inputs that may wait for the machine; whoever has more waits."""
WAITING_BYTES = 4 * 1024 * 1024
"""Sound and pictures that may wait with them; a single larger event may."""
WINDOWS_AT_ONCE = 8
"""VAD windows judged before others get a turn on the event loop: about 3 ms."""


def local_now() -> datetime:
    """The present time in the machine's own zone."""
    return datetime.now().astimezone()


@dataclass(slots=True)
class _Answer:
    """What works on one response."""

    clauses: asyncio.Queue[do.Speak] = field(default_factory=asyncio.Queue[do.Speak])
    tasks: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])


def level(window: Samples) -> float:
    """How loud the second half of a VAD window is: its root mean square."""
    half = window[len(window) // 2 :].astype(np.float32)
    return float(np.sqrt(half.dot(half) / len(half)))


def _size(event: ClientEvent) -> int:
    """Bytes that ``event`` takes while it waits; audio is asked for fifty times a second."""
    return len(event.audio) if isinstance(event, AudioAppend) else approximate_bytes(event)


class FailedSttStream:
    """The stream of an utterance that the recogniser couldn't open: its end tells why."""

    def __init__(self, error: EngineError) -> None:
        self._error = error

    def feed(self, samples: Samples) -> None:
        """The audio is discarded."""

    def pause(self) -> None:
        """Nothing to decode."""

    def resume(self) -> None:
        """Nothing to decode."""

    async def finish(self) -> Transcript:
        raise self._error

    async def close(self) -> None:
        """Nothing to free."""


class LocalBackend:
    """Drives one ``Conversation`` with engines.

    Args:
        engines: the parts, started and shared with other sessions.
        session: the configuration it begins with.
        settings: what holds for every conversation.
        seed: distinguishes its ids.
        profile: the owner whose words the recogniser knows.
        monitor: is told how the engines do.
        observer: watches what the conversation wants done, and what fails.
        clock: monotonic seconds.
        today: the user's present time.
    """

    def __init__(
        self,
        engines: Engines,
        session: AnySession,
        settings: ConversationSettings,
        *,
        seed: str,
        profile: str,
        monitor: EngineMonitor | None = None,
        observer: SessionObserver = UNOBSERVED,
        clock: Callable[[], float] = time.monotonic,
        today: Callable[[], datetime] = local_now,
    ) -> None:
        self._engines = engines
        self._monitor = monitor or Unmonitored()
        self._observer = observer
        self._failures = Failures(seed, log, observer)
        self._profile = profile
        self._clock = clock
        self._today = today
        self._conversation = Conversation(session, settings, seed=seed, images=engines.images)
        self._inbox: asyncio.Queue[inputs.Input] = asyncio.Queue(INBOX)
        self._waiting_bytes = 0
        self._room = asyncio.Event()
        self._hearing = Hearing()
        self._vad = engines.vad.open()
        self._vad_failed = False
        """The client was told."""
        self._audio: do.ProcessAudio | None = None
        """The audio that the machine wants processed next."""
        self._judge: asyncio.Task[None] | None = None
        self._answers: dict[str, _Answer] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: asyncio.TaskGroup
        self._deliver: Deliver

    async def send(self, event: ClientEvent) -> None:
        """Take an event; waits while the inbox is full."""
        while not self.send_now(event):
            self._room.clear()
            await self._room.wait()

    def send_now(self, event: ClientEvent) -> bool:
        """Take an event, unless the inbox is full."""
        size = _size(event)
        if self._inbox.full() or (self._waiting_bytes and self._waiting_bytes + size > WAITING_BYTES):
            return False
        self._waiting_bytes += size
        self._inbox.put_nowait(inputs.ClientSent(event))
        return True

    async def run(self, deliver: Deliver) -> None:
        """Serve until cancelled."""
        self._deliver = deliver
        try:
            async with asyncio.TaskGroup() as self._tasks:
                self._carry_out(self._conversation.begin(self._now()))
                while True:
                    happened = await self._inbox.get()
                    if isinstance(happened, inputs.ClientSent):
                        self._waiting_bytes -= _size(happened.event)
                    self._room.set()
                    self._step(happened)
                    if self._audio is not None:
                        audio, self._audio = self._audio, None
                        await self._process_audio(audio)
        finally:
            if self._timer is not None:
                self._timer.cancel()
            for stream in self._hearing.take_all():
                await stream.close()

    def _now(self) -> float:
        return self._clock() * 1000

    def _step(self, happened: inputs.Input) -> None:
        self._carry_out(self._conversation.step(happened, self._now()))

    def _carry_out(self, effects: list[do.Effect]) -> None:
        for effect in effects:
            self._observer.effect(effect)
            match effect:
                case do.Send(event):
                    self._deliver(event)
                case do.ProcessAudio():
                    self._audio = effect
                case do.ResetAudio():
                    self._hearing.reset()
                    self._vad.reset()
                case do.OpenUtterance():
                    self._open_utterance(effect)
                case do.PauseUtterance(item_id):
                    self._hearing.pause(item_id)
                case do.ResumeUtterance(item_id):
                    self._hearing.resume(item_id)
                case do.Recognise():
                    self._tasks.create_task(self._recognise_item(effect))
                case do.DetectEndOfTurn():
                    self._judge_turn(effect)
                case do.FinishUtterance() | do.CancelUtterance():
                    self._close_utterance(effect)
                case do.Generate():
                    answer = self._answers[effect.response_id] = _Answer()
                    answer.tasks.append(self._tasks.create_task(self._generate(effect)))
                case do.Speak():
                    self._speak(effect)
                case do.Release(response_id):
                    answer = self._answers.pop(response_id, None)
                    for task in answer.tasks if answer else ():
                        task.cancel()
                case do.WakeAt(at):
                    self._set_timer(at)
                case _:
                    assert_never(effect)

    # --- hearing ----------------------------------------------------------------------------------------------------
    async def _process_audio(self, effect: do.ProcessAudio) -> None:
        """Step the machine with what the VAD says of each window of this audio, before anything else happens to it."""
        judged = 0
        for _ in self._hearing.slices(effect.audio, effect.start_ms, effect.format):
            for end_ms, window in self._hearing.windows():
                if not effect.vad:
                    continue
                self._step(inputs.SpeechProbability(end_ms, self._probability(window), level(window)))
                self._hearing.feed(whole=False)
                judged += 1
                if judged % WINDOWS_AT_ONCE == 0:
                    await asyncio.sleep(0)
            if not effect.vad:
                self._hearing.feed(whole=True)
                await asyncio.sleep(0)

    def _probability(self, window: Samples) -> float:
        try:
            return self._vad.probability(window)
        except Exception as error:
            if not self._vad_failed:
                self._vad_failed = True
                self._monitor.failed("vad", error)
                message = self._failures.unforeseen("vad", "The voice activity detector", error)
                self._deliver(error_event(EngineError(message), None))
            with suppress(Exception):
                self._vad = self._engines.vad.open()
            return 0.0

    def _open_utterance(self, effect: do.OpenUtterance) -> None:
        stream = self._open_stream(effect.item_id, effect.language)
        self._hearing.open(effect.item_id, stream, effect.start_ms)

    def _close_utterance(self, effect: do.FinishUtterance | do.CancelUtterance) -> None:
        self._stop_judging()
        self._hearing.feed(whole=self._conversation.session.audio.input.turn_detection is None)
        stream = self._hearing.take(effect.item_id)
        if stream is None:
            return
        if isinstance(effect, do.FinishUtterance):
            self._tasks.create_task(self._recognise(effect.item_id, stream))
        else:
            self._tasks.create_task(stream.close())

    def _open_stream(self, item_id: str, language: str | None) -> SttStream:
        def on_partial(text: str) -> None:
            if not self._inbox.full():
                self._inbox.put_nowait(inputs.PartlyRecognised(item_id, text))

        try:
            return self._engines.stt.open(self._profile, on_partial, language)
        except EngineError as error:
            return FailedSttStream(error)
        except Exception as error:
            return FailedSttStream(EngineError(self._failures.unforeseen("stt", "The speech recogniser", error)))

    async def _recognise_item(self, effect: do.Recognise) -> None:
        stream = self._open_stream(effect.item_id, effect.language)
        try:
            for samples in resampled(effect.audio, effect.format):
                stream.feed(samples)
                await asyncio.sleep(0)
        except BaseException:
            await stream.close()
            raise
        await self._recognise(effect.item_id, stream)

    async def _recognise(self, item_id: str, stream: SttStream) -> None:
        result: inputs.Input
        try:
            transcript = await stream.finish()
            self._monitor.succeeded("stt")
            result = inputs.Recognised(item_id, transcript.text, transcript.language)
        except VasiError as error:
            self._monitor.failed("stt", error)
            self._failures.foreseen("stt", error)
            result = inputs.NotRecognised(item_id, error.message)
        except Exception as error:
            self._monitor.failed("stt", error)
            message = self._failures.unforeseen("stt", "The speech recogniser", error)
            result = inputs.NotRecognised(item_id, message)
        finally:
            await stream.close()
        await self._inbox.put(result)

    def _judge_turn(self, effect: do.DetectEndOfTurn) -> None:
        self._stop_judging()
        samples = self._hearing.between(effect.start_ms, effect.end_ms)
        self._judge = self._tasks.create_task(self._judged(effect, samples))

    async def _judged(self, effect: do.DetectEndOfTurn, samples: Samples) -> None:
        """A turn that can't be judged counts as unfinished: the longest pause ends it all the same."""
        completeness = 0.0
        try:
            completeness = await self._engines.turn.completeness(samples, effect.words)
            self._monitor.succeeded("turn")
        except EngineError as error:
            log.warning("The end of a turn couldn't be judged: %s", error.message)
            self._monitor.failed("turn", error)
            self._failures.foreseen("turn", error)
        except Exception as error:
            self._monitor.failed("turn", error)
            self._failures.unforeseen("turn", "The turn analyzer", error)
        await self._inbox.put(inputs.TurnJudged(effect.item_id, effect.pause_ms, completeness))

    def _stop_judging(self) -> None:
        if self._judge is not None:
            self._judge.cancel()
            self._judge = None

    # --- answering --------------------------------------------------------------------------------------------------
    async def _generate(self, effect: do.Generate) -> None:
        response_id = effect.response_id
        session = self._conversation.session
        request = replace(
            chat_request(effect),
            now=in_zone(self._today(), time_zone_of(session)),
            interpreting=tuple(base_language(tag) or tag for tag in interpreting_of(session) or ()),
        )
        result: inputs.Input = inputs.Generated(response_id, "stop")
        try:
            async with aclosing(self._engines.llm.generate(request)) as events:
                async for event in events:
                    match event:
                        case TextDelta(text):
                            await self._inbox.put(inputs.TextDelta(response_id, text))
                        case ToolCallDelta(index, arguments, call_id, name):
                            await self._inbox.put(inputs.ToolCallDelta(response_id, index, arguments, call_id, name))
                        case LlmDone(finish, read, written, cached):
                            result = inputs.Generated(response_id, finish, read, written, cached)
            self._monitor.succeeded("llm")
        except Exception as error:
            result = self._engine_failed(response_id, "llm", "The language model", error)
        await self._inbox.put(result)

    def _speak(self, effect: do.Speak) -> None:
        answer = self._answers[effect.response_id]
        answer.clauses.put_nowait(effect)
        if len(answer.tasks) == 1:
            answer.tasks.append(self._tasks.create_task(self._synthesise(effect.response_id, answer)))

    async def _synthesise(self, response_id: str, answer: _Answer) -> None:
        """Speak clause after clause, until the response is released."""
        try:
            while True:
                effect = await answer.clauses.get()
                if effect.text.strip():
                    await self._synthesise_clause(effect)
                await self._inbox.put(inputs.ClauseFinished(response_id, effect.clause))
        except Exception as error:
            await self._inbox.put(self._engine_failed(response_id, "tts", "The speech synthesiser", error))

    async def _synthesise_clause(self, effect: do.Speak) -> None:
        encoder = Encoder(effect.format)
        speech = self._engines.tts.speak(effect.text, voice=effect.voice, speed=effect.speed, language=effect.language)
        async with aclosing(speech) as chunks:
            async for chunk in chunks:
                audio = encoder.push(chunk.samples)
                await self._inbox.put(inputs.AudioChunk(effect.response_id, effect.clause, audio, chunk.words))
        rest = encoder.flush()
        if rest:
            await self._inbox.put(inputs.AudioChunk(effect.response_id, effect.clause, rest))
        self._monitor.succeeded("tts")

    def _engine_failed(self, response_id: str, part: Part, name: str, error: Exception) -> inputs.EngineFailed:
        self._monitor.failed(part, error)
        if isinstance(error, EngineError):
            self._failures.foreseen(part, error)
            return inputs.EngineFailed(response_id, error.code, error.message)
        return inputs.EngineFailed(response_id, "engine_error", self._failures.unforeseen(part, name, error))

    def _set_timer(self, at: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        delay = max(0.0, (at - self._now()) / 1000)
        self._timer = asyncio.get_running_loop().call_later(delay, self._fire_timer)

    def _fire_timer(self) -> None:
        if self._inbox.full():
            self._timer = asyncio.get_running_loop().call_later(0.01, self._fire_timer)
        else:
            self._inbox.put_nowait(inputs.TimerFired())
