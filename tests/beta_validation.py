"""Whether an event is one that clients of the beta dialect understand, by the types of the official SDK's beta."""

from __future__ import annotations

from typing import Annotated, Any

from openai.types.beta.realtime import RealtimeServerEvent
from pydantic import Field, TypeAdapter

_EVENTS: TypeAdapter[Any] = TypeAdapter(Annotated[RealtimeServerEvent, Field(discriminator="type")])
_ON_THE_WIRE = {"object", "expires_at", "include"}
"""Fields of a session that the beta service shows; the generated type lacks them."""


_LISTENING = {*_ON_THE_WIRE, "id", "input_audio_noise_reduction"}


def check_beta_event(event: dict[str, Any]) -> None:
    """Fail unless ``event`` is one of the SDK's beta events, with no field too many."""
    shown = event
    if event["type"] in {"session.created", "session.updated"}:
        session = {name: value for name, value in event["session"].items() if name not in _ON_THE_WIRE}
        # The SDK lists the models of its day.
        session["model"] = "gpt-realtime"
        if isinstance(session["tool_choice"], dict):
            # The beta types say that it's a word; the API took and showed functions all the same.
            session["tool_choice"] = "auto"
        shown = {**event, "session": session}
    if event["type"].startswith("transcription_session."):
        # The generated types have the answer to the REST route only, with the key that it makes.
        session = {name: value for name, value in event["session"].items() if name not in _LISTENING}
        session["client_secret"] = {"value": "ek_1", "expires_at": 1}
        session["turn_detection"] = _without(session["turn_detection"], "eagerness")
        session["input_audio_transcription"] = _without(session["input_audio_transcription"], "model")
        shown = {**event, "type": "transcription_session.updated", "session": session}
    _EVENTS.validate_python(shown, extra="forbid")


def _without(fields: dict[str, Any] | None, name: str) -> dict[str, Any] | None:
    return None if fields is None else {key: value for key, value in fields.items() if key != name}
