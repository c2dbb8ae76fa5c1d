"""Speech by an OpenAI-compatible endpoint ``/audio/speech``: OpenAI, Kokoro, speaches, LocalAI."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import httpx2
import numpy as np
import openai

from vasi.engines.ports import SPEAKING_RATE, SpeechChunk
from vasi.engines.tts import text as texts
from vasi.errors import EngineError
from vasi.media import pcm
from vasi.media.timeline import TimedWord

_CONNECT_SECONDS, _READ_SECONDS = 5.0, 30.0
_RETRIES = 1
_CHUNK_BYTES = pcm.ms_to_bytes(100, SPEAKING_RATE)
_TAIL_SAMPLES = pcm.ms_to_samples(10, SPEAKING_RATE)
_MS_PER_CHARACTER = 66.0
"""English at normal speed: what words are placed by until the length of the audio is known."""
_MOST_MS_PER_CHARACTER = 1_000
_SHORTEST_LIMIT_MS = 30_000
_SLOWEST, _FASTEST = 0.25, 1.5


class OpenAiSpeechTts:
    """A speech server as a ``Tts``; asks for raw PCM of 24 kHz and passes it on as it comes.

    Such a server doesn't tell when a word is spoken: the words are spread over the audio by their length.
    """

    def __init__(
        self,
        base_url: str,
        model: str,
        *,
        api_key: str | None = None,
        voices: Sequence[str],
    ) -> None:
        """Prepare a client; connects with the first ``speak``.

        Args:
            base_url: like ``http://localhost:8880/v1``.
            model: the model to ask for.
            api_key: the server's key, if it wants one.
            voices: the names that the server knows; the first is the default. Not empty.
        """
        self._model = model
        self._voices = tuple(voices)
        self._base_url = base_url
        self._api_key = api_key
        self._client = self._make_client()

    @property
    def name(self) -> str:
        """The model and where it runs."""
        return f"{self._model} at {self._base_url}"

    def _make_client(self) -> openai.AsyncOpenAI:
        return openai.AsyncOpenAI(
            base_url=self._base_url,
            # The SDK insists on a key, also for servers that want none.
            api_key=self._api_key or "none",
            timeout=httpx2.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS),
            max_retries=_RETRIES,
        )

    async def start(self) -> None:
        """After a ``stop``: make the client anew (certificates take a while to load); does not yet connect."""
        if self._client.is_closed():
            self._client = await asyncio.to_thread(self._make_client)

    def voices(self) -> tuple[str, ...]:
        """The names it was given."""
        return self._voices

    async def speak(
        self, text: str, *, voice: str, speed: float = 1.0, language: str | None = None
    ) -> AsyncGenerator[SpeechChunk, None]:
        """Speak ``text``; closing the iterator hangs up. Raises ``EngineError``, also in mid-speech."""
        texts.require_speakable_length(text)
        clean = texts.cleaned(text)
        if not clean.strip():
            return
        speed = min(_FASTEST, max(_SLOWEST, speed))
        words = _EstimatedWords(text, speed)
        heard = 0
        tail = pcm.silence(0, SPEAKING_RATE)
        chosen = voice if voice in self._voices else self._voices[0]
        async with aclosing(self._request(clean, chosen, speed)) as sounds:
            async for sound in sounds:
                samples = np.concatenate((tail, pcm.decode(sound)))
                heard += samples.size - tail.size
                ms = pcm.samples_to_ms(heard, SPEAKING_RATE)
                if ms > max(_SHORTEST_LIMIT_MS, len(clean) * _MOST_MS_PER_CHARACTER):
                    raise EngineError(f"The speech server at {self._base_url} doesn't stop speaking.")
                # The end waits a little, to take the words along that turn out to be left over.
                kept = max(0, samples.size - _TAIL_SAMPLES)
                if kept:
                    yield SpeechChunk(samples[:kept], words.until(ms))
                tail = samples[kept:]
        if heard == 0:
            raise EngineError(f"The speech server at {self._base_url} sent no audio.", retryable=True)
        yield SpeechChunk(tail, words.rest(pcm.samples_to_ms(heard, SPEAKING_RATE)))

    async def stop(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _request(self, text: str, voice: str, speed: float) -> AsyncGenerator[bytes, None]:
        """The audio in whole samples, at most 100 ms at a time."""
        try:
            async with self._client.audio.speech.with_streaming_response.create(
                model=self._model, voice=voice, input=text, response_format="pcm", speed=speed
            ) as response:
                pending = b""
                begun = False
                async for data in response.iter_bytes():
                    pending += data
                    if not begun and len(pending) >= 4:
                        self._require_pcm(response.headers.get("content-type", ""), pending)
                        begun = True
                    whole = len(pending) - len(pending) % pcm.BYTES_PER_SAMPLE
                    for start in range(0, whole, _CHUNK_BYTES):
                        yield pending[start : min(whole, start + _CHUNK_BYTES)]
                    pending = pending[whole:]
        except (openai.OpenAIError, httpx2.HTTPError) as error:
            raise self._plain(error) from error

    def _require_pcm(self, content_type: str, beginning: bytes) -> None:
        packed = beginning.startswith((b"RIFF", b"ID3", b"OggS", b"fLaC", b"\xff\xfb", b"\xff\xf3"))
        if packed or content_type.startswith(("text/", "application/json")):
            raise EngineError(
                f"The speech server at {self._base_url} sends {content_type or 'packed audio'} instead of PCM; "
                "choose a server or model that supports response_format pcm."
            )

    def _plain(self, error: Exception) -> EngineError:
        server = f"The speech server at {self._base_url}"
        match error:
            case openai.APITimeoutError():
                return EngineError(f"{server} took too long to answer.", retryable=True)
            case openai.APIConnectionError():
                return EngineError(f"{server} can't be reached; is it running?", retryable=True)
            case openai.AuthenticationError() | openai.PermissionDeniedError():
                return EngineError(f"{server} refused the key; set another one.")
            case openai.NotFoundError():
                return EngineError(f"{server} doesn't know the model {self._model!r}.")
            case openai.APIStatusError():
                again = error.status_code == 429 or error.status_code >= 500
                return EngineError(f"{server} answered {error.status_code}: {error.message}", retryable=again)
            case _:
                return EngineError(f"{server} closed the connection while it spoke.", retryable=True)


class _EstimatedWords:
    """Words placed by the number of characters before them."""

    def __init__(self, text: str, speed: float) -> None:
        self._aligner = texts.WordAligner(text)
        self._ms_per_character = _MS_PER_CHARACTER / speed
        self._begun = False

    def until(self, ms: int) -> tuple[TimedWord, ...]:
        """Words that have probably begun when ``ms`` of audio are there."""
        first = [] if self._begun else self._aligner.at(0, 0)
        self._begun = True
        return (*first, *self._aligner.at(int(ms / self._ms_per_character), ms))

    def rest(self, ms: int) -> tuple[TimedWord, ...]:
        """The other words, now that the audio is known to last ``ms``."""
        return tuple(self._aligner.rest(ms))
