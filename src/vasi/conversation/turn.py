"""When somebody speaks: from probabilities of speech to the start and the end of a turn, in audio time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from vasi.protocol.session import SemanticVad, ServerVad, TurnDetection

ONSET_MS = 64
"""Speech this long starts a turn: two windows, so that a click doesn't."""
RELEASE_BELOW = 0.15
"""Speech goes on while the probability stays above the threshold less this."""
FADED = 0.1
"""Share of its loudest window below which a sound has ended, whatever the VAD says: 20 dB."""
LAG_MS = 64
"""How far a VAD may lag behind the sound: it needs a window or two to be sure that it has ended."""
SURE_LAG_MS = 32
"""How much of that is believed where silence alone ends a turn, and no judge knows a closed mouth from an end."""
ONSET_WINDOWS = 5
"""How many windows before its first one may belong to speech: a VAD passes over an "s"."""
RISEN = 4.0
"""How much louder than what was before it a sound is that begins: 12 dB."""
STOPPED_MS = 160
"""Silence after which the user seems to have stopped: most such silences are ends or last long, and recognising what
was said takes as long as it takes to be sure."""
GAP_MS = 96
"""Silence as short as this is part of the speech: before a "p" the mouth is closed as long."""
LEAST_RELEASE = 0.01
"""With a threshold so low that nothing lies that far below it, a turn must end all the same."""
PAUSE_MS = 192
"""Silence under ``semantic_vad`` after which it's asked whether the turn is over; whole windows.

It's asked once, about that much of the silence: the longer a pause, the more complete it sounds to a model that has
learned from ends. Asked again at 576 ms, Smart Turn cut in on most pauses of 800 ms that it had known for pauses.
"""


@dataclass(frozen=True, slots=True)
class EndOfTurnThresholds:
    """What an ``eagerness`` means: the silence that ends a turn whatever was said, and how complete what was said must
    seem (0 to 1) to end it before.
    """

    silence_ms: int
    completeness: float


EAGERNESS: Final = {
    "low": EndOfTurnThresholds(3000, 0.7),
    "medium": EndOfTurnThresholds(1500, 0.5),
    "auto": EndOfTurnThresholds(1500, 0.5),
    "high": EndOfTurnThresholds(800, 0.35),
}


@dataclass(frozen=True, slots=True)
class TurnSettings:
    """What the detector needs to know of a ``turn_detection``.

    Attributes:
        threshold: the probability from which a window is speech.
        prefix_ms: audio before the speech that belongs to the turn.
        silence_ms: silence that ends the turn.
        lag_ms: how much longer than the VAD says silence may have lasted, if the sound had faded.
        completeness: how complete the turn must seem to end before that; None: that isn't asked.
    """

    threshold: float
    prefix_ms: int
    silence_ms: int
    lag_ms: int = SURE_LAG_MS
    completeness: float | None = None


def settings_of(detection: TurnDetection) -> TurnSettings:
    """The figures behind ``server_vad`` and ``semantic_vad``."""
    match detection:
        case ServerVad():
            return TurnSettings(detection.threshold, detection.prefix_padding_ms, detection.silence_duration_ms)
        case SemanticVad():
            thresholds = EAGERNESS[detection.eagerness]
            return TurnSettings(0.5, 300, thresholds.silence_ms, LAG_MS, thresholds.completeness)


@dataclass(slots=True)
class TurnDetector:
    """Hysteresis over VAD windows. ``hear`` tells when speech began, paused and ended."""

    speaking: bool = False
    pause_ms: int | None = None
    """Where the present silence after speech begins; None while somebody speaks, or nobody has spoken."""
    speech_ms: int = 0
    """How long there has surely been speech since its onset, without longer gaps."""
    sounding: bool = False
    """The last window was as loud as speech, not only the tail that a VAD adds to it."""
    _loudest: float = 0.0
    _onset_ms: int | None = None
    _before: tuple[float, ...] = ()
    """How loud the last windows were while nobody spoke."""
    _spoken_until: int = 0
    """Where the last window of speech ended."""
    _faded_ms: int | None = None
    """Where the sound had faded, though the VAD may still hear speech."""
    _paused: bool = False
    """This silence has lasted for ``PAUSE_MS``."""

    def hear(
        self, end_ms: int, window_ms: int, probability: float, level: float, settings: TurnSettings
    ) -> Literal["start", "pause", "stop"] | None:
        """Take the window that ends at ``end_ms``.

        After "start" ``onset_ms`` tells where speech began; at "pause" it may have ended, ``pause_ms`` tells where.
        """
        start_ms = end_ms - window_ms
        self.sounding = probability >= settings.threshold and level >= self._loudest * FADED
        if probability >= settings.threshold:
            if self._onset_ms is None:
                self.speech_ms = self._risen_ms(level, window_ms)
            elif start_ms - self._spoken_until <= GAP_MS:
                self.speech_ms += start_ms - self._spoken_until
            self._loudest = max(self._loudest, level)
            self.speech_ms += window_ms
            self._spoken_until = end_ms
        if not self.speaking:
            if probability < settings.threshold:
                self.reset()
                self._before = (*self._before[-ONSET_WINDOWS:], level)
                return None
            if self._onset_ms is None:
                self._onset_ms = start_ms
            if end_ms - self._onset_ms < ONSET_MS:
                return None
            self.speaking = True
            self.pause_ms = None
            self._before = ()
            return "start"
        if level >= self._loudest * FADED:
            self._faded_ms = None
        elif self._faded_ms is None:
            self._faded_ms = end_ms
        if probability >= max(settings.threshold - RELEASE_BELOW, LEAST_RELEASE):
            self.pause_ms = None
            return None
        if self.pause_ms is None:
            faded_ms = start_ms if self._faded_ms is None else min(start_ms, self._faded_ms)
            self.pause_ms, self._paused = max(faded_ms, start_ms - settings.lag_ms), False
        silence_ms = end_ms - self.pause_ms
        if silence_ms >= settings.silence_ms:
            self.reset()
            return "stop"
        if settings.completeness is None or self._paused or silence_ms < PAUSE_MS:
            return None
        self._paused = True
        return "pause"

    @property
    def onset_ms(self) -> int:
        """Where the speech that "start" told of began."""
        return self._onset_ms or 0

    def reset(self) -> None:
        """Back to silence."""
        self.speaking = self.sounding = False
        self.speech_ms, self._loudest = 0, 0.0
        self._onset_ms = self._faded_ms = None
        self.pause_ms = None

    def _risen_ms(self, level: float, window_ms: int) -> int:
        """How long a sound has lasted that the VAD only now takes for speech: as many windows as stand out."""
        if len(self._before) <= ONSET_WINDOWS:
            return 0
        quiet, *risen = self._before
        least = max(quiet * RISEN, level * FADED)
        windows = next((at for at, each in enumerate(reversed(risen)) if each < least), len(risen))
        # What a level tells is of the second half of its window: of the first one only that is sure.
        return max(0, windows * window_ms - window_ms // 2)
