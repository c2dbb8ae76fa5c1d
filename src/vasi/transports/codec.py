"""Between the text frames of a connection and the events of a link."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from vasi.errors import ClientError
from vasi.gateway.ports import Received, Sent, UndecodableEvent
from vasi.protocol.codec import decode_client, encode, event_id_of
from vasi.protocol.raw import RawAudioDelta


class Codec(Protocol):
    """A dialect of the Realtime API: JSON text, one event a frame."""

    def decode(self, frame: str | bytes) -> Received:
        """The event in a client's frame."""
        ...

    def encode(self, event: Sent) -> Sequence[str]:
        """The frames that tell the client of ``event``: mostly one, none if its dialect has no word for it."""
        ...


class GaCodec:
    """The dialect that the gateway speaks itself."""

    def decode(self, frame: str | bytes) -> Received:
        try:
            return decode_client(frame)
        except ClientError as error:
            return UndecodableEvent(error, event_id_of(frame))

    def encode(self, event: Sent) -> Sequence[str]:
        return (event.frame if isinstance(event, RawAudioDelta) else encode(event).decode(),)
