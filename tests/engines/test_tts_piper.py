import asyncio
import os
import re
import signal
import time
from contextlib import aclosing

import numpy as np
import pytest

from tests.fakes.tiny_voice import make_voice
from vasi.engines.basic.espeak import EspeakTts
from vasi.engines.ports import SPEAKING_RATE
from vasi.engines.tts import process
from vasi.engines.tts.by_language import TtsByLanguage
from vasi.engines.tts.piper import PiperTts
from vasi.errors import EngineBusy, EngineError
from vasi.media import pcm

pytest.importorskip("espeakng_loader", reason="espeak-ng isn't installed: pip install 'vasi[espeak]'")
pytest.importorskip("onnxruntime", reason="onnxruntime isn't installed: pip install 'vasi[local]'")

SENTENCE = "According to the employee handbook, you have ten days of annual leave, and five more after a year."
LONG = "You have ten days of leave. Ask your manager first, please, and write it down. " * 20


@pytest.fixture(scope="module")
def voice(tmp_path_factory):
    return make_voice(tmp_path_factory.mktemp("voice"))


@pytest.fixture
async def tts(voice):
    engine = PiperTts([voice])
    await engine.start()
    yield engine
    await engine.stop()


async def say(tts, text, voice="alloy", **options):
    sound, words = [np.zeros(0, dtype=np.int16)], []
    async for chunk in tts.speak(text, voice=voice, **options):
        assert chunk.samples.dtype == np.int16
        assert 0 < chunk.samples.size <= SPEAKING_RATE // 10
        sound.append(chunk.samples)
        words += chunk.words
        assert all(word.start_ms <= sum(s.size for s in sound) * 1000 // SPEAKING_RATE for word in chunk.words)
    return np.concatenate(sound), words


def child(tts):
    (pid,) = tts.pids
    return pid


async def test_a_sentence_is_spoken_and_every_word_has_its_time(tts):
    sound, words = await say(tts, SENTENCE)
    assert 2 < sound.size / SPEAKING_RATE < 20
    assert -30 < pcm.level_dbfs(sound) < -12
    assert [SENTENCE[word.start : word.end] for word in words] == SENTENCE.split()
    starts = [word.start_ms for word in words]
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert starts[-1] < sound.size * 1000 / SPEAKING_RATE


async def test_longer_words_take_longer(tts):
    _, words = await say(tts, "An extraordinarily long day")
    an, extraordinarily, long, _ = (word.start_ms for word in words)
    assert long - extraordinarily > 4 * (extraordinarily - an)


@pytest.mark.parametrize(
    "text",
    [
        "Héllo wörld — it costs $1,234.50 on the 3rd of May… ok?",
        "naïve 你好 Привет end",
        "Great 👍🏽 job 👩‍👩‍👧 done 🙂",
        "cut\u00adting \u202ebidi\u202c \ufeffmark",
        "a \x00b\x07 \ud800 c",
        "line one\nline two\r\n\r\n\tline three",
        "e-mail john@example.com or http://a.b/c?d=e&f",
        "2024-05-03 at 14:30, 3.14159 and -7",
        "!!! ... wait ,,, what ???",
        "<break time='9s'/> hello [[h@loU]] &amp; (as they say) \"Quoted.\"",
        "مرحبا بالعالم. كيف حالك؟ 東京は日本の首都です。",
    ],
)
async def test_every_word_of_any_text_has_its_time(tts, text):
    sound, words = await say(tts, text)
    assert sound.size > SPEAKING_RATE // 5
    assert [(word.start, word.end) for word in words] == [match.span() for match in re.finditer(r"\S+", text)]
    assert [word.start_ms for word in words] == sorted(word.start_ms for word in words)


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\x00\x01", "\u202e", "👍🏽", "...", "你好"])
async def test_nothing_to_say_is_no_audio(tts, text):
    sound, words = await say(tts, text)
    assert (sound.size, words) == (0, [])


async def test_a_long_text_keeps_its_words_and_its_pace(tts):
    sound, words = await say(tts, LONG)
    once, _ = await say(tts, LONG[:79])
    assert len(words) == len(LONG.split())
    assert sound.size == pytest.approx(20 * once.size, rel=0.03)


async def test_one_endless_word_is_spoken_too(tts):
    sound, words = await say(tts, "a" * 400)
    assert len(words) == 1
    assert sound.size > SPEAKING_RATE


async def test_too_long_a_text_is_refused_with_a_sentence(tts):
    with pytest.raises(EngineError, match="has 20001 characters; send at most 20000"):
        await say(tts, "x" * 20_001)


async def test_sentences_are_followed_by_a_pause(tts):
    one, _ = await say(tts, "Yes.")
    two, words = await say(tts, "Yes. Yes.")
    assert two.size == pytest.approx(2 * one.size, rel=0.02)
    assert words[1].start_ms == pytest.approx(one.size * 1000 / SPEAKING_RATE, abs=5)


async def test_clauses_are_made_only_as_they_are_taken(tts, monkeypatch):
    made = []
    speak = tts._process.speak

    async def counted(clause):
        made.append(clause)
        return await speak(clause)

    monkeypatch.setattr(tts._process, "speak", counted)
    async with aclosing(tts.speak(LONG, voice="alloy")) as stream:
        await anext(stream)
    assert len(made) == 1


async def test_closing_stops_at_once_and_the_next_is_spoken(tts):
    stream = tts.speak("a" * 119, voice="alloy")
    begun = asyncio.create_task(anext(stream))
    await asyncio.sleep(0.01)
    before = time.perf_counter()
    begun.cancel()
    await asyncio.gather(begun, return_exceptions=True)
    await stream.aclose()
    assert time.perf_counter() - before < 0.02
    sound, _ = await say(tts, "Done.")
    assert sound.size > SPEAKING_RATE // 10


async def test_what_was_given_up_while_it_waited_is_never_made(tts):
    speakers = [asyncio.create_task(say(tts, SENTENCE)) for _ in range(20)]
    await asyncio.sleep(0.05)
    for speaker in speakers:
        speaker.cancel()
    await asyncio.gather(*speakers, return_exceptions=True)
    answered = child(tts)
    async with asyncio.timeout(5):
        await say(tts, "Done.")
    assert child(tts) == answered


async def test_a_short_answer_need_not_wait_for_a_long_one(tts):
    done = []

    async def timed(name, text):
        await say(tts, text)
        done.append(name)

    long = asyncio.create_task(timed("long", LONG))
    await asyncio.sleep(0)
    await asyncio.gather(long, timed("short", "Yes."), timed("medium", LONG[:300]))
    assert done == ["short", "medium", "long"]


async def test_a_child_that_dies_in_mid_speech_is_replaced(tts):
    stream = tts.speak(LONG[:158], voice="alloy")
    sound = [(await anext(stream)).samples]
    first = child(tts)
    os.kill(first, signal.SIGKILL)
    async for chunk in stream:
        sound.append(chunk.samples)
    whole, _ = await say(tts, LONG[:158])
    assert sum(piece.size for piece in sound) == whole.size
    assert child(tts) != first


async def test_too_many_at_once_are_told_so(tts, monkeypatch):
    monkeypatch.setattr(process, "MOST_WAITING", 2)
    results = await asyncio.gather(*(say(tts, "Yes.") for _ in range(6)), return_exceptions=True)
    refused = [result for result in results if isinstance(result, EngineBusy)]
    assert 0 < len(refused) < 6
    assert all("try again" in error.message for error in refused)


async def test_what_is_being_said_when_it_stops_fails_with_a_sentence(voice):
    tts = PiperTts([voice])
    await tts.start()
    speaking = asyncio.create_task(say(tts, LONG))
    await asyncio.sleep(0.05)
    await tts.stop()
    with pytest.raises(EngineError, match=r"was stopped|isn't running"):
        await speaking
    await tts.start()
    assert (await say(tts, "Again."))[0].size
    await tts.stop()


async def test_a_broken_file_is_an_error_at_the_start(voice, tmp_path):
    broken = make_voice(tmp_path)
    next(broken.glob("*.onnx")).write_bytes(b"nonsense")
    tts = PiperTts([broken])
    with pytest.raises(EngineError, match="can't be loaded"):
        await tts.start()
    await tts.stop()
    with pytest.raises(EngineError, match="holds no Piper voice"):
        PiperTts([tmp_path / "nothing"])


async def test_openais_names_are_the_speakers_of_a_voice_that_has_several(tmp_path):
    names = [f"p{number}" for number in range(12)]
    tts = PiperTts([make_voice(tmp_path, "en_GB-many-low", "en-gb-x-rp", names)])
    assert tts.voices()[10:] == tuple(f"en_GB-many-low#{name}" for name in names)
    speakers = [tts._speaker(name, None) for name in tts.voices()]
    assert sorted({speaker.number for speaker in speakers}) == list(range(12))
    assert [speaker.number for speaker in speakers[:10]] == list(range(10))
    assert {speaker.pitch for speaker in speakers} == {1.0}
    assert tts._speaker("en_GB-many-low#p11", "en").number == 11


async def test_openais_names_differ_in_pitch_where_there_is_one_speaker(tts):
    lengths = {name: (await say(tts, "Hello", name))[0].size for name in ("alloy", "cedar", "shimmer", "nobody")}
    assert lengths["shimmer"] < lengths["alloy"] == lengths["nobody"] < lengths["cedar"]


async def test_a_language_is_spoken_by_its_own_voice_or_by_another_engine(voice, tmp_path):
    german = make_voice(tmp_path, "de_DE-tiny-low", "de")
    piper = PiperTts([voice, german])
    tts = TtsByLanguage([piper, EspeakTts()])
    await tts.start()
    try:
        assert piper._speaker("alloy", "de").voice.name == "de_DE-tiny-low"
        assert piper._speaker("en_US-tiny-low", "de").voice.name == "de_DE-tiny-low"
        assert piper._speaker("alloy", None).voice.name == "en_US-tiny-low"
        assert [piper.fitness("alloy", language) for language in ("en", "de", "fr", None)] == [1, 1, 0, 1]
        assert {"alloy", "de_DE-tiny-low", "fr-fr"} <= set(tts.voices())
        french, words = await say(tts, "Bonjour tout le monde.", language="fr")
        robot, _ = await say(EspeakTts(), "Bonjour tout le monde.", language="fr")
        assert french.size == pytest.approx(robot.size, rel=0.01)
        assert len(words) == 4
        hum, _ = await say(tts, "Guten Tag.", language="de")
        assert hum.size != pytest.approx((await say(EspeakTts(), "Guten Tag.", language="de"))[0].size, rel=0.01)
    finally:
        await tts.stop()
