"""A small Realtime client: asks one question over a link and gathers the answer, its sources and timings."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

import numpy as np

from vasi.cli.time_zone import session_extension
from vasi.errors import ClientError, EngineError, UpstreamError
from vasi.media import pcm
from vasi.media.pcm import Samples

RATE = 24_000
_CHUNK = RATE // 50
_SILENT_S = 120.0
"""A server that says nothing for so long has forgotten us."""

Event: TypeAlias = dict[str, Any]
Clock: TypeAlias = Callable[[], float]


class Link(Protocol):
    """A Realtime connection: one JSON event a frame."""

    async def send(self, frame: str) -> None: ...

    async def receive(self) -> str | None:
        """The next frame; None when the server has closed the connection."""
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Question:
    """``text``, or else ``samples`` (``int16[n]``, 24 kHz mono).

    ``paced`` sends the samples no faster than they last, as a microphone would.
    """

    text: str = ""
    samples: Samples | None = None
    paced: bool = True
    spoken_answer: bool = True
    language: str | None = None
    """That is spoken; None: it's to be heard."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage that the answer used."""

    document: str
    page: int | None
    passage: str
    score: float


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds from the end of the question to the end of the answer; None for what didn't happen."""

    speech_end_to_transcript: int | None
    speech_end_to_first_text: int | None
    speech_end_to_first_audio: int | None
    total: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    ``transcript`` is None for a typed question; ``samples`` are ``int16[n]``, 24 kHz mono.
    """

    transcript: str | None
    answer: str
    citations: tuple[Citation, ...]
    tools: tuple[str, ...]
    timings: Timings
    samples: Samples


async def ask(link: Link, question: Question, clock: Clock) -> Answer:
    """Put ``question`` and wait for the whole answer.

    Args:
        link: a fresh connection; it stays open.
        question: typed or spoken.
        clock: seconds, monotonic.

    Raises:
        ClientError: the server refused an event.
        EngineError: the response failed.
        UpstreamError: the server closed the connection or stopped responding.
    """
    hearing = Gathering(spoken=question.samples is not None, clock=clock)
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_listen(link, hearing))
            await _put(link, question, hearing, clock)
    except ExceptionGroup as group:
        # The first fault is the cause; what it cut off isn't news.
        raise group.exceptions[0] from None
    return hearing.result()


async def _put(link: Link, question: Question, hearing: Gathering, clock: Clock) -> None:
    await send(link, type="session.update", session=_session(question))
    if question.samples is None:
        content = [{"type": "input_text", "text": question.text}]
        item = {"type": "message", "role": "user", "content": content}
        await send(link, type="conversation.item.create", item=item)
    else:
        began = clock()
        for start in range(0, len(question.samples), _CHUNK):
            chunk = question.samples[start : start + _CHUNK]
            audio = base64.b64encode(pcm.encode(chunk)).decode()
            await send(link, type="input_audio_buffer.append", audio=audio)
            if question.paced:
                # A microphone hands a chunk over when it has ended.
                await asyncio.sleep(max(0.0, began + (start + len(chunk)) / RATE - clock()))
        hearing.question_ended()
        await send(link, type="input_audio_buffer.commit")
    hearing.question_ended()
    await send(link, type="response.create")


def _session(question: Question) -> Event:
    return {
        "type": "realtime",
        "include": ["vasi.activity"],
        "vasi": session_extension(),
        "output_modalities": ["audio" if question.spoken_answer else "text"],
        "audio": {
            "input": {
                "format": {"type": "audio/pcm", "rate": RATE},
                "turn_detection": None,
                "transcription": {"model": "vasi"} | ({"language": question.language} if question.language else {}),
            },
            "output": {"format": {"type": "audio/pcm", "rate": RATE}},
        },
    }


async def send(link: Link, **event: Any) -> None:
    """Send one event, given by its fields."""
    await link.send(json.dumps(event))


async def _listen(link: Link, hearing: Gathering) -> None:
    while not hearing.complete:
        try:
            async with asyncio.timeout(_SILENT_S):
                frame = await link.receive()
        except TimeoutError:
            raise UpstreamError(f"The server said nothing for {_SILENT_S:.0f} s; try again.") from None
        if frame is None:
            raise UpstreamError("The server closed the connection before the answer was complete; its log says why.")
        hearing.take(json.loads(frame))


@dataclass(slots=True)
class Gathering:
    """An answer while it arrives: give it every event, until it's ``complete``."""

    spoken: bool
    clock: Clock
    _ended_at: float | None = None
    _transcribed_at: float | None = None
    _text_at: float | None = None
    _audio_at: float | None = None
    _done_at: float | None = None
    _transcript: str | None = None
    _texts: list[str] = field(default_factory=list[str])
    _audio: list[bytes] = field(default_factory=list[bytes])
    _tools: list[str] = field(default_factory=list[str])
    _passages: dict[Any, Event] = field(default_factory=dict[Any, Event])
    _cited: dict[Any, None] = field(default_factory=dict[Any, None])

    def question_ended(self) -> None:
        """The last of the question is on its way: the timings count from the first such moment."""
        self._ended_at = self._ended_at or self.clock()

    @property
    def complete(self) -> bool:
        """Nothing more belongs to the answer."""
        return self._done_at is not None and not (self.spoken and self._transcript is None)

    def take(self, event: Event) -> None:
        """Take the next event. Raises ``ClientError`` or ``EngineError`` if there will be no answer."""
        match event:
            case {"type": "conversation.item.input_audio_transcription.completed", "transcript": str(text)}:
                self._transcript, self._transcribed_at = text, self.clock()
            case {"type": "conversation.item.input_audio_transcription.failed", "error": error}:
                raise EngineError(_message(error, "The question couldn't be transcribed."))
            case {"type": "response.output_audio_transcript.delta" | "response.output_text.delta"}:
                self._text_at = self._text_at or self.clock()
            case {"type": "response.output_audio_transcript.done", "transcript": str(text)}:
                self._texts.append(text)
            case {"type": "response.output_text.done", "text": str(text)}:
                self._texts.append(text)
            case {"type": "response.output_audio.delta", "delta": str(audio)}:
                self._audio_at = self._audio_at or self.clock()
                self._audio.append(base64.b64decode(audio))
            case {"type": "response.done", "response": response}:
                self._finish(response)
            case {"type": "error", "error": error}:
                raise ClientError(_message(error, "The server refused the question."))
            case _:
                self._take_activity(event)

    def _take_activity(self, event: Event) -> None:
        match event:
            case {"type": "vasi.tool_call.started", "name": str(name)}:
                self._tools.append(name)
            case {"type": "vasi.passages", "passages": [*passages]}:
                self._passages |= {passage["id"]: passage for passage in passages}
            case {"type": "vasi.citation", "passages": [*ids]}:
                self._cited |= dict.fromkeys(ids)
            case _:
                pass

    def _finish(self, response: Event) -> None:
        if response["status"] == "failed":
            details: Event = response.get("status_details") or {}
            raise EngineError(_message(details.get("error"), "The answer failed; the server's log says why."))
        self._done_at = self.clock()

    def result(self) -> Answer:
        """The whole answer, once ``complete``."""
        cited = [self._passages[number] for number in self._cited if number in self._passages]
        cited.sort(key=lambda passage: -passage["score"])
        # The same text may stand in two documents of one name, e.g. copies in two folders; the first is the best.
        distinct: dict[tuple[str, int | None, str], float] = {}
        for passage in cited:
            distinct.setdefault((passage["document"], passage.get("page"), passage["text"]), passage["score"])
        return Answer(
            transcript=self._transcript,
            answer=" ".join(text.strip() for text in self._texts if text.strip()),
            citations=tuple(
                Citation(document, page, text, score) for (document, page, text), score in distinct.items()
            ),
            tools=tuple(self._tools),
            timings=Timings(
                speech_end_to_transcript=self._since(self._transcribed_at),
                speech_end_to_first_text=self._since(self._text_at),
                speech_end_to_first_audio=self._since(self._audio_at),
                total=self._since(self._done_at) or 0,
            ),
            samples=np.frombuffer(b"".join(self._audio), dtype="<i2").astype(np.int16),
        )

    def _since(self, moment: float | None) -> int | None:
        if moment is None or self._ended_at is None:
            return None
        return round((moment - self._ended_at) * 1000)


def _message(error: Event | None, otherwise: str) -> str:
    return str((error or {}).get("message") or otherwise)
