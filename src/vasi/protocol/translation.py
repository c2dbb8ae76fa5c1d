"""Translation sessions: what is heard is said in another language, without turns and without responses.

They have an endpoint and a wire of their own, three client and seven server events. Inside they are a conversation
that interprets (``Session.vasi.interpreting``): this module says in the words of the one what is said in the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

from vasi.protocol.client_events import ClientEventBase
from vasi.protocol.event import ServerEventBase
from vasi.protocol.items import Wire
from vasi.protocol.refusal import refuse
from vasi.protocol.server_events import Error
from vasi.protocol.session import AnySession, LanguageTag, NoiseReduction, Session, interpreting_of

TRANSLATION = "translation"
"""The type of these sessions."""
LANGUAGE = "en"
"""What everything is said in until the client says otherwise."""
FRAME_MS = 200
"""``elapsed_ms`` advances in steps of this."""


class SourceTranscription(Wire, frozen=True, kw_only=True):
    """The client wants to read what was said, in the language it was said in."""

    model: Annotated[str, Meta(max_length=256)]


class TranslationInput(Wire, frozen=True, kw_only=True):
    """What is heard: PCM at 24 kHz."""

    transcription: SourceTranscription | UnsetType | None = UNSET
    noise_reduction: NoiseReduction | UnsetType | None = UNSET


class TranslationOutput(Wire, frozen=True, kw_only=True):
    """What it's said in."""

    language: LanguageTag | UnsetType = UNSET


class TranslationAudio(Wire, frozen=True, kw_only=True):
    """Both directions."""

    input: TranslationInput | UnsetType = UNSET
    output: TranslationOutput | UnsetType = UNSET


class TranslationConfig(Wire, frozen=True, kw_only=True):
    """What a client may configure; an update names only what changes."""

    type: Literal["translation"] | UnsetType = UNSET
    model: Annotated[str, Meta(max_length=256)] | UnsetType | None = UNSET
    audio: TranslationAudio | UnsetType = UNSET


class TranslationSession(Wire, frozen=True, kw_only=True, tag_field="type", tag=TRANSLATION):
    """The effective configuration, whole."""

    id: str
    model: str
    expires_at: int
    audio: TranslationAudio


# --- what a client may say ------------------------------------------------------------------------------------------
class TranslationUpdate(ClientEventBase, frozen=True, kw_only=True, tag_field="type", tag="session.update"):
    """Change the session; its model stays."""

    session: dict[str, Any]


class TranslationAppend(
    ClientEventBase, frozen=True, kw_only=True, tag_field="type", tag="session.input_audio_buffer.append"
):
    """Add audio: PCM at 24 kHz, silence too."""

    audio: Annotated[bytes, Meta(max_length=15 * 1024 * 1024)]


class TranslationClose(ClientEventBase, frozen=True, kw_only=True, tag_field="type", tag="session.close"):
    """Translate what is still to be translated, then end the session."""


TranslationClientEvent: TypeAlias = TranslationUpdate | TranslationAppend | TranslationClose


# --- what a server says ---------------------------------------------------------------------------------------------
class TranslationCreated(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="session.created"):
    session: TranslationSession


class TranslationUpdated(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="session.updated"):
    session: TranslationSession


class SourceTranscriptDelta(
    ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="session.input_transcript.delta"
):
    """More of what was said."""

    delta: str
    elapsed_ms: int


class TranslationTranscriptDelta(
    ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="session.output_transcript.delta"
):
    """More of the translation."""

    delta: str
    elapsed_ms: int


class TranslationAudioDelta(
    ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="session.output_audio.delta"
):
    """More of the translation, spoken."""

    delta: bytes
    elapsed_ms: int
    sample_rate: Literal[24000] = 24000
    channels: Literal[1] = 1
    format: Literal["pcm16"] = "pcm16"


class TranslationClosed(ServerEventBase, frozen=True, kw_only=True, tag_field="type", tag="session.closed"):
    """Everything has been said."""


TranslationServerEvent: TypeAlias = (
    TranslationCreated
    | TranslationUpdated
    | SourceTranscriptDelta
    | TranslationTranscriptDelta
    | TranslationAudioDelta
    | TranslationClosed
    | Error
)


# --- in the words of a conversation ---------------------------------------------------------------------------------
def realtime_config(config: Mapping[str, Any]) -> dict[str, Any]:
    """What a translation session begins with, as the configuration of a conversation that interprets.

    Turns follow each other at short pauses, and nobody interrupts: the speaker goes on while the translation is heard.

    Raises:
        ClientError: ``config`` is wrong.
    """
    wanted = _converted(config)
    detection = {
        "type": "server_vad",
        "silence_duration_ms": 400,
        "create_response": True,
        "interrupt_response": False,
    }
    base: dict[str, Any] = {
        "type": "realtime",
        "vasi": {"interpreting": [LANGUAGE]},
        "audio": {"input": {"turn_detection": detection}},
    }
    change = _change(wanted)
    hearing: dict[str, Any] = change.get("audio", {}).get("input", {})
    base["audio"]["input"] |= hearing
    if "vasi" in change:
        base["vasi"] = change["vasi"]
    if isinstance(wanted.model, str):
        base["model"] = wanted.model
    return base


def realtime_change(session: Mapping[str, Any]) -> dict[str, Any]:
    """An update of a translation session as an update of a conversation. Raises ``ClientError``."""
    return {"type": "realtime", **_change(_converted(session))}


def shown_translation(session: AnySession) -> TranslationSession:
    """A conversation that interprets as the client of a translation session sees it."""
    assert isinstance(session, Session), "translation sessions are conversations"
    between = interpreting_of(session)
    hearing = session.audio.input
    transcription = None
    if hearing.transcription is not None:
        model = hearing.transcription.model
        transcription = SourceTranscription(model=session.model if model is UNSET else model)
    return TranslationSession(
        id=session.id,
        model=session.model,
        expires_at=session.expires_at,
        audio=TranslationAudio(
            input=TranslationInput(transcription=transcription, noise_reduction=hearing.noise_reduction),
            output=TranslationOutput(language=LANGUAGE if between is None else between[0]),
        ),
    )


def _converted(config: Mapping[str, Any]) -> TranslationConfig:
    try:
        return msgspec.convert(dict(config), TranslationConfig)
    except msgspec.ValidationError as error:
        raise refuse(error, "session") from None


def _change(wanted: TranslationConfig) -> dict[str, Any]:
    change: dict[str, Any] = {}
    if wanted.audio is UNSET:
        return change
    if wanted.audio.input is not UNSET:
        change["audio"] = {"input": msgspec.to_builtins(wanted.audio.input)}
    if wanted.audio.output is not UNSET and wanted.audio.output.language is not UNSET:
        change["vasi"] = {"interpreting": [wanted.audio.output.language]}
    return change


def translation_param(param: str | None) -> str | None:
    """Where an error of a conversation that interprets lies, in the words of a translation session."""
    if param is None or not param.startswith("session.vasi.interpreting"):
        return param
    return "session.audio.output.language"
