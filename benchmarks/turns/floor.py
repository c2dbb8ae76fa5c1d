"""The floor: as little as can be put between a socket and a voice activity detector.

One coroutine a client over asyncio, websockets and the same Silero, inline, with Realtime framing (JSON, base64) and
the thresholds of ``server_vad``. It has no conversation, no history, no policy and no limits, and answers with a tone:
what vasi takes longer, or costs more, is the price of all that.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

import numpy as np
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from benchmarks.turns.process import run_server
from vasi.engines.vad.silero import SileroVad
from vasi.media.resample import Resampler

WINDOW = 512
WINDOW_MS = 32
SPEECH, STILL_SPEECH = 0.5, 0.35
ONSET_MS = 64


class Floor:
    """One client."""

    def __init__(self, vad: SileroVad, socket: ServerConnection, silence_ms: int, reply_ms: int) -> None:
        self._socket = socket
        self._vad = vad.open()
        self._resampler = Resampler(24_000, 16_000)
        self._heard = np.zeros(0, np.int16)
        self._silence_ms = silence_ms
        self._reply = base64.b64encode(np.full(reply_ms * 24, 1000, np.int16).tobytes()).decode()
        self._ms = self._loud_ms = self._quiet_ms = 0
        self._speaking = False

    async def say(self, **event: object) -> None:
        await self._socket.send(json.dumps(event))

    async def answer(self) -> None:
        await self.say(type="response.output_audio.delta", response_id="floor", item_id="floor", delta=self._reply)

    async def run(self) -> None:
        await self.say(type="session.created")
        async for frame in self._socket:
            event = json.loads(frame)
            if event["type"] == "input_audio_buffer.append":
                await self.hear(base64.b64decode(event["audio"]))
            elif event["type"] == "response.create":
                await self.answer()

    async def hear(self, audio: bytes) -> None:
        samples = self._resampler.push(np.frombuffer(audio, "<i2"))
        self._heard = np.concatenate((self._heard, samples))
        while len(self._heard) >= WINDOW:
            probability = self._vad.probability(self._heard[:WINDOW])
            self._heard = self._heard[WINDOW:]
            self._ms += WINDOW_MS
            if self._speaking:
                await self.wait_for_end(probability)
            else:
                await self.wait_for_onset(probability)

    async def wait_for_onset(self, probability: float) -> None:
        self._loud_ms = self._loud_ms + WINDOW_MS if probability >= SPEECH else 0
        if self._loud_ms >= ONSET_MS:
            self._speaking, self._quiet_ms = True, 0
            await self.say(type="input_audio_buffer.speech_started", audio_start_ms=self._ms - self._loud_ms)

    async def wait_for_end(self, probability: float) -> None:
        self._quiet_ms = self._quiet_ms + WINDOW_MS if probability < STILL_SPEECH else 0
        if self._quiet_ms >= self._silence_ms:
            self._speaking, self._loud_ms = False, 0
            await self.say(type="input_audio_buffer.speech_stopped", audio_end_ms=self._ms)
            if self._reply:
                await self.answer()


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args()
    vad = SileroVad()

    async def converse(socket: ServerConnection) -> None:
        assert socket.request is not None
        wanted = parse_qs(urlsplit(socket.request.path).query)
        with suppress(ConnectionClosed):
            await Floor(vad, socket, int(wanted["silence_ms"][0]), int(wanted["reply_ms"][0])).run()

    async with serve(converse, "127.0.0.1", 0, compression=None, max_size=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        print(f"ws://127.0.0.1:{port}/", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    run_server(main())
