import pytest

from tests.fakes.tiny_voice import make_kokoro
from vasi.engines.tts import japanese
from vasi.engines.tts.japanese import JapaneseReader, from_kana
from vasi.engines.tts.kokoro import KokoroTts
from vasi.errors import EngineError

needs_reader = pytest.mark.skipif(
    not japanese.is_available(), reason=f"what reads Japanese isn't installed: {japanese.INSTALL}"
)


@pytest.mark.parametrize(
    ("kana", "letters"),
    [
        ("コンニチワ", "koɲɲiʨiβa"),
        ("とーきょー", "toːkʲoː"),
        ("キャッチ", "kʲaʔʨi"),
        ("シンブン", "ɕimbɯɴ"),
        ("ファイル", "ɸaiɾɯ"),
        ("リンゴ", "ɾʲiŋɡo"),
        ("abc、漢字", ""),
        ("", ""),
    ],
)
def test_kana_are_written_as_kokoro_learned_them(kana, letters):
    assert from_kana(kana) == letters


def test_every_kana_has_a_sound():
    for code in range(0x30A1, 0x30F7):
        assert from_kana(chr(code))


@pytest.mark.skipif(japanese.is_available(), reason="what reads Japanese is installed")
async def test_without_a_reader_it_says_what_to_install(tmp_path):
    tts = KokoroTts(make_kokoro(tmp_path, ("af_heart", "jf_alpha")))
    assert tts.fitness("alloy", "ja") == 0
    with pytest.raises(EngineError, match=r"pip install 'vasi\[japanese\]'"):
        await JapaneseReader().pronounce(["東京"])


@needs_reader
async def test_characters_numbers_and_particles_are_read():
    said = await JapaneseReader().pronounce(["東京は日本の首都です。", "1500円"])
    assert said == ["toːkʲoː βa ɲihoɴ no ɕɨto desɨ", "seɴ ɡo çakɯ eɴ"]


@needs_reader
async def test_kokoro_speaks_it(tmp_path):
    tts = KokoroTts(make_kokoro(tmp_path, ("af_heart", "jf_alpha")), threads=1)
    await tts.start()
    try:
        assert tts.fitness("alloy", "ja") == 1
        chunks = [chunk async for chunk in tts.speak("東京は日本の首都です。", voice="alloy", language="ja")]
        assert sum(chunk.samples.size for chunk in chunks) > 10_000
        assert [word.start for chunk in chunks for word in chunk.words] == [0]
    finally:
        await tts.stop()
