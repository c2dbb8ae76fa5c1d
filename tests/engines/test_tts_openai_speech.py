import asyncio
import json
from contextlib import aclosing, asynccontextmanager

import numpy as np
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from vasi.engines.ports import SPEAKING_RATE
from vasi.engines.tts.openai_speech import OpenAiSpeechTts
from vasi.errors import EngineError
from vasi.media import wav

TEXT = "You have ten days of leave. Ask your manager first, please."
TONE = np.rint(8_000 * np.sin(2 * np.pi * 300 * np.arange(3 * SPEAKING_RATE) / SPEAKING_RATE)).astype(np.int16)


class SpeechServer:
    """A small speech server; the model's name says how it behaves."""

    def __init__(self):
        self.asked = []
        self.hung_up = asyncio.Event()
        self.url = ""

    async def speech(self, request):
        asked = json.loads(await request.body())
        self.asked.append(asked)
        match asked["model"]:
            case "good":
                return StreamingResponse(self._pieces(TONE.tobytes(), 1_001), media_type="audio/pcm")
            case "endless":
                return StreamingResponse(self._endless(), media_type="audio/pcm")
            case "cut":
                headers = {"content-length": str(TONE.nbytes)}
                return StreamingResponse(self._pieces(TONE.tobytes()[:9_600], 4_800), headers=headers)
            case "wav":
                return Response(wav.write(TONE, SPEAKING_RATE), media_type="audio/wav")
            case "page":
                return Response(b"<html>hello</html>", media_type="text/html")
            case "silent":
                return Response(b"", media_type="audio/pcm")
            case "refusing":
                return JSONResponse({"error": {"message": "no such key"}}, status_code=401)
            case "busy":
                return JSONResponse({"error": {"message": "try later"}}, status_code=503)
            case _:
                return JSONResponse({"error": {"message": "what?"}}, status_code=404)

    async def _pieces(self, data, size):
        for at in range(0, len(data), size):
            yield data[at : at + size]

    async def _endless(self):
        try:
            while True:
                yield TONE.tobytes()
                await asyncio.sleep(0)
        finally:
            self.hung_up.set()


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
    speech = SpeechServer()
    async with serving(Starlette(routes=[Route("/v1/audio/speech", speech.speech, methods=["POST"])])) as url:
        speech.url = url
        yield speech


@asynccontextmanager
async def engine(server, model, **options):
    tts = OpenAiSpeechTts(server.url, model, **{"voices": ("alloy",), **options})
    await tts.start()
    try:
        yield tts
    finally:
        await tts.stop()


async def test_the_servers_audio_arrives_whole_though_its_pieces_split_samples(server):
    async with engine(server, "good") as tts:
        chunks = [chunk async for chunk in tts.speak(TEXT, voice="alloy")]
    assert np.array_equal(np.concatenate([chunk.samples for chunk in chunks]), TONE)
    assert all(0 < chunk.samples.size <= SPEAKING_RATE // 5 for chunk in chunks)


async def test_every_word_is_placed_within_the_audio(server):
    async with engine(server, "good") as tts:
        chunks = [chunk async for chunk in tts.speak(TEXT, voice="alloy")]
    words = [word for chunk in chunks for word in chunk.words]
    assert [TEXT[word.start : word.end] for word in words] == TEXT.split()
    starts = [word.start_ms for word in words]
    assert starts == sorted(starts)
    assert (starts[0], starts[-1] < 3_000) == (0, True)


async def test_the_server_is_asked_for_raw_audio_in_the_voice_and_speed_wanted(server):
    async with engine(server, "good", api_key="secret", voices=("af_bella", "am_adam")) as tts:
        assert tts.voices() == ("af_bella", "am_adam")
        for voice, speed in (("am_adam", 1.25), ("nobody", 9.0)):
            assert [chunk async for chunk in tts.speak("a\x00b", voice=voice, speed=speed)]
    first, second = server.asked
    assert first == {"model": "good", "input": "ab", "voice": "am_adam", "response_format": "pcm", "speed": 1.25}
    assert (second["voice"], second["speed"]) == ("af_bella", 1.5)


async def test_closing_hangs_up(server):
    async with engine(server, "endless") as tts:
        async with aclosing(tts.speak(TEXT, voice="alloy")) as stream:
            await anext(stream)
        async with asyncio.timeout(10):
            await server.hung_up.wait()


async def test_a_server_that_never_stops_is_stopped(server):
    async with engine(server, "endless") as tts:
        with pytest.raises(EngineError, match="doesn't stop speaking"):
            async for _ in tts.speak("Hello.", voice="alloy"):
                pass


async def test_nothing_to_say_asks_nobody(server):
    async with engine(server, "good") as tts:
        assert [chunk async for chunk in tts.speak(" \n", voice="alloy")] == []
    assert server.asked == []


@pytest.mark.parametrize(
    ("model", "sentence", "retryable"),
    [
        ("cut", "closed the connection while it spoke", True),
        ("wav", "sends audio/wav instead of PCM", False),
        ("page", "sends text/html.* instead of PCM", False),
        ("silent", "sent no audio", True),
        ("refusing", "refused the key", False),
        ("busy", "answered 503: .*try later", True),
        ("unknown", "doesn't know the model 'unknown'", False),
    ],
)
async def test_each_failure_gets_its_sentence(server, model, sentence, retryable):
    async with engine(server, model) as tts:
        with pytest.raises(EngineError, match=sentence) as caught:
            async for _ in tts.speak(TEXT, voice="alloy"):
                pass
    assert caught.value.retryable is retryable


async def test_a_server_that_is_not_there_is_said_to_be_not_there(server):
    server.url = "http://127.0.0.1:1/v1"
    async with engine(server, "good") as tts:
        with pytest.raises(EngineError, match="can't be reached; is it running") as caught:
            async for _ in tts.speak(TEXT, voice="alloy"):
                pass
    assert caught.value.retryable
