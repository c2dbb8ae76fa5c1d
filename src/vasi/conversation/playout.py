"""How far the client's loudspeaker has come, as far as a server can know: audio leaves a bounded time ahead of it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class Playout:
    """Audio of one spoken item on its way out. Times in ms of the conversation's clock.

    ``lead_ms`` is how much audio may have left that isn't played yet; None for no limit.
    """

    bytes_per_ms: int
    lead_ms: int | None
    sent: bytearray = field(default_factory=bytearray)
    _waiting: deque[bytes] = field(default_factory=deque[bytes])
    ends_at: float = 0.0
    """When the client that plays at once has played all that was sent."""
    reported: bool = False
    """The client has told how far it is."""

    def add(self, audio: bytes) -> None:
        """Audio to be sent after what waits already."""
        self._waiting.append(audio)

    def follow(self, ends_at: float) -> None:
        """The loudspeaker is busy until then with what was said before."""
        if not self.sent:
            self.ends_at = ends_at

    def release(self, now: float) -> bytes | None:
        """The next audio if it's due, as one piece."""
        due_at = self.due_at
        if not self._waiting or (due_at is not None and now < due_at):
            return None
        audio = self._waiting.popleft()
        self.sent += audio
        self.ends_at = max(self.ends_at, now) + len(audio) / self.bytes_per_ms
        return audio

    @property
    def due_at(self) -> float | None:
        """When the next audio may leave; None if none waits."""
        if not self._waiting or self.lead_ms is None:
            return None
        return self.ends_at - self.lead_ms

    @property
    def waiting(self) -> bool:
        return bool(self._waiting)

    def drop(self) -> None:
        """What waits will never be sent."""
        self._waiting.clear()

    @property
    def sent_ms(self) -> int:
        return len(self.sent) // self.bytes_per_ms

    def report(self, played_ms: int, now: float) -> float:
        """The client has played so much by ``now``; returns how much later (ms) than was believed it will be done."""
        self.reported = True
        believed = max(self.ends_at, now)
        self.ends_at = now + max(0, self.sent_ms - played_ms)
        return self.ends_at - believed

    def played_ms(self, now: float) -> int:
        """What a client that plays at once has played by ``now``."""
        return max(0, self.sent_ms - int(max(0.0, self.ends_at - now)))
