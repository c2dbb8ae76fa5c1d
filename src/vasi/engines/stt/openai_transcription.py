"""Recognition by an OpenAI-compatible endpoint ``/audio/transcriptions``: OpenAI, speaches, LocalAI, vLLM."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any, cast

import httpx2
import numpy as np
import openai

from vasi.engines.ports import HEARING_RATE, Samples, Transcript
from vasi.engines.stt.names import names
from vasi.engines.stt.silence import audible
from vasi.engines.stt.whisper.text import said
from vasi.errors import EngineError
from vasi.media import wav

MOST_SECONDS = 310
"""A WAV of 10 MB; OpenAI takes 25."""
MOST_NAMES = 40
_CONNECT_SECONDS, _READ_SECONDS = 5.0, 30.0
_RETRIES = 1
_MOST_CHARACTERS_A_SECOND = 100
_SHORTEST_LIMIT = 2_000
_STREAM = "text/event-stream"


class OpenAiTranscriptionStt:
    """A transcription server as an ``Stt``: gets each utterance as a WAV file when it's over.

    Asks for the text as it grows, and takes it whole from a server that doesn't stream.
    """

    def __init__(self, base_url: str, model: str, *, api_key: str | None = None, language: str = "en") -> None:
        """Prepare a client; connects with the first utterance.

        Args:
            base_url: like ``http://localhost:8000/v1``.
            model: the model to ask for.
            api_key: the server's key, if it wants one.
            language: the usual one; the server is told a language only where a session names one.
        """
        self._base_url = base_url
        self._model = model
        self._api_key = api_key
        self._language = language
        self._names: dict[str, tuple[str, ...]] = {}
        self._streams = True
        """Whether to ask for a stream: not any more once the server has refused."""
        self._client = self._make_client()

    @property
    def name(self) -> str:
        """The model and where it runs."""
        return f"{self._model} at {self._base_url}"

    @property
    def language(self) -> str:
        return self._language

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

    def open(
        self, profile: str, on_partial: Callable[[str], None] | None = None, language: str | None = None
    ) -> UploadedUtterance:
        """A new utterance; the server is told the names in the documents of ``profile``."""
        return UploadedUtterance(self, profile, on_partial, language)

    async def adapt(self, profile: str, texts: Iterable[str]) -> None:
        """Learn the names in ``texts``, to tell them to the server with every utterance of ``profile``."""
        self._names[profile] = await asyncio.to_thread(names, texts, MOST_NAMES)

    async def forget(self, profile: str) -> None:
        """Tell the server none of the names any more."""
        self._names.pop(profile, None)

    async def stop(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def transcribe(
        self, samples: Samples, profile: str, language: str | None, on_partial: Callable[[str], None] | None
    ) -> Transcript:
        """What is said in ``samples`` (``int16[n]``, 16 kHz). Raises ``EngineError``."""
        upload = ("utterance.wav", await asyncio.to_thread(wav.write, samples, HEARING_RATE), "audio/wav")
        longest = max(_SHORTEST_LIMIT, _MOST_CHARACTERS_A_SECOND * len(samples) // HEARING_RATE)
        try:
            return await self._ask(upload, profile, language, on_partial, longest)
        except openai.BadRequestError as error:
            if not self._streams or "stream" not in str(error):
                raise self._plain(error) from error
            self._streams = False
            return await self.transcribe(samples, profile, language, on_partial)
        except (openai.OpenAIError, httpx2.HTTPError) as error:
            raise self._plain(error) from error

    async def _ask(
        self,
        upload: tuple[str, bytes, str],
        profile: str,
        language: str | None,
        on_partial: Callable[[str], None] | None,
        longest: int,
    ) -> Transcript:
        request: dict[str, Any] = {"file": upload, "model": self._model, "response_format": "json"}
        if language is not None:
            request["language"] = language
        if expected := self._names.get(profile):
            # Newer models of OpenAI take a list; all others take a text that could have been said before.
            newer = self._model.startswith("gpt-transcribe")
            request |= {"keywords": list(expected)} if newer else {"prompt": f"{', '.join(expected)}."}
        if self._streams:
            request["stream"] = True
        text, found = "", None
        create: Any = self._client.audio.transcriptions.with_streaming_response.create
        async with create(**request) as response:
            if response.headers.get("content-type", "").startswith(_STREAM):
                async for event in _events(response.iter_lines()):
                    match event.get("type"):
                        case "transcript.text.delta":
                            text += str(event.get("delta", ""))
                        case "transcript.text.done":
                            text, found = str(event.get("text", text)), event.get("language")
                        case "error":
                            raise EngineError(
                                f"The transcription server at {self._base_url} failed while it wrote.", retryable=True
                            )
                        case _:
                            continue
                    self._require_end(text, longest)
                    if on_partial is not None and event["type"] == "transcript.text.delta" and text.strip():
                        on_partial(text.strip())
            else:
                whole = self._answer(await response.read())
                text, found = whole["text"], whole.get("language")
        self._require_end(text, longest)
        return Transcript(said(text, 0.0, 0.0), language=_code(found))

    def _answer(self, body: bytes) -> dict[str, Any]:
        try:
            answer: Any = json.loads(body)
            if isinstance(answer["text"], str):
                return answer
        except (ValueError, LookupError, TypeError):
            pass
        raise EngineError(
            f"The transcription server at {self._base_url} sends no transcript as JSON; check transcription.base_url."
        )

    def _require_end(self, text: str, longest: int) -> None:
        if len(text) > longest:
            raise EngineError(f"The transcription server at {self._base_url} writes more than anybody could have said.")

    def _plain(self, error: Exception) -> EngineError:
        server = f"The transcription server at {self._base_url}"
        match error:
            case openai.APITimeoutError():
                return EngineError(f"{server} took too long to answer.", retryable=True)
            case openai.APIConnectionError():
                return EngineError(f"{server} can't be reached; is it running?", retryable=True)
            case openai.AuthenticationError() | openai.PermissionDeniedError():
                return EngineError(f"{server} refused the key; set transcription.api_key to another one.")
            case openai.NotFoundError():
                return EngineError(
                    f"{server} doesn't know the model {self._model!r}; set transcription.model to one that it has."
                )
            case openai.APIStatusError():
                again = error.status_code == 429 or error.status_code >= 500
                return EngineError(f"{server} answered {error.status_code}: {error.message}", retryable=again)
            case _:
                return EngineError(f"{server} closed the connection while it wrote.", retryable=True)


class UploadedUtterance:
    """An ``SttStream`` that is sent when it's over."""

    def __init__(
        self, stt: OpenAiTranscriptionStt, profile: str, on_partial: Callable[[str], None] | None, language: str | None
    ) -> None:
        self._stt = stt
        self._profile = profile
        self._on_partial = on_partial
        self._language = language
        self._pieces: list[Samples] = []
        self._samples = 0
        self._request: asyncio.Task[Transcript] | None = None
        self._closed = False

    def feed(self, samples: Samples) -> None:
        """Keep audio (``int16[n]``, 16 kHz)."""
        if not self._closed and self._request is None and self._samples <= MOST_SECONDS * HEARING_RATE:
            self._pieces.append(samples)
            self._samples += len(samples)

    def pause(self) -> None:
        """Nothing to do: a request costs money, so each utterance is sent once."""

    def resume(self) -> None:
        """Nothing to do."""

    async def finish(self) -> Transcript:
        """The transcript of all that was fed.

        Raises:
            EngineError: the utterance was closed before or is too long, or the server failed or refused.
        """
        if self._closed:
            raise EngineError("This utterance was closed; open a new one.")
        try:
            if self._samples > MOST_SECONDS * HEARING_RATE:
                raise EngineError(
                    f"What was said is longer than {MOST_SECONDS} seconds; please say it in shorter pieces.",
                    code="utterance_too_long",
                )
            samples = np.concatenate(self._pieces) if self._pieces else np.zeros(0, np.int16)
            if not audible(samples):
                return Transcript("")
            # A task of its own, so that ``close`` can hang up.
            self._request = asyncio.create_task(
                self._stt.transcribe(samples, self._profile, self._language, self._on_partial)
            )
            try:
                return await self._request
            except asyncio.CancelledError:
                if self._closed:
                    raise EngineError("This utterance was closed; open a new one.") from None
                raise
        finally:
            await self.close()

    async def close(self) -> None:
        """Forget it, and hang up."""
        self._closed = True
        self._pieces.clear()
        if self._request is not None and not self._request.done():
            self._request.cancel()
            await asyncio.wait([self._request])


async def _events(lines: AsyncIterator[str]) -> AsyncIterator[dict[str, Any]]:
    """The JSON objects of server-sent events; each is on one line, as all these servers write them."""
    async for line in lines:
        data = line.removeprefix("data:").strip()
        if line.startswith("data:") and data != "[DONE]":
            try:
                event: Any = json.loads(data)
            except ValueError:
                continue
            if isinstance(event, dict):
                yield cast("dict[str, Any]", event)


def _code(language: object) -> str | None:
    """Servers tell a language by its code, by its English name or not at all."""
    return language if isinstance(language, str) and len(language) == 2 else None
