"""The beta dialect at the edge: a link whose client speaks beta while the gateway speaks GA."""

from __future__ import annotations

import msgspec

from vasi.gateway.ports import Link
from vasi.protocol import beta
from vasi.protocol.raw import beta_audio_delta


class _Head(msgspec.Struct):
    type: object = None


_head = msgspec.json.Decoder(_Head)
_encoder = msgspec.json.Encoder()


class BetaLink:
    """Translates between a beta client and a gateway that knows only GA.

    Frames that are the same in both dialects, and frames that are no events at all, pass as they are.
    """

    def __init__(self, link: Link) -> None:
        self._link = link

    async def receive(self) -> str | bytes | None:
        frame = await self._link.receive()
        if frame is None:
            return None
        try:
            if _head.decode(frame).type not in beta.CLIENT_CHANGED:
                return frame
            return _encoder.encode(beta.client_event(msgspec.json.decode(frame)))
        except (msgspec.MsgspecError, TypeError, ValueError, RecursionError):
            # The gateway tells the client what is wrong with it.
            return frame

    async def send(self, frame: str) -> None:
        sound = beta_audio_delta(frame)
        if sound is not None:
            await self._link.send(sound)
            return
        if _head.decode(frame).type not in beta.SERVER_CHANGED:
            await self._link.send(frame)
            return
        for event in beta.server_events(msgspec.json.decode(frame)):
            await self._link.send(_encoder.encode(event).decode())

    def send_now(self, frame: str) -> bool:
        sound = beta_audio_delta(frame)
        if sound is not None:
            return self._link.send_now(sound)
        # Others may become several frames, which go all or none.
        return _head.decode(frame).type not in beta.SERVER_CHANGED and self._link.send_now(frame)

    async def close(self, code: int, reason: str) -> None:
        await self._link.close(code, reason)
