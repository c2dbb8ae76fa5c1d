"""What a running server costs and how quickly it answers, with the embedded engines.

Cold start with an unchanged index; end of speech (as the VAD told it) to first audio, spoken in real time; how soon
audio stops when somebody speaks into the answer; memory of the server with its workers; processor time of a session.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
from websockets.asyncio.client import connect

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.server_process import DOCUMENTS, QUESTIONS, ServerProcess, serving
from vasi.media import pcm, wav

CHUNK_MS = 20
TURNS = 12
BARGE_INS = 6


def recordings(count: int) -> list[bytes]:
    """Spoken questions as PCM at 24 kHz."""
    asked = [q for q in json.loads((QUESTIONS / "questions.json").read_text()) if q["kind"] == "fact" and q["wav"]]
    return [pcm.encode(wav.read((QUESTIONS / q["wav"]).read_bytes(), 24_000)) for q in asked[:count]]


class Talker:
    """A client that speaks in real time and notes when what came."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self.events: list[tuple[float, dict[str, Any]]] = []
        self._came = asyncio.Condition()

    async def listen(self) -> None:
        async for frame in self._socket:
            event = json.loads(frame)
            async with self._came:
                self.events.append((time.perf_counter(), event))
                self._came.notify_all()

    async def speak(self, audio: bytes) -> None:
        """Twenty milliseconds at a time, as a microphone does."""
        begin = time.perf_counter()
        size = CHUNK_MS * 48
        for number, at in enumerate(range(0, len(audio), size)):
            await asyncio.sleep(max(0.0, begin + number * CHUNK_MS / 1000 - time.perf_counter()))
            chunk = base64.b64encode(audio[at : at + size]).decode()
            await self._socket.send(json.dumps({"type": "input_audio_buffer.append", "audio": chunk}))

    async def when(self, kind: str, since: int) -> float:
        """When the first event of a type came after event number ``since``."""

        def found() -> float | None:
            return next((at for at, event in self.events[since:] if event["type"] == kind), None)

        async with asyncio.timeout(30), self._came:
            await self._came.wait_for(lambda: found() is not None)
        at = found()
        assert at is not None, "waited for"
        return at


async def turns(server: ServerProcess, questions: list[bytes]) -> dict[str, list[float]]:
    """Milliseconds of each turn."""
    times: dict[str, list[float]] = {"speech_stopped_to_first_audio_ms": [], "last_sound_to_first_audio_ms": []}
    async with connect(f"{server.ws}?model=bench", compression=None, max_size=None) as socket:
        talker = Talker(socket)
        listening = asyncio.create_task(talker.listen())
        await talker.when("session.created", 0)
        for question in questions:
            mark = len(talker.events)
            await talker.speak(question)
            ended = time.perf_counter()
            silence = asyncio.create_task(talker.speak(bytes(48 * 3000)))
            stopped = await talker.when("input_audio_buffer.speech_stopped", mark)
            sounded = await talker.when("response.output_audio.delta", mark)
            times["speech_stopped_to_first_audio_ms"].append((sounded - stopped) * 1000)
            times["last_sound_to_first_audio_ms"].append((sounded - ended) * 1000)
            await socket.send(json.dumps({"type": "response.cancel"}))
            await talker.when("response.done", mark)
            silence.cancel()
        listening.cancel()
    return times


async def barge_ins(server: ServerProcess, questions: list[bytes]) -> list[float]:
    """Milliseconds from ``speech_started`` to the last audio of the answer that was spoken into."""
    late: list[float] = []
    async with connect(f"{server.ws}?model=bench", compression=None, max_size=None) as socket:
        talker = Talker(socket)
        listening = asyncio.create_task(talker.listen())
        part = {"type": "input_text", "text": "what is the cooperative"}
        item = {"type": "message", "role": "user", "content": [part]}
        for question in questions:
            mark = len(talker.events)
            await socket.send(json.dumps({"type": "conversation.item.create", "item": item}))
            await socket.send(json.dumps({"type": "response.create"}))
            await talker.when("response.output_audio.delta", mark)
            await talker.speak(question + bytes(48 * 1500))
            started = await talker.when("input_audio_buffer.speech_started", mark)
            done = await talker.when("response.done", mark)
            answer = next(e["response"]["id"] for _, e in talker.events[mark:] if e["type"] == "response.created")
            last = max(
                (
                    at
                    for at, e in talker.events[mark:]
                    if e["type"] == "response.output_audio.delta" and e["response_id"] == answer
                ),
                default=started,
            )
            late.append(max(0.0, max(last, done) - started) * 1000)
            await socket.send(json.dumps({"type": "response.cancel"}))
            await asyncio.sleep(0.5)
        listening.cancel()
    return late


def processes(server: ServerProcess) -> list[psutil.Process]:
    """The server and its workers."""
    root = psutil.Process(server.process.pid)
    return [root, *root.children(recursive=True)]


def memory_mb(server: ServerProcess) -> float:
    """Unshared and shared memory of the server and its workers, shared pages counted once."""
    total = 0.0
    for process in processes(server):
        try:
            total += process.memory_full_info().pss
        except (psutil.Error, AttributeError):
            total += process.memory_info().rss
    return total / 1e6


def cpu_s(server: ServerProcess) -> float:
    """Processor seconds that the server itself used so far; a silent microphone wakes no worker."""
    return sum(psutil.Process(server.process.pid).cpu_times()[:2])


async def idle_session(server: ServerProcess, seconds: float) -> float:
    """Share of one core that a session with a silent microphone costs."""
    async with connect(f"{server.ws}?model=bench", compression=None, max_size=None) as socket:
        talker = Talker(socket)
        listening = asyncio.create_task(talker.listen())
        await talker.when("session.created", 0)
        before = cpu_s(server)
        await talker.speak(bytes(int(48_000 * seconds)))
        listening.cancel()
        return (cpu_s(server) - before) / seconds


def measure() -> dict[str, Any]:
    """All of it."""
    questions = recordings(TURNS)
    figures: dict[str, Any] = {"load_average": os.getloadavg()[0]}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        with serving(data, "--docs", str(DOCUMENTS)):
            pass
        starts: list[float] = []
        for _ in range(3):
            begin = time.perf_counter()
            with serving(data) as server:
                starts.append(time.perf_counter() - begin)
        figures["cold_start_s"] = round(statistics.median(starts), 2)
        with serving(data) as server:
            figures["memory_idle_mb"] = round(memory_mb(server))
            times = asyncio.run(turns(server, questions))
            figures["memory_one_session_mb"] = round(memory_mb(server))
            stops = asyncio.run(barge_ins(server, questions[:BARGE_INS]))
            figures["idle_session_cpu_share"] = round(asyncio.run(idle_session(server, 5.0)), 4)
    for name, values in {**times, "speech_started_to_silence_ms": stops}.items():
        figures[name] = {"median": round(statistics.median(values)), "max": round(max(values)), "n": len(values)}
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="write the figures here")
    arguments = parser.parse_args()
    figures = measure()
    for name, value in figures.items():
        print(f"{name:36} {value}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
