"""What stands in for an engine that isn't installed: everything else works, and whoever needs it learns what to do."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable

from vasi.engines.ports import ChatRequest, LlmDone, LlmEvent, Samples, SpeechChunk, TextDelta, Transcript
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


_CANNOT_TRANSLATE = {
    "en": "I can't translate at the moment: the model that does isn't available. Please try again later.",
    "de": "Ich kann gerade nicht übersetzen: Das Modell dafür ist nicht erreichbar. Bitte versuche es später noch einmal.",
    "fr": "Je ne peux pas traduire pour le moment : le modèle qui le fait n'est pas disponible. Réessayez plus tard.",
    "es": "Ahora mismo no puedo traducir: el modelo que lo hace no está disponible. Inténtalo de nuevo más tarde.",
    "pt": "Neste momento não consigo traduzir: o modelo que o faz não está disponível. Tente de novo mais tarde.",
    "ja": "今は翻訳できません。翻訳するモデルが使えないためです。後でもう一度お試しください。",
    "ar": "لا أستطيع الترجمة الآن: النموذج الذي يترجم غير متاح. حاول مرة أخرى لاحقًا.",
}


class MissingTranslator:
    """Answers in a session that interprets where nothing can translate: says so, in the language that is spoken."""

    name = "none"

    async def start(self) -> None:
        """Nothing to load."""

    async def generate(self, request: ChatRequest) -> AsyncGenerator[LlmEvent, None]:
        """Say it."""
        language = (request.language or "en").partition("-")[0].lower()
        yield TextDelta(_CANNOT_TRANSLATE.get(language, _CANNOT_TRANSLATE["en"]))
        yield LlmDone()

    async def stop(self) -> None:
        """Nothing to stop."""
