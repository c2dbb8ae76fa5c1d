"""The beta dialect of the Realtime API, as a translation of whole events: beta client -> GA, GA server -> beta.

Both directions are total: what has no other name in the other dialect passes as it is, so that a wrong value is refused
in one place only, by the GA codec. ``error`` events name the field as the beta client wrote it.

What the beta dialect has no word for (MCP, idle timeouts, diarised segments, images) isn't shown to its clients.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, cast

Json: TypeAlias = dict[str, Any]
Path: TypeAlias = tuple[str, ...]

TEMPERATURE = 0.8
"""What beta sessions show. The GA dialect has no temperature, so a client's wish is ignored."""

FORMATS: dict[str, Json] = {
    "pcm16": {"type": "audio/pcm", "rate": 24000},
    "g711_ulaw": {"type": "audio/pcmu"},
    "g711_alaw": {"type": "audio/pcma"},
}
_FORMAT_NAMES = {str(value["type"]): name for name, value in FORMATS.items()}

SESSION_FIELDS: dict[str, Path] = {
    "modalities": ("output_modalities",),
    "max_response_output_tokens": ("max_output_tokens",),
    "voice": ("audio", "output", "voice"),
    "speed": ("audio", "output", "speed"),
    "output_audio_format": ("audio", "output", "format"),
    "input_audio_format": ("audio", "input", "format"),
    "input_audio_transcription": ("audio", "input", "transcription"),
    "input_audio_noise_reduction": ("audio", "input", "noise_reduction"),
    "turn_detection": ("audio", "input", "turn_detection"),
}
"""Field of a beta session -> where it stands in a GA session."""

RESPONSE_FIELDS: dict[str, Path] = {
    "modalities": ("output_modalities",),
    "max_response_output_tokens": ("max_output_tokens",),
    "voice": ("audio", "output", "voice"),
    "output_audio_format": ("audio", "output", "format"),
}
"""Field of ``response.create.response`` -> where it stands in GA."""

FORGOTTEN = frozenset({"temperature", "client_secret"})
"""Fields of beta sessions and responses that mean nothing to GA."""

DETECTION = ("type", "threshold", "prefix_padding_ms", "silence_duration_ms", "eagerness")
"""Fields of ``turn_detection`` that transcription sessions know: they have no responses to create or interrupt."""

CONTENT_TYPES = {"text": "output_text", "audio": "output_audio"}
"""Content part of an assistant message -> its GA name."""
_BETA_CONTENT = {ga: beta for beta, ga in CONTENT_TYPES.items()}

RENAMED = {
    "conversation.item.added": "conversation.item.created",
    "response.output_text.delta": "response.text.delta",
    "response.output_text.done": "response.text.done",
    "response.output_audio.delta": "response.audio.delta",
    "response.output_audio.done": "response.audio.done",
    "response.output_audio_transcript.delta": "response.audio_transcript.delta",
    "response.output_audio_transcript.done": "response.audio_transcript.done",
}
"""GA server event -> its beta name."""

UNKNOWN = frozenset(
    {
        "conversation.item.done",
        "conversation.item.input_audio_transcription.segment",
        "input_audio_buffer.timeout_triggered",
        "input_audio_buffer.dtmf_event_received",
        "mcp_list_tools.in_progress",
        "mcp_list_tools.completed",
        "mcp_list_tools.failed",
        "response.mcp_call_arguments.delta",
        "response.mcp_call_arguments.done",
        "response.mcp_call.in_progress",
        "response.mcp_call.completed",
        "response.mcp_call.failed",
    }
)
"""GA server events that beta clients never get."""

_ITEM_TYPES = frozenset({"message", "function_call", "function_call_output"})


# --- client: beta -> GA ---------------------------------------------------------------------------------------------
def client_event(event: Json) -> Json:
    """The GA form of a beta client's event."""
    kind = event.get("type")
    if not isinstance(kind, str) or kind not in _CLIENT_BODIES:
        return event
    name, translate = _CLIENT_BODIES[kind]
    changed = {**event, "type": kind.removeprefix("transcription_")}
    body: object = event.get(name)
    if isinstance(body, dict):
        changed[name] = translate(cast(Json, body))
    return changed


def session_to_ga(session: Json) -> Json:
    """The fields of a beta session under their GA names."""
    result = _placed(session, SESSION_FIELDS)
    match session.get("turn_detection"):
        case {"type": "none"}:
            # How the first previews turned it off; some clients still do.
            _put(result, SESSION_FIELDS["turn_detection"], None)
        case _:
            pass
    return result


def transcription_session_to_ga(session: Json) -> Json:
    """The fields of a beta transcription session, which has no output, under their GA names."""
    heard = {name: value for name, value in session.items() if name != "modalities"}
    return {"type": "transcription", **_placed(heard, SESSION_FIELDS)}


def _response_to_ga(response: Json) -> Json:
    result = _placed(response, RESPONSE_FIELDS)
    items: object = result.get("input")
    if isinstance(items, list):
        listed = cast("list[Any]", items)
        result["input"] = [_item_to_ga(cast(Json, item)) if isinstance(item, dict) else item for item in listed]
    return result


def _placed(fields: Json, table: dict[str, Path]) -> Json:
    result: Json = {}
    for name, value in fields.items():
        if name in FORGOTTEN:
            continue
        path = table.get(name, (name,))
        if path[-1] == "format":
            value = _format_to_ga(value)
        elif path[-1] == "output_modalities":
            value = _modalities_to_ga(value)
        _put(result, path, value)
    return result


def _put(tree: Json, path: Path, value: Any) -> None:
    """Set the leaf at ``path``. What isn't an object on the way stays: the codec refuses it."""
    *branches, leaf = path
    for name in branches:
        branch = tree.setdefault(name, {})
        if not isinstance(branch, dict):
            return
        # A copy, since a client may have put an object of its own there.
        tree[name] = tree = dict(cast(Json, branch))
    tree[leaf] = value


def _format_to_ga(value: Any) -> Any:
    return FORMATS.get(value, {"type": value}) if isinstance(value, str) else value


def _modalities_to_ga(value: Any) -> Any:
    """Speech always comes with its transcript, so GA names only "audio"."""
    if isinstance(value, list):
        kinds = cast("list[Any]", value)
        return ["audio"] if "audio" in kinds and all(kind in ("text", "audio") for kind in kinds) else kinds
    return value


def _item_to_ga(item: Json) -> Json:
    return _with_content(item, CONTENT_TYPES) if item.get("role") == "assistant" else item


def _with_content(item: Json, names: dict[str, str]) -> Json:
    content = item.get("content")
    if not isinstance(content, list):
        return item
    parts: list[Any] = []
    for part in cast("list[Any]", content):
        kind = cast(Json, part).get("type") if isinstance(part, dict) else None
        parts.append({**cast(Json, part), "type": names[kind]} if isinstance(kind, str) and kind in names else part)
    return {**item, "content": parts}


_CLIENT_BODIES: dict[str, tuple[str, Callable[[Json], Json]]] = {
    "session.update": ("session", session_to_ga),
    "transcription_session.update": ("session", transcription_session_to_ga),
    "conversation.item.create": ("item", _item_to_ga),
    "response.create": ("response", _response_to_ga),
}
CLIENT_CHANGED = frozenset(_CLIENT_BODIES)
"""Client events that differ between the dialects."""


# --- server: GA -> beta ---------------------------------------------------------------------------------------------
SERVER_CHANGED = frozenset(
    {
        *RENAMED,
        *UNKNOWN,
        *("error", "session.created", "session.updated", "response.created", "response.done"),
        *("response.output_item.added", "response.output_item.done", "conversation.item.retrieved"),
        *("response.function_call_arguments.done", "conversation.item.input_audio_transcription.completed"),
    }
)
"""Server events that differ between the dialects."""


def server_events(event: Json) -> list[Json]:
    """What a beta client gets for a GA server event: none, one or two events."""
    kind = event["type"]
    item = event.get("item")
    if kind in UNKNOWN or (item is not None and item["type"] not in _ITEM_TYPES):
        return []
    result = {**event, "type": RENAMED.get(kind, kind)}
    if item is not None:
        result["item"] = _item_to_beta(item)
    match kind:
        case "session.created" | "session.updated":
            return _session_events(result)
        case "response.created" | "response.done":
            result["response"] = _response_to_beta(event["response"])
        case "response.function_call_arguments.done":
            result.pop("name", None)
        case "conversation.item.input_audio_transcription.completed":
            result.pop("languages", None)
        case "error":
            result["error"] = _error_to_beta(event["error"])
        case _:
            pass
    return [result]


def _item_to_beta(item: Json) -> Json:
    """Images are taken from beta clients too, but their items have no word for them."""
    shown = _with_content({name: value for name, value in item.items() if name != "phase"}, _BETA_CONTENT)
    if "content" in shown:
        shown["content"] = [part for part in shown["content"] if part["type"] != "input_image"]
    return shown


def _session_events(event: Json) -> list[Json]:
    session: Json = event["session"]
    if session.get("type") == "transcription":
        kind = event["type"].replace("session.", "transcription_session.")
        return [{**event, "type": kind, "session": transcription_session_to_beta(session)}]
    shown = [{**event, "session": session_to_beta(session)}]
    if event["type"] == "session.created":
        conversation = {"id": f"conv_{session['id'].removeprefix('sess_')}", "object": "realtime.conversation"}
        created = {"type": "conversation.created", "event_id": f"{event['event_id']}c", "conversation": conversation}
        shown.append(created)
    return shown


def session_to_beta(session: Json) -> Json:
    """A whole GA session as beta clients see it."""
    audio = session["audio"]
    return {
        **{name: session[name] for name in ("id", "object", "model", "expires_at") if name in session},
        "modalities": _modalities_to_beta(session["output_modalities"]),
        "instructions": session["instructions"],
        "voice": audio["output"]["voice"],
        "speed": audio["output"]["speed"],
        "output_audio_format": _format_to_beta(audio["output"]["format"]),
        **_heard_to_beta(audio["input"]),
        "tools": [tool for tool in session["tools"] if tool["type"] == "function"],
        "tool_choice": session["tool_choice"],
        "temperature": TEMPERATURE,
        "max_response_output_tokens": session["max_output_tokens"],
        "tracing": session["tracing"],
        "include": session["include"],
    }


def transcription_session_to_beta(session: Json) -> Json:
    """A whole GA transcription session as beta clients see it."""
    shown = {name: session[name] for name in ("id", "object", "expires_at", "include") if name in session}
    heard = _heard_to_beta(session["audio"]["input"])
    detection = _without(heard["turn_detection"], DETECTION)
    return {**shown, **heard, "turn_detection": detection}


def _heard_to_beta(hearing: Json) -> Json:
    detection: Json | None = hearing["turn_detection"]
    noise: Json | None = hearing["noise_reduction"]
    transcription: Json | None = hearing["transcription"]
    return {
        "input_audio_format": _format_to_beta(hearing["format"]),
        "input_audio_transcription": _without(transcription, ("model", "language", "prompt")),
        "input_audio_noise_reduction": _without(noise, ("type",)),
        "turn_detection": _without(detection, tuple(name for name in detection or () if name != "idle_timeout_ms")),
    }


def _without(fields: Json | None, known: Path) -> Json | None:
    return None if fields is None else {name: fields[name] for name in known if name in fields}


def _response_to_beta(response: Json) -> Json:
    result = {name: value for name, value in response.items() if name not in ("audio", "output_modalities")}
    spoken = response["audio"]["output"]
    result["modalities"] = _modalities_to_beta(response["output_modalities"])
    result["voice"] = spoken["voice"]
    result["output_audio_format"] = _format_to_beta(spoken["format"])
    result["temperature"] = TEMPERATURE
    result["output"] = [_item_to_beta(item) for item in response["output"] if item["type"] in _ITEM_TYPES]
    usage: Json | None = response["usage"]
    if usage is not None:
        details = _without(usage["input_token_details"], ("text_tokens", "audio_tokens", "cached_tokens"))
        result["usage"] = {**usage, "input_token_details": details}
    return result


def _format_to_beta(audio_format: Json) -> str:
    return _FORMAT_NAMES[audio_format["type"]]


def _modalities_to_beta(modalities: list[str]) -> list[str]:
    return ["text", "audio"] if "audio" in modalities else modalities


def _error_to_beta(error: Json) -> Json:
    param = error.get("param")
    if not isinstance(param, str):
        return error
    named = beta_param(param)
    return {**error, "param": named, "message": error["message"].replace(f"'{param}'", f"'{named}'")}


def beta_param(param: str) -> str:
    """A dotted path of GA as the beta client wrote it."""
    for root, table in (("session", SESSION_FIELDS), ("response", RESPONSE_FIELDS)):
        for name, path in table.items():
            known = ".".join((root, *path))
            if param == known or param.startswith((f"{known}.", f"{known}[")):
                rest = "" if path[-1] == "format" else param.removeprefix(known)
                return f"{root}.{name}{rest}"
    return param
