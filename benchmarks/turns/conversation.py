"""The same short conversation with either server."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from functools import cache
from typing import Any

from benchmarks.turns.process import Server
from benchmarks.turns.recordings import Recording
from benchmarks.turns.talker import FRAME_MS, RATE, Talker, frames, room, talking

SILENCE_MS = 192
"""The endpointing window: whole windows of the VAD, so that nothing is lost by rounding."""
WORD_MS = 200
"""What the canned voice needs for a number of three digits."""
FIRST_WORD = 100
LONGEST_SILENCE_MS = 3000


def conversation(
    place: Server, *, reply_ms: int = WORD_MS, silence_ms: int = SILENCE_MS, activity: bool = False, **detection: bool
) -> AbstractAsyncContextManager[Talker]:
    """A session in which each turn is answered with ``reply_ms`` of sound.

    Args:
        place: the server.
        reply_ms: 0 for no answer from the floor.
        silence_ms: that ends a turn.
        activity: ask for what vasi says beyond the API.
        detection: further fields of ``turn_detection``.
    """
    if place.name == "floor":
        answered = reply_ms if detection.get("create_response", True) else 0
        return talking(f"{place.url}?silence_ms={silence_ms}&reply_ms={answered}")
    vad = {"type": "server_vad", "silence_duration_ms": silence_ms, **detection}
    session: dict[str, Any] = {
        "audio": {"input": {"turn_detection": vad}},
        "instructions": f'Reply exactly: "{numbers(reply_ms)}"',
    }
    return talking(place.url, session | ({"include": ["vasi.activity"]} if activity else {}))


def numbers(ms: int) -> str:
    """Words that take so long to say."""
    return " ".join(str(FIRST_WORD + number) for number in range(ms // WORD_MS))


async def say(talker: Talker, recording: Recording, before_ms: int, after_ms: int) -> tuple[float, float]:
    """Speak between two silences (whole frames); returns when the speech began and ended, on the client's clock."""
    before, after = before_ms // FRAME_MS, after_ms // FRAME_MS
    begin = await talker.speak([*_silence()[:before], *_sentence(recording), *_silence()[:after]])
    begin += before * FRAME_MS
    return begin + recording.onset_ms, begin + recording.end_ms


@cache
def _silence() -> list[str]:
    return frames(room(LONGEST_SILENCE_MS * RATE // 1000, 0))


@cache
def _sentence(recording: Recording) -> list[str]:
    return frames(recording.samples(RATE)[: recording.end_ms * RATE // 1000])
