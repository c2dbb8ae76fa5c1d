"""The beta dialect at the edge: its frames are translated from and to the events of the GA dialect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import msgspec

from vasi.errors import ClientError
from vasi.gateway.ports import Received, Sent, UndecodableEvent
from vasi.protocol import beta
from vasi.protocol.codec import encode, event_id_of
from vasi.protocol.frame_limits import require_decodable
from vasi.protocol.raw import RawAudioDelta, beta_audio_delta
from vasi.protocol.server_events import OutputAudioDelta
from vasi.protocol.surrogates import without_half_pairs
from vasi.transports.codec import GaCodec


class _Head(msgspec.Struct):
    type: object = None


_head = msgspec.json.Decoder(_Head)
_encoder = msgspec.json.Encoder()


class BetaCodec:
    """Frames that are the same in both dialects, and frames that are no events at all, are read as GA."""

    def __init__(self) -> None:
        self._ga = GaCodec()

    def decode(self, frame: str | bytes) -> Received:
        try:
            require_decodable(frame)
        except ClientError as error:
            return UndecodableEvent(error, event_id_of(frame))
        try:
            if _head.decode(frame).type in beta.CLIENT_CHANGED:
                frame = _encoder.encode(beta.client_event(msgspec.json.decode(frame)))
        except (msgspec.MsgspecError, TypeError, ValueError, RecursionError):
            if (whole := without_half_pairs(frame)) is not None:
                return self.decode(whole)
            # What else is wrong with it is wrong in GA, too.
        return self._ga.decode(frame)

    def encode(self, event: Sent) -> Sequence[str]:
        if isinstance(event, RawAudioDelta):
            return (beta_audio_delta(event.frame),)
        if isinstance(event, OutputAudioDelta):
            return (beta_audio_delta(encode(event).decode()),)
        if event.__struct_config__.tag not in beta.SERVER_CHANGED:
            return self._ga.encode(event)
        tree = cast("dict[str, Any]", msgspec.json.decode(encode(event)))
        return [_encoder.encode(shown).decode() for shown in beta.server_events(tree)]
