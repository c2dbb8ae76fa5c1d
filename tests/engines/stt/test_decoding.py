"""The queue in front of a decoder, and utterances that go through it; the decoder is a process that recites."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from tests.engines.stt import recited
from vasi.engines.ports import HEARING_RATE, Samples
from vasi.engines.stt.whisper import decoding
from vasi.engines.stt.whisper.decoding import DecodingQueue
from vasi.engines.stt.whisper.utterance import WhisperUtterance
from vasi.errors import EngineBusy, EngineError
from vasi.workers.child import Program

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the child kills itself with a signal")


@pytest.fixture
async def queue(tmp_path: Path) -> AsyncIterator[DecodingQueue]:
    made = DecodingQueue(
        Program("tests.engines.stt.recited", environment={"RECITED": str(tmp_path), "PYTHONPATH": os.getcwd()}),
        1,
        ("en", "de"),
    )
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def decoded(tmp_path: Path):
    """The lengths of what was decoded so far, in tenths of a second."""
    log = tmp_path / "decoded"
    return lambda: [int(line) for line in log.read_text().split()] if log.exists() else []


def opened(queue: DecodingQueue, told: list[str] | None = None, language: str | None = "en") -> WhisperUtterance:
    return WhisperUtterance(queue, language, None if told is None else told.append, lambda _: None)


def sound(seconds: float, command: int = 0) -> Samples:
    samples = np.full(int(seconds * HEARING_RATE), 1000, np.int16)
    samples[0] = command
    return samples


async def until(condition) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


async def test_all_that_was_fed_is_decoded_in_the_language_that_is_spoken(queue):
    utterance = opened(queue, language="de")
    for _ in range(10):
        utterance.feed(sound(0.1))
    transcript = await utterance.finish()
    assert (transcript.text, transcript.language) == ("10 tenths in de", "de")


async def test_without_a_language_the_model_finds_one_of_those_that_are_allowed(queue):
    utterance = opened(queue, language=None)
    utterance.feed(sound(1))
    transcript = await utterance.finish()
    assert (transcript.text, transcript.language) == ("10 tenths in en/de", "de")


async def test_silence_is_not_even_decoded(queue, decoded):
    utterance = opened(queue)
    utterance.feed(np.zeros(HEARING_RATE, np.int16))
    utterance.pause()
    assert (await utterance.finish()).text == ""
    assert not decoded()


async def test_what_the_model_takes_for_no_speech_has_no_text_and_no_language(queue):
    utterance = opened(queue)
    utterance.feed(sound(1, recited.NOTHING))
    transcript = await utterance.finish()
    assert (transcript.text, transcript.language) == ("", None)


async def test_in_a_pause_the_text_is_made_and_told_and_is_there_at_the_end(queue, decoded):
    told: list[str] = []
    utterance = opened(queue, told)
    utterance.feed(sound(1))
    utterance.pause()
    await until(lambda: told)
    utterance.feed(np.zeros(HEARING_RATE, np.int16))
    assert (await utterance.finish()).text == told[0] == "10 tenths in en"
    assert decoded() == [10]


async def test_who_speaks_on_after_a_pause_is_heard_whole(queue, decoded):
    told: list[str] = []
    utterance = opened(queue, told)
    utterance.feed(sound(1))
    utterance.pause()
    await until(lambda: told)
    utterance.feed(sound(0.5))
    utterance.resume()
    utterance.feed(sound(1))
    assert (await utterance.finish()).text == "25 tenths in en"
    assert decoded() == [10, 25]


async def test_a_guess_that_is_outdated_is_not_told_and_not_queued_twice(queue, decoded):
    told: list[str] = []
    utterance, other = opened(queue, told), opened(queue)
    other.feed(sound(3, recited.SLOW))
    other.pause()
    await until(decoded)
    utterance.feed(sound(1))
    for _ in range(5):
        utterance.pause()
        utterance.pause()
        utterance.resume()
    utterance.feed(sound(1))
    assert (await utterance.finish()).text == "20 tenths in en"
    assert not told
    await other.close()
    assert decoded() == [30, 20]


async def test_who_waits_goes_before_guesses(queue, decoded):
    running, guessing, waiting = (opened(queue) for _ in range(3))
    running.feed(sound(3, recited.SLOW))
    running.pause()
    await until(decoded)
    guessing.feed(sound(2))
    guessing.pause()
    waiting.feed(sound(1))
    assert (await waiting.finish()).text == "10 tenths in en"
    assert (await guessing.finish()).text == "20 tenths in en"
    assert decoded() == [30, 10, 20]
    await running.close()


async def test_when_too_many_wait_the_next_is_told_so_and_the_others_are_heard(queue, monkeypatch):
    monkeypatch.setattr(decoding, "LONGEST_WAIT_S", 1.0)
    utterances = [opened(queue) for _ in range(6)]
    for utterance in utterances:
        utterance.feed(sound(1, recited.SLOW))
    results = await asyncio.gather(*(each.finish() for each in utterances), return_exceptions=True)
    refused = [result for result in results if isinstance(result, EngineBusy)]
    assert 1 <= len(refused) <= 4
    assert "say it again" in refused[0].message
    assert all(getattr(result, "text", "10 tenths in en") == "10 tenths in en" for result in results)
    later = opened(queue)
    later.feed(sound(1))
    assert (await later.finish()).text == "10 tenths in en"


async def test_a_decoder_that_dies_in_mid_utterance_is_replaced_and_nothing_is_lost(queue):
    before = set(queue.pids)
    utterance = opened(queue)
    utterance.feed(sound(1, recited.DIE_ONCE))
    assert (await utterance.finish()).text == "10 tenths in en"
    assert not before & set(queue.pids)


async def test_a_decoder_that_was_killed_while_idle_is_replaced(queue):
    for pid in queue.pids:
        os.kill(pid, signal.SIGKILL)
    utterance = opened(queue)
    utterance.feed(sound(1))
    assert (await utterance.finish()).text == "10 tenths in en"


async def test_what_kills_two_decoders_fails_and_the_next_is_heard(queue):
    deadly, harmless = opened(queue), opened(queue)
    deadly.feed(sound(1, recited.DIE))
    harmless.feed(sound(2))
    results = await asyncio.gather(deadly.finish(), harmless.finish(), return_exceptions=True)
    assert isinstance(results[0], EngineError)
    assert results[0].retryable
    assert results[1].text == "20 tenths in en"


async def test_long_speech_is_parted_where_it_is_quietest_and_decoded_meanwhile(queue, decoded):
    utterance = opened(queue)
    long = np.concatenate([sound(20), np.full(HEARING_RATE // 2, 60, np.int16), sound(45)])
    for start in range(0, len(long), HEARING_RATE):
        utterance.feed(long[start : start + HEARING_RATE])
    await until(decoded)
    assert decoded()[0] in (201, 202, 203)
    text = (await utterance.finish()).text
    parts = decoded()
    assert sum(parts) in range(650, 656)
    assert max(parts) <= 300
    assert text == " ".join(f"{length} tenths in en" for length in parts)


async def test_a_closed_utterance_is_not_decoded_and_says_so(queue, decoded):
    running, utterance = opened(queue), opened(queue)
    running.feed(sound(1, recited.SLOW))
    running.pause()
    await until(decoded)
    utterance.feed(sound(2))
    utterance.pause()
    await utterance.close()
    await utterance.close()
    utterance.feed(sound(1))
    with pytest.raises(EngineError, match="closed"):
        await utterance.finish()
    await running.finish()
    assert decoded() == [10]


async def test_a_decoder_that_stops_fails_what_waits(queue):
    utterances = [opened(queue) for _ in range(3)]
    for utterance in utterances:
        utterance.feed(sound(1, recited.SLOW))
    finishing = [asyncio.create_task(each.finish()) for each in utterances]
    await asyncio.sleep(0.05)
    await queue.stop()
    results = await asyncio.gather(*finishing, return_exceptions=True)
    assert all(isinstance(result, EngineError) and "stopped" in result.message for result in results)
