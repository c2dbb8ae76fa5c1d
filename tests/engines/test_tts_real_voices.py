"""Real voices, heard back by a real recogniser."""

import asyncio
import os
import re
import signal
from contextlib import aclosing, asynccontextmanager, suppress

import numpy as np
import psutil
import pytest

from tests.real_models import model_folder, needs_model
from vasi.engines.ports import HEARING_RATE, SPEAKING_RATE
from vasi.engines.stt.whisper.engine import WhisperStt
from vasi.engines.tts.piper import PiperTts
from vasi.language.numerals import spoken
from vasi.media.resample import Resampler

pytest.importorskip("espeakng_loader", reason="espeak-ng isn't installed: pip install 'vasi[espeak]'")
pytestmark = needs_model("piper-en_US-joe", "whisper-tiny.en")

SENTENCES = (
    "According to the employee handbook, you have ten days of annual leave.",
    "The deposit for a large garden plot is forty euros.",
    "The library closes at six in the evening on Saturday.",
    "Please write to the secretary before the end of the month.",
)
SPOKEN_FORMS = "Dr. Smith paid $1,250 on May 3, 2024 for 20 kg."


@pytest.fixture
async def tts():
    engine = PiperTts([model_folder("piper-en_US-joe")], threads=1)
    await engine.start()
    yield engine
    await engine.stop()


@asynccontextmanager
async def recogniser():
    stt = WhisperStt(model_folder("whisper-tiny.en"), name="whisper-tiny.en", window_s=10.0, threads=1)
    await stt.start()
    try:
        yield stt
    finally:
        await stt.stop()


async def say(tts, text, **options):
    chunks = [chunk async for chunk in tts.speak(text, voice="alloy", **options)]
    words = [word for chunk in chunks for word in chunk.words]
    return np.concatenate([chunk.samples for chunk in chunks]), words


async def hear(stt, sound):
    resampler = Resampler(SPEAKING_RATE, HEARING_RATE)
    stream = stt.open("owner")
    stream.feed(np.concatenate((resampler.push(sound), resampler.flush())))
    return plain((await stream.finish()).text)


def plain(text):
    return re.sub(r"[^a-z ]+", " ", spoken(text).lower()).split()


def errors(said, heard):
    """Words that were heard wrongly, left out or added."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, start=1):
        last, row[0] = row[0], i
        for j, other in enumerate(heard, start=1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (word != other))
    return row[-1]


async def test_what_is_said_is_heard(tts):
    async with recogniser() as stt:
        wrong = total = 0
        for sentence in SENTENCES:
            wrong += errors(plain(sentence), await hear(stt, (await say(tts, sentence))[0]))
            total += len(plain(sentence))
        assert wrong / total <= 0.15
        heard = " ".join(await hear(stt, (await say(tts, SPOKEN_FORMS))[0]))
    assert "smith paid one thousand two hundred fifty dollars" in heard
    assert "twenty kilograms" in heard


async def test_four_speak_at_once_and_every_word_has_its_time(tts):
    spoken_at_once = await asyncio.gather(*(say(tts, sentence) for sentence in SENTENCES))
    for sentence, (sound, words) in zip(SENTENCES, spoken_at_once, strict=True):
        ms = sound.size * 1000 // SPEAKING_RATE
        assert [sentence[word.start : word.end] for word in words] == sentence.split()
        starts = [word.start_ms for word in words]
        assert starts == sorted(set(starts))
        assert starts[0] == 0
        # The last word lasts until the pause behind the sentence.
        assert ms - 1_200 < starts[-1] < ms - 300
        assert 1_500 < ms < 7_000
    normal = spoken_at_once[1][0].size
    for speed in (0.5, 1.5):
        assert (await say(tts, SENTENCES[1], speed=speed))[0].size == pytest.approx(normal / speed, rel=0.2)


async def test_a_clause_that_nobody_wants_any_more_is_not_made_to_its_end(tts):
    (pid,) = tts.pids
    text = " and ".join(sentence.rstrip(".") for sentence in SENTENCES)

    def cpu():
        return sum(psutil.Process(pid).cpu_times()[:2])

    before = cpu()
    await say(tts, text)
    whole = cpu() - before
    before = cpu()
    for _ in range(3):
        speaking = asyncio.create_task(say(tts, text))
        while not tts._process._running and not speaking.done():
            await asyncio.sleep(0)
        speaking.cancel()
        with suppress(asyncio.CancelledError):
            await speaking
    assert (await say(tts, "Yes."))[0].size  # it goes on, when they have ended
    assert cpu() - before < whole


async def test_it_goes_on_after_it_was_cut_off_and_after_its_process_died(tts):
    text = f"{SENTENCES[0]} {SENTENCES[1]}"
    async with aclosing(tts.speak(text, voice="alloy")) as stream:
        await anext(stream)
    stream = tts.speak(text, voice="alloy")
    pieces = [(await anext(stream)).samples]
    (pid,) = tts.pids
    os.kill(pid, signal.SIGKILL)
    pieces += [chunk.samples async for chunk in stream]
    assert pid not in tts.pids
    assert sum(piece.size for piece in pieces) > 5 * SPEAKING_RATE
