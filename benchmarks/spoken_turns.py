"""Whole spoken turns with real engines, of one or many who talk at once: when each stage was reached, and memory."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import statistics
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from rich.console import Console
from rich.table import Table
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from tests.server_process import serving
from vasi.app import Vasi, talking_sessions
from vasi.cli import client
from vasi.config import LimitSettings, Settings
from vasi.engines import speed
from vasi.engines.stt.whisper.utterance import WhisperUtterance
from vasi.media import pcm, wav
from vasi.media.pcm import Samples
from vasi.testing.server import RunningServer, hosting

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ROOT / "examples" / "questions"
DOCUMENTS = ROOT / "examples" / "documents"
STAGES = {
    "input_audio_buffer.speech_stopped": "decision",
    "conversation.item.input_audio_transcription.completed": "transcript",
    "response.output_audio_transcript.delta": "first text",
    "response.output_audio.delta": "first audio",
}
SILENT = 0.02
THINKS_S = 1.0
"""Between an answer and the next question."""
LONGEST_S = 45.0
STAGGER_S = 1.7
"""People don't begin at the same moment."""
WITH = ("engines.stt=auto", "engines.tts=auto", "engines.turn=auto", "engines.embedder=auto")
WITHOUT = ("engines.stt=pocketsphinx", "engines.tts=espeak", "engines.turn=cues", "engines.embedder=none")


class Talker:
    """Somebody with a microphone that is always on, who asks, listens to the answer, and asks again."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._sound: deque[Samples] = deque()
        self._size = client.RATE // 50

    async def microphone(self) -> None:
        """20 ms at a time, in real time."""
        began, sent = time.perf_counter(), 0
        while True:
            sent += 1
            await asyncio.sleep(max(0.0, began + sent / 50 - time.perf_counter()))
            chunk = self._sound.popleft() if self._sound else pcm.silence(20, client.RATE)
            await self._send(type="input_audio_buffer.append", audio=base64.b64encode(pcm.encode(chunk)).decode())

    async def begin(self) -> None:
        audio = {"input": {"turn_detection": {"type": "semantic_vad"}, "transcription": {"model": "vasi"}}}
        await self._send(type="session.update", session={"type": "realtime", "audio": audio})

    async def ask(self, question: Samples) -> dict[str, float]:
        """When each stage was reached, in ms after the last loud sample of ``question``."""
        loud = np.flatnonzero(np.abs(question.astype(np.int32)) > SILENT * np.abs(question).max())
        whole = question[: len(question) // self._size * self._size]
        self._sound.extend(whole.reshape(-1, self._size))
        ended = time.perf_counter() + loud[-1] / client.RATE
        reached: dict[str, float] = {}
        heard_s = first = 0.0
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_S):
                while True:
                    event = json.loads(await self._socket.recv())
                    now, kind = time.perf_counter(), event["type"]
                    if kind == "response.output_audio.delta":
                        first = first or now
                        heard_s += len(event["delta"]) * 3 / 4 / 2 / client.RATE
                    if kind in STAGES and not (kind.startswith("response.") and STAGES[kind] in reached):
                        # A pause within the question may have been taken for its end: the last time counts.
                        reached[STAGES[kind]] = round(1_000 * (now - ended))
                    if kind == "response.done" and event["response"]["status"] == "cancelled":
                        reached = {stage: at for stage, at in reached.items() if not stage.startswith("first")}
                        heard_s = first = 0.0
                    elif kind == "response.done" and "first audio" in reached:
                        break
        await asyncio.sleep(max(0.0, first + heard_s - time.perf_counter()) + THINKS_S)
        return reached

    async def _send(self, **event: Any) -> None:
        await self._socket.send(json.dumps(event))


async def talk(server: RunningServer, place: int, questions: Sequence[Samples]) -> list[dict[str, float]] | str:
    """The turns of one session; why it was refused, if it was."""
    await asyncio.sleep(place * STAGGER_S)
    try:
        async with connect(f"ws://127.0.0.1:{server.port}/v1/realtime?model=vasi", max_size=None) as socket:
            talker = Talker(socket)
            await talker.begin()
            microphone = asyncio.create_task(talker.microphone())
            try:
                return [await talker.ask(question) for question in questions]
            finally:
                microphone.cancel()
                await asyncio.wait([microphone])
    except InvalidStatus as refusal:
        return str(json.loads(refusal.response.body)["error"]["message"])


async def measure_sessions(settings: Settings, asked: Sequence[Samples], count: int, sessions: int) -> dict[str, Any]:
    """``count`` questions in each of ``sessions``."""
    async with Vasi.open(settings) as vasi:
        await vasi.ready()
        async with hosting(vasi.asgi()) as server:
            chosen = [[asked[(place + at * sessions) % len(asked)] for at in range(count)] for place in range(sessions)]
            told = await asyncio.gather(*(talk(server, place, some) for place, some in enumerate(chosen)))
    refusals = [one for one in told if isinstance(one, str)]
    turns = [turn for one in told if not isinstance(one, str) for turn in one]
    whole = [turn for turn in turns if len(turn) == len(STAGES)]
    stages = {stage: _spread([turn[stage] for turn in whole]) for stage in STAGES.values()}
    return {"sessions": sessions, "turns": len(turns), "complete": len(whole), "refused": refusals, **stages}


def _spread(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    return {"median": statistics.median(values), "p90": round(float(np.percentile(values, 90))), "min": min(values)}


@contextlib.contextmanager
def speculating(on: bool) -> Iterator[None]:
    """Whether Whisper decodes in a pause what it may have to decode at the end."""
    pause = WhisperUtterance.pause
    if not on:
        WhisperUtterance.pause = lambda self: None  # type: ignore[method-assign]
    try:
        yield
    finally:
        WhisperUtterance.pause = pause  # type: ignore[method-assign]


def memory_mb(data: Path, *assignments: str) -> float:
    """What a server and its children hold that is ready; pages that they share are counted once."""
    with serving(data, *(part for one in assignments for part in ("-s", one))) as server:
        root = psutil.Process(server.process.pid)
        return round(sum(_held(process) for process in (root, *root.children(recursive=True))) / 1e6)


def _held(process: psutil.Process) -> int:
    try:
        return process.memory_full_info().pss
    except AttributeError:  # where pages aren't told apart
        return process.memory_info().rss


def measure(data: Path, count: int, sessions: int, speculation: Sequence[bool], *, limited: bool) -> dict[str, Any]:
    """All of it, over the sample documents in the folder ``data``."""
    told = [q for q in json.loads((QUESTIONS / "questions.json").read_text()) if q["wav"] and q["kind"] == "fact"]
    asked = [wav.read((QUESTIONS / question["wav"]).read_bytes(), client.RATE) for question in told]
    settings = Settings(data=data, limits=LimitSettings(talking=None if limited else sessions))

    async def read() -> None:
        async with Vasi.open(settings, engines=False) as vasi:
            await vasi.knowledge.add("local", [DOCUMENTS])

    asyncio.run(read())
    asyncio.run(speed.measure(settings, speed.measurable(settings)))
    runs: dict[str, Any] = {}
    for on in speculation:
        with speculating(on):
            for number in dict.fromkeys((1, sessions)):
                name = f"{number} talking, {'decoded in the first pause' if on else 'decoded at the end'}"
                runs[name] = asyncio.run(measure_sessions(settings, asked, count, number))
    allowed = talking_sessions(Settings(data=data))
    return {
        "allowed": allowed,
        "runs": runs,
        "memory_mb": memory_mb(data, *WITH),
        "memory_without_mb": memory_mb(data, *WITHOUT),
    }


def show(console: Console, figures: Mapping[str, Any]) -> None:
    """Each run as a waterfall, with the ratio to the first."""
    first: Mapping[str, Any] | None = None
    for name, run in figures["runs"].items():
        table = Table(title=f"{name}: {run['complete']} of {run['turns']} turns, ms after the end of speech")
        for column in ("stage", "median", "p90", "min", "ratio"):
            table.add_column(column, justify="left" if column == "stage" else "right")
        for stage in STAGES.values():
            median = run[stage].get("median")
            before = (first or run)[stage].get("median")
            ratio = f"{median / before:.2f}" if median and before else "-"
            table.add_row(stage, *(str(run[stage].get(key, "-")) for key in ("median", "p90", "min")), ratio)
        console.print(table)
        if run["refused"]:
            console.print(f"{len(run['refused'])} of {run['sessions']} sessions were refused: {run['refused'][0]}")
        first = first or run
    console.print(f"as many may talk at once by the measured speed: {figures['allowed'] or 'any number'}")
    console.print(
        f"server and its processes, shared pages counted once: {figures['memory_mb']} MB; "
        f"{figures['memory_without_mb']} MB with the engines that need no model"
    )
