"""What the small Realtime client makes of the events that it gets, and what it sends."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from vasi.cli import client
from vasi.cli.client import RATE, Question
from vasi.cli.socket_link import realtime_url
from vasi.errors import ClientError, EngineError, UpstreamError

PASSAGES = [
    {"id": 1, "document": "a.pdf", "page": 4, "heading": "Leave", "text": "Thirty days.", "score": 0.4},
    {"id": 2, "document": "b.md", "page": None, "heading": "", "text": "Five days.", "score": 0.9},
    {"id": 3, "document": "c.md", "page": None, "heading": "", "text": "Not used.", "score": 1.0},
]


def transcribed(text: str) -> dict[str, Any]:
    return {"type": "conversation.item.input_audio_transcription.completed", "transcript": text}


def said(text: str) -> list[dict[str, Any]]:
    return [
        {"type": "response.output_audio_transcript.delta", "delta": text},
        {"type": "response.output_audio.delta", "delta": base64.b64encode(b"\x01\x00" * 480).decode()},
        {"type": "response.output_audio_transcript.done", "transcript": text},
    ]


def done(status: str = "completed", **details: Any) -> dict[str, Any]:
    return {"type": "response.done", "response": {"status": status, "status_details": details or None}}


class ScriptedServer:
    """Answers the ``response.create`` with the given events; keeps what it was sent."""

    def __init__(self, *events: dict[str, Any]) -> None:
        self.sent: list[dict[str, Any]] = []
        self._asked = asyncio.Event()
        self._events = iter(events)

    async def send(self, frame: str) -> None:
        self.sent.append(json.loads(frame))
        if self.sent[-1]["type"] == "response.create":
            self._asked.set()

    async def receive(self) -> str | None:
        await self._asked.wait()
        event = next(self._events, None)
        return None if event is None else json.dumps(event)

    async def close(self) -> None: ...


def ticking() -> Iterator[float]:
    """A clock that is 10 ms later every time somebody looks."""
    return (moment / 100 for moment in range(100, 10_000))


async def ask(server: ScriptedServer, question: Question) -> client.Answer:
    ticks = ticking()
    return await client.ask(server, question, lambda: next(ticks))


async def test_a_typed_question_gets_its_answer() -> None:
    server = ScriptedServer(*said("You get thirty days."), *said("More than most."), done())
    answer = await ask(server, Question(text="How many days?"))
    assert answer.answer == "You get thirty days. More than most."
    assert answer.transcript is None
    assert answer.samples.dtype == np.int16
    assert answer.samples.size == 960
    assert [event["type"] for event in server.sent] == ["session.update", "conversation.item.create", "response.create"]
    assert server.sent[1]["item"]["content"] == [{"type": "input_text", "text": "How many days?"}]
    assert server.sent[0]["session"]["output_modalities"] == ["audio"]


async def test_a_spoken_question_is_sent_whole_and_in_order() -> None:
    samples = np.arange(RATE // 10 + 7, dtype=np.int16)
    server = ScriptedServer(transcribed("how many days"), *said("Thirty."), done())
    answer = await ask(server, Question(samples=samples, paced=False))
    assert answer.transcript == "how many days"
    appended = [event["audio"] for event in server.sent if event["type"] == "input_audio_buffer.append"]
    assert b"".join(base64.b64decode(audio) for audio in appended) == samples.astype("<i2").tobytes()
    assert [event["type"] for event in server.sent[-2:]] == ["input_audio_buffer.commit", "response.create"]
    assert server.sent[0]["session"]["audio"]["input"]["turn_detection"] is None


async def test_a_transcript_may_come_after_the_answer() -> None:
    server = ScriptedServer(*said("Thirty."), done(), transcribed("how many days"))
    answer = await ask(server, Question(samples=np.zeros(480, np.int16), paced=False))
    assert (answer.transcript, answer.answer) == ("how many days", "Thirty.")


async def test_citations_are_the_passages_that_were_used_best_first() -> None:
    server = ScriptedServer(
        {"type": "vasi.tool_call.started", "name": "search_knowledge", "call_id": "c", "arguments": "{}"},
        {"type": "vasi.passages", "call_id": "c", "found": True, "passages": PASSAGES},
        {"type": "vasi.citation", "text": "x", "passages": [1, 2]},
        {"type": "vasi.passages", "call_id": "d", "found": True, "passages": [{**PASSAGES[1], "id": 4, "score": 0.1}]},
        {"type": "vasi.citation", "text": "y", "passages": [1, 4]},
        *said("Thirty, or five."),
        done(),
    )
    answer = await ask(server, Question(text="How many days?"))
    assert [(cited.document, cited.page, cited.passage, cited.score) for cited in answer.citations] == [
        ("b.md", None, "Five days.", 0.9),
        ("a.pdf", 4, "Thirty days.", 0.4),
    ]
    assert answer.tools == ("search_knowledge",)


async def test_timings_count_from_the_end_of_the_question() -> None:
    server = ScriptedServer(transcribed("x"), *said("Thirty."), done())
    timings = (await ask(server, Question(samples=np.zeros(480, np.int16), paced=False))).timings
    assert timings.speech_end_to_transcript == 10
    assert timings.speech_end_to_first_text == 20
    assert timings.speech_end_to_first_audio == 30
    assert timings.total == 40


async def test_an_answer_in_writing_has_no_sound() -> None:
    server = ScriptedServer(
        {"type": "response.output_text.delta", "delta": "Thirty."},
        {"type": "response.output_text.done", "text": "Thirty."},
        done(),
    )
    answer = await ask(server, Question(text="How many days?", spoken_answer=False))
    assert (answer.answer, answer.samples.size, answer.timings.speech_end_to_first_audio) == ("Thirty.", 0, None)
    assert server.sent[0]["session"]["output_modalities"] == ["text"]


@pytest.mark.parametrize(
    ("events", "error", "sentence"),
    [
        ([done("failed", error={"message": "The model is gone."})], EngineError, "The model is gone."),
        ([done("failed")], EngineError, "The answer failed"),
        ([{"type": "error", "error": {"message": "No such voice."}}], ClientError, "No such voice."),
        ([*said("Thir")], UpstreamError, "closed the connection"),
    ],
)
async def test_no_answer_is_an_error(events: list[dict[str, Any]], error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=sentence):
        await ask(ScriptedServer(*events), Question(text="How many days?"))


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("localhost:8787", "ws://localhost:8787/v1/realtime"),
        ("http://localhost:8787/", "ws://localhost:8787/v1/realtime"),
        ("https://vasi.example", "wss://vasi.example/v1/realtime"),
        ("wss://vasi.example/other?model=x", "wss://vasi.example/other?model=x"),
    ],
)
def test_a_short_address_is_enough(given: str, address: str) -> None:
    assert realtime_url(given) == address
