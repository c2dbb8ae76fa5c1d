"""How much of the answers the client has played, by estimate: what is sent is played at once. Pure bookkeeping."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from vasi.protocol import client_events as client
from vasi.protocol import server_events as ev
from vasi.protocol.items import item_id
from vasi.protocol.session import bytes_per_ms


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
class EstimatedPlayout:
    """The spoken responses that are in progress, and how much of them was played by estimate.

    What is sent is played at once, each item after the one before.

    Args:
        clock: monotonic seconds.
    """

    clock: Callable[[], float]
    _open: dict[str, _Spoken] = field(default_factory=dict[str, _Spoken])
    _last: _Spoken | None = None
    """Whose sound went last."""

    def sent(self, event: ev.ServerEvent) -> None:
        """An event goes to the client."""
        match event:
            case ev.ResponseCreated(response=response) if "audio" in response.output_modalities:
                self._open[response.id] = _Spoken(bytes_per_ms(response.audio.output.format))
            case ev.ResponseDone(response=response):
                self._open.pop(response.id, None)
            case ev.OutputItemAdded() if event.response_id in self._open:
                self._open[event.response_id].items.add(item_id(event.item))
            case ev.OutputAudioDelta():
                self.audio_sent(event.item_id, event.content_index, len(event.delta))
            case _:
                pass

    def audio_sent(self, item: str, content_index: int, size: int) -> None:
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

    def stop(self) -> list[client.ClientEvent]:
        """Nobody listens any longer: the events that end the responses and tell how much of them was played."""
        events: list[client.ClientEvent] = []
        for response_id, spoken in self._open.items():
            events.append(client.ResponseCancel(response_id=response_id))
            if spoken.item_id:
                played = min(spoken.ms, max(0, int((self.clock() - spoken.begins) * 1000)))
                truncate = client.ItemTruncate(
                    item_id=spoken.item_id,
                    content_index=spoken.content_index,
                    audio_end_ms=played,
                )
                events.append(truncate)
        self._open.clear()
        return events
