"""Engines that always know what to say, after a time that can be set: for measuring what stands around them.

Unlike the scripted ones they keep nothing of what they did, so that a session of any length costs what it costs. With
a ``delay_ms`` of 0 they take no time at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing
from dataclasses import replace

import numpy as np

from vasi.engines.ports import (
    AssistantMessage,
    ChatRequest,
    Engines,
    LlmEvent,
    Samples,
    SpeechChunk,
    SystemMessage,
    Transcript,
    Vad,
)
from vasi.testing.engines import ToneTts, scripted_engines
from vasi.testing.llm import ScriptedLlm

RECITE = "repeat what you said"
"""Instructions that hold this are answered with the model's last words, as it was told that they were heard."""
NOTHING = "(nothing)"
"""What it recites when it was told that none of its words were heard."""
LEVEL = 10
"""A word that is a number sounds at this many times its value: who holds the audio knows which word is where."""


class CannedStt:
    """Hears the same words in every utterance."""

    name = "canned"
    language = "en"

    def __init__(self, text: str, delay_ms: float = 0) -> None:
        self._text = text
        self._delay_s = delay_ms / 1000

    async def start(self) -> None:
        """Nothing to load."""

    def open(
        self, profile: str, on_partial: Callable[[str], None] | None = None, language: str | None = None
    ) -> CannedUtterance:
        """An utterance."""
        return CannedUtterance(self._text, self._delay_s)

    async def adapt(self, profile: str, texts: Iterable[str]) -> None:
        """Nothing to learn."""

    async def forget(self, profile: str) -> None:
        """Nothing was learned."""

    async def stop(self) -> None:
        """Nothing to stop."""


class CannedUtterance:
    """One utterance of a ``CannedStt``."""

    def __init__(self, text: str, delay_s: float) -> None:
        self._text = text
        self._delay_s = delay_s
        self._samples = 0

    def feed(self, samples: Samples) -> None:
        """Count the audio."""
        self._samples += len(samples)

    def pause(self) -> None:
        """The words are the same."""

    def resume(self) -> None:
        """The words are the same."""

    async def finish(self) -> Transcript:
        """The words."""
        await _after(self._delay_s)
        return Transcript(self._text)

    async def close(self) -> None:
        """Nothing to free."""


class CannedLlm:
    """Gives the same answer to everything, unless it's told to ``reply exactly: "..."`` or to ``RECITE``."""

    name = "canned"

    def __init__(self, text: str, delay_ms: float = 0) -> None:
        self._text = text
        self._delay_s = delay_ms / 1000

    async def start(self) -> None:
        """Nothing to load."""

    async def generate(self, request: ChatRequest) -> AsyncGenerator[LlmEvent, None]:
        """The answer."""
        await _after(self._delay_s)
        # Looking at all of a long conversation would make each answer dearer than the one before.
        ends = request.messages[:1] + request.messages[1:][-1:]
        text = self._text
        if any(isinstance(message, SystemMessage) and RECITE in message.text.lower() for message in ends):
            said = [message.text for message in request.messages if isinstance(message, AssistantMessage)]
            text = (said[-1] if said else "") or NOTHING
        async with aclosing(ScriptedLlm(text).generate(replace(request, messages=ends))) as events:
            async for event in events:
                yield event

    async def stop(self) -> None:
        """Nothing to free."""


class CannedTts:
    """Speaks as ``ToneTts`` does; numbers sound at their ``LEVEL``."""

    name = "canned"

    def __init__(self, delay_ms: float = 0) -> None:
        self._delay_s = delay_ms / 1000

    async def start(self) -> None:
        """Nothing to load."""

    def voices(self) -> tuple[str, ...]:
        """Its only voice."""
        return ("tone",)

    async def speak(
        self, text: str, *, voice: str, speed: float = 1.0, language: str | None = None
    ) -> AsyncGenerator[SpeechChunk, None]:
        """A chunk a word."""
        await _after(self._delay_s)
        async with aclosing(ToneTts().speak(text, voice=voice, speed=speed, language=language)) as chunks:
            async for chunk in chunks:
                said = "".join(text[word.start : word.end] for word in chunk.words).rstrip(".,")
                if said.isdecimal():
                    chunk = replace(chunk, samples=np.full_like(chunk.samples, LEVEL * int(said)))
                yield chunk

    async def stop(self) -> None:
        """Nothing to stop."""


def canned_engines(
    vad: Vad, *, heard: str, answer: str, stt_ms: float = 0, llm_ms: float = 0, tts_ms: float = 0
) -> Engines:
    """A whole set around ``vad``: every utterance is ``heard``, every request gets ``answer``.

    Args:
        vad: tells speech from silence.
        heard: the words of each utterance.
        answer: what the model says.
        stt_ms: from the end of an utterance to its words.
        llm_ms: from a request to the first word.
        tts_ms: from a clause to its first sound.
    """
    engines = scripted_engines(CannedLlm(answer, llm_ms))
    return replace(engines, vad=vad, stt=CannedStt(heard, stt_ms), tts=CannedTts(tts_ms))


async def _after(delay_s: float) -> None:
    if delay_s:
        await asyncio.sleep(delay_s)
