"""What is known of the hosted models: when they end, what replaces them, and what they take. Data, and its look-up.

A name that isn't here is passed on as it is: a deployment of Azure's, or a model of another make.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

REALTIME_MODEL = "gpt-realtime-2.1"
"""The realtime model unless another is set."""
TRANSCRIPTION_MODEL = "gpt-transcribe"
"""The transcription model unless the settings or the client name another."""


@dataclass(frozen=True, slots=True)
class RealtimeModel:
    """A model that listens and speaks.

    Attributes:
        name: as the API knows it.
        context_tokens: how long a conversation it takes.
        reasons: it takes ``reasoning`` and ``parallel_tool_calls``; None if that isn't known.
        ends: the day of its shutdown, if that was announced.
        successor: what to use instead.
    """

    name: str
    context_tokens: int = 32_000
    reasons: bool | None = None
    ends: str | None = None
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class TranscriptionModel:
    """A model that writes down what the user says.

    Attributes:
        name: as the API knows it.
        languages: it takes a list of languages, and not a single one.
        keywords: it takes keywords.
        delay: it takes a delay.
        prompt: it takes a prompt.
        detects_turns: it may be used with turn detection.
        ends: the day of its shutdown, if that was announced.
        successor: what to use instead.
    """

    name: str
    languages: bool = False
    keywords: bool = False
    delay: bool = False
    prompt: bool = True
    detects_turns: bool = True
    ends: str | None = None
    successor: str | None = None


def _old(*names: str, successor: str, context_tokens: int = 32_000) -> Iterable[RealtimeModel]:
    return (RealtimeModel(name, context_tokens, False, "2027-01-20", successor) for name in names)


REALTIME: dict[str, RealtimeModel] = {
    model.name: model
    for model in (
        RealtimeModel("gpt-realtime-2.1", 128_000, reasons=True),
        RealtimeModel("gpt-realtime-2.1-mini", 128_000, reasons=True),
        RealtimeModel("gpt-realtime-2", 128_000, reasons=True),
        RealtimeModel("gpt-realtime-1.5", reasons=False),
        *_old("gpt-realtime", "gpt-realtime-2025-08-28", successor="gpt-realtime-2.1"),
        *_old(
            "gpt-realtime-mini",
            "gpt-realtime-mini-2025-10-06",
            "gpt-realtime-mini-2025-12-15",
            successor="gpt-realtime-2.1-mini",
        ),
        *_old(
            "gpt-4o-realtime-preview",
            "gpt-4o-realtime-preview-2024-10-01",
            "gpt-4o-realtime-preview-2024-12-17",
            "gpt-4o-realtime-preview-2025-06-03",
            successor="gpt-realtime-2.1",
        ),
        *_old(
            "gpt-4o-mini-realtime-preview",
            "gpt-4o-mini-realtime-preview-2024-12-17",
            successor="gpt-realtime-2.1-mini",
        ),
    )
}
TRANSCRIPTION: dict[str, TranscriptionModel] = {
    model.name: model
    for model in (
        TranscriptionModel("gpt-transcribe", languages=True, keywords=True),
        TranscriptionModel("gpt-live-transcribe", languages=True, keywords=True, detects_turns=False),
        TranscriptionModel("gpt-realtime-whisper", delay=True, prompt=False),
        *(
            TranscriptionModel(name, ends="2027-02-26", successor="gpt-transcribe")
            for name in (
                "whisper-1",
                "gpt-4o-transcribe",
                "gpt-4o-mini-transcribe",
                "gpt-4o-mini-transcribe-2025-03-20",
                "gpt-4o-mini-transcribe-2025-12-15",
                "gpt-4o-transcribe-diarize",
            )
        ),
    )
}


def realtime_model(name: str) -> RealtimeModel:
    """What is known of a realtime model."""
    return REALTIME.get(name, RealtimeModel(name))


def takes_reasoning(name: str) -> bool:
    """Whether a realtime model takes ``reasoning`` and ``parallel_tool_calls``, as far as that is known."""
    return realtime_model(name).reasons is not False


def retirement(name: str | None) -> str | None:
    """For people: that a model is retired, when, and what replaces it; None if it isn't."""
    model = None if name is None else REALTIME.get(name) or TRANSCRIPTION.get(name)
    if model is None or model.successor is None:
        return None
    return f"'{model.name}' is retired and ends on {model.ends}; '{model.successor}' replaces it."


def current(name: str) -> str:
    """The model to use where the hosted service is asked for ``name``: its successor if it's retired."""
    model = REALTIME.get(name) or TRANSCRIPTION.get(name)
    return name if model is None else model.successor or name


def detects_turns(name: str) -> bool:
    """Whether a transcription model may be used with turn detection."""
    model = TRANSCRIPTION.get(name)
    return model is None or model.detects_turns


def transcription_fields(fields: Json) -> Json:
    """A session's ``transcription`` with the fields that its model takes, and all of them if the model isn't known."""
    model = TRANSCRIPTION.get(str(fields.get("model")))
    if model is None:
        return fields
    result = dict(fields)
    language = result.get("language")
    if model.languages and language is not None:
        del result["language"]
        result.setdefault("languages", [language])
    taken = {"languages": model.languages, "keywords": model.keywords, "delay": model.delay, "prompt": model.prompt}
    return {name: value for name, value in result.items() if taken.get(name, True)}
