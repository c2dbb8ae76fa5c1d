"""Whether the user has finished, without weights: by how the recognised words end."""

from __future__ import annotations

from vasi.engines.ports import Samples
from vasi.language import endings


class CueTurnAnalyzer:
    """Needs nothing but the transcript; without one it can't tell."""

    @property
    def name(self) -> str:
        """Its name."""
        return "cues"

    async def start(self) -> None:
        """Nothing to load."""

    async def stop(self) -> None:
        """Nothing to stop."""

    async def completeness(self, samples: Samples, words: str) -> float:
        """Probability (0 to 1) that the turn is over; see ``vasi.engines.ports.TurnAnalyzer``."""
        return endings.completeness(words)
