"""Several synthesisers as one: each language is spoken by the best that has a voice for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Protocol

from vasi.engines.ports import SpeechChunk, Tts
from vasi.errors import EngineError

log = logging.getLogger(__name__)


class LanguageTts(Tts, Protocol):
    """A synthesiser that knows which languages it speaks."""

    def fitness(self, voice: str, language: str | None) -> int:
        """How well it can speak ``language`` as ``voice``: 2 in a voice of that name, 1 in any, 0 not at all."""
        ...


class TtsByLanguage:
    """Speaks with the engine that fits the voice and the language best; of equals, with the first.

    Args:
        engines: the best first. Not empty. Should the others not start, the first speaks alone.
    """

    def __init__(self, engines: Sequence[LanguageTts]) -> None:
        self._engines = tuple(engines)
        self._started = self._engines

    @property
    def name(self) -> str:
        """Of the first engine."""
        return self._engines[0].name

    async def start(self) -> None:
        """Start all. Raises the ``EngineError`` of the first."""
        await self._engines[0].start()
        started = [self._engines[0]]
        for engine in self._engines[1:]:
            try:
                await engine.start()
            except EngineError as error:
                log.warning("The voices of %s can't be used: %s", engine.name, error.message)
            else:
                started.append(engine)
        self._started = tuple(started)

    async def stop(self) -> None:
        """Stop all."""
        await asyncio.gather(*(engine.stop() for engine in self._engines))

    def voices(self) -> tuple[str, ...]:
        """The voices of all."""
        return tuple(dict.fromkeys(voice for engine in self._engines for voice in engine.voices()))

    def fitness(self, voice: str, language: str | None) -> int:
        """The best of any."""
        return max(engine.fitness(voice, language) for engine in self._started)

    async def speak(
        self, text: str, *, voice: str, speed: float = 1.0, language: str | None = None
    ) -> AsyncGenerator[SpeechChunk, None]:
        """Speak ``text``. Raises ``EngineError``."""
        engine = max(self._started, key=lambda engine: engine.fitness(voice, language))
        async with aclosing(engine.speak(text, voice=voice, speed=speed, language=language)) as chunks:
            async for chunk in chunks:
                yield chunk
