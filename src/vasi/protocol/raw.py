"""Server events that pass a relay as they came: audio deltas, known by how their frame begins.

A model service sends most of its bytes as ``response.output_audio.delta``. Where such a frame begins in the order of
the wire, its ids are read from the beginning and the sound is never looked at. A frame that begins in another way is
decoded whole like every other event. Only frames of the service may be read so, never a client's: a second ``"type"``
further on would go unseen.
"""

from __future__ import annotations

import re

import msgspec

_HEAD = re.compile(
    r'\{"type": ?"response\.(?:output_)?audio\.delta", ?"event_id": ?"([\w-]+)", ?"response_id": ?"([\w-]+)", ?'
    r'"item_id": ?"([\w-]+)", ?"output_index": ?(\d+), ?"content_index": ?(\d+), ?"delta": ?"',
    re.ASCII,
)
_GA = '{"type":"response.output_audio.delta"'
_BETA = '{"type":"response.audio.delta"'


class RawAudioDelta(msgspec.Struct, frozen=True, gc=False):
    """An audio delta whose frame wasn't decoded; ``frame[begins:]`` is the base64 of the sound and what follows."""

    event_id: str
    response_id: str
    item_id: str
    output_index: int
    content_index: int
    frame: str
    begins: int

    def framed(self, response_id: str, output_index: int) -> str:
        """The frame in GA under the ids that the client knows."""
        if response_id == self.response_id and output_index == self.output_index and self.frame.startswith(_GA):
            return self.frame
        return (
            f'{_GA},"event_id":"{self.event_id}","response_id":"{response_id}","item_id":"{self.item_id}",'
            f'"output_index":{output_index},"content_index":{self.content_index},"delta":"{self.frame[self.begins :]}'
        )

    @property
    def audio_bytes(self) -> int:
        """About how long the sound is, from the length of its base64."""
        return (len(self.frame) - self.begins) * 3 // 4


def audio_delta(frame: str) -> RawAudioDelta | None:
    """The audio delta in a service's frame, of either dialect; None if it's anything else."""
    head = _HEAD.match(frame)
    if head is None:
        return None
    event_id, response_id, item_id, output_index, content_index = head.groups()
    return RawAudioDelta(event_id, response_id, item_id, int(output_index), int(content_index), frame, head.end())


def beta_audio_delta(frame: str) -> str | None:
    """The frame for a beta client if ``frame``, which this server made, is an audio delta."""
    return _BETA + frame[len(_GA) :] if frame.startswith(_GA) else None
