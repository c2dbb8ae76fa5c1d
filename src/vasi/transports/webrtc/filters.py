"""What of an event passes between a call and its session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from msgspec.structs import replace

from vasi.errors import LimitError
from vasi.gateway.ports import Sent
from vasi.protocol import server_events as ev
from vasi.protocol.items import InputAudio, InputImage, Message, OutputAudio, Part
from vasi.protocol.mcp import AnyItem
from vasi.protocol.raw import RawAudioDelta
from vasi.transports.codec import Codec

_FILTERED = frozenset(
    {
        "error",
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "output_audio_buffer.started",
        "output_audio_buffer.stopped",
        "output_audio_buffer.cleared",
        "conversation.item.input_audio_transcription.completed",
        "conversation.item.added",
        "conversation.item.created",
        "response.output_text.delta",
        "response.output_text.done",
        "response.output_audio_transcript.delta",
        "response.output_audio_transcript.done",
    }
)
"""What Azure shows with ``webrtcfilter=on``, and errors."""


def is_shown_filtered(event: Sent) -> bool:
    """Whether a page is shown ``event`` whose call is controlled by a server."""
    return not isinstance(event, RawAudioDelta) and event.__struct_config__.tag in _FILTERED


def without_formats(session: Mapping[str, Any]) -> dict[str, Any]:
    """A session, or an update of one, without formats of sound: over WebRTC the offer and its answer settle them."""
    kept = dict(session)
    audio = kept.get("audio")
    if not isinstance(audio, dict):
        return kept
    audio = dict(cast("dict[str, Any]", audio))
    for side in ("input", "output"):
        values = audio.get(side)
        if isinstance(values, dict):
            sides = cast("dict[str, Any]", values)
            audio[side] = {name: value for name, value in sides.items() if name != "format"}
    kept["audio"] = audio
    return kept


def small_enough(event: ev.ServerEvent, codec: Codec, largest: int) -> list[str]:
    """The texts for ``event``, none longer than ``largest`` bytes (0: any): without sound and pictures if need be."""
    texts = list(codec.encode(event))
    if not largest or all(len(text) <= largest // 4 or len(text.encode()) <= largest for text in texts):
        return texts
    match event:
        case ev.ItemAdded() | ev.ItemDone() | ev.ItemRetrieved():
            texts = list(codec.encode(replace(event, item=_without_media(event.item))))
        case _:
            pass
    if all(len(text.encode()) <= largest for text in texts):
        return texts
    kind = event.__struct_config__.tag
    message = f"An event '{kind}' is longer than the {largest} bytes that your data channel takes."
    return list(codec.encode(ev.error_event(LimitError(message))))


def _without_media(item: AnyItem) -> AnyItem:
    return replace(item, content=[_lightened(part) for part in item.content]) if isinstance(item, Message) else item


def _lightened(part: Part) -> Part:
    match part:
        case InputAudio(transcript=transcript):
            return InputAudio(transcript=transcript)
        case OutputAudio(transcript=transcript):
            return OutputAudio(transcript=transcript)
        case InputImage():
            return replace(part, image_url="data:,")
        case _:
            return part
