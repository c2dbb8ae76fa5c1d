import asyncio
import re
import threading
from contextlib import aclosing

import numpy as np
import pytest

from vasi.engines.basic.espeak import EspeakTts
from vasi.engines.espeak import Espeak
from vasi.engines.ports import SPEAKING_RATE
from vasi.errors import EngineError
from vasi.media import pcm

pytest.importorskip("espeakng_loader", reason="espeak-ng isn't installed: pip install 'vasi[espeak]'")

SENTENCE = "According to the employee handbook, you have ten days of annual leave, and five more after a year."
LONG = "You have ten days of leave. Ask your manager first, please, and write it down. " * 30
OPENAI = ("alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar")


@pytest.fixture
async def tts():
    engine = EspeakTts()
    await engine.start()
    yield engine
    await engine.stop()


async def say(tts, text, voice="alloy", speed=1.0):
    sound, words = [np.zeros(0, dtype=np.int16)], []
    async for chunk in tts.speak(text, voice=voice, speed=speed):
        assert chunk.samples.dtype == np.int16
        sound.append(chunk.samples)
        words += chunk.words
    return np.concatenate(sound), words


def spectrum(sound):
    """Long-term spectrum in dB over 60 bands to 6 kHz."""
    frames = sound[: sound.size // 1024 * 1024].reshape(-1, 1024) * np.hanning(1024)
    power = (np.abs(np.fft.rfft(frames)) ** 2).mean(axis=0)[:240].reshape(60, 4).mean(axis=1)
    return 10 * np.log10(power / power.sum())


async def test_a_sentence_is_spoken_at_natural_length_and_loudness(tts):
    sound, _ = await say(tts, SENTENCE)
    assert 4.5 < sound.size / SPEAKING_RATE < 7.5
    assert -30 < pcm.level_dbfs(sound) < -12


@pytest.mark.parametrize("voice", ["alloy", "sage", "de"])
async def test_a_text_is_spoken_by_a_voice_of_its_language(tts, voice):
    text = "Guten Tag, wie geht es Ihnen heute?"

    async def length(**wanted):
        """Hundredths of a second: espeak's noises differ from time to time, its timing doesn't."""
        return sum([chunk.samples.size async for chunk in tts.speak(text, **wanted)]) // (SPEAKING_RATE // 100)

    variant = {"alloy": "", "sage": "+f4", "de": ""}[voice]
    german = await length(voice=f"de{variant}")
    assert abs(await length(voice=voice, language="de") - german) <= 1
    assert abs(await length(voice=f"en-us{variant}", language=None) - german) > 2
    assert abs(await length(voice=voice, language="xx") - await length(voice=voice)) <= 1


async def test_every_word_has_its_time(tts):
    sound, words = await say(tts, SENTENCE)
    assert [SENTENCE[word.start : word.end] for word in words] == SENTENCE.split()
    starts = [word.start_ms for word in words]
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert starts[-1] < sound.size * 1000 / SPEAKING_RATE


async def test_a_word_starts_where_the_silence_before_it_ends(tts):
    sound, words = await say(tts, "First. Second.")
    loud = np.flatnonzero(np.abs(sound.astype(int)) > 300)
    gap = np.argmax(np.diff(loud))
    onset_ms = loud[gap + 1] * 1000 / SPEAKING_RATE
    assert np.diff(loud)[gap] > SPEAKING_RATE // 10
    assert abs(words[1].start_ms - onset_ms) < 60


async def test_chunks_are_short_and_carry_the_words_that_begin_in_them(tts):
    given = 0
    async for chunk in tts.speak(LONG[:800], voice="alloy"):
        assert 0 < chunk.samples.size <= SPEAKING_RATE // 10
        given += chunk.samples.size
        assert all(word.start_ms <= given * 1000 / SPEAKING_RATE for word in chunk.words)


@pytest.fixture
def gate(monkeypatch):
    """Holds espeak after its first piece of audio until ``gate.open()``; counts what was made."""
    return Gate(monkeypatch)


class Gate:
    def __init__(self, monkeypatch):
        self.jobs = self.pieces = 0
        self.timed_out = False
        self._opened = threading.Event()
        self._real = Espeak.shared().synthesize
        monkeypatch.setattr(Espeak.shared(), "synthesize", self._synthesize)

    def open(self):
        self._opened.set()

    def _synthesize(self, text, hear, **options):
        def hear_behind_the_gate(samples, starts):
            self.pieces += 1
            if self.pieces > 1 and not self._opened.wait(10):
                self.timed_out = True
            return hear(samples, starts)

        self.jobs += 1
        return self._real(text, hear_behind_the_gate, **options)


async def test_the_first_sound_comes_while_the_rest_is_being_made(gate):
    stream = EspeakTts().speak(SENTENCE, voice="alloy")
    first = await anext(stream)
    assert first.samples.size > 0
    assert gate.pieces <= 2
    assert not gate.timed_out
    gate.open()
    assert sum([1 async for _ in stream]) > 50


async def test_closing_stops_the_clause_that_is_being_made(gate):
    async with aclosing(EspeakTts().speak(SENTENCE, voice="alloy")) as stream:
        await anext(stream)
    gate.open()
    await asyncio.to_thread(Espeak.shared().pronounce, ["hello"])
    assert gate.pieces <= 2
    assert not gate.timed_out


async def test_nothing_is_made_far_ahead_of_the_listener(gate):
    gate.open()
    async with aclosing(EspeakTts().speak(LONG, voice="alloy")) as stream:
        await anext(stream)
        await asyncio.to_thread(Espeak.shared().pronounce, ["hello"])
        await asyncio.to_thread(Espeak.shared().pronounce, ["hello"])
        assert gate.jobs == 1


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
    ],
)
async def test_every_word_of_any_text_has_its_time(tts, text):
    sound, words = await say(tts, text)
    assert sound.size > SPEAKING_RATE // 2
    assert [(word.start, word.end) for word in words] == [match.span() for match in re.finditer(r"\S+", text)]
    assert [word.start_ms for word in words] == sorted(word.start_ms for word in words)


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\x00\x01", "\u202e"])
async def test_nothing_to_say_is_no_audio(tts, text):
    sound, words = await say(tts, text)
    assert (sound.size, words) == (0, [])


async def test_markup_is_text_like_any_other(tts):
    sound, _ = await say(tts, "<break time='9s'/> hello [[h@loU]] &amp;")
    loud = np.flatnonzero(np.abs(sound.astype(int)) > 300)
    assert np.diff(loud).max() < SPEAKING_RATE
    assert sound.size > (await say(tts, "hello"))[0].size * 3


async def test_a_very_long_text_keeps_its_words_and_its_pace(tts):
    sound, words = await say(tts, LONG)
    once, _ = await say(tts, LONG[:79])
    assert len(words) == len(LONG.split())
    assert sound.size == pytest.approx(30 * once.size, rel=0.03)


async def test_one_endless_word_is_spoken_too(tts):
    sound, words = await say(tts, "a" * 400)
    assert len(words) == 1
    assert sound.size > SPEAKING_RATE


async def test_too_long_a_text_is_refused_with_a_sentence(tts):
    with pytest.raises(EngineError, match="has 20001 characters; send at most 20000"):
        await say(tts, "x" * 20_001)


async def test_closing_in_the_middle_frees_the_engine_for_the_next(tts):
    for _ in range(20):
        async with aclosing(tts.speak(LONG, voice="alloy")) as stream:
            async for _ in stream:
                break
    # If the abandoned ones were made to their end first, that would be 50 minutes of speech.
    async with asyncio.timeout(10):
        sound, _ = await say(tts, "Done.")
    assert sound.size > SPEAKING_RATE // 4


async def test_waiting_for_the_engine_leaves_the_event_loop_free(tts):
    release = threading.Event()
    busy = Espeak.shared().synthesize(
        "Hello.",
        lambda samples, starts: release.wait(20),
        voice="en-us",
        words_per_minute=175,
        end_pause=False,
    )
    speaking = asyncio.create_task(say(tts, "Me too."))
    for _ in range(100):
        await asyncio.sleep(0)
    assert not speaking.done()
    release.set()
    sound, _ = await speaking
    assert sound.size > SPEAKING_RATE // 4
    busy.result(timeout=5)


async def test_speakers_at_once_each_get_their_own_whole_speech(tts):
    texts = [f"{name} has {number} days of leave, and {number + 3} more after a year. Ask first. " * 3
             for number, name in enumerate(("Anna", "Bertram", "Caroline", "Dan"), start=2)]  # fmt: skip
    voices = ("alloy", "coral", "echo", "sage")
    solo = [await say(tts, text, voice) for text, voice in zip(texts, voices, strict=True)]
    together = await asyncio.gather(*(say(tts, text, voice) for text, voice in zip(texts, voices, strict=True)))
    for (sound, words), (alone, alone_words) in zip(together, solo, strict=True):
        assert sound.size == pytest.approx(alone.size, rel=0.01)
        assert [(word.start, word.end) for word in words] == [(word.start, word.end) for word in alone_words]
        assert all(abs(a.start_ms - b.start_ms) < 120 for a, b in zip(words, alone_words, strict=True))
        assert np.abs(spectrum(sound) - spectrum(alone)).mean() < 0.8


async def test_a_short_answer_need_not_wait_for_a_long_one(tts):
    done = []

    async def timed(name, text):
        await say(tts, text)
        done.append(name)

    long = asyncio.create_task(timed("long", LONG))
    await asyncio.sleep(0)
    await asyncio.gather(long, timed("short", "Yes."), timed("medium", LONG[:300]))
    assert done == ["short", "medium", "long"]


async def test_openais_voices_differ_from_each_other(tts):
    assert tts.voices()[:10] == OPENAI
    spectra = [spectrum((await say(tts, SENTENCE, voice))[0]) for voice in OPENAI]
    again = spectrum((await say(tts, SENTENCE, OPENAI[0]))[0])
    same = np.abs(again - spectra[0]).mean()
    others = [np.abs(a - b).mean() for i, a in enumerate(spectra) for b in spectra[i + 1 :]]
    assert same < 0.8
    assert min(others) > 1.2


async def test_espeaks_own_names_and_variants_are_taken(tts):
    assert {"en-us", "en-gb", "de", "fr-fr", "es"} <= set(tts.voices())
    english = spectrum((await say(tts, SENTENCE, "en-us"))[0])
    for voice in ("en-us+f3", "de", "fr-fr+m3"):
        assert np.abs(spectrum((await say(tts, SENTENCE, voice))[0]) - english).mean() > 1.2


@pytest.mark.parametrize("voice", ["nobody", "", "../../etc/passwd", "en-us+nobody"])
async def test_an_unknown_voice_is_the_default_one(voice):
    tts = EspeakTts(default_voice="coral")
    default = spectrum((await say(tts, SENTENCE, "coral"))[0])
    assert np.abs(spectrum((await say(tts, SENTENCE, voice))[0]) - default).mean() < 0.8


def test_an_unknown_default_voice_is_refused():
    with pytest.raises(EngineError, match="no voice 'nobody'"):
        EspeakTts(default_voice="nobody")


@pytest.mark.parametrize(("speed", "factor"), [(0.25, 4.0), (0.3, 3.33), (0.5, 2.0), (0.75, 1.33), (1.5, 0.667)])
async def test_speed_is_what_was_asked_for(tts, speed, factor):
    normal, _ = await say(tts, SENTENCE)
    sound, words = await say(tts, SENTENCE, speed=speed)
    assert sound.size / normal.size == pytest.approx(factor, rel=0.15)
    assert len(words) == len(SENTENCE.split())


async def test_clauses_spoken_one_by_one_keep_the_pauses_between_them(tts):
    whole, _ = await say(tts, "You have ten days of leave. Ask first, then go. Good luck.")
    parts = [
        await say(tts, text) for text in ("You have ten days of leave. ", "Ask first, ", "then go. ", "Good luck.")
    ]
    assert sum(sound.size for sound, _ in parts) == pytest.approx(whole.size, rel=0.05)
