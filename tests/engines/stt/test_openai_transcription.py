"""Recognition by a server, over a real socket."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager

import numpy as np
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from vasi.engines.ports import HEARING_RATE
from vasi.engines.stt.openai_transcription import MOST_SECONDS, OpenAiTranscriptionStt
from vasi.errors import EngineError
from vasi.media import wav

TONE = np.rint(8_000 * np.sin(2 * np.pi * 300 * np.arange(2 * HEARING_RATE) / HEARING_RATE)).astype(np.int16)
SAID = "What is in the contract?"


class TranscriptionServer:
    """A small transcription server; the model's name says how it behaves."""

    def __init__(self):
        self.asked = []
        self.files = []
        self.hung_up = asyncio.Event()
        self.reached = asyncio.Event()
        self.url = ""

    async def transcriptions(self, request):
        fields = {}
        async with request.form() as form:
            for key, value in form.multi_items():
                if key == "file":
                    self.files.append((value.filename, value.content_type, await value.read()))
                else:
                    fields.setdefault(key, []).append(value)
        self.asked.append({"authorization": request.headers["authorization"], **fields})
        self.reached.set()
        match fields["model"][0]:
            case "streaming" | "gpt-transcribe":
                return StreamingResponse(self._words(), media_type="text/event-stream")
            case "whole":
                return JSONResponse({"text": f" {SAID}\n", "language": "en"})
            case "old" if "stream" in fields:
                return JSONResponse({"error": {"message": "Unknown parameter: 'stream'."}}, status_code=400)
            case "old":
                return JSONResponse({"text": SAID, "language": "english"})
            case "endless":
                return StreamingResponse(self._endless(), media_type="text/event-stream")
            case "broken":
                return StreamingResponse(iter(['data: {"type":"error"}\n\n']), media_type="text/event-stream")
            case "noise":
                return JSONResponse({"text": " [Music] "})
            case "page":
                return Response(b"<html>hello</html>", media_type="text/html")
            case "slow":
                await self._wait(request)
                return JSONResponse({"text": "too late"})
            case "refusing":
                return JSONResponse({"error": {"message": "no such key"}}, status_code=401)
            case "busy":
                return JSONResponse({"error": {"message": "try later"}}, status_code=503)
            case "picky":
                return JSONResponse({"error": {"message": "the file is too short"}}, status_code=400)
            case _:
                return JSONResponse({"error": {"message": "what?"}}, status_code=404)

    async def _wait(self, request):
        while not await request.is_disconnected():
            await asyncio.sleep(0.01)
        self.hung_up.set()

    async def _words(self):
        for word in SAID.split():
            yield f"data: {json.dumps({'type': 'transcript.text.delta', 'delta': word + ' '})}\n\n"
        yield ": a comment\n\ndata: nonsense\n\n"
        yield f"data: {json.dumps({'type': 'transcript.text.done', 'text': SAID})}\n\ndata: [DONE]\n\n"

    async def _endless(self):
        while True:
            yield f"data: {json.dumps({'type': 'transcript.text.delta', 'delta': 'and on ' * 50})}\n\n"
            await asyncio.sleep(0)


@asynccontextmanager
async def serving(app):
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.005)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/v1"
        server.should_exit = True
        await running


@pytest.fixture
async def server():
    made = TranscriptionServer()
    route = Route("/v1/audio/transcriptions", made.transcriptions, methods=["POST"])
    async with serving(Starlette(routes=[route])) as url:
        made.url = url
        yield made


@asynccontextmanager
async def engine(server, model, **options):
    stt = OpenAiTranscriptionStt(server.url, model, **options)
    await stt.start()
    try:
        yield stt
    finally:
        await stt.stop()


async def hear(stt, samples=TONE, on_partial=None, language=None):
    utterance = stt.open("ann", on_partial, language)
    for start in range(0, len(samples), 1_000):
        utterance.feed(samples[start : start + 1_000])
    return await utterance.finish()


async def test_the_utterance_is_sent_whole_as_a_wav_file(server):
    async with engine(server, "whole", api_key="secret") as stt:
        transcript = await hear(stt, language="de")
    assert (transcript.text, transcript.language) == (SAID, "en")
    [(name, kind, data)] = server.files
    assert (name, kind) == ("utterance.wav", "audio/wav")
    assert np.array_equal(wav.read(data, HEARING_RATE), TONE)
    [asked] = server.asked
    assert (asked["authorization"], asked["language"], asked["model"]) == ("Bearer secret", ["de"], ["whole"])
    assert "prompt" not in asked


async def test_the_text_is_told_as_it_grows(server):
    told = []
    async with engine(server, "streaming") as stt:
        assert (await hear(stt, on_partial=told.append)).text == SAID
    assert told == ["What", "What is", "What is in", "What is in the", SAID]


async def test_without_a_language_the_server_is_told_none(server):
    async with engine(server, "old", language="de") as stt:
        assert (await hear(stt)).language is None
        assert stt.language == "de"
    assert all("language" not in asked for asked in server.asked)


async def test_a_server_that_refuses_to_stream_is_asked_without_and_never_again(server):
    async with engine(server, "old") as stt:
        assert [(await hear(stt)).text for _ in range(2)] == [SAID, SAID]
    assert ["stream" in asked for asked in server.asked] == [True, False, False]


async def test_the_server_learns_the_names_in_the_owners_documents(server):
    texts = ["Today the Kestrel sails.", "Yesterday the Kestrel and Mara Lindqvist sailed."]
    async with engine(server, "whole") as stt:
        await stt.adapt("ann", texts)
        await hear(stt)
        await stt.open("ben").finish()
    async with engine(server, "gpt-transcribe") as stt:
        await stt.adapt("ann", texts)
        await hear(stt)
    assert server.asked[0]["prompt"] == ["Kestrel, Mara Lindqvist."]
    assert server.asked[1]["keywords[]"] == ["Kestrel", "Mara Lindqvist"]


async def test_silence_and_what_is_no_speech_have_no_text(server):
    async with engine(server, "noise") as stt:
        assert (await hear(stt)).text == ""
        assert (await hear(stt, np.zeros(HEARING_RATE, np.int16))).text == ""
    assert len(server.asked) == 1, "silence isn't sent"


@pytest.mark.parametrize(
    ("model", "says", "retryable"),
    [
        ("refusing", "transcription.api_key", False),
        ("unknown", "transcription.model", False),
        ("busy", "503", True),
        ("picky", "the file is too short", False),
        ("page", "transcription.base_url", False),
        ("broken", "failed while it wrote", True),
        ("endless", "more than anybody could have said", False),
    ],
)
async def test_what_goes_wrong_is_told_in_a_sentence(server, model, says, retryable):
    async with engine(server, model) as stt:
        with pytest.raises(EngineError, match=says) as error:
            await hear(stt)
    assert error.value.retryable is retryable


async def test_a_server_that_is_not_there_can_be_tried_again():
    stt = OpenAiTranscriptionStt("http://127.0.0.1:9/v1", "any")
    await stt.start()
    with pytest.raises(EngineError, match="is it running") as error:
        await hear(stt)
    assert error.value.retryable
    await stt.stop()


async def test_closing_hangs_up_and_the_engine_goes_on(server):
    async with engine(server, "slow") as stt:
        utterance = stt.open("ann")
        utterance.feed(TONE)
        finishing = asyncio.create_task(utterance.finish())
        await server.reached.wait()
        await utterance.close()
        with pytest.raises(EngineError, match="closed"):
            await finishing
        await asyncio.wait_for(server.hung_up.wait(), 10)
        utterance.feed(TONE)
        with pytest.raises(EngineError, match="closed"):
            await utterance.finish()


async def test_what_is_too_long_is_not_sent(server):
    async with engine(server, "whole") as stt:
        with pytest.raises(EngineError, match="shorter pieces"):
            await hear(stt, np.full((MOST_SECONDS + 1) * HEARING_RATE, 500, np.int16))
    assert not server.asked


async def test_it_can_be_started_again(server):
    async with engine(server, "whole") as stt:
        await stt.stop()
        await stt.start()
        assert (await hear(stt)).text == SAID
