"""The beta dialect at the other edge: GA events for a service that speaks beta, and its events in GA.

The counterpart of ``vasi.protocol.beta``, whose tables it shares. Whole events as JSON objects, no I/O. What the beta
dialect has no word for isn't said to the service.
"""

from __future__ import annotations

from typing import Any, TypeAlias, cast

from vasi.protocol.beta import FORMATS, RENAMED, RESPONSE_FIELDS, SESSION_FIELDS, Path

Json: TypeAlias = dict[str, Any]

_GA_NAMES = {beta: ga for ga, beta in RENAMED.items() if beta != "conversation.item.created"}
_FORMAT_NAMES = {str(value["type"]): name for name, value in FORMATS.items()}
_BETA_CONTENT = {"output_text": "text", "output_audio": "audio"}
_GA_CONTENT = {beta: ga for ga, beta in _BETA_CONTENT.items()}
_UNSPEAKABLE = frozenset({"type", "truncation", "tracing", "prompt", "include", "reasoning", "parallel_tool_calls"})
"""Fields of GA sessions and responses that have no place in beta."""

REMEMBERED = 256
"""Items whose beginning is remembered until they're done."""


# --- client: GA -> beta ---------------------------------------------------------------------------------------------
def client_event(event: Json, *, listening: bool = False) -> Json:
    """The beta form of a GA client event; ``listening`` says that the session only transcribes."""
    match event["type"]:
        case "session.update":
            session = event["session"]
            if listening:
                changed = {**event, "type": "transcription_session.update"}
                return {**changed, "session": _gathered(session, SESSION_FIELDS)}
            return {**event, "session": _gathered(session, SESSION_FIELDS)}
        case "conversation.item.create":
            return {**event, "item": _item_to_beta(event["item"])}
        case "response.create" if "response" in event:
            response = _gathered(event["response"], RESPONSE_FIELDS)
            if "input" in response:
                response["input"] = [_item_to_beta(item) for item in response["input"]]
            return {**event, "response": response}
        case _:
            return event


def _gathered(fields: Json, table: dict[str, Path]) -> Json:
    result = {name: value for name, value in fields.items() if name not in _UNSPEAKABLE and name != "audio"}
    for name, path in table.items():
        found, value = _taken(fields, path)
        if not found:
            continue
        result.pop(path[0], None)
        result[name] = _value_to_beta(name, value)
    return result


def _taken(tree: Json, path: Path) -> tuple[bool, Any]:
    value: Any = tree
    for name in path:
        if not isinstance(value, dict) or name not in value:
            return False, None
        value = cast(Json, value)[name]
    return True, value


def _value_to_beta(name: str, value: Any) -> Any:
    if name.endswith("_format"):
        return _FORMAT_NAMES[value["type"]]
    if name == "modalities":
        return ["text", "audio"] if "audio" in value else value
    if isinstance(value, dict):
        known = {"model", "language", "prompt"} if name == "input_audio_transcription" else None
        fields = cast(Json, value)
        return {key: v for key, v in fields.items() if key != "idle_timeout_ms" and (known is None or key in known)}
    return value


def _item_to_beta(item: Json) -> Json:
    return _with_content({name: value for name, value in item.items() if name != "phase"}, _BETA_CONTENT)


def _with_content(item: Json, names: dict[str, str]) -> Json:
    if item.get("role") != "assistant" or not isinstance(item.get("content"), list):
        return item
    content: list[Json] = item["content"]
    return {**item, "content": [{**part, "type": names.get(part["type"], part["type"])} for part in content]}


# --- server: beta -> GA ---------------------------------------------------------------------------------------------
class BetaService:
    """Understands one connection to a service that speaks beta, or GA with words of beta's.

    It remembers what beta says once and GA says twice: where an item of a response stands, what a call is named.
    """

    def __init__(self) -> None:
        self._open: dict[str, Json] = {}
        """Items of the conversation that are being written -> the item before, as it was said."""
        self._names: dict[str, str] = {}
        """Items that are calls -> the function's name."""

    def server_events(self, event: Json) -> list[Json]:
        """The GA events that an event of the service stands for: none, one or two."""
        kind = event.get("type")
        if kind == "conversation.created" or not isinstance(kind, str):
            return []
        result: Json = {**event, "type": _GA_NAMES.get(kind, kind)}
        if isinstance(event.get("item"), dict):
            result["item"] = _with_content(event["item"], _GA_CONTENT)
        match kind:
            case "conversation.item.created":
                return self._item_created(result)
            case "response.output_item.added":
                self._keep(self._names, str(result["item"].get("id")), result["item"].get("name"))
                return [result]
            case "response.output_item.done":
                return self._item_finished(result)
            case "response.function_call_arguments.done":
                known = self._names.pop(str(event.get("item_id")), None)
                return [{**result, "name": event.get("name") or known}]
            case "response.created" | "response.done":
                return [{**result, "response": _response_to_ga(event["response"])}]
            case "transcription_session.created" | "transcription_session.updated":
                return [{**result, "type": kind.removeprefix("transcription_")}]
            case _:
                return [result]

    def _item_created(self, event: Json) -> list[Json]:
        added = {**event, "type": "conversation.item.added"}
        item = event["item"]
        if item.get("status") == "in_progress" or _seems_unfinished(item):
            before = {name: event[name] for name in ("previous_item_id",) if name in event}
            self._keep(self._open, str(item.get("id")), before)
            return [added]
        return [added, {**event, "type": "conversation.item.done", "event_id": f"{event.get('event_id')}d"}]

    def _item_finished(self, event: Json) -> list[Json]:
        wanted = str(event["item"].get("id"))
        if wanted not in self._open:
            return [event]
        done = {
            "type": "conversation.item.done",
            "event_id": f"{event.get('event_id')}d",
            **self._open.pop(wanted),
            "item": event["item"],
        }
        return [event, done]

    def _keep(self, table: dict[str, Any], name: str, value: Any) -> None:
        table[name] = value
        while len(table) > REMEMBERED:
            del table[next(iter(table))]


def _seems_unfinished(item: Json) -> bool:
    """It doesn't say so, but there is nothing in it that only the service can have put there."""
    if item.get("status") is not None:
        return False
    return (item.get("type") == "function_call" and not item.get("arguments")) or (
        item.get("role") == "assistant" and not item.get("content")
    )


def _response_to_ga(response: Json) -> Json:
    result = {name: value for name, value in response.items() if name not in RESPONSE_FIELDS}
    if "modalities" in response:
        result["output_modalities"] = ["audio"] if "audio" in response["modalities"] else ["text"]
    if "max_response_output_tokens" in response:
        result["max_output_tokens"] = response["max_response_output_tokens"]
    spoken: Json = {}
    if "voice" in response:
        spoken["voice"] = response["voice"]
    if response.get("output_audio_format") in FORMATS:
        spoken["format"] = FORMATS[response["output_audio_format"]]
    if spoken:
        result["audio"] = {"output": spoken}
    output: list[Json] = response.get("output") or []
    result["output"] = [_with_content(item, _GA_CONTENT) for item in output]
    return result
