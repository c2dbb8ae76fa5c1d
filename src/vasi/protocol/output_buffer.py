"""Server events about what the server itself plays, over WebRTC: each ``started`` is followed by one of the others."""

from __future__ import annotations

from vasi.protocol.event import ServerEventBase


class OutputBufferEvent(ServerEventBase, frozen=True, kw_only=True):
    """Base of the events about the sound of a response."""

    response_id: str


class OutputBufferStarted(
    OutputBufferEvent, frozen=True, kw_only=True, tag_field="type", tag="output_audio_buffer.started"
):
    """The first sound leaves."""


class OutputBufferStopped(
    OutputBufferEvent, frozen=True, kw_only=True, tag_field="type", tag="output_audio_buffer.stopped"
):
    """All of it has left."""


class OutputBufferCleared(
    OutputBufferEvent, frozen=True, kw_only=True, tag_field="type", tag="output_audio_buffer.cleared"
):
    """What was left was thrown away."""
