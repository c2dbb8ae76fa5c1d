"""espeak-ng in this process: synthesis with word positions, and pronunciations.

The library is one global state and not re-entrant, so there is one ``Espeak`` in a process and everything it does
happens in its one thread, in the order asked for. A job is one clause or a few words, so nobody waits long.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib.util
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

import numpy as np

from vasi.engines import arpabet
from vasi.engines.ports import Samples
from vasi.errors import EngineError, EngineMissing

DEFAULT_VOICE = "en-us"

_BUFFER_MS = 60
_SYNCHRONOUS, _DONT_EXIT = 2, 0x8000
_UTF8, _END_PAUSE = 0x0001, 0x1000
_RATE, _WORD_GAP = 1, 7
_CHARACTER_POSITION = 1
_NO_MORE_EVENTS, _WORD = 0, 1
_IPA = 0x02
_IPA_SPACED_BY_UNDERSCORE = _IPA | ord("_") << 8
_IPA_TIED = _IPA | 0x80 | ord("^") << 8
_SLOWEST_WPM = 80
_GAP_UNIT_SECONDS = 0.038
"""What one unit of word gap lasts at the slowest rate (measured)."""
_WORDS_PER_JOB = 64
_LANGUAGE_SWITCH = re.compile(r"\([a-z][a-z-]{1,15}\)")
"""What espeak writes before and after a word that it says in another language."""
_USUAL_VOICES = {"en": DEFAULT_VOICE, "fr": "fr-fr", "zh": "cmn", "no": "nb"}
"""The voices of languages that espeak has no voice of by their own code."""
_SPEAKABLE_WORD = re.compile(r"(?=.*[a-zß-öø-ÿ])[a-zß-öø-ÿ0-9'’.-]{1,64}", re.IGNORECASE)


class _Id(ctypes.Union):
    _fields_: ClassVar = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_: ClassVar = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    ]


class _Voice(ctypes.Structure):
    _fields_: ClassVar = [
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("padding", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    ]


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True, slots=True)
class WordStart:
    """A word begins at character ``position`` of the text and at ``sample`` of its audio."""

    position: int
    sample: int


Hear: TypeAlias = Callable[[Samples, Sequence[WordStart]], bool]
"""Gets audio (``int16[n]`` at ``Espeak.rate``) and the words that begin in it; returns whether to go on."""


class Espeak:
    """The process's espeak-ng; get it with ``Espeak.shared()``."""

    _shared: ClassVar[Espeak | None] = None
    _sharing: ClassVar[threading.Lock] = threading.Lock()

    @classmethod
    def shared(cls) -> Espeak:
        """The one instance, loaded by the first call (10 ms).

        Raises:
            EngineMissing: the library isn't installed.
            EngineError: it's there but doesn't work.
        """
        with cls._sharing:
            if cls._shared is None:
                cls._shared = cls()
            return cls._shared

    def __init__(self) -> None:
        """Load the library; use ``shared()`` instead."""
        library, data = _locate()
        try:
            self._lib: Any = ctypes.CDLL(library)
        except OSError as error:
            raise EngineError(f"espeak-ng can't be loaded: {error}.") from error
        self._lib.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self._lib.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
        self._lib.espeak_Info.restype = ctypes.c_char_p
        self.rate: int = self._lib.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, data, _DONT_EXIT)
        if self.rate <= 0:
            raise EngineError("espeak-ng doesn't find its data; install it again: pip install 'vasi[espeak]'.")
        # ctypes keeps no reference: without this attribute the library would call freed memory.
        self._callback = _Callback(self._on_audio)
        self._lib.espeak_SetSynthCallback(self._callback)
        self._hear: Hear | None = None
        self._failure: BaseException | None = None
        self._voice = ""
        path = ctypes.c_char_p()
        self.version: str = self._lib.espeak_Info(ctypes.byref(path)).decode()
        self._variants = _variants(Path((path.value or b"").decode()))
        self._files = self._list_voices()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="espeak")

    def voices(self) -> tuple[str, ...]:
        """Its voices by language, like "en-us" and "de"; each also with a variant, like "en-us+f2"."""
        return tuple(sorted(self._files))

    def knows(self, voice: str) -> bool:
        """Whether ``voice`` is a name it can speak with."""
        language, plus, variant = voice.partition("+")
        return language in self._files and (not plus or variant in self._variants)

    def voice_of(self, language: str) -> str | None:
        """Its voice for ``language``: "de", "pt-BR" or a name of its own such as "en-us"; None if it has none."""
        language = language.lower().replace("_", "-")
        base = language.partition("-")[0]
        return next((name for name in (language, base, _USUAL_VOICES.get(base, "")) if name in self._files), None)

    def phonemes(self, texts: Sequence[str], voice: str, *, ties: bool = False) -> Future[list[str]]:
        """How each of ``texts`` (a phrase or a word, no markup) is pronounced: IPA with spaces between words.

        With ``ties`` a ``^`` joins the two letters of a diphthong or an affricate. The job is done in espeak's thread;
        cancel the future to take a waiting one back. It fails with ``EngineError``.
        """
        return self._thread.submit(self._phonemes, texts, voice, _IPA_TIED if ties else _IPA)

    def synthesize(self, text: str, hear: Hear, *, voice: str, words_per_minute: int, end_pause: bool) -> Future[None]:
        """Queue ``text`` (one clause, nothing in it is markup) to be spoken to ``hear``, in espeak's thread.

        Cancel the future to take a waiting job back; once it runs, let ``hear`` return False.
        ``end_pause`` adds the pause that belongs to the punctuation at the end.
        The future fails with ``EngineError``, or with what ``hear`` raised.
        """
        return self._thread.submit(self._synthesize, text, hear, voice, words_per_minute, end_pause)

    def pronounce(self, words: Iterable[str]) -> dict[str, list[str]]:
        """English ``words`` in ARPABET: the phones of the CMU dictionary, without stress.

        Waits for its turn in espeak's thread: call it outside of the event loop (10,000 words take about a
        second). A word that can't be said in English phones is left out.
        """
        pending = iter(words)
        spoken: dict[str, list[str]] = {}
        while batch := list(islice(pending, _WORDS_PER_JOB)):
            spoken.update(self._thread.submit(self._pronounce, batch).result())
        return spoken

    def _synthesize(self, text: str, hear: Hear, voice: str, words_per_minute: int, end_pause: bool) -> None:
        self._use(voice)
        self._lib.espeak_SetParameter(_RATE, max(_SLOWEST_WPM, words_per_minute), 0)
        self._lib.espeak_SetParameter(_WORD_GAP, _word_gap(words_per_minute), 0)
        data = text.encode()
        self._hear, self._failure = hear, None
        try:
            flags = _UTF8 | (_END_PAUSE if end_pause else 0)
            status = self._lib.espeak_Synth(data, len(data) + 1, 0, _CHARACTER_POSITION, 0, flags, None, None)
        finally:
            self._hear = None
        if self._failure is not None:
            raise self._failure
        if status != 0:
            raise EngineError(f"espeak-ng failed with status {status}.", retryable=True)

    def _on_audio(self, wave: int | None, count: int, events: Any) -> int:
        """0 to go on, 1 to stop. An exception can't cross the C code: it's kept for ``_synthesize``."""
        try:
            if self._hear is None:
                return 1
            starts: list[WordStart] = []
            index = 0
            while (event := events[index]).type != _NO_MORE_EVENTS:
                if event.type == _WORD:
                    starts.append(WordStart(event.text_position - 1, event.sample))
                index += 1
            sound = ctypes.string_at(wave, 2 * count) if wave and count > 0 else b""
            return 0 if self._hear(np.frombuffer(sound, dtype=np.int16), starts) else 1
        except BaseException as error:
            self._failure = error
            return 1

    def _pronounce(self, words: Sequence[str]) -> dict[str, list[str]]:
        self._use(DEFAULT_VOICE)
        spoken: dict[str, list[str]] = {}
        for word in words:
            if _SPEAKABLE_WORD.fullmatch(word):
                phones = arpabet.from_ipa(re.split("[_ ]+", self._ipa(word)))
                if phones is not None:
                    spoken[word] = phones
        return spoken

    def _phonemes(self, texts: Sequence[str], voice: str, form: int) -> list[str]:
        self._use(voice)
        return [_LANGUAGE_SWITCH.sub("", " ".join(self._clauses(text, form))) for text in texts]

    def _ipa(self, text: str) -> str:
        return "_".join(self._clauses(text, _IPA_SPACED_BY_UNDERSCORE))

    def _clauses(self, text: str, form: int) -> list[str]:
        """The phonemes of ``text``, clause by clause as espeak finds them."""
        buffer = ctypes.create_string_buffer(text.encode())
        rest = ctypes.c_void_p(ctypes.addressof(buffer))
        clauses: list[str] = []
        while rest.value:
            ipa = self._lib.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, form)
            clauses.append((ipa or b"").decode())
        return clauses

    def _use(self, voice: str) -> None:
        if voice == self._voice:
            return
        # By its file: the library doesn't find "en-gb" and "fr-fr" by these names, although it lists them.
        language, plus, variant = voice.partition("+")
        if not self.knows(voice) or self._lib.espeak_SetVoiceByName(f"{self._files[language]}{plus}{variant}".encode()):
            raise EngineError(f"espeak-ng has no voice {voice!r}.")
        self._voice = voice

    def _list_voices(self) -> dict[str, str]:
        """The voice file of each language."""
        voices = self._lib.espeak_ListVoices(None)
        found: dict[str, str] = {}
        index = 0
        while voices[index]:
            voice = voices[index].contents
            # A priority byte, then the name.
            language = ctypes.string_at(voice.languages + 1).decode()
            found.setdefault(language, voice.identifier.decode())
            index += 1
        return found


def lack() -> str | None:
    """What keeps espeak-ng from being used, as a sentence with the remedy; None if nothing does."""
    if importlib.util.find_spec("espeakng_loader") or ctypes.util.find_library("espeak-ng"):
        return None
    return "No voice is installed: pip install 'vasi[espeak]'"


def _locate() -> tuple[str, bytes | None]:
    """The library and its data: from the installed package, else those of the system."""
    spec = importlib.util.find_spec("espeakng_loader")
    if spec is not None:
        import espeakng_loader  # pyright: ignore[reportMissingTypeStubs]

        loader: Any = espeakng_loader
        try:
            return str(loader.get_library_path()), str(loader.get_data_path()).encode()
        except RuntimeError as error:
            raise EngineError(f"espeak-ng is only half installed: {error}.") from error
    library = ctypes.util.find_library("espeak-ng")
    if library is None:
        raise EngineMissing("Speech output needs espeak-ng; install it with: pip install 'vasi[espeak]'.")
    return library, None


def _variants(data: Path) -> frozenset[str]:
    """Names of the voice variants that lie beside the voices."""
    return frozenset(file.name for file in (data / "voices" / "!v").glob("*"))


def _word_gap(words_per_minute: int) -> int:
    """Units of silence between words that slow speech down further than its slowest rate."""
    extra = 60 / words_per_minute - 60 / _SLOWEST_WPM
    return max(0, round(extra / _GAP_UNIT_SECONDS))
