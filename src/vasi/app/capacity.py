"""How many sessions may talk at a time on this machine: a further one is told, rather than all of them slowed.

A session counts while it talks, and for a moment after it began, since it most likely will. One that is typed in, or
that nobody speaks to, takes no place; should all of those that were silent speak at once after all, what they say
waits, and what would wait too long is refused by the recogniser's and the voice's own queues.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from vasi import plugins
from vasi.backends.upstream.choice import choose
from vasi.config import Settings
from vasi.engines.host import EngineMonitor, Part
from vasi.errors import ConfigError, OverloadedError
from vasi.gateway.ports import TalkingPlace

QUIET_S = 30.0
"""Without anything heard or said for so long, a session doesn't count as one that talks."""
NEW_S = 15.0
"""For so long a session counts in which nobody has talked yet."""
RETRY_AFTER_S = 15
_TURN_S = 12.0
"""How often somebody who talks says something: a question, its answer, and a thought."""
_DECODINGS = 1.5
"""How often what is said is recognised: a pause in it may look like its end."""
_CLAUSES = 3
"""Of an answer."""
_ATTENDING_S = 0.4
"""Core seconds of a turn for everything that isn't measured: activity, end of turn, search, the connection."""
_LOAD = 0.6
"""How much of its time anything is at work before those who come wait noticeably."""
_MOST_THREADS = 4


def talking_sessions(settings: Settings) -> int | None:
    """Sessions that may talk at a time with engines of this machine; None for any number. Raises ``ConfigError``."""
    if choose(settings).address is not None:
        return None  # a model service hears and speaks
    fixed = settings.limits.talking
    return measured_capacity(settings) if fixed is None else fixed


def measured_capacity(settings: Settings) -> int | None:
    """Sessions that may talk at a time, by what was measured here; None where the engines' speed isn't known.

    Each engine works for one session at a time, and all share the cores.
    """
    hearing, speaking = _seconds(settings, "stt"), _seconds(settings, "tts")
    if hearing is None and speaking is None:
        return None
    heard, spoken = _DECODINGS * (hearing or 0.0), _CLAUSES * (speaking or 0.0)
    cores = os.cpu_count() or 1
    threads = min(_MOST_THREADS, max(1, cores // 2))  # of either, as they're made
    busiest = max(heard, spoken, (threads * (heard + spoken) + _ATTENDING_S) / cores)
    return max(1, int(_LOAD * _TURN_S / busiest))


def _seconds(settings: Settings, part: str) -> float | None:
    try:
        chosen = plugins.choose(part, settings)
    except ConfigError:  # told where it's made
        return None
    return None if chosen is None else chosen.seconds(settings)


class Capacity:
    """The sessions that talk, and how many may.

    Args:
        settings: fix the number, or tell by which engines to reckon it.
        clock: monotonic seconds.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._places: set[Place] = set()
        self.most: int | None = None
        """How many may; None for any number."""
        self.reckon()

    def reckon(self) -> None:
        """Other engines were chosen, or their speed measured."""
        self.most = talking_sessions(self._settings)

    @property
    def talking(self) -> int:
        """How many do."""
        now = self._clock()
        return sum(place.talks(now) for place in self._places)

    @contextmanager
    def place(self) -> Generator[Place]:
        """A place for one more until the end of the block. Raises ``OverloadedError``."""
        if self.most is not None and self.talking >= self.most:
            who = "Somebody talks" if self.most == 1 else f"{self.most} people talk"
            raise OverloadedError(
                f"{who} to this server already, as many as it can answer in time; try again soon.",
                retry_after_s=RETRY_AFTER_S,
            )
        place = Place(self._clock)
        self._places.add(place)
        try:
            yield place
        finally:
            self._places.discard(place)


class Place:
    """One session's."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._until = clock() + NEW_S

    def talked(self) -> None:
        """Something was heard or said just now."""
        self._until = self._clock() + QUIET_S

    def talks(self, now: float) -> bool:
        """Whether it counts."""
        return now < self._until


class TalkMonitor:
    """An ``EngineMonitor`` that notes when a session talks, and hands on to ``monitor``."""

    def __init__(self, monitor: EngineMonitor, place: TalkingPlace) -> None:
        self._monitor = monitor
        self._place = place

    def succeeded(self, part: Part) -> None:
        """It did what it was asked."""
        self._note(part)
        self._monitor.succeeded(part)

    def failed(self, part: Part, error: Exception) -> None:
        """It didn't."""
        self._note(part)
        self._monitor.failed(part, error)

    def _note(self, part: Part) -> None:
        if part in ("stt", "tts"):
            self._place.talked()
