"""A client with a microphone that is always on, a loudspeaker that plays at once, and the only clock of the benchmark.

A frame of 20 ms leaves when its last sample has been "spoken", as from a real microphone.
"""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import msgspec
import numpy as np
from websockets.asyncio.client import ClientConnection, connect

from vasi.media.pcm import Samples

RATE = 24_000
FRAME_MS = 20
FRAME = RATE * FRAME_MS // 1000
LATE_MS = FRAME_MS
"""A frame that leaves this much too late says that the machine was too busy for the client itself."""
HISS = 1
"""A quiet room. In a louder one Silero holds on to recordings that were cut off at the last word for 0.2 s longer."""
PATIENCE_S = 20.0

STARTED = "input_audio_buffer.speech_started"
STOPPED = "input_audio_buffer.speech_stopped"
AUDIO = "response.output_audio.delta"
DONE = "response.done"
ERROR = "error"


class Event(msgspec.Struct):
    """What the benchmark needs of a server event."""

    type: str
    delta: str = ""
    response_id: str = ""
    item_id: str = ""
    audio_end_ms: int = 0
    session: Any = None
    item: Any = None
    response: Any = None
    error: Any = None


_decoder = msgspec.json.Decoder(Event)


def milliseconds() -> float:
    """The client's clock."""
    return time.perf_counter() * 1000


def room(samples: int, seed: int) -> Samples:
    """Near silence."""
    return np.random.default_rng(seed).normal(0, HISS, samples).astype(np.int16)


def frames(samples: Samples) -> list[str]:
    """``int16[n]`` at 24 kHz as events, made beforehand; the last frame is filled up with zeros."""
    whole = np.zeros(-(-len(samples) // FRAME) * FRAME, np.int16)
    whole[: len(samples)] = samples
    encoded = (base64.b64encode(part.tobytes()).decode() for part in whole.reshape(-1, FRAME))
    return [f'{{"type":"input_audio_buffer.append","audio":"{part}"}}' for part in encoded]


@dataclass(slots=True)
class Loudspeaker:
    """Plays what comes, as soon as it comes."""

    pcm: bytearray = field(default_factory=bytearray)
    _ends_at: float = 0.0

    def take(self, audio: bytes, now: float) -> None:
        self._ends_at = max(self._ends_at, now) + len(audio) / 48
        self.pcm += audio

    def unplayed_ms(self, now: float) -> float:
        return max(0.0, self._ends_at - now)

    def played_ms(self, now: float) -> float:
        return len(self.pcm) / 48 - self.unplayed_ms(now)


class Talker:
    """One session.

    Attributes:
        events: what came, and when.
        bytes_received: of all frames.
        late: frames of the microphone that left too late.
        sent: all frames of the microphone.
    """

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._came = asyncio.Condition()
        self._begun: float | None = None
        self._spoken = 0
        self.events: list[tuple[float, Event]] = []
        self.speakers: dict[str, Loudspeaker] = {}
        """Of each response."""
        self.bytes_received = 0
        self.late = self.sent = 0

    async def send(self, kind: str, **fields: Any) -> None:
        await self._socket.send(msgspec.json.encode({"type": kind, **fields}), text=True)

    async def pass_on(self, frame: str) -> None:
        """Send a frame of the microphone at once."""
        await self._socket.send(frame)

    async def listen(self) -> None:
        async for frame in self._socket:
            now = milliseconds()
            event = _decoder.decode(frame)
            self.bytes_received += len(frame)
            if event.type == AUDIO:
                speaker = self.speakers.setdefault(event.response_id, Loudspeaker())
                speaker.take(base64.b64decode(event.delta), now)
            async with self._came:
                self.events.append((now, event))
                self._came.notify_all()

    async def until(self, kinds: str | Collection[str], since: int = 0) -> tuple[float, Event]:
        """Wait for ``find``. Raises ``RuntimeError`` if something is refused, ``TimeoutError`` for silence."""
        awaited = {ERROR, kinds} if isinstance(kinds, str) else {ERROR, *kinds}
        async with asyncio.timeout(PATIENCE_S), self._came:
            await self._came.wait_for(lambda: self.find(awaited, since) is not None)
        refused = self.find(ERROR, since)
        if refused is not None:
            raise RuntimeError(f"The server refused: {refused[1].error}")
        found = self.find(kinds, since)
        assert found is not None, "waited for"
        return found

    def find(self, kinds: str | Collection[str], since: int = 0) -> tuple[float, Event] | None:
        """The first event of a type, or of one of several, from event number ``since`` on, and when it came."""
        wanted = {kinds} if isinstance(kinds, str) else kinds
        return next((found for found in islice(self.events, since, None) if found[1].type in wanted), None)

    async def speak(self, prepared: list[str]) -> float:
        """Go on with these frames in real time; returns the client's time of their first sample."""
        now = milliseconds()
        begin = now if self._begun is None else self._begun + self._spoken * FRAME_MS
        if self._begun is None or begin < now - LATE_MS:
            # It was off for a while: a real one doesn't make up for that either.
            begin, self._begun = now, now - self._spoken * FRAME_MS
        for frame in prepared:
            self._spoken += 1
            due = self._begun + self._spoken * FRAME_MS
            wait = due - milliseconds()
            if wait > 0:
                await asyncio.sleep(wait / 1000)
            self.late += milliseconds() - due > LATE_MS
            self.sent += 1
            await self.pass_on(frame)
        return begin

    async def rest(self, ms: int, seed: int = 0) -> float:
        """Say nothing for a while."""
        return await self.speak(frames(room(ms * RATE // 1000, seed)))


@asynccontextmanager
async def talking(url: str, session: dict[str, Any] | None = None) -> AsyncIterator[Talker]:
    """A session that has begun with this configuration."""
    async with connect(url, compression=None, max_size=None) as socket:
        talker = Talker(socket)
        listening = asyncio.create_task(talker.listen())
        try:
            await talker.until("session.created")
            if session is not None:
                await talker.send("session.update", session={"type": "realtime", **session})
                await talker.until("session.updated")
            yield talker
        finally:
            listening.cancel()
