"""A voice that survives Opus: a tone, where that of the other tests is a constant level."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import numpy as np

from vasi.engines.ports import SPEAKING_RATE, SpeechChunk
from vasi.media.timeline import TimedWord
from vasi.testing.engines import ToneTts


class HummingTts(ToneTts):
    """Hums every character for as long as ``ToneTts`` takes to say it."""

    async def speak(
        self, text: str, *, voice: str, speed: float = 1.0, language: str | None = None
    ) -> AsyncGenerator[SpeechChunk, None]:
        async for chunk in super().speak(text, voice=voice, speed=speed, language=language):
            at = np.arange(len(chunk.samples)) / SPEAKING_RATE
            hum = (6000 * np.sin(2 * np.pi * 440 * at)).astype(np.int16)
            yield SpeechChunk(hum, tuple(TimedWord(w.start, w.end, w.start_ms) for w in chunk.words))
