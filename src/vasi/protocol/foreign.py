"""Events of a model service, read leniently: what it says too much is left out, what it leaves out is filled in.

A service may be newer or older than vasi, or another make. What its events have in common with the Realtime API
becomes vasi's own events, so that every client gets what the API promises, whatever stands behind.
"""

from __future__ import annotations

import contextlib
from typing import Any, NoReturn, TypeAlias, cast, get_args

import msgspec

from vasi.protocol import server_events as ev
from vasi.protocol.beta_upstream import BetaService
from vasi.protocol.gaps import Gaps
from vasi.protocol.items import (
    PHASES,
    FunctionCall,
    FunctionCallOutput,
    InputAudio,
    InputImage,
    InputText,
    Message,
    OutputAudio,
    OutputText,
)
from vasi.protocol.session import AnySession, AudioFormat, AudioOutput, Session

Json: TypeAlias = dict[str, Any]

_ITEMS: dict[str, type[msgspec.Struct]] = {
    "message": Message,
    "function_call": FunctionCall,
    "function_call_output": FunctionCallOutput,
}
_PARTS: dict[str, type[msgspec.Struct]] = {
    "input_text": InputText,
    "input_audio": InputAudio,
    "input_image": InputImage,
    "output_text": OutputText,
    "output_audio": OutputAudio,
}
_OLD_PARTS = {"text": "output_text", "audio": "output_audio"}
_EVENTS: dict[str, type[msgspec.Struct]] = {
    str(struct.__struct_config__.tag): struct
    for struct in get_args(ev.ServerEvent)
    if not str(struct.__struct_config__.tag).startswith("vasi.")
}
_USUAL: Json = {
    "previous_item_id": None,
    "content_index": 0,
    "output_index": 0,
    "audio_start_ms": 0,
    "audio_end_ms": 0,
    "name": "unknown",
    **dict.fromkeys(("item_id", "response_id", "call_id", "delta", "transcript", "text"), ""),
}
"""What stands for fields that the service leaves out."""
MOST_LEFT_OUT = 256
"""Items of unknown types that are remembered."""
_STATUSES = {"completed", "cancelled", "failed", "incomplete", "in_progress"}


class UnknownEvent(Exception):
    """Nothing that vasi knows; ``str(error)`` is the type, or what is wrong."""


class ServiceReader:
    """Reads the frames of one connection to a service, which may mix both dialects."""

    def __init__(self) -> None:
        self._beta = BetaService()
        self._gaps = Gaps()
        self._left_out: dict[str, str | None] = {}
        """Items of types that aren't known here -> the item before. The client never sees anything of them."""

    def read(self, frame: str | bytes, session: AnySession) -> list[ev.ServerEvent]:
        """The events that a frame stands for: mostly one.

        Args:
            frame: as it came.
            session: the session as it is, for what the frame leaves out.

        Raises:
            UnknownEvent: nothing can be made of it.
        """
        try:
            event: Any = msgspec.json.decode(frame)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            raise UnknownEvent("not JSON") from None
        if not isinstance(event, dict) or not isinstance(cast(Json, event).get("type"), str):
            raise UnknownEvent("no event")
        known = cast(Json, event)
        try:
            return [self._event(each, session) for each in self._beta.server_events(known)]
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise UnknownEvent(f"{str(known['type'])[:80]} ({type(error).__name__})") from None

    def _event(self, event: Json, session: AnySession) -> ev.ServerEvent:
        struct = _EVENTS.get(event["type"])
        if struct is None:
            raise UnknownEvent(event["type"][:80])
        whole = self._gaps.fill(event, struct.__struct_fields__)
        if isinstance(whole.get("item"), dict) and whole["item"].get("type") not in _ITEMS:
            self._leave_out(whole)
        if self._left_out:
            whole = self._without_left_out(whole)
        return _event(whole, struct, session)

    def _leave_out(self, event: Json) -> NoReturn:
        """Note an item of an unknown type: all that there will be of it is left out, its end as its beginning."""
        item: Json = event["item"]
        previous = event.get("previous_item_id", self._left_out.get(str(item.get("id"))))
        self._left_out[str(item.get("id"))] = self._left_out.get(str(previous), previous)
        while len(self._left_out) > MOST_LEFT_OUT:
            del self._left_out[next(iter(self._left_out))]
        raise UnknownEvent(f"item of type {str(item.get('type'))[:40]}")

    def _without_left_out(self, event: Json) -> Json:
        if event.get("item_id") in self._left_out:
            raise UnknownEvent(f"{event['type'][:80]} of such an item")
        previous = event.get("previous_item_id")
        return {**event, "previous_item_id": self._left_out[previous]} if previous in self._left_out else event


def _event(event: Json, struct: type[msgspec.Struct], session: AnySession) -> ev.ServerEvent:
    kind: str = event["type"]
    changed: Json = event
    match kind:
        case "session.created" | "session.updated":
            # What it's configured to is kept on this side; the service's own words may hold anything.
            return (ev.SessionCreated if kind == "session.created" else ev.SessionUpdated)(session=session)
        case "error":
            return ev.Error(error=_error(event.get("error")))
        case "response.created" | "response.done":
            changed = {**event, "response": _response(event["response"], session)}
        case "conversation.item.input_audio_transcription.delta":
            changed = _with_logprobs(event)
        case "conversation.item.input_audio_transcription.completed":
            changed = {**_with_logprobs(event), "usage": _transcription_usage(event.get("usage"))}
            changed["languages"] = [{"code": one["code"]} for one in _tables(event.get("languages")) if "code" in one]
            if event.get("languages") is None:
                del changed["languages"]
        case "conversation.item.input_audio_transcription.failed":
            given = _table(event.get("error"))
            words = {name: str(given.get(name) or "transcription_failed") for name in ("type", "code", "message")}
            changed = {**event, "error": words}
        case "rate_limits.updated":
            limits = [limit for limit in _tables(event["rate_limits"]) if limit.get("name") in ("requests", "tokens")]
            changed = {**event, "rate_limits": limits}
        case "response.content_part.added" | "response.content_part.done":
            changed = {**event, "part": _shown_part(event["part"])}
        case _:
            pass
    if "item" in changed:
        changed = {**changed, "item": _item(changed["item"])}
    for name, usual in _USUAL.items():
        if name in struct.__struct_fields__ and changed.get(name) is None:
            changed = {**changed, name: usual}
    if not isinstance(changed.get("event_id"), str):
        changed = {**changed, "event_id": ""}
    return cast(ev.ServerEvent, msgspec.convert(changed, struct))


def _error(given: Any) -> ev.ErrorBody:
    body = _table(given) or ({} if given is None else {"message": str(given)})

    def text(name: str) -> str | None:
        value = body.get(name)
        return value if isinstance(value, str) else None

    return ev.ErrorBody(
        type=text("type") or "server_error",
        message=text("message") or "The model service reported an error without saying which.",
        code=text("code"),
        param=text("param"),
        event_id=text("event_id"),
    )


def _item(given: Json) -> Json:
    """An item with the fields that the API has. Raises ``UnknownEvent`` for kinds that vasi doesn't know."""
    kind = given.get("type")
    struct = _ITEMS.get(str(kind))
    if struct is None:
        raise UnknownEvent(f"item of type {str(kind)[:40]}")
    item = {name: given[name] for name in struct.__struct_fields__ if given.get(name) is not None}
    item["type"], item["object"] = kind, "realtime.item"
    if item.get("phase") not in PHASES:
        item.pop("phase", None)
    if item.get("status") not in ("completed", "incomplete", "in_progress"):
        item["status"] = "completed"
    if kind == "message":
        item["content"] = [part for part in map(_part, _tables(given.get("content"))) if part is not None]
    if kind == "function_call":
        item.setdefault("arguments", "")
        item.setdefault("call_id", item.get("id"))
    return item


def _part(given: Json) -> Json | None:
    kind = _OLD_PARTS.get(str(given.get("type")), str(given.get("type")))
    struct = _PARTS.get(kind)
    if struct is None:
        return None
    part = {name: given[name] for name in struct.__struct_fields__ if given.get(name) is not None}
    if kind in ("output_text", "input_text"):
        part.setdefault("text", "")
    if kind == "output_audio":
        part.setdefault("transcript", "")
    return {**part, "type": kind}


def _shown_part(given: Json) -> Json:
    """A part as ``response.content_part.*`` shows it."""
    kind = str(given.get("type")).removeprefix("output_")
    name = "text" if kind == "text" else "transcript"
    return {"type": kind, name: given.get(name) or ""}


def _response(given: Json, session: AnySession) -> Json:
    status = given.get("status")
    usual = session.audio.output if isinstance(session, Session) else AudioOutput()
    modalities = session.output_modalities if isinstance(session, Session) else ["text"]
    spoken = _table(_table(given.get("audio")).get("output"))
    voice = spoken.get("voice")
    try:
        sound: Any = msgspec.to_builtins(msgspec.convert(spoken.get("format"), cast(Any, AudioFormat)))
    except msgspec.ValidationError:
        sound = msgspec.to_builtins(usual.format)
    metadata = given.get("metadata")
    limit = given.get("max_output_tokens")
    result: Json = {
        "id": given["id"],
        "status": status if status in _STATUSES else "failed",
        "output": [_item(item) for item in _tables(given.get("output")) if item.get("type") in _ITEMS],
        "conversation_id": given.get("conversation_id"),
        "output_modalities": given.get("output_modalities") or modalities,
        "max_output_tokens": limit if isinstance(limit, int) else "inf",
        "audio": {"output": {"format": sound, "voice": voice if isinstance(voice, str) else usual.voice}},
        "metadata": {str(k): str(v) for k, v in cast(Json, metadata).items()} if isinstance(metadata, dict) else None,
        "usage": _usage(given.get("usage")),
        "status_details": _status_details(status, _table(given.get("status_details"))),
    }
    if status == "in_progress":
        result |= {"output": [], "usage": None}
    for item in result["output"]:
        if item["status"] == "in_progress":
            item["status"] = "incomplete"
    return result


def _status_details(status: Any, given: Json) -> Json | None:
    match status:
        case "cancelled":
            reason = given.get("reason")
            known = reason if reason in ("turn_detected", "client_cancelled") else "client_cancelled"
            return {"type": "cancelled", "reason": known}
        case "incomplete":
            reason = given.get("reason")
            known = reason if reason in ("max_output_tokens", "content_filter") else "max_output_tokens"
            return {"type": "incomplete", "reason": known}
        case "completed" | "in_progress":
            return None
        case _:
            error = _table(given.get("error"))
            body = {"type": str(error.get("type") or "server_error"), "code": str(error.get("code") or "server_error")}
            if error.get("message"):
                body["message"] = str(error["message"])
            return {"type": "failed", "error": body}


def _usage(given: Any) -> Json | None:
    """Token counts; a service that gives only some of them has the others added up."""
    if not isinstance(given, dict):
        return None
    counts = cast(Json, given)
    heard, spoken = _table(counts.get("input_token_details")), _table(counts.get("output_token_details"))
    cached = _table(heard.get("cached_tokens_details"))

    def number(table: Json, name: str) -> int:
        value = table.get(name)
        return value if isinstance(value, int) else 0

    read = [number(heard, name) for name in ("text_tokens", "audio_tokens", "image_tokens")]
    said = [number(spoken, name) for name in ("text_tokens", "audio_tokens")]
    read[0] += max(0, number(counts, "input_tokens") - sum(read))
    said[0] += max(0, number(counts, "output_tokens") - sum(said))
    return {
        "total_tokens": sum(read) + sum(said),
        "input_tokens": sum(read),
        "output_tokens": sum(said),
        "input_token_details": {
            **dict(zip(("text_tokens", "audio_tokens", "image_tokens"), read, strict=True)),
            "cached_tokens": number(heard, "cached_tokens"),
            "cached_tokens_details": {
                name: number(cached, name) for name in ("text_tokens", "audio_tokens", "image_tokens")
            },
        },
        "output_token_details": dict(zip(("text_tokens", "audio_tokens"), said, strict=True)),
    }


def _with_logprobs(event: Json) -> Json:
    """``event`` with the well-formed ones of its ``logprobs``, if it has some."""
    if event.get("logprobs") is None:
        return {name: value for name, value in event.items() if name != "logprobs"}
    found: list[ev.LogProb] = []
    for one in _tables(event["logprobs"]):
        with contextlib.suppress(msgspec.ValidationError):
            found.append(msgspec.convert(one, ev.LogProb))
    return {**event, "logprobs": cast("list[Json]", msgspec.to_builtins(found))}


def _table(value: Any) -> Json:
    return cast(Json, value) if isinstance(value, dict) else {}


def _tables(value: Any) -> list[Json]:
    return [_table(each) for each in cast("list[Any]", value)] if isinstance(value, list) else []


def _transcription_usage(given: Any) -> Json:
    """Tokens, or seconds where the service charges by them."""
    usage = _table(given)
    if usage.get("type") == "duration":
        return {"type": "duration", "seconds": float(usage.get("seconds") or 0)}
    details = _table(usage.get("input_token_details"))
    read, written = int(usage.get("input_tokens") or 0), int(usage.get("output_tokens") or 0)
    return {
        "type": "tokens",
        "total_tokens": read + written,
        "input_tokens": read,
        "output_tokens": written,
        "input_token_details": {
            "text_tokens": int(details.get("text_tokens") or 0),
            "audio_tokens": int(details.get("audio_tokens") or 0),
        },
    }
