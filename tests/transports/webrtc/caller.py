"""A client of calls, made of aiortc: it speaks what a test gives it, hears what comes, and speaks events."""

from __future__ import annotations

import asyncio
import fractions
import json
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import httpx2 as httpx
import numpy as np
import numpy.typing as npt
from aiortc import RTCConfiguration, RTCDataChannel, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame

from tests.beta_validation import check_beta_event
from tests.wire_validation import check_event

RATE = 48_000
FRAME = RATE // 50
Samples = npt.NDArray[np.int16]
PATIENCE_S = 20.0
AUDIBLE = 500
"""A frame as loud as this is one in which somebody speaks."""


def tone(ms: int, *, hertz: float = 300.0, level: int = 8000, rate: int = RATE) -> Samples:
    """A voice, as far as a level of sound can tell."""
    at = np.arange(ms * rate // 1000) / rate
    return (level * np.sin(2 * np.pi * hertz * at)).astype(np.int16)


class Microphone(MediaStreamTrack):
    """Silence, and what is said into it."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._said = np.zeros(0, np.int16)
        self._sent = 0
        self._began: float | None = None
        self.spoken = asyncio.Event()
        self.spoken.set()
        self.ended_at = 0.0
        """When the last sample of what was said left."""

    def say(self, samples: Samples) -> None:
        """Say ``samples`` from now on."""
        self._said = np.concatenate((self._said, samples))
        self.spoken.clear()

    async def recv(self) -> AudioFrame:
        if self._began is None:
            self._began = time.monotonic()
        await asyncio.sleep(max(0.0, self._began + self._sent / RATE - time.monotonic()))
        piece, self._said = self._said[:FRAME], self._said[FRAME:]
        if len(piece) and not len(self._said):
            self.ended_at = time.monotonic()
            self.spoken.set()
        frame = AudioFrame.from_ndarray(np.pad(piece, (0, FRAME - len(piece)))[None], format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._sent, fractions.Fraction(1, RATE)
        self._sent += FRAME
        return frame


class Caller:
    """One call of a client."""

    def __init__(self, connection: RTCPeerConnection, channel: RTCDataChannel | None) -> None:
        self.connection = connection
        self.channel = channel
        self.microphone = Microphone()
        self.events: list[dict[str, Any]] = []
        self.heard: list[tuple[float, Samples]] = []
        """Each frame that came, with when it came."""
        self._incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.opened = asyncio.Event()
        self.closed = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None
        self.location = ""
        self.beta = False
        self.answer: httpx.Response
        connection.on("track", self._on_track)
        if channel is not None:
            channel.on("message", self._on_message)
            channel.on("open", self.opened.set)
            channel.on("close", self.closed.set)

    def _on_track(self, track: MediaStreamTrack) -> None:
        self._listening = asyncio.ensure_future(self._listen(track))

    async def _listen(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            assert isinstance(frame, AudioFrame)
            sound = frame.to_ndarray().reshape(-1)[:: len(frame.layout.channels)]
            self.heard.append((time.monotonic(), sound.astype(np.int16)))

    def _on_message(self, text: str) -> None:
        self._incoming.put_nowait(json.loads(text))

    async def send(self, kind: str, **fields: Any) -> None:
        """Send an event."""
        assert self.channel is not None
        self.channel.send(json.dumps({"type": kind, **fields}))

    async def next(self) -> dict[str, Any]:
        """The next event."""
        async with asyncio.timeout(PATIENCE_S):
            event = await self._incoming.get()
        (check_beta_event if self.beta else check_event)(event)
        self.events.append(event)
        return event

    async def until(self, kind: str) -> dict[str, Any]:
        """Read events up to the next of type ``kind``, and return it."""
        while True:
            event = await self.next()
            if event["type"] == kind:
                return event

    def types(self) -> list[str]:
        """The types of all events so far."""
        return [event["type"] for event in self.events]

    async def say(self, samples: Samples) -> None:
        """Say something; returns when it has left."""
        self.microphone.say(samples)
        async with asyncio.timeout(PATIENCE_S):
            await self.microphone.spoken.wait()

    async def hears(self) -> float:
        """Wait until somebody speaks; when that came."""
        seen = 0
        async with asyncio.timeout(PATIENCE_S):
            while True:
                for at, sound in self.heard[seen:]:
                    seen += 1
                    if loud(sound):
                        return at
                await asyncio.sleep(0.005)

    def heard_ms(self) -> int:
        """How much was heard that isn't silence."""
        return sum(20 for _, sound in self.heard if loud(sound))

    async def hears_silence(self, ms: int = 200) -> None:
        """Wait until nobody has spoken for ``ms``."""
        async with asyncio.timeout(PATIENCE_S):
            while any(loud(sound) for _, sound in self.heard[-ms // 20 :]) or not self.heard:
                await asyncio.sleep(0.02)

    def longest_pause_ms(self) -> int:
        """The longest silence between what was heard."""
        sounding = [place for place, (_, sound) in enumerate(self.heard) if loud(sound)]
        return 20 * max((b - a - 1 for a, b in pairwise(sounding)), default=0)

    async def close(self) -> None:
        """End the call."""
        if self._listening is not None:
            self._listening.cancel()
        await self.connection.close()


def loud(sound: Samples) -> bool:
    """Somebody speaks in it."""
    return bool(len(sound)) and float(np.sqrt(np.mean(sound.astype(np.float64) ** 2))) > AUDIBLE


async def offer_of(connection: RTCPeerConnection) -> str:
    """The offer with all candidates."""
    await connection.setLocalDescription(await connection.createOffer())
    return connection.localDescription.sdp


@asynccontextmanager
async def calling(
    http: str,
    *,
    path: str = "/v1/realtime/calls",
    session: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
    with_channel: bool = True,
    label: str = "oai-events",
) -> AsyncGenerator[Caller, None]:
    """A call to the server at ``http``, connected."""
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    caller = Caller(connection, connection.createDataChannel(label) if with_channel else None)
    connection.addTrack(caller.microphone)
    try:
        offer = await offer_of(connection)
        async with httpx.AsyncClient() as client:
            if session is None:
                sent = {"content": offer, "headers": {"Content-Type": "application/sdp", **(headers or {})}}
            else:
                parts = {
                    "sdp": (None, offer, "application/sdp"),
                    "session": (None, json.dumps(session), "application/json"),
                }
                sent = {"files": parts, "headers": headers or {}}
            response = await client.post(f"{http}{path}", **sent)
        assert response.status_code == 201, response.text
        caller.beta = not path.partition("?")[0].endswith("/calls")
        caller.location, caller.answer = response.headers["location"], response
        await connection.setRemoteDescription(RTCSessionDescription(response.text, "answer"))
        if with_channel:
            async with asyncio.timeout(PATIENCE_S):
                await caller.opened.wait()
        yield caller
    finally:
        await caller.close()
