"""What is kept of the user's sound for another connection, and how much memory that takes."""

from __future__ import annotations

from vasi.backends.upstream.microphone import KEPT_MS, SILENT_MS, Microphone
from vasi.protocol.session import AudioInput

SECOND = bytes(48_000)


def heard_again(microphone: Microphone) -> float:
    """Seconds that a new connection would hear."""
    return len(microphone.between(microphone.reconnects(), microphone.end)) / 48_000


def test_of_silence_only_the_last_moments_are_kept() -> None:
    microphone = Microphone(AudioInput())
    for _ in range(120):
        microphone.append(SECOND)
    assert len(microphone.between(0, microphone.end)) <= len(SECOND) * (SILENT_MS / 1000 + 2)
    assert heard_again(microphone) == SILENT_MS / 1000
    assert microphone.lead_ms == 118_000


def test_of_an_utterance_everything_is_kept_up_to_the_limit() -> None:
    microphone = Microphone(AudioInput())
    for _ in range(10):
        microphone.append(SECOND)
    microphone.speech_started(9_000)
    for _ in range(5):
        microphone.append(SECOND)
    assert heard_again(microphone) == 6
    microphone.speech_started(0)
    for _ in range(120):
        microphone.append(SECOND)
    assert heard_again(microphone) == KEPT_MS / 1000


def test_an_item_is_the_sound_between_the_speech_events() -> None:
    microphone = Microphone(AudioInput())
    for number in range(4):
        microphone.append(bytes([number]) * 48_000)
        if number == 1:
            microphone.speech_started(1_000)
    microphone.speech_stopped(3_000)
    assert microphone.committed() == bytes([1]) * 48_000 + bytes([2]) * 48_000


def test_a_commit_by_hand_takes_what_was_said_before_it() -> None:
    microphone = Microphone(AudioInput(turn_detection=None))
    microphone.append(SECOND)
    at = microphone.end
    microphone.append(SECOND)
    assert microphone.committed(at) == SECOND
    assert heard_again(microphone) == 1
