"""What stands in for an engine that isn't installed: everything else works, and whoever needs it learns what to do."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable

from vasi.engines.ports import Samples, SpeechChunk, Transcript
from vasi.errors import EngineMissing


class MissingStt:
    """Recognises nothing; says why when a transcript is wanted."""

    name = "none"
    language = "en"

    def __init__(self, reason: str) -> None:
        self._reason = reason

    async def start(self) -> None:
        """Nothing to load."""

    def open(
        self, profile: str, on_partial: Callable[[str], None] | None = None, language: str | None = None
    ) -> MissingSttStream:
        """A stream that fails in the end."""
        return MissingSttStream(self._reason)

    async def adapt(self, profile: str, texts: Iterable[str]) -> None:
        """Nothing to teach."""

    async def forget(self, profile: str) -> None:
        """Nothing was learned."""

    async def stop(self) -> None:
        """Nothing to stop."""


class MissingSttStream:
    """An utterance that nobody hears."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def feed(self, samples: Samples) -> None:
        """Ignored."""

    def pause(self) -> None:
        """Ignored."""

    def resume(self) -> None:
        """Ignored."""

    async def finish(self) -> Transcript:
        """Raises ``EngineMissing``."""
        raise EngineMissing(self._reason)

    async def close(self) -> None:
        """Nothing to close."""


class MissingTts:
    """Can't speak; says why when it should."""

    name = "none"

    def __init__(self, reason: str) -> None:
        self._reason = reason

    async def start(self) -> None:
        """Nothing to load."""

    def voices(self) -> tuple[str, ...]:
        """None."""
        return ()

    async def speak(
        self, text: str, *, voice: str, speed: float = 1.0, language: str | None = None
    ) -> AsyncGenerator[SpeechChunk, None]:
        """Raises ``EngineMissing``."""
        raise EngineMissing(self._reason)
        yield

    async def stop(self) -> None:
        """Nothing to stop."""
