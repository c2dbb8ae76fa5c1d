"""What the loudspeaker plays, and how much of it was heard when somebody spoke over it."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

import numpy as np

from vasi.media import pcm
from vasi.media.pcm import Samples


@dataclass(frozen=True, slots=True)
class Cut:
    """Where an item's audio was cut off or paused."""

    item_id: str
    content_index: int
    played_ms: int


class Playback:
    """A queue of answers at ``rate`` Hz between the connection and the loudspeaker's thread."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._lock = threading.Lock()
        self._waiting: deque[tuple[tuple[str, int], Samples]] = deque()
        self._playing: tuple[str, int] | None = None
        self._played = 0
        self._cut_items: set[str] = set()
        self._held = False

    def add(self, item_id: str, content_index: int, samples: Samples) -> None:
        """Queue ``samples`` (``int16[n]``) of an item; what still arrives of an item that was cut is dropped."""
        with self._lock:
            if item_id not in self._cut_items and samples.size:
                self._waiting.append(((item_id, content_index), samples))

    def take(self, count: int) -> Samples:
        """The next ``count`` samples to play, with silence where nothing waits or while it's held."""
        block: Samples = np.zeros(count, dtype=np.int16)
        filled = 0
        with self._lock:
            while filled < count and self._waiting and not self._held:
                part, samples = self._waiting.popleft()
                if part != self._playing:
                    self._playing, self._played = part, 0
                now = samples[: count - filled]
                block[filled : filled + now.size] = now
                filled += now.size
                self._played += now.size
                if now.size < samples.size:
                    self._waiting.appendleft((part, samples[now.size :]))
        return block

    def interrupt(self) -> Cut | None:
        """Fall silent at once. Returns where the item was cut, or None if nothing was left to play."""
        with self._lock:
            self._held = False
            if not self._waiting:
                return None
            cut = self._position()
            self._cut_items.update(item_id for (item_id, _), _ in self._waiting)
            self._waiting.clear()
        return cut

    def hold(self) -> Cut | None:
        """Pause. Returns where, or None if nothing was left to play."""
        with self._lock:
            self._held = True
            return self._position() if self._waiting else None

    def resume(self) -> None:
        """Go on where it was paused."""
        with self._lock:
            self._held = False

    def _position(self) -> Cut:
        part = self._waiting[0][0]
        played = self._played if part == self._playing else 0
        return Cut(*part, pcm.samples_to_ms(played, self._rate))
