"""Whether an event is one that the official clients understand.

Two judges: the generated types of the ``openai`` package with every extra field forbidden, and a table of what each
event must carry, since in the types almost everything is optional.
"""

from __future__ import annotations

from typing import Annotated, Any

from openai.types.realtime import RealtimeServerEvent
from pydantic import Field, TypeAdapter, ValidationError

_EVENTS: TypeAdapter[Any] = TypeAdapter(Annotated[RealtimeServerEvent, Field(discriminator="type")])

SESSION_EXTRAS = {"id", "object", "expires_at"}
"""The wire shows them; the generated type of a session lacks them."""

SESSION = {
    *("type", "object", "id", "model", "output_modalities", "instructions", "tools", "tool_choice", "audio", "include"),
    *("max_output_tokens", "tracing", "truncation", "prompt", "expires_at"),
}
LISTENING = {"type", "object", "id", "audio", "include", "expires_at"}
"""Of a session that only listens."""
ITEM = {"item.id", "item.type"}
RESPONSE = {
    *("response.id", "response.object", "response.status", "response.status_details", "response.output"),
    *("response.conversation_id", "response.output_modalities", "response.max_output_tokens", "response.usage"),
    *("response.audio.output.format.type", "response.audio.output.voice", "response.metadata"),
}
PLACE = {"response_id", "item_id", "output_index"}
CONTENT = PLACE | {"content_index"}

PRESENT: dict[str, set[str]] = {
    "error": {"error.type", "error.message", "error.code", "error.param", "error.event_id"},
    "session.created": {f"session.{name}" for name in SESSION},
    "session.updated": {f"session.{name}" for name in SESSION},
    "conversation.item.added": {*ITEM, "previous_item_id"},
    "conversation.item.done": {*ITEM, "previous_item_id"},
    "conversation.item.retrieved": ITEM,
    "conversation.item.truncated": {"item_id", "content_index", "audio_end_ms"},
    "conversation.item.deleted": {"item_id"},
    "conversation.item.input_audio_transcription.delta": {"item_id", "content_index", "delta"},
    "conversation.item.input_audio_transcription.completed": {
        *("item_id", "content_index", "transcript", "usage.type", "usage.total_tokens", "usage.input_tokens"),
        *("usage.output_tokens", "usage.input_token_details.text_tokens", "usage.input_token_details.audio_tokens"),
    },
    "conversation.item.input_audio_transcription.failed": {"item_id", "content_index", "error.type", "error.message"},
    "input_audio_buffer.committed": {"item_id", "previous_item_id"},
    "input_audio_buffer.cleared": set(),
    "input_audio_buffer.speech_started": {"item_id", "audio_start_ms"},
    "input_audio_buffer.speech_stopped": {"item_id", "audio_end_ms"},
    "input_audio_buffer.timeout_triggered": {"item_id", "audio_start_ms", "audio_end_ms"},
    **{f"output_audio_buffer.{what}": {"response_id"} for what in ("started", "stopped", "cleared")},
    "response.created": RESPONSE,
    "response.done": {
        *RESPONSE,
        *("response.usage." + name for name in ("total_tokens", "input_tokens", "output_tokens")),
        *("response.usage.input_token_details." + name for name in ("text_tokens", "audio_tokens", "cached_tokens")),
        *("response.usage.output_token_details." + name for name in ("text_tokens", "audio_tokens")),
    },
    "response.output_item.added": {*ITEM, "response_id", "output_index"},
    "response.output_item.done": {*ITEM, "response_id", "output_index"},
    "response.content_part.added": {*CONTENT, "part.type"},
    "response.content_part.done": {*CONTENT, "part.type"},
    "response.output_text.delta": {*CONTENT, "delta"},
    "response.output_text.done": {*CONTENT, "text"},
    "response.output_audio.delta": {*CONTENT, "delta"},
    "response.output_audio.done": CONTENT,
    "response.output_audio_transcript.delta": {*CONTENT, "delta"},
    "response.output_audio_transcript.done": {*CONTENT, "transcript"},
    "response.function_call_arguments.delta": {*PLACE, "call_id", "delta"},
    "response.function_call_arguments.done": {*PLACE, "call_id", "name", "arguments"},
    "mcp_list_tools.in_progress": {"item_id"},
    "mcp_list_tools.completed": {"item_id"},
    "mcp_list_tools.failed": {"item_id"},
    "response.mcp_call_arguments.delta": {*PLACE, "delta", "obfuscation"},
    "response.mcp_call_arguments.done": {*PLACE, "arguments"},
    "response.mcp_call.in_progress": {"item_id", "output_index"},
    "response.mcp_call.completed": {"item_id", "output_index"},
    "response.mcp_call.failed": {"item_id", "output_index"},
    "rate_limits.updated": {"rate_limits"},
}
"""Event type -> what it carries besides its type and ``event_id``."""

EXTENSION: dict[str, set[str]] = {
    "vasi.tool_call.started": {"response_id", "call_id", "name", "arguments"},
    "vasi.tool_call.done": {"response_id", "call_id", "name", "status", "output", "duration_ms"},
    "vasi.passages": {"response_id", "call_id", "found", "passages"},
    "vasi.citation": {"response_id", "item_id", "content_index", "start", "end", "text", "passages"},
    "vasi.notes.changed": {"response_id", "action", "note"},
    "vasi.conversation": {"conversation_id"},
    "vasi.output_audio.hold": {"item_id", "content_index", "audio_end_ms"},
    "vasi.output_audio.resume": set(),
    "vasi.output_audio.words": {"item_id", "content_index", "words"},
    "vasi.session": {"resume_token", "grace_s", "resumed", "complete"},
}
"""Only for sessions that asked for ``vasi.activity``."""

ITEM_PRESENT = {
    "message": {"object", "status", "role", "content"},
    "function_call": {"object", "status", "call_id", "name", "arguments"},
    "function_call_output": {"object", "status", "call_id", "output"},
    "mcp_list_tools": {"server_label", "tools"},
    "mcp_call": {"server_label", "name", "arguments", "output", "error"},
    "mcp_approval_request": {"server_label", "name", "arguments"},
    "mcp_approval_response": {"approval_request_id", "approve"},
}
PART_PRESENT = {
    "input_text": {"text"},
    "input_audio": {"transcript"},
    "input_image": {"image_url"},
    "output_text": {"text"},
    "output_audio": {"transcript"},
}
AUDIO_SHOWN = "conversation.item.retrieved"
"""The only event about items in which audio bytes may stand."""
NEVER_NULL = {"item.call_id", "item.name", "item.arguments", "item.role", "item.status", "part.text", "part.transcript"}


def check_event(event: dict[str, Any], *, extension: bool = False) -> None:
    """Fail unless ``event`` is what an official client expects; ``extension`` allows ``vasi.*`` events."""
    kind = event["type"]
    assert event.get("event_id"), f"{kind} has no event_id"
    if kind.startswith("vasi."):
        assert extension, f"{kind} for a client that didn't ask for it"
        _check_present(event, EXTENSION[kind])
        return
    if kind in {"session.created", "session.updated"} and event["session"]["type"] == "transcription":
        assert event["session"].keys() == LISTENING
        assert event["session"]["audio"].keys() == {"input"}
    else:
        _check_present(event, PRESENT[kind])
    _check_types(event, extension=extension)
    for path in NEVER_NULL:
        assert _look(event, path) is not None, f"{kind}.{path} is null"
    items = [event["item"]] if "item" in event else event.get("response", {}).get("output", [])
    for item in items:
        _check_item(item, with_audio=kind == AUDIO_SHOWN)
    if kind in {"response.created", "response.done"}:
        _check_response(event["response"], ended=kind == "response.done")


def _check_types(event: dict[str, Any], *, extension: bool) -> None:
    shown = event
    if event["type"] in {"session.created", "session.updated"}:
        session = {name: value for name, value in event["session"].items() if name not in SESSION_EXTRAS}
        if extension:
            session["include"] = [name for name in session["include"] or () if name != "vasi.activity"]
        if extension or "interpreting" in session.get("vasi", {}):  # which only those see who asked for it
            session.pop("vasi", None)
        shown = {**event, "session": session}
    shown = _without_phases(shown)
    try:
        _EVENTS.validate_python(shown, extra="forbid")
    except ValidationError as error:
        item = event.get("item", {})
        branch = {"message": f"{item.get('role')}", "function_call": "function_call"}.get(item.get("type"), "")
        found = [f"{e['loc']}: {e['msg']}" for e in error.errors() if branch in str(e["loc"]).lower()]
        raise AssertionError(f"{event['type']} doesn't fit the generated types: {found or error}") from None


def _without_phases(event: dict[str, Any]) -> dict[str, Any]:
    """The wire shows ``phase`` of a message; the generated types lack it."""
    if "item" in event:
        return {**event, "item": _without_phase(event["item"])}
    if "output" in event.get("response", ()):
        output = [_without_phase(item) for item in event["response"]["output"]]
        return {**event, "response": {**event["response"], "output": output}}
    return event


def _without_phase(item: dict[str, Any]) -> dict[str, Any]:
    assert item.get("phase", "final_answer") in {"commentary", "final_answer"}
    return {name: value for name, value in item.items() if name != "phase"} if item["type"] == "message" else item


def _check_present(event: dict[str, Any], paths: set[str]) -> None:
    for path in paths:
        assert _look(event, path) is not _MISSING, f"{event['type']} lacks {path}"


def _check_item(item: dict[str, Any], *, with_audio: bool) -> None:
    missing = ITEM_PRESENT[item["type"]] - item.keys()
    assert not missing, f"an item of type {item['type']} lacks {missing}"
    for tool in item.get("tools", ()):
        assert tool.keys() >= {"name", "description", "input_schema"}
    for part in item.get("content", ()):
        missing = PART_PRESENT[part["type"]] - part.keys()
        assert not missing, f"a part of type {part['type']} lacks {missing}"
        assert with_audio or "audio" not in part, "audio bytes where none belong"
        if item["role"] == "assistant":
            assert part["type"] in {"output_text", "output_audio"}


def _check_response(response: dict[str, Any], *, ended: bool) -> None:
    if not ended:
        assert (response["status"], response["output"]) == ("in_progress", [])
        assert response["usage"] is None
        assert response["status_details"] is None
        return
    usage, status, details = response["usage"], response["status"], response["status_details"]
    assert status != "in_progress"
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]
    heard, spoken = usage["input_token_details"], usage["output_token_details"]
    assert usage["input_tokens"] == heard["text_tokens"] + heard["audio_tokens"] + heard.get("image_tokens", 0)
    assert usage["output_tokens"] == spoken["text_tokens"] + spoken["audio_tokens"]
    match status:
        case "completed":
            assert details is None
        case "cancelled":
            assert (details["type"], details["reason"] in {"turn_detected", "client_cancelled"}) == (status, True)
        case "incomplete":
            assert (details["type"], details["reason"] in {"max_output_tokens", "content_filter"}) == (status, True)
        case "failed":
            assert details["type"] == "failed"
            assert details["error"]["code"]
    for item in response["output"]:
        if item["type"] == "mcp_call":
            assert (item["output"] is None) != (item["error"] is None), "a call of an ended response goes on"
        elif item["type"] != "mcp_approval_request":
            assert item["status"] in {"completed", "incomplete"}, "an item of an ended response goes on"


_MISSING: Any = object()


def _look(event: dict[str, Any], path: str) -> Any:
    value: Any = event
    for name in path.split("."):
        if not isinstance(value, dict) or name not in value:
            return _MISSING
        value = value[name]
    return value
