"""What calls over WebRTC cost and how quickly they answer, compared with WebSocket on the same server in the same run.

The server stands in a process of its own, with engines that take no time: what is measured is what stands around
them. Its clients are aiortc's, with sound that was encoded before and isn't decoded: they leave the processor to it.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import fractions
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import psutil
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamTrack
from av import Packet
from websockets.asyncio.client import connect

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from vasi.media import opus
from vasi.media.jitter import JitterBuffer
from vasi.media.jitter import Packet as Came
from vasi.transports.webrtc.codec import Decoder, Encoder

RATE = 24_000
FRAME = RATE // 50
LOUD = 300
ANSWER = " ".join(["again"] * 100)
"""Half a minute of sound."""


def voice(ms: int) -> np.ndarray:
    at = np.arange(ms * RATE // 1000) / RATE
    return (8_000 * np.sin(2 * np.pi * 300 * at)).astype(np.int16)


def encoded(sound: np.ndarray) -> list[bytes]:
    encoder = Encoder(RATE)
    return [encoder.encode(sound[at : at + FRAME]) for at in range(0, len(sound) // FRAME * FRAME, FRAME)]


SILENCE = encoded(np.zeros(RATE, np.int16))[-1]


class Microphone(MediaStreamTrack):
    """Encoded silence, and what is said into it."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._frames: list[bytes] = []
        self._sent = 0
        self._began: float | None = None
        self.first_at = self.last_at = 0.0
        """When the first and the last frame of what was said left."""

    def say(self, frames: list[bytes]) -> None:
        self._frames, self.first_at, self.last_at = list(frames), 0.0, 0.0

    async def recv(self) -> Packet:
        if self._began is None:
            self._began = time.monotonic()
        await asyncio.sleep(max(0.0, self._began + self._sent * 0.02 - time.monotonic()))
        payload = SILENCE
        if self._frames:
            payload = self._frames.pop(0)
            self.last_at = time.monotonic()
            self.first_at = self.first_at or self.last_at
        packet = Packet(payload)
        packet.pts, packet.time_base = self._sent * opus.FRAME, fractions.Fraction(1, opus.RATE)
        self._sent += 1
        return packet


class Call:
    """One of them: events, and each packet of sound as it comes, without a jitter buffer of its own."""

    def __init__(self, *, listens: bool) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.channel = self.connection.createDataChannel("oai-events")
        self.microphone = Microphone()
        self.connection.addTrack(self.microphone)
        self.events: list[tuple[float, dict[str, Any]]] = []
        self.sound: list[tuple[float, bool]] = []
        self.arrivals: list[tuple[float, int]] = []
        self._decoder = Decoder() if listens else None
        self._opened = asyncio.Event()
        self.channel.on("open", self._opened.set)
        self.channel.on("message", lambda text: self.events.append((time.monotonic(), json.loads(text))))
        receiver: Any = self.connection.getTransceivers()[0].receiver
        receiver._handle_rtp_packet = self._receive

    async def _receive(self, packet: Any, arrival_time_ms: int) -> None:
        now = time.monotonic()
        self.arrivals.append((now, packet.timestamp))
        if self._decoder is not None:
            heard = self._decoder.decode(packet.payload)
            self.sound.append((now, heard is not None and float(np.abs(heard).mean()) > LOUD))

    async def open(self, http: str) -> float:
        """Connect; how long that took, in ms."""
        await self.connection.setLocalDescription(await self.connection.createOffer())
        async with httpx2.AsyncClient() as client:
            began = time.monotonic()
            sdp = {"Content-Type": "application/sdp"}
            answer = await client.post(
                f"{http}/v1/realtime/calls", content=self.connection.localDescription.sdp, headers=sdp
            )
        if answer.status_code != 201:
            raise ConnectionError(answer.json()["error"]["message"])
        await self.connection.setRemoteDescription(RTCSessionDescription(answer.text, "answer"))
        await self._opened.wait()
        return (time.monotonic() - began) * 1000

    def send(self, kind: str, **fields: Any) -> None:
        self.channel.send(json.dumps({"type": kind, **fields}))

    async def until(self, kind: str, since: int = 0) -> float:
        async with asyncio.timeout(30):
            while True:
                for at, event in self.events[since:]:
                    if event["type"] == kind:
                        return at
                await asyncio.sleep(0.002)

    async def loud(self, since: float) -> float:
        """When the first packet with sound came after ``since``."""
        async with asyncio.timeout(30):
            while True:
                for at, sounds in reversed(self.sound):
                    if at < since:
                        break
                    if sounds:
                        return next(when for when, one in self.sound if when >= since and one)
                await asyncio.sleep(0.002)

    async def close(self) -> None:
        await self.connection.close()


@asynccontextmanager
async def call(http: str, *, listens: bool = True) -> AsyncGenerator[Call, None]:
    one = Call(listens=listens)
    try:
        one.connected_ms = await one.open(http)  # type: ignore[attr-defined]
        yield one
    finally:
        await one.close()


# --- latency --------------------------------------------------------------------------------------------------------
async def over_webrtc(http: str, turns: int) -> tuple[list[float], list[float]]:
    """From the last sound said to the first heard, and from the first said to the last heard of what it cuts off."""
    answers, silences = [], []
    question, interruption = encoded(voice(600)), encoded(voice(700))
    async with call(http) as one:
        await one.until("session.created")
        for _ in range(turns):
            mark = len(one.events)
            one.microphone.say(question)
            while not one.microphone.last_at or one.microphone._frames:
                await asyncio.sleep(0.005)
            said = one.microphone.last_at
            answers.append((await one.loud(said) - said) * 1000)
            await asyncio.sleep(0.5)
            one.microphone.say(interruption)
            await one.until("output_audio_buffer.cleared", mark)
            await asyncio.sleep(0.2)
            cleared = await one.until("output_audio_buffer.cleared", mark)
            last = max(at for at, sounds in one.sound if sounds and at < cleared + 0.15)
            silences.append((last + 0.02 - one.microphone.first_at) * 1000)
            await one.until("output_audio_buffer.started", len(one.events) - 1)
            one.send("response.cancel")
            one.send("output_audio_buffer.clear")
            await asyncio.sleep(0.6)
    return answers, silences


async def over_websocket(ws: str, turns: int) -> list[float]:
    """From the last sound said to the first heard."""
    answers = []
    question = voice(600).tobytes()
    async with connect(f"{ws}/v1/realtime", max_size=None, compression=None) as socket:
        events: list[tuple[float, dict[str, Any]]] = []

        async def listen() -> None:
            async for frame in socket:
                events.append((time.monotonic(), json.loads(frame)))

        listening = asyncio.create_task(listen())
        for _ in range(turns):
            mark = len(events)
            began = time.monotonic()
            pieces = [question[at : at + 960] for at in range(0, len(question), 960)]
            said = 0.0
            for number in range(len(pieces) + 150):
                await asyncio.sleep(max(0.0, began + number * 0.02 - time.monotonic()))
                piece = pieces[number] if number < len(pieces) else bytes(960)
                audio = base64.b64encode(piece).decode()
                await socket.send(json.dumps({"type": "input_audio_buffer.append", "audio": audio}))
                said = time.monotonic() if number < len(pieces) else said
                heard = [at for at, one in events[mark:] if one["type"] == "response.output_audio.delta"]
                if heard:
                    answers.append((heard[0] - said) * 1000)
                    break
            await socket.send(json.dumps({"type": "response.cancel"}))
            await asyncio.sleep(0.6)
        listening.cancel()
    return answers


# --- load -----------------------------------------------------------------------------------------------------------
async def load(server: psutil.Process, http: str, calls: int, seconds: float) -> dict[str, float]:
    """``calls`` that hear an answer and send sound for ``seconds``."""
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(call(http, listens=False)) for _ in range(calls)]
        for one in opened:
            await one.until("session.created")
            one.send("session.update", session={"type": "realtime", "audio": {"input": {"turn_detection": None}}})
            one.send("conversation.item.create", item={"type": "message", "role": "user", "content": TEXT})
            one.send("response.create")
        for one in opened:
            await one.until("output_audio_buffer.started")
            one.microphone.say(encoded(voice(int(seconds * 1000) + 2_000)))
            one.arrivals.clear()
        await asyncio.sleep(1.0)
        before, began = sum(server.cpu_times()[:2]), time.monotonic()
        await asyncio.sleep(seconds)
        used = (sum(server.cpu_times()[:2]) - before) / (time.monotonic() - began)
        late = [ms for one in opened for ms in lateness(one.arrivals)]
        return {
            "cpu_per_call": round(used / calls, 4),
            "late_ms_p50": round(statistics.median(late), 1),
            "late_ms_p99": round(sorted(late)[int(len(late) * 0.99)], 1),
            "late_ms_max": round(max(late), 1),
        }


TEXT = [{"type": "input_text", "text": "go on"}]


def lateness(arrivals: list[tuple[float, int]]) -> list[float]:
    """How much later than the earliest each packet came, by its own time, in ms."""
    behind = [at * 1000 - stamp / 48 for at, stamp in arrivals]
    earliest = min(behind)
    return [one - earliest for one in behind]


async def refusal(http: str, room: int) -> str:
    """What the client is told for whom there is no room any more."""
    async with AsyncExitStack() as stack:
        for _ in range(room):
            await stack.enter_async_context(call(http, listens=False))
        try:
            await stack.enter_async_context(call(http, listens=False))
        except ConnectionError as error:
            return str(error)
    return "nothing"


# --- loss -----------------------------------------------------------------------------------------------------------
def jitter(loss: float, packets: int = 30_000) -> dict[str, float]:
    """How long packets wait in the jitter buffer when some are lost and the others come up to 5 ms late."""
    chance = random.Random(1)
    buffer, lags = JitterBuffer(), []
    for number in range(packets):
        if chance.random() < loss:
            continue
        at = number * 20 + chance.uniform(0, 5)
        for one in buffer.push(number % 2**16, Came(number * 960 % 2**32, 960, str(number).encode()), at):
            if isinstance(one, Came):
                lags.append(at - int(one.payload) * 20)
    lags.sort()
    return {"mean_ms": round(statistics.mean(lags), 1), "p99_ms": round(lags[int(len(lags) * 0.99)], 1)}


# --- the server -----------------------------------------------------------------------------------------------------
async def serve() -> None:
    """Serve until killed; the port goes to standard output."""
    from dataclasses import replace

    from tests.transports.webrtc.voices import HummingTts
    from vasi.testing.canned import canned_engines
    from vasi.testing.engines import LoudnessVad
    from vasi.testing.server import serving
    from vasi.testing.settings import webrtc_settings
    from vasi.transports.webrtc.transport import WebRtcTransport

    engines = replace(canned_engines(LoudnessVad(), heard="Go on please", answer=ANSWER), tts=HummingTts())
    async with serving(engines, call_transport=WebRtcTransport(webrtc_settings())) as running:
        print(running.port, flush=True)
        await asyncio.Event().wait()


def measure(turns: int, seconds: float) -> dict[str, Any]:
    command = [sys.executable, __file__, "--serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            port = int(process.stdout.readline())
            return asyncio.run(measured(psutil.Process(process.pid), port, turns, seconds))
        finally:
            process.kill()


async def room(http: str) -> None:
    """Wait until the server has noticed that all calls have ended; on a busy machine their goodbyes may get lost."""
    for _ in range(30):
        try:
            async with AsyncExitStack() as stack:
                for _ in range(8):
                    await stack.enter_async_context(call(http, listens=False))
        except ConnectionError:
            await asyncio.sleep(1)
        else:
            return


async def measured(server: psutil.Process, port: int, turns: int, seconds: float) -> dict[str, Any]:
    http = f"http://127.0.0.1:{port}"
    connecting = []
    for _ in range(8):
        async with call(http, listens=False) as one:
            connecting.append(one.connected_ms)  # type: ignore[attr-defined]
    websocket = await over_websocket(f"ws://127.0.0.1:{port}", turns)
    webrtc, silences = await over_webrtc(http, turns)
    figures: dict[str, Any] = {
        "load_average": round(os.getloadavg()[0], 1),
        "connection_ms": summary(connecting),
        "last_sound_to_first_sound_ms": {"webrtc": summary(webrtc), "websocket": summary(websocket)},
        "webrtc_above_websocket_ms": round(statistics.median(webrtc) - statistics.median(websocket)),
        "speech_to_silence_ms": summary(silences),
        "jitter_at_2_percent_loss": jitter(0.02),
    }
    for calls in (1, 4, 8):
        await room(http)
        await asyncio.sleep(2)
        figures[f"{calls}_calls"] = await load(server, http, calls, seconds)
    await room(http)
    await asyncio.sleep(2)
    figures["ninth_call"] = await refusal(http, 8)
    return figures


def summary(values: list[float]) -> dict[str, float]:
    return {"median": round(statistics.median(values)), "max": round(max(values)), "n": len(values)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--turns", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each load")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        from vasi.cli.serve import _loop_factory

        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(serve())
        return
    figures = measure(arguments.turns, arguments.seconds)
    for name, value in figures.items():
        print(f"{name:36} {value}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
