"""What a client misses while its connection is gone, and what it had heard until then. Pure bookkeeping."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from vasi.protocol import client_events as client
from vasi.protocol import server_events as ev
from vasi.protocol.items import item_id
from vasi.protocol.session import bytes_per_ms

EVENTS = 256
CHARACTERS = 128 * 1024
EVENT = "vasi_absence"
"""Id of events that end what nobody hears; errors about them are nobody's business."""


class Missed:
    """The latest events of a session but for their sound, so that they can be told once more.

    Args:
        prefix: how the ids of events begin; their number follows in hexadecimal digits.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._kept: list[tuple[int, str]] = []
        self._characters = 0
        self._forgotten = 0
        """Number of the latest event that isn't kept any more."""
        self._first = 0
        """Number of the first event that wasn't sent."""

    def add(self, number: int, frame: str) -> None:
        """The event of this number, which is larger than all before."""
        self._kept.append((number, frame))
        self._characters += len(frame)
        while len(self._kept) > EVENTS or self._characters > CHARACTERS:
            self._forgotten, old = self._kept.pop(0)
            self._characters -= len(old)

    def begin(self, unsent: Collection[str], number: int) -> None:
        """The connection is gone: these frames weren't sent, nor will those be from ``number`` on."""
        waiting = {id(frame) for frame in unsent}
        self._first = next((at for at, frame in self._kept if id(frame) in waiting), number)

    def since(self, after: str | None) -> tuple[list[str], bool]:
        """The frames that come after the event of id ``after``, or that weren't sent; and whether these are all."""
        first = self._first
        if after is not None and after.startswith(self._prefix):
            with contextlib.suppress(ValueError):
                first = int(after.removeprefix(self._prefix), 16) + 1
        return [frame for number, frame in self._kept if number >= first], self._forgotten < first


@dataclass(slots=True)
class _Spoken:
    """A spoken response: of its present item how much was sent, and when it began to be played (seconds)."""

    rate: int
    items: set[str] = field(default_factory=set[str])
    item_id: str = ""
    content_index: int = 0
    size: int = 0
    begins: float = 0.0

    @property
    def ms(self) -> int:
        return self.size // self.rate


@dataclass(slots=True)
class Playout:
    """The spoken responses that are in progress, and how much of them was played by estimate.

    What is sent is played at once, each item after the one before.

    Args:
        clock: seconds that never go back.
    """

    clock: Callable[[], float]
    _open: dict[str, _Spoken] = field(default_factory=dict[str, _Spoken])
    _last: _Spoken | None = None
    """Whose sound went last."""

    def notice(self, event: ev.ServerEvent) -> None:
        """An event goes to the client."""
        match event:
            case ev.ResponseCreated(response=response) if "audio" in response.output_modalities:
                self._open[response.id] = _Spoken(bytes_per_ms(response.audio.output.format))
            case ev.ResponseDone(response=response):
                self._open.pop(response.id, None)
            case ev.OutputItemAdded() if event.response_id in self._open:
                self._open[event.response_id].items.add(item_id(event.item))
            case ev.OutputAudioDelta():
                self.sounded(event.item_id, event.content_index, len(event.delta))
            case _:
                pass

    def sounded(self, item: str, content_index: int, size: int) -> None:
        """So many bytes of an item's sound go to the client."""
        last = self._last
        if last is not None and item == last.item_id and content_index == last.content_index:
            last.size += size
            return
        for spoken in self._open.values():
            if item in spoken.items:
                break
        else:
            return
        if (item, content_index) != (spoken.item_id, spoken.content_index):
            spoken.begins = max(self.clock(), spoken.begins + spoken.ms / 1000)
            spoken.item_id, spoken.content_index, spoken.size = item, content_index, 0
        spoken.size += size
        self._last = spoken

    def cut(self) -> list[client.ClientEvent]:
        """Nobody hears any longer: what ends the responses and tells how much of them was heard."""
        events: list[client.ClientEvent] = []
        for response_id, spoken in self._open.items():
            events.append(client.ResponseCancel(event_id=EVENT, response_id=response_id))
            if spoken.item_id:
                played = min(spoken.ms, max(0, int((self.clock() - spoken.begins) * 1000)))
                cut = client.ItemTruncate(
                    event_id=EVENT,
                    item_id=spoken.item_id,
                    content_index=spoken.content_index,
                    audio_end_ms=played,
                )
                events.append(cut)
        self._open.clear()
        return events
