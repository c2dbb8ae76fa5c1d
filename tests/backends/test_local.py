"""The local backend: engines that work, break and are stopped."""

import asyncio
import base64
import contextlib
import json
from dataclasses import replace

import numpy as np
import pytest

from tests.wire_validation import check_event
from vasi.backends.local import LocalBackend
from vasi.engines.ports import SpeechChunk
from vasi.errors import EngineError
from vasi.media import g711, pcm
from vasi.protocol.client_events import AudioAppend
from vasi.protocol.codec import decode_client, encode
from vasi.protocol.session import Session, updated
from vasi.testing.engines import ScriptedStt, ScriptedTurnAnalyzer, ToneTts, scripted_engines, silence, speech
from vasi.testing.llm import Pause, Reply, ScriptedLlm
from vasi.testing.settings import conversation_settings

FRESH = Session(id="sess_t", model="vasi", expires_at=1_767_233_035)


class Line:
    """A backend and whoever talks to it."""

    def __init__(self, backend):
        self.backend = backend
        self.came = asyncio.Queue()
        self.events = []

    def deliver(self, event):
        shown = {**json.loads(encode(event)), "event_id": f"event_{self.came.qsize()}"}
        check_event(shown)
        self.came.put_nowait(shown)

    async def says(self, kind, **fields):
        await self.backend.send(decode_client(json.dumps({"type": kind, **fields})))

    async def append(self, audio):
        await self.backend.send(AudioAppend(audio=audio))

    async def until(self, kind):
        while True:
            event = await asyncio.wait_for(self.came.get(), 10)
            self.events.append(event)
            if event["type"] == kind:
                return event


@contextlib.asynccontextmanager
async def line(llm=None, *, vad=None, turn=None, stt=None, tts=None, lead_ms=None, monitor=None, **session):
    engines = scripted_engines(llm or ScriptedLlm(), turn=turn, stt=stt, tts=tts)
    if vad is not None:
        engines = replace(engines, vad=vad)
    settings = conversation_settings(lead_ms=lead_ms)
    backend = LocalBackend(engines, updated(FRESH, session), settings, seed="t", profile="alice", monitor=monitor)
    found = Line(backend)
    before = asyncio.all_tasks()
    running = asyncio.create_task(backend.run(found.deliver))
    await found.until("session.created")
    try:
        yield found
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        assert not asyncio.all_tasks() - before, "a task is left behind"


def response(event):
    return event["response"]


async def test_a_cancel_stops_the_model_and_the_voice():
    think, tts = Pause(asyncio.Event()), ToneTts()
    llm = ScriptedLlm(Reply("This is the first sentence. ", think))
    tts.held.clear()
    async with line(llm, tts=tts) as found:
        await found.says("response.create")
        await think.reached.wait()
        while not tts.said:
            await asyncio.sleep(0)
        await found.says("response.cancel")
        assert response(await found.until("response.done"))["status"] == "cancelled"
        while not (llm.aborted and tts.stopped):
            await asyncio.sleep(0)


async def test_a_voice_that_breaks_fails_the_response():
    class Hoarse(ToneTts):
        async def speak(self, text, *, voice, speed=1.0, language=None):
            yield SpeechChunk(np.zeros(2400, np.int16))
            raise EngineError("The voice is gone.", code="voice_gone")

    async with line(ScriptedLlm("Hello there."), tts=Hoarse()) as found:
        await found.says("response.create")
        error = response(await found.until("response.done"))["status_details"]["error"]
        assert (error["code"], error["message"]) == ("voice_gone", "The voice is gone.")


async def test_an_engine_that_breaks_its_word_is_told_of_without_details():
    class Broken(ScriptedLlm):
        async def generate(self, request):
            raise ValueError("secret detail")
            yield

    async with line(Broken()) as found:
        await found.says("response.create")
        error = response(await found.until("response.done"))["status_details"]["error"]
        assert "secret" not in error["message"]
        assert error["code"] == "engine_error"


async def test_clauses_are_spoken_one_after_the_other_in_their_order():
    tts = ToneTts()
    async with line(ScriptedLlm("One is here. Two is there. Three is gone."), tts=tts) as found:
        await found.says("response.create")
        await found.until("response.done")
    assert "".join(tts.said) == "One is here. Two is there. Three is gone."
    assert len(tts.said) == 3


async def test_a_spoken_turn_by_telephone():
    stt = ScriptedStt(["What is it?"])
    hearing = {"format": {"type": "audio/pcmu"}, "transcription": {"model": "any"}}
    speaking = {"format": {"type": "audio/pcma"}}
    async with line(ScriptedLlm("A test."), stt=stt, audio={"input": hearing, "output": speaking}) as found:
        for sound in (silence(500), speech(800), silence(800)):
            await found.append(g711.mulaw_encode(pcm.decode(sound)[::3]))
        await found.until("response.done")
        [completed] = [e for e in found.events if e["type"].endswith("transcription.completed")]
        assert completed["transcript"] == "What is it?"
        started = next(e for e in found.events if e["type"].endswith("speech_started"))["audio_start_ms"]
        stopped = next(e for e in found.events if e["type"].endswith("speech_stopped"))["audio_end_ms"]
        assert 150 <= started <= 200
        assert abs(stt.heard_ms[0] - (stopped - started)) <= 40


async def test_what_is_committed_by_hand_is_heard_whole():
    stt = ScriptedStt(["Hello"])
    async with line(stt=stt, audio={"input": {"turn_detection": None}}) as found:
        for _ in range(10):
            await found.append(speech(100))
        await found.says("input_audio_buffer.commit")
        await found.until("conversation.item.done")
        while not stt.heard_ms:
            await asyncio.sleep(0)
    assert 990 <= stt.heard_ms[0] <= 1000


async def test_audio_is_paced_by_the_clock():
    async with line(ScriptedLlm("abcd efgh ijkl mnop."), lead_ms=300) as found:
        begin = asyncio.get_running_loop().time()
        await found.says("response.create")
        await found.until("response.done")
        took = asyncio.get_running_loop().time() - begin
        # Four words of 250 ms: the last may leave when 300 ms are left to be played.
        assert 0.44 <= took < 2


async def test_the_answer_waits_for_the_recogniser():
    stt = ScriptedStt(["Hello"])
    stt.held.clear()
    llm = ScriptedLlm("Hi.")
    async with line(llm, stt=stt) as found:
        await found.append(speech(600))
        await found.append(silence(700))
        await found.until("response.created")
        assert llm.requests == []
        stt.held.set()
        await found.until("response.done")
    assert llm.requests[0].messages[-1].text == "Hello"


# --- the end of a turn ----------------------------------------------------------------------------------------------
SEMANTIC = {"input": {"turn_detection": {"type": "semantic_vad"}}}


async def hear_in_pieces(found, *sounds):
    """As a microphone sends it: 20 ms at a time."""
    for sound in sounds:
        for at in range(0, len(sound), 960):
            await found.append(sound[at : at + 960])


async def test_a_turn_that_seems_complete_is_answered_after_a_short_silence():
    turn, stt = ScriptedTurnAnalyzer([0.9]), ScriptedStt(["Hello"])
    async with line(ScriptedLlm("Hi."), turn=turn, stt=stt, audio=SEMANTIC) as found:
        await hear_in_pieces(found, silence(320), speech(960), silence(200))
        stopped = await found.until("input_audio_buffer.speech_stopped")
        assert stopped["audio_end_ms"] == 320 + 960 + 192
        await found.until("response.done")
    assert turn.asked == [(300 + 960 + 192, "")], "the turn with its padding, up to the pause"


async def test_the_recogniser_learns_of_pauses_before_it_gets_what_follows():
    stt = ScriptedStt(["Hello"])
    async with line(ScriptedLlm("Hi."), turn=ScriptedTurnAnalyzer([0.1, 0.9]), stt=stt, audio=SEMANTIC) as found:
        await hear_in_pieces(found, silence(320), speech(960), silence(256), speech(480), silence(256))
        await found.until("response.done")
    kinds = [kind for kind, _ in stt.pauses]
    heard_ms = [milliseconds - 300 for _, milliseconds in stt.pauses]
    assert kinds == ["pause", "resume", "pause"]
    # All that was said, and of the silence as much as was judged before the window that tells.
    assert heard_ms == [960 + 128, 960 + 256, 960 + 256 + 480 + 128]


async def test_a_long_turn_is_judged_by_its_last_seconds():
    turn, stt = ScriptedTurnAnalyzer([0.9]), ScriptedStt(["Hello"])
    async with line(ScriptedLlm("Hi."), turn=turn, stt=stt, audio=SEMANTIC) as found:
        await hear_in_pieces(found, speech(20_000), silence(200))
        await found.until("response.done")
    assert turn.asked == [(8000, "")]


@pytest.mark.parametrize("verdict", [0.1, EngineError("No judge."), ValueError("a bug"), None])
async def test_a_turn_that_is_not_judged_complete_is_answered_all_the_same(verdict, caplog):
    class Judge(ScriptedTurnAnalyzer):
        async def completeness(self, samples, words):
            reached.set()
            if isinstance(verdict, ValueError):
                raise verdict
            return await super().completeness(samples, words)

    reached = asyncio.Event()
    turn, stt = Judge([verdict] * 2), ScriptedStt(["Hello"])
    if verdict is None:
        turn.held.clear()
    async with line(ScriptedLlm("Hi."), turn=turn, stt=stt, audio=SEMANTIC) as found:
        await hear_in_pieces(found, speech(960), silence(300))
        await asyncio.wait_for(reached.wait(), 10)
        await hear_in_pieces(found, silence(2000))
        stopped = await found.until("input_audio_buffer.speech_stopped")
        assert stopped["audio_end_ms"] == 960 + 1504
        await found.until("response.done")
    assert ("The turn analyzer failed (err_" in caplog.text) == isinstance(verdict, ValueError)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (EngineError("It was not started."), "It was not started."),
        (OSError("secret"), "The speech recogniser failed; see err_t01 in the server's log."),
    ],
)
async def test_a_recogniser_that_cannot_begin_fails_the_turn_and_the_session_lives(error, told):
    class Closed(ScriptedStt):
        def open(self, profile, on_partial=None, language=None):
            if self.transcripts[0] == "":
                self.transcripts.popleft()
                raise error
            return super().open(profile, on_partial, language)

    hearing = {"input": {"transcription": {"model": "any"}}}
    async with line(ScriptedLlm("Hi."), stt=Closed(["", "Hello"]), audio=hearing) as found:
        await hear_in_pieces(found, speech(960), silence(600))
        failed = await found.until("conversation.item.input_audio_transcription.failed")
        assert failed["error"]["message"] == told
        assert response(await found.until("response.done"))["status"] == "failed"
        await hear_in_pieces(found, speech(960), silence(600))
        assert response(await found.until("response.done"))["status"] == "completed"


@pytest.mark.parametrize("kind", ["audio/pcm", "audio/pcmu"])
async def test_sound_that_the_client_puts_into_the_conversation_is_heard_whole(kind):
    stt, llm = ScriptedStt(["Hello"]), ScriptedLlm("Hi.")
    sound = speech(1030) if kind == "audio/pcm" else g711.mulaw_encode(pcm.decode(speech(1030))[::3])
    part = {"type": "input_audio", "audio": base64.b64encode(sound).decode()}
    form = {"type": kind, **({"rate": 24_000} if kind == "audio/pcm" else {})}
    async with line(llm, stt=stt, audio={"input": {"format": form}}) as found:
        await found.says("conversation.item.create", item={"type": "message", "role": "user", "content": [part]})
        await found.says("response.create")
        await found.until("response.done")
    assert 1028 <= stt.heard_ms[0] <= 1032
    assert llm.requests[0].messages[-1].text == "Hello"


async def test_a_vad_that_breaks_is_told_once_and_the_session_lives():
    class Broken:
        name = "broken"

        def open(self):
            return self

        def probability(self, window):
            raise RuntimeError("secret detail")

        def reset(self):
            pass

    async with line(ScriptedLlm("Here I am."), vad=Broken()) as found:
        await found.append(speech(500))
        error = (await found.until("error"))["error"]
        assert (error["type"], "secret" in error["message"]) == ("server_error", False)
        await found.append(speech(500))
        await found.says("response.create", response={"output_modalities": ["text"]})
        assert response(await found.until("response.done"))["status"] == "completed"
        assert [event["type"] for event in found.events].count("error") == 1


async def test_how_the_engines_do_is_reported():
    class Monitor:
        def __init__(self):
            self.reports = []

        def succeeded(self, part):
            self.reports.append((part, "succeeded"))

        def failed(self, part, error):
            self.reports.append((part, str(error)))

    monitor = Monitor()
    stt = ScriptedStt([EngineError("It died.", retryable=True)])
    async with line(ScriptedLlm("Here I am."), stt=stt, monitor=monitor) as found:
        await found.append(speech(500) + silence(1000))
        await found.until("response.done")
        await found.says("response.create")
        assert response(await found.until("response.done"))["status"] == "completed"
    assert set(monitor.reports) == {("stt", "It died."), ("llm", "succeeded"), ("tts", "succeeded")}
