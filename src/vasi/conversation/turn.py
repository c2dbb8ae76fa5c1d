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
LEAST_RELEASE = 0.01
"""With a threshold so low that nothing lies that far below it, a turn must end all the same."""
PAUSE_MS = 192
"""Silence under ``semantic_vad`` after which it's asked whether the turn is over; whole windows.

It's asked once, about that much of the silence: the longer a pause, the more complete it sounds to a model that has
learned from ends. Asked again at 576 ms, Smart Turn cut in on most pauses of 800 ms that it had known for pauses.
"""


@dataclass(frozen=True, slots=True)
class Patience:
    """What an ``eagerness`` means: the silence that ends a turn whatever was said, and how complete what was said must
    seem (0 to 1) to end it before.
    """

    silence_ms: int
    completeness: float


EAGERNESS: Final = {
    "low": Patience(3000, 0.7),
    "medium": Patience(1500, 0.5),
    "auto": Patience(1500, 0.5),
    "high": Patience(800, 0.35),
}


@dataclass(frozen=True, slots=True)
class TurnSettings:
    """What the detector needs to know of a ``turn_detection``.

    Attributes:
        threshold: the probability from which a window is speech.
        prefix_ms: audio before the speech that belongs to the turn.
        silence_ms: silence that ends the turn.
        completeness: how complete the turn must seem to end before that; None: that isn't asked.
    """

    threshold: float
    prefix_ms: int
    silence_ms: int
    completeness: float | None = None


def settings_of(detection: TurnDetection) -> TurnSettings:
    """The figures behind ``server_vad`` and ``semantic_vad``."""
    match detection:
        case ServerVad():
            return TurnSettings(detection.threshold, detection.prefix_padding_ms, detection.silence_duration_ms)
        case SemanticVad():
            patience = EAGERNESS[detection.eagerness]
            return TurnSettings(0.5, 300, patience.silence_ms, patience.completeness)


@dataclass(slots=True)
class TurnDetector:
    """Hysteresis over VAD windows. ``hear`` tells when speech began, paused and ended."""

    speaking: bool = False
    pause_ms: int | None = None
    """Where the present silence after speech begins; None while somebody speaks, or nobody has spoken."""
    speech_ms: int = 0
    """How much speech there has been since its onset, without the gaps."""
    sounding: bool = False
    """The last window was as loud as speech, not only the tail that a VAD adds to it."""
    _loudest: float = 0.0
    _onset_ms: int | None = None
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
            self._loudest = max(self._loudest, level)
            self.speech_ms += window_ms
        if not self.speaking:
            if probability < settings.threshold:
                self.reset()
                return None
            if self._onset_ms is None:
                self._onset_ms = start_ms
            if end_ms - self._onset_ms < ONSET_MS:
                return None
            self.speaking = True
            self.pause_ms = None
            return "start"
        if probability >= max(settings.threshold - RELEASE_BELOW, LEAST_RELEASE):
            self.pause_ms = None
            return None
        if self.pause_ms is None:
            self.pause_ms, self._paused = start_ms, False
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
        self._onset_ms = None
        self.pause_ms = None
