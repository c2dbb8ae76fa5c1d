"""The session object: what is configured, with its limits, and how an update changes it.

``Session`` is always whole and valid. An update is a JSON object that names only what it changes; ``updated`` merges
it and validates the result, so an update is taken as a whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, TypeVar, cast

import msgspec
from msgspec import UNSET, Meta, UnsetType

from vasi.errors import ClientError
from vasi.protocol.items import Wire
from vasi.protocol.mcp import McpTool, ToolChoiceMcp
from vasi.protocol.refusal import refuse

Modality: TypeAlias = Literal["text", "audio"]
Modalities: TypeAlias = Annotated[list[Modality], Meta(min_length=1, max_length=1)]
MaxTokens: TypeAlias = Annotated[int, Meta(ge=1, le=4096)] | Literal["inf"]
Metadata: TypeAlias = Annotated[
    dict[Annotated[str, Meta(max_length=64)], Annotated[str, Meta(max_length=512)]], Meta(max_length=16)
]
Instructions: TypeAlias = Annotated[str, Meta(max_length=131_072)]


class Pcm(Wire, frozen=True, kw_only=True, tag_field="type", tag="audio/pcm"):
    """16-bit little-endian mono PCM at 24 kHz."""

    rate: Literal[24000] = 24000
    bytes_per_sample: ClassVar[int] = 2


class Pcmu(Wire, frozen=True, kw_only=True, tag_field="type", tag="audio/pcmu"):
    """G.711 mu-law at 8 kHz."""

    rate: ClassVar[int] = 8000
    bytes_per_sample: ClassVar[int] = 1


class Pcma(Wire, frozen=True, kw_only=True, tag_field="type", tag="audio/pcma"):
    """G.711 A-law at 8 kHz."""

    rate: ClassVar[int] = 8000
    bytes_per_sample: ClassVar[int] = 1


AudioFormat: TypeAlias = Pcm | Pcmu | Pcma


def bytes_per_ms(audio_format: AudioFormat) -> int:
    """Bytes of one millisecond of audio in this format."""
    return audio_format.rate * audio_format.bytes_per_sample // 1000


Language: TypeAlias = Annotated[str, Meta(max_length=16)]


class Transcription(Wire, frozen=True, kw_only=True):
    """Whether and how the client wants to read what the user said."""

    model: Annotated[str, Meta(max_length=256)] | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    prompt: Instructions | UnsetType = UNSET
    keywords: Annotated[list[Annotated[str, Meta(max_length=128)]], Meta(max_length=1000)] | UnsetType = UNSET
    languages: Annotated[list[Language], Meta(max_length=100)] | UnsetType = UNSET
    delay: Literal["minimal", "low", "medium", "high", "xhigh"] | UnsetType = UNSET


class NoiseReduction(Wire, frozen=True, kw_only=True):
    """Where the microphone is."""

    type: Literal["near_field", "far_field"]
    strength: Annotated[float, Meta(ge=0, le=1)] | UnsetType = UNSET


class ServerVad(Wire, frozen=True, kw_only=True, tag_field="type", tag="server_vad"):
    """The turn ends after a stretch of silence."""

    threshold: Annotated[float, Meta(ge=0, le=1)] = 0.5
    prefix_padding_ms: Annotated[int, Meta(ge=0, le=2000)] = 300
    silence_duration_ms: Annotated[int, Meta(ge=0, le=10_000)] = 500
    idle_timeout_ms: Annotated[int, Meta(ge=5000, le=30_000)] | None = None
    create_response: bool = True
    interrupt_response: bool = True


class SemanticVad(Wire, frozen=True, kw_only=True, tag_field="type", tag="semantic_vad"):
    """The turn ends when what was said seems complete; ``eagerness`` is how soon to believe it."""

    eagerness: Literal["auto", "low", "medium", "high"] = "auto"
    create_response: bool = True
    interrupt_response: bool = True


TurnDetection: TypeAlias = ServerVad | SemanticVad


class AudioInput(Wire, frozen=True, kw_only=True):
    """How the client's audio arrives and what becomes of it."""

    format: AudioFormat = Pcm()
    transcription: Transcription | None = None
    noise_reduction: NoiseReduction | None = None
    turn_detection: TurnDetection | None = ServerVad()


VoiceName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64)]


class VoiceId(Wire, frozen=True, kw_only=True):
    """A voice of one's own, as clients may name it; events show its id alone."""

    id: VoiceName


class AudioOutput(Wire, frozen=True, kw_only=True):
    """How the assistant speaks."""

    format: AudioFormat = Pcm()
    voice: VoiceName = "alloy"
    speed: Annotated[float, Meta(ge=0.25, le=1.5)] = 1.0


class SessionAudio(Wire, frozen=True, kw_only=True):
    """Both directions."""

    input: AudioInput = AudioInput()
    output: AudioOutput = AudioOutput()


class FunctionTool(Wire, frozen=True, kw_only=True, tag_field="type", tag="function"):
    """A function that the model may call; ``parameters`` is a JSON Schema object."""

    name: Annotated[str, Meta(min_length=1, max_length=64, pattern="^[a-zA-Z0-9_-]+$")]
    description: Annotated[str, Meta(max_length=8192)] | UnsetType = UNSET
    parameters: dict[str, Any] | UnsetType = UNSET


class ToolChoiceFunction(Wire, frozen=True, kw_only=True, tag_field="type", tag="function"):
    """The model must call this function."""

    name: str


FunctionChoice: TypeAlias = Literal["none", "auto", "required"] | ToolChoiceFunction
ToolChoice: TypeAlias = FunctionChoice | ToolChoiceMcp
Tools: TypeAlias = Annotated[list[FunctionTool | McpTool], Meta(max_length=128)]


def functions_of(tools: Iterable[FunctionTool | McpTool]) -> list[FunctionTool]:
    """Those that a model knows what to do with."""
    return [tool for tool in tools if isinstance(tool, FunctionTool)]


def function_choice(choice: ToolChoice) -> FunctionChoice:
    """``choice``, as far as a model knows what to do with it."""
    return "auto" if isinstance(choice, ToolChoiceMcp) else choice


class TokenLimits(Wire, frozen=True, kw_only=True):
    """How long the conversation may become besides the instructions and the tools."""

    post_instructions: Annotated[int, Meta(ge=0)]


class RetentionRatio(Wire, frozen=True, kw_only=True):
    """A conversation that has become too long is cut to this share of what it may be, so that it's cut seldom."""

    retention_ratio: Annotated[float, Meta(ge=0, le=1)]
    type: Literal["retention_ratio"]
    token_limits: TokenLimits | None = None


class Reasoning(Wire, frozen=True, kw_only=True):
    """How long a model thinks before it answers."""

    effort: Literal["none", "minimal", "low", "medium", "high", "xhigh"] | UnsetType = UNSET


Truncation: TypeAlias = Literal["auto", "disabled"] | RetentionRatio


class Tracing(Wire, frozen=True, kw_only=True):
    """How the client wants the conversation's traces to be named."""

    workflow_name: Annotated[str, Meta(max_length=256)] | UnsetType = UNSET
    group_id: Annotated[str, Meta(max_length=256)] | UnsetType = UNSET
    metadata: dict[str, Any] | UnsetType = UNSET


class Prompt(Wire, frozen=True, kw_only=True):
    """A prompt that a server keeps; ``variables`` are filled in. A backend knows only the text that it stands for."""

    id: Annotated[str, Meta(max_length=128)]
    version: Annotated[str, Meta(max_length=64)] | UnsetType | None = UNSET
    variables: dict[str, Any] | UnsetType | None = UNSET


ACTIVITY = "vasi.activity"
"""The name in ``include`` that asks for ``vasi.*`` events."""
Included: TypeAlias = Literal["item.input_audio_transcription.logprobs", "vasi.activity"]
Include: TypeAlias = Annotated[list[Included], Meta(max_length=16)] | None


LanguageTag: TypeAlias = Annotated[str, Meta(pattern="^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,2}$")]
"""As in BCP 47: "de", "pt-BR"."""


Languages: TypeAlias = Annotated[list[LanguageTag], Meta(min_length=1, max_length=2)]


class SessionExtension(Wire, frozen=True, kw_only=True):
    """What vasi adds to a session.

    Attributes:
        time_zone: where the user is, by its IANA name ("Europe/Vienna"): "today" and the dates of notes are meant so.
        interpreting: the assistant doesn't answer, it interprets: what it hears in one of two languages it says in the
            other; or, if there's one, everything in that.
    """

    time_zone: Annotated[str, Meta(max_length=64, pattern="^[A-Za-z0-9_+/-]+$")] | UnsetType | None = UNSET
    interpreting: Languages | UnsetType | None = UNSET


class Session(Wire, frozen=True, kw_only=True, tag_field="type", tag="realtime"):
    """The effective configuration of a conversation, whole."""

    id: str
    model: str
    expires_at: int
    object: Literal["realtime.session"] = "realtime.session"
    output_modalities: Modalities = msgspec.field(default_factory=lambda: cast(list[Modality], ["audio"]))
    instructions: Instructions = ""
    tools: Tools = msgspec.field(default_factory=list[FunctionTool | McpTool])
    tool_choice: ToolChoice = "auto"
    max_output_tokens: MaxTokens = "inf"
    tracing: Literal["auto"] | Tracing | None = None
    truncation: Truncation = "auto"
    parallel_tool_calls: bool | UnsetType = UNSET
    reasoning: Reasoning | UnsetType | None = UNSET
    prompt: Prompt | None = None
    include: Include = None
    vasi: SessionExtension | UnsetType = UNSET
    audio: SessionAudio = SessionAudio()


class ListeningAudio(Wire, frozen=True, kw_only=True):
    """The one direction of a session that only listens."""

    input: AudioInput = AudioInput(transcription=Transcription())


class TranscriptionSession(Wire, frozen=True, kw_only=True, tag_field="type", tag="transcription"):
    """The effective configuration of a session that only listens: it writes down what is said and never answers."""

    id: str
    expires_at: int
    object: Literal["realtime.transcription_session"] = "realtime.transcription_session"
    include: Include = None
    audio: ListeningAudio = ListeningAudio()


AnySession: TypeAlias = Session | TranscriptionSession
SomeSession = TypeVar("SomeSession", bound=AnySession)


def time_zone_of(session: AnySession) -> str | None:
    """The name of the user's time zone; None if the client didn't tell."""
    if not isinstance(session, Session) or session.vasi is UNSET or session.vasi.time_zone is UNSET:
        return None
    return session.vasi.time_zone


def interpreting_of(session: AnySession) -> list[str] | None:
    """Between which languages the session interprets; None if it's a conversation like any other."""
    if not isinstance(session, Session) or session.vasi is UNSET or session.vasi.interpreting is UNSET:
        return None
    return session.vasi.interpreting


READ_ONLY = frozenset({"id", "object", "expires_at"})
IGNORED = frozenset({"model"})
"""Sent by SDKs as a matter of course. A session keeps the model that it began with."""


def updated(session: SomeSession, patch: dict[str, Any]) -> SomeSession:
    """``session`` changed by the fields of ``patch``, or ``ClientError`` and nothing is changed.

    Nested objects merge; a ``turn_detection`` or ``format`` of another type replaces the whole object. Tracing that is
    on stays as it is until it's turned off.
    """
    kind = session.__struct_config__.tag
    if patch.get("type", kind) != kind:
        raise ClientError(f"This session is of type '{kind}'; its type can't be changed.", param="session.type")
    for name in READ_ONLY & patch.keys():
        raise ClientError(f"'{name}' is set by the server and can't be changed.", param=f"session.{name}")
    change = {name: value for name, value in patch.items() if name not in IGNORED}
    _forget_sdk_extras(change)
    _name_functions(change)
    if isinstance(session, Session) and session.tracing is not None and change.get("tracing") is not None:
        # Traces can't be renamed once they have begun; SDKs send the name again with every update.
        del change["tracing"]
    _name_voice(change)
    merged = _merge(cast(dict[str, Any], msgspec.to_builtins(session)), change)
    try:
        result = msgspec.convert(merged, type(session))
    except msgspec.ValidationError as error:
        raise refuse(error, "session") from None
    if isinstance(result, Session):
        _refuse_namesakes(result.tools)
    return result


def _refuse_namesakes(tools: Tools) -> None:
    names = [tool.server_label if isinstance(tool, McpTool) else tool.name for tool in tools]
    for name in names:
        if names.count(name) > 1:
            raise ClientError(f"There are two tools named '{name}'; names must differ.", param="session.tools")


def named_function(tool: Any) -> Any:
    """A tool as it stands in JSON, which is a function if its type isn't given."""
    match tool:
        case {"type": kind} if kind is not None:
            return tool
        case {**fields}:
            return cast(Any, {**fields, "type": "function"})
        case _:
            return tool


def _name_functions(change: dict[str, Any]) -> None:
    tools = change.get("tools")
    if isinstance(tools, list):
        change["tools"] = [named_function(tool) for tool in cast("list[Any]", tools)]


def _merge(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    merged = dict(old)
    for name, value in new.items():
        before = old.get(name)
        if (
            isinstance(value, dict)
            and isinstance(before, dict)
            and name not in {"parameters", "tool_choice", "tracing", "truncation", "prompt"}
        ):
            fresh = cast(dict[str, Any], value)
            known = cast(dict[str, Any], before)
            replaces = "type" in known and fresh.get("type", known["type"]) != known["type"]
            merged[name] = fresh if replaces else _merge(known, fresh)
        else:
            merged[name] = value
    return merged


def _forget_sdk_extras(change: dict[str, Any]) -> None:
    """Agents SDKs put their own version marks into ``turn_detection``; they mean nothing here."""
    audio = change.get("audio")
    hearing = cast(dict[str, Any], audio).get("input") if isinstance(audio, dict) else None
    turn = cast(dict[str, Any], hearing).get("turn_detection") if isinstance(hearing, dict) else None
    if isinstance(turn, dict):
        cleaned = {k: v for k, v in cast(dict[str, Any], turn).items() if k not in {"model_version", "modelVersion"}}
        new_hearing = {**cast(dict[str, Any], hearing), "turn_detection": cleaned}
        change["audio"] = {**cast(dict[str, Any], audio), "input": new_hearing}


def _name_voice(change: dict[str, Any]) -> None:
    """A voice given as ``{"id": name}`` is known by its id."""
    audio = change.get("audio")
    output = cast(dict[str, Any], audio).get("output") if isinstance(audio, dict) else None
    match cast(dict[str, Any], output).get("voice") if isinstance(output, dict) else None:
        case {"id": str(name), **others} if not others:
            change["audio"] = {**cast(dict[str, Any], audio), "output": {**cast(dict[str, Any], output), "voice": name}}
        case _:
            pass
