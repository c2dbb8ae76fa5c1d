"""What the assistant says, on its way to the client: the server plays it itself, and so knows what was heard."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

BYTES_PER_MS = 48
"""Of 16-bit mono sound at 24 kHz."""
FRAME = 20 * BYTES_PER_MS
LONGEST_WAIT_MS = 60 * 60_000
"""Sound that may wait to be played; a service that sends more is cut."""
MOST_CUT = 64
"""Items remembered of which nothing more is to be heard."""


@dataclass(frozen=True, slots=True)
class Started:
    """The first sound of a response leaves."""

    response_id: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """All sound of a response has left, and no more will come."""

    response_id: str


@dataclass(frozen=True, slots=True)
class Cleared:
    """What was left to play of a response is thrown away."""

    response_id: str


@dataclass(frozen=True, slots=True)
class Cut:
    """No more than ``played_ms`` of an item was, or will be, played."""

    item_id: str
    content_index: int
    played_ms: int


@dataclass(frozen=True, slots=True)
class Played:
    """So much of an item has been played."""

    item_id: str
    played_ms: int


Heard: TypeAlias = Started | Stopped | Cleared | Cut | Played
_Place: TypeAlias = tuple[str, int]


@dataclass(slots=True)
class _Spoken:
    """The sound of one content part."""

    response_id: str
    place: _Place
    waiting: deque[bytes] = field(default_factory=deque[bytes])
    bytes_waiting: int = 0
    played: int = 0
    whole: bool = False
    """Nothing more of it comes."""

    @property
    def played_ms(self) -> int:
        return self.played // BYTES_PER_MS

    def take(self) -> bytes:
        """20 ms, or what there is."""
        taken: list[bytes] = []
        missing = FRAME
        while missing and self.waiting:
            piece = self.waiting.popleft()
            if len(piece) > missing:
                self.waiting.appendleft(piece[missing:])
                piece = piece[:missing]
            taken.append(piece)
            missing -= len(piece)
        self.bytes_waiting -= FRAME - missing
        self.played += FRAME - missing
        return b"".join(taken)


class Player:
    """Plays one call's answers in the order in which they came. Pure bookkeeping: ``take`` is called every 20 ms.

    For each ``Started`` there is exactly one ``Stopped`` or ``Cleared``.

    Args:
        notify: is told what has become of the sound.
        report_ms: how often it's told how much was played.
    """

    def __init__(self, notify: Callable[[Heard], None], *, report_ms: int = 500) -> None:
        self._notify = notify
        self._report = report_ms * BYTES_PER_MS
        self._queue: deque[_Spoken] = deque()
        self._started: str | None = None
        """The response that sounds, or has sounded and isn't over."""
        self._over: set[str] = set()
        """Responses that are done, but not yet played to their end."""
        self._cut: dict[_Place, None] = {}
        self._held = False
        self._reported = 0

    @property
    def sounding(self) -> bool:
        """Something is left to be played, or a response that has begun to sound isn't over."""
        return bool(self._queue) or self._started is not None

    # --- what comes -------------------------------------------------------------------------------------------------
    def add(self, response_id: str, item_id: str, content_index: int, sound: bytes) -> None:
        """Sound that is to be played after what waits already."""
        place = (item_id, content_index)
        if place in self._cut or not sound:
            return
        spoken = next((one for one in self._queue if one.place == place), None)
        if spoken is None:
            spoken = _Spoken(response_id, place)
            self._queue.append(spoken)
        if sum(one.bytes_waiting for one in self._queue) > LONGEST_WAIT_MS * BYTES_PER_MS:
            return
        spoken.waiting.append(sound)
        spoken.bytes_waiting += len(sound)
        if self._queue[0] is spoken:
            self._start(spoken)

    def finish(self, item_id: str, content_index: int) -> None:
        """All sound of a content part has come."""
        for spoken in self._queue:
            if spoken.place == (item_id, content_index):
                spoken.whole = True
        self._drop_played()

    def end(self, response_id: str) -> None:
        """A response is done."""
        for spoken in self._queue:
            if spoken.response_id == response_id:
                spoken.whole = True
        self._over.add(response_id)
        self._drop_played()
        self._stop_if_over()
        if response_id != self._started and not any(one.response_id == response_id for one in self._queue):
            self._over.discard(response_id)  # it was silent, or cut before

    # --- what leaves ------------------------------------------------------------------------------------------------
    def take(self) -> bytes | None:
        """The next 20 ms, filled up with silence at the end of an item; None: nothing is to be played now."""
        if self._held or not self._queue:
            return None
        spoken = self._queue[0]
        if spoken.bytes_waiting < FRAME and not spoken.whole:
            return None
        self._start(spoken)
        before = spoken.played
        sound = spoken.take()
        if not spoken.waiting and spoken.whole:
            self._queue.popleft()
            self._tell_played(spoken)
            self._stop_if_over()
        elif before == 0 or spoken.played - self._reported >= self._report:
            self._tell_played(spoken)
        return sound + bytes(FRAME - len(sound))

    def hold(self) -> None:
        """Pause: somebody may be cutting in."""
        if self._queue and not self._held:
            self._tell_played(self._queue[0])
        self._held = True

    def resume(self) -> None:
        """Go on where it was paused."""
        self._held = False
        if self._queue:
            self._tell_played(self._queue[0])

    def clear(self) -> bool:
        """Throw away what waits: only what was played counts as said. Tells whether a response was sounding."""
        self._held = False
        cut = [Cut(*spoken.place, spoken.played_ms) for spoken in self._queue]
        for spoken in self._queue:
            self._cut[spoken.place] = None
        while len(self._cut) > MOST_CUT:
            del self._cut[next(iter(self._cut))]
        self._queue.clear()
        self._over.clear()
        started, self._started = self._started, None
        if started is not None:
            self._notify(Cleared(started))
        for one in cut:
            self._notify(one)
        return started is not None

    # --- inside -----------------------------------------------------------------------------------------------------
    def _start(self, spoken: _Spoken) -> None:
        if self._started == spoken.response_id:
            return
        if self._started is not None:  # another response has begun before this one was said to be done
            self._over.discard(self._started)
            self._notify(Stopped(self._started))
        self._started = spoken.response_id
        self._notify(Started(spoken.response_id))

    def _drop_played(self) -> None:
        while self._queue and self._queue[0].whole and not self._queue[0].waiting:
            self._tell_played(self._queue.popleft())
        self._stop_if_over()

    def _stop_if_over(self) -> None:
        response_id = self._started
        if response_id is None or response_id not in self._over:
            return
        if any(spoken.response_id == response_id for spoken in self._queue):
            return
        self._over.discard(response_id)
        self._started = None
        self._notify(Stopped(response_id))
        if self._queue and self._queue[0].waiting:
            self._start(self._queue[0])

    def _tell_played(self, spoken: _Spoken) -> None:
        self._reported = spoken.played
        self._notify(Played(spoken.place[0], spoken.played_ms))
