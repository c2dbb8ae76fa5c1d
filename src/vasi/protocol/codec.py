"""Between JSON frames and events.

A frame that can't be taken becomes a ``ClientError`` with the code and the dotted ``param`` of the Realtime API.
"""

from __future__ import annotations

from types import UnionType
from typing import Any, cast, get_args

import msgspec
from msgspec.structs import replace

from vasi.errors import ClientError
from vasi.protocol.client_events import AudioAppend, ClientEvent, ResponseCreate, ResponseParams, SessionUpdate
from vasi.protocol.frame_limits import SCHEMA_BYTES, event_id_of_large, is_large, require_decodable
from vasi.protocol.nulls import without_nulls
from vasi.protocol.raw import appended_audio
from vasi.protocol.refusal import refuse
from vasi.protocol.server_events import ServerEvent
from vasi.protocol.session import FunctionTool, Session, named_function
from vasi.protocol.surrogates import without_half_pairs


class _Head(msgspec.Struct):
    """What can be said of a frame that isn't an event."""

    type: object = None
    event_id: object = None


DEEPEST = 64
"""Levels of free JSON (schemas of tools) in an event: what can barely be read can't be written again."""

_head = msgspec.json.Decoder(_Head)
_client: msgspec.json.Decoder[ClientEvent] = msgspec.json.Decoder(ClientEvent)
_encoder = msgspec.json.Encoder()


def decode_client(frame: str | bytes) -> ClientEvent:
    """The event in one frame.

    Raises:
        ClientError: it's none; ``event_id_of`` finds the id to name in the answer.
    """
    audio = appended_audio(frame)
    if audio is not None:
        return AudioAppend(audio=audio)
    require_decodable(frame)
    try:
        event = _client.decode(frame)
    except msgspec.ValidationError as error:
        event = _mended(frame, error)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        text = without_half_pairs(frame)
        if text is None:
            raise ClientError("The event is not valid JSON.", code="invalid_json") from None
        return decode_client(text)
    match event:
        case ResponseCreate(response=ResponseParams(tools=list(tools))):
            for index, tool in enumerate(tools):
                if isinstance(tool, FunctionTool):
                    _require_schema(tool.parameters, f"response.tools[{index}].parameters")
            return event
        case SessionUpdate(session=session):
            _require_free_json(session)
            kept = without_nulls(session, Session, patch=True)
            return event if kept is session else replace(event, session=kept)
        case _:
            return event


def encode(event: ClientEvent | ServerEvent) -> bytes:
    """The frame of an event."""
    return _encoder.encode(event)


def event_id_of(frame: str | bytes) -> str | None:
    """The ``event_id`` of a frame, however wrong the rest of it is."""
    if is_large(frame):
        return event_id_of_large(frame)
    try:
        found = _head.decode(frame).event_id
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return found if isinstance(found, str) and len(found) <= 512 else None


def _refuse_event(frame: str | bytes, error: msgspec.ValidationError) -> ClientError:
    try:
        kind = _head.decode(frame).type
    except msgspec.ValidationError:
        return ClientError("An event is a JSON object with a 'type'.", code="invalid_event")
    except (msgspec.DecodeError, RecursionError):
        return ClientError("The event is not valid JSON.", code="invalid_json")
    if kind is None:
        return ClientError("The 'type' field is missing.", code="invalid_event", param="type")
    if not isinstance(kind, str):
        return ClientError("The 'type' of an event is a string.", code="invalid_type", param="type")
    if kind not in CLIENT_EVENT_TYPES:
        known = ", ".join(f"'{name}'" for name in sorted(CLIENT_EVENT_TYPES))
        return ClientError(f"Invalid value: {kind[:80]!r}. Supported values are: {known}.", param="type")
    return refuse(error)


def _mended(frame: str | bytes, error: msgspec.ValidationError) -> ClientEvent:
    """The event in a frame that is refused as it stands, if all that is wrong are nulls and tools without a type.

    Raises:
        ClientError: something else is.
    """
    try:
        tree = msgspec.json.decode(frame)
        mended = without_nulls(_with_named_functions(tree), ClientEvent)
        if mended is tree:
            raise _refuse_event(frame, error)
        return msgspec.convert(mended, ClientEvent)
    except msgspec.ValidationError as other:
        raise _refuse_event(frame, other) from None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise _refuse_event(frame, error) from None


def _with_named_functions(tree: Any) -> Any:
    """A ``response.create`` whose tools lack types, as functions; anything else as it is."""
    match tree:
        case {"response": {"tools": list()}}:
            response: dict[str, Any] = tree["response"]
            tools: list[Any] = response["tools"]
            named = [named_function(tool) for tool in tools]
            if all(new is old for new, old in zip(named, tools, strict=True)):
                return tree
            return {**tree, "response": {**response, "tools": named}}
        case _:
            return tree


def _require_free_json(session: dict[str, Any]) -> None:
    """Raises ``ClientError`` for a session whose tools, metadata or variables are too large or nest too deep."""
    tools = session.get("tools")
    for index, tool in enumerate(cast("list[Any]", tools) if isinstance(tools, list) else ()):
        if isinstance(tool, dict):
            _require_schema(cast(dict[str, Any], tool).get("parameters"), f"session.tools[{index}].parameters")
    for name, value in session.items():
        if name != "tools" and _deeper(value, DEEPEST):
            raise ClientError(f"'session.{name[:64]}' nests more than {DEEPEST} levels deep.", param="session")


def _require_schema(parameters: object, param: str) -> None:
    if _deeper(parameters, DEEPEST):
        raise ClientError(f"A tool nests more than {DEEPEST} levels deep.", param=param)
    if parameters is not msgspec.UNSET and len(_encoder.encode(parameters)) > SCHEMA_BYTES:
        raise ClientError(f"The schema of a tool has more than {SCHEMA_BYTES // 1024} KiB.", param=param)


def _deeper(value: object, levels: int) -> bool:
    if isinstance(value, dict):
        inner = cast(dict[str, object], value).values()
    elif isinstance(value, list):
        inner = cast(list[object], value)
    else:
        return False
    return levels == 0 or any(_deeper(part, levels - 1) for part in inner)


def _types(union: UnionType) -> frozenset[str]:
    structs: tuple[type[msgspec.Struct], ...] = get_args(union)
    return frozenset(str(cast(Any, struct).__struct_config__.tag) for struct in structs)


CLIENT_EVENT_TYPES = _types(ClientEvent)
SERVER_EVENT_TYPES = _types(ServerEvent)
