"""When somebody speaks: from probabilities of speech to the start and the end of a turn, in audio time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vasi.protocol.session import SemanticVad, ServerVad, TurnDetection

ONSET_MS = 64
"""Speech this long starts a turn: two windows, so that a click doesn't."""
RELEASE_BELOW = 0.15
"""Speech goes on while the probability stays above the threshold less this."""
LEAST_RELEASE = 0.01
"""With a threshold so low that nothing lies that far below it, a turn must end all the same."""
EAGERNESS_MS = {"low": 1200, "medium": 700, "auto": 700, "high": 350}
"""Silence that ends a turn under ``semantic_vad``."""


@dataclass(frozen=True, slots=True)
class TurnSettings:
    """What the detector needs to know of a ``turn_detection``."""

    threshold: float
    prefix_ms: int
    silence_ms: int


def settings_of(detection: TurnDetection) -> TurnSettings:
    """The figures behind ``server_vad`` and ``semantic_vad``."""
    match detection:
        case ServerVad():
            return TurnSettings(detection.threshold, detection.prefix_padding_ms, detection.silence_duration_ms)
        case SemanticVad():
            return TurnSettings(0.5, 300, EAGERNESS_MS[detection.eagerness])


@dataclass(slots=True)
class TurnDetector:
    """Hysteresis over VAD windows. ``hear`` tells when speech began and when it ended."""

    speaking: bool = False
    _onset_ms: int | None = None
    _silence_from_ms: int | None = None

    def hear(
        self, end_ms: int, window_ms: int, probability: float, settings: TurnSettings
    ) -> Literal["start", "stop"] | None:
        """Take the window that ends at ``end_ms``. After "start", ``onset_ms`` tells where speech began."""
        start_ms = end_ms - window_ms
        if not self.speaking:
            if probability < settings.threshold:
                self._onset_ms = None
                return None
            if self._onset_ms is None:
                self._onset_ms = start_ms
            if end_ms - self._onset_ms < ONSET_MS:
                return None
            self.speaking = True
            self._silence_from_ms = None
            return "start"
        if probability >= max(settings.threshold - RELEASE_BELOW, LEAST_RELEASE):
            self._silence_from_ms = None
            return None
        if self._silence_from_ms is None:
            self._silence_from_ms = start_ms
        if end_ms - self._silence_from_ms < settings.silence_ms:
            return None
        self.reset()
        return "stop"

    @property
    def onset_ms(self) -> int:
        """Where the speech that "start" told of began."""
        return self._onset_ms or 0

    def reset(self) -> None:
        """Back to silence."""
        self.speaking = False
        self._onset_ms = None
        self._silence_from_ms = None
