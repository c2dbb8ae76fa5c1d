"""When the detector says that speech began and ended, from what a VAD believes and from how loud it was."""

from dataclasses import replace

import pytest

from vasi.conversation.turn import LAG_MS, TurnDetector, TurnSettings

WINDOW_MS = 32
SETTINGS = TurnSettings(threshold=0.5, prefix_ms=300, silence_ms=192)
QUIET, LOUD = 10.0, 2000.0


class Windows:
    """Feeds a detector window by window."""

    def __init__(self, lag_ms=LAG_MS):
        self.detector = TurnDetector()
        self.settings = replace(SETTINGS, lag_ms=lag_ms)
        self.ms = 0
        self.told = []
        """What it said, and when."""

    def hears(self, count, probability, level):
        for _ in range(count):
            self.ms += WINDOW_MS
            change = self.detector.hear(self.ms, WINDOW_MS, probability, level, self.settings)
            if change is not None:
                self.told.append((change, self.ms))
        return self

    def silence(self, count):
        return self.hears(count, 0.02, QUIET)

    def speech(self, count):
        return self.hears(count, 0.9, LOUD)


@pytest.mark.parametrize(
    ("tail", "lag_ms", "still_speech"),
    [(0, 64, 0), (1, 64, 1), (2, 64, 1), (3, 64, 1), (4, 64, 2), (2, 32, 1), (3, 32, 2), (3, 0, 3)],
)
def test_silence_counts_from_where_the_sound_faded_though_the_vad_lags(tail, lag_ms, still_speech):
    heard = Windows(lag_ms).silence(5).speech(10).hears(tail, 0.8, QUIET).silence(10)
    # The window in which a sound fades isn't silence yet.
    assert heard.told[-1] == ("stop", (15 + still_speech) * WINDOW_MS + SETTINGS.silence_ms)


def test_who_speaks_softer_and_softer_is_not_cut_off():
    heard = Windows().silence(5).speech(10).hears(30, 0.8, LOUD * 0.05)
    assert [change for change, _ in heard.told] == ["start"]


def test_noise_that_never_fades_ends_a_turn_where_the_vad_says():
    heard = Windows().hears(5, 0.02, 500).speech(10).hears(2, 0.8, 500).hears(10, 0.02, 500)
    assert heard.told[-1] == ("stop", (5 + 10 + 2) * WINDOW_MS + SETTINGS.silence_ms)


@pytest.mark.parametrize(("late", "sure_ms"), [(0, 96), (1, 96 + 16), (2, 96 + 48)])
def test_speech_has_lasted_since_the_sound_rose_though_the_vad_lags(late, sure_ms):
    heard = Windows().silence(5).hears(late, 0.2, LOUD).speech(3)
    assert heard.detector.speech_ms == sure_ms


def test_a_sound_that_was_there_before_is_no_speech():
    heard = Windows().hears(10, 0.2, LOUD).speech(3)
    assert heard.detector.speech_ms == 96


def test_what_was_loud_before_one_turn_counts_for_no_other():
    heard = Windows().silence(5).hears(2, 0.2, LOUD).speech(10)
    heard.detector.reset()
    assert heard.speech(3).detector.speech_ms == 96


@pytest.mark.parametrize(("gap", "counted"), [(1, 7), (2, 8), (3, 9), (4, 6)])
def test_a_closed_mouth_before_a_consonant_is_part_of_the_speech(gap, counted):
    heard = Windows().silence(5).speech(3).hears(gap, 0.1, QUIET).speech(3)
    assert heard.detector.speech_ms == counted * WINDOW_MS


def test_a_consonant_that_the_vad_passes_over_counts_for_what_follows():
    heard = Windows().silence(8).hears(4, 0.1, LOUD / 4).speech(3)
    assert heard.detector.speech_ms == 96 + 4 * WINDOW_MS - WINDOW_MS // 2
