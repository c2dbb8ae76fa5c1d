"""What holds for every conversation of a server."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConversationSettings:
    """What holds for every conversation of a server.

    Attributes:
        lead_ms: how far audio may run ahead of its playout; None sends it as soon as it's made.
        input_tokens: the most tokens of input that the model takes; a longer conversation is truncated.
        barge_in_ms: while the assistant speaks, speech this long interrupts it; shorter sounds don't.
        language: what users speak (ISO 639-1) unless they say or show otherwise; None: not known.
    """

    lead_ms: int | None
    input_tokens: int
    barge_in_ms: int
    language: str | None
