"""What is kept of the user's sound for another connection, and how much memory that takes."""

from __future__ import annotations

from vasi.backends.upstream.uncommitted_audio import KEPT_MS, SILENT_MS, UncommittedAudio
from vasi.protocol.session import AudioInput

SECOND = bytes(48_000)


def heard_again(audio: UncommittedAudio) -> float:
    """Seconds that a new connection would hear."""
    return len(audio.between(audio.reconnects(), audio.end)) / 48_000


def test_of_silence_only_the_last_moments_are_kept() -> None:
    audio = UncommittedAudio(AudioInput())
    for _ in range(120):
        audio.append(SECOND)
    assert len(audio.between(0, audio.end)) <= len(SECOND) * (SILENT_MS / 1000 + 2)
    assert heard_again(audio) == SILENT_MS / 1000
    assert audio.lead_ms == 118_000


def test_of_an_utterance_everything_is_kept_up_to_the_limit() -> None:
    audio = UncommittedAudio(AudioInput())
    for _ in range(10):
        audio.append(SECOND)
    audio.speech_started(9_000)
    for _ in range(5):
        audio.append(SECOND)
    assert heard_again(audio) == 6
    audio.speech_started(0)
    for _ in range(120):
        audio.append(SECOND)
    assert heard_again(audio) == KEPT_MS / 1000


def test_an_item_is_the_sound_between_the_speech_events() -> None:
    audio = UncommittedAudio(AudioInput())
    for number in range(4):
        audio.append(bytes([number]) * 48_000)
        if number == 1:
            audio.speech_started(1_000)
    audio.speech_stopped(3_000)
    assert audio.committed() == bytes([1]) * 48_000 + bytes([2]) * 48_000


def test_a_commit_by_hand_takes_what_was_said_before_it() -> None:
    audio = UncommittedAudio(AudioInput(turn_detection=None))
    audio.append(SECOND)
    at = audio.end
    audio.append(SECOND)
    assert audio.committed(at) == SECOND
    assert heard_again(audio) == 1
