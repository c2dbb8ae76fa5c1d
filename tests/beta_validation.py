"""Whether an event is one that clients of the beta dialect understand, by the types of the official SDK's beta."""

from __future__ import annotations

from typing import Annotated, Any

from openai.types.beta.realtime import RealtimeServerEvent
from pydantic import Field, TypeAdapter

_EVENTS: TypeAdapter[Any] = TypeAdapter(Annotated[RealtimeServerEvent, Field(discriminator="type")])
_ON_THE_WIRE = {"object", "expires_at", "include"}
"""Fields of a session that the beta service shows; the generated type lacks them."""


def check_beta_event(event: dict[str, Any]) -> None:
    """Fail unless ``event`` is one of the SDK's beta events, with no field too many."""
    shown = event
    if event["type"] in {"session.created", "session.updated"}:
        session = {name: value for name, value in event["session"].items() if name not in _ON_THE_WIRE}
        # The SDK lists the models of its day.
        session["model"] = "gpt-realtime"
        shown = {**event, "session": session}
    _EVENTS.validate_python(shown, extra="forbid")
