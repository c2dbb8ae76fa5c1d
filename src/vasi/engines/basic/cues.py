"""Whether the user has finished, without weights: by how the recognised words end and how the voice falls."""

from __future__ import annotations

import asyncio
from math import exp, log

from vasi.engines.basic.prosody import Fall, fall
from vasi.engines.ports import Samples
from vasi.language import endings

# Fitted by logistic regression (ends and pauses, people and synthesiser weighted alike) on ends of sentences, and
# pauses put between their words, of 76 recordings.
_BIAS = -3.1
_PER_DB = -0.27
_PER_SEMITONE = -0.77
_CAUTION = 0.85
"""Cutting in is worse than a wait of a second, so in doubt it's a pause."""
_MOST = 2.5
"""A voice can't outweigh words that want others after them."""


class CueTurnAnalyzer:
    """Words and voice are taken for independent witnesses; where one is silent, the other decides."""

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
        heard = await asyncio.to_thread(fall, samples)
        said = endings.completeness(words)
        return 1.0 / (1.0 + exp(-(log(said / (1.0 - said)) + _evidence(heard))))


def _evidence(heard: Fall | None) -> float:
    """Log odds."""
    if heard is None:
        return 0.0
    odds = _BIAS - _CAUTION + _PER_DB * heard.loudness_db + _PER_SEMITONE * heard.pitch_semitones
    return max(-_MOST, min(_MOST, odds))
