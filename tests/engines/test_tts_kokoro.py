import re

import pytest

from tests.fakes.tiny_voice import make_kokoro
from vasi.engines.ports import SPEAKING_RATE
from vasi.engines.tts.kokoro import KokoroTts
from vasi.engines.tts.kokoro_phonemes import kokoro_phonemes
from vasi.errors import EngineError

pytest.importorskip("espeakng_loader", reason="espeak-ng isn't installed: pip install 'vasi[espeak]'")
pytest.importorskip("onnxruntime", reason="onnxruntime isn't installed: pip install 'vasi[local]'")

SENTENCE = "According to the handbook, you have ten days of leave. Ask first!"


@pytest.fixture
async def tts(tmp_path):
    engine = KokoroTts(make_kokoro(tmp_path), threads=1)
    await engine.start()
    yield engine
    await engine.stop()


async def say(tts, text, **options):
    chunks = [chunk async for chunk in tts.speak(text, **{"voice": "alloy", **options})]
    return sum(chunk.samples.size for chunk in chunks), [word for chunk in chunks for word in chunk.words]


@pytest.mark.parametrize(
    ("ipa", "voice", "letters"),
    [
        ("dʒˈʌdʒ tʃˈɜːtʃ".replace("dʒ", "d^ʒ").replace("tʃ", "t^ʃ"), "en-us", "ʤˈʌʤ ʧˈɜɹʧ"),
        ("nˈa^ɪs dˈe^ɪ ɡˈo^ʊ nˈa^ʊ bˈɔ^ɪ", "en-us", "nˈIs dˈA ɡˈO nˈW bˈY"),
        ("wˈɔːɾɚ", "en-us", "wˈɔTəɹ"),
        ("ɡˈə^ʊ fˈe^ə", "en-gb", "ɡˈQ fˈɛː"),
        ("bˈʌʔn̩", "en-us", "bˈʌtn"),
        ("sˈʌdn̩", "en-us", "sˈʌdᵊn"),
        ("ʃa^ʊ", "fr-fr", "ʃW"),
    ],
)
def test_phonemes_are_written_as_kokoro_learned_them(ipa, voice, letters):
    assert kokoro_phonemes(ipa, voice) == letters


async def test_every_word_has_its_time(tts):
    size, words = await say(tts, SENTENCE)
    assert [(word.start, word.end) for word in words] == [match.span() for match in re.finditer(r"\S+", SENTENCE)]
    starts = [word.start_ms for word in words]
    assert starts == sorted(set(starts))
    assert starts[-1] < size * 1000 / SPEAKING_RATE


@pytest.mark.parametrize("text", ["", "👍🏽", "...", "你好"])
async def test_nothing_to_say_is_no_audio(tts, text):
    assert await say(tts, text) == (0, [])


async def test_a_long_text_without_a_pause_stays_within_what_the_network_takes(tts):
    size, words = await say(tts, "strengths" * 40)
    assert size > SPEAKING_RATE
    assert len(words) == 1


async def test_voices_and_languages_are_told_by_the_names_of_the_files(tts):
    assert tts.voices()[10:] == ("af_heart", "bm_george", "ff_siwis")
    assert [tts.fitness("alloy", language) for language in ("en", "fr", "de", None)] == [1, 1, 0, 1]
    assert tts.fitness("ff_siwis", "fr") == 2
    assert tts.fitness("ff_siwis", "en") == 1
    assert tts._speaker("alloy", "fr").mixed == ("ff_siwis",)
    assert tts._speaker("ff_siwis", "en").language == "en"
    assert tts._speaker("bm_george", None).accent == "en-gb"
    assert tts._speaker("coral", "en").mixed[0] in ("af_heart", "bm_george")


async def test_openais_names_are_ten_voices_where_the_english_ones_are_here(tmp_path):
    english = ("af_bella", "af_heart", "am_michael", "bf_emma", "bm_george")
    tts = KokoroTts(make_kokoro(tmp_path, english))
    speakers = {tts._speaker(voice, "en") for voice in tts.voices()[:10]}
    assert len(speakers) == 10
    assert tts._speaker("nobody", None).mixed == ("af_heart",)


def test_a_folder_that_is_not_whole_is_refused(tmp_path):
    with pytest.raises(EngineError, match=r"vocab\.json"):
        KokoroTts(tmp_path)
    make_kokoro(tmp_path, voices=()).joinpath("tiny.onnx").unlink()
    with pytest.raises(EngineError, match="lacks"):
        KokoroTts(tmp_path)
