"""From the client's audio to windows and utterances."""

import numpy as np
import pytest

from vasi.backends.hearing import Encoder, Hearing
from vasi.engines.ports import VAD_WINDOW
from vasi.media import g711, pcm
from vasi.protocol.session import Pcm, Pcma, Pcmu

FORMATS = [Pcm(), Pcmu(), Pcma()]


def audio(milliseconds, audio_format, level=8000):
    samples = np.full(milliseconds * (24 if isinstance(audio_format, Pcm) else 8), level, np.int16)
    match audio_format:
        case Pcm():
            return pcm.encode(samples)
        case Pcmu():
            return g711.mulaw_encode(samples)
        case Pcma():
            return g711.alaw_encode(samples)


class Listener:
    """A recogniser's stream that keeps what it's fed."""

    def __init__(self):
        self.samples = np.zeros(0, np.int16)

    def feed(self, samples):
        self.samples = np.concatenate([self.samples, samples])


def hear(hearing, milliseconds, at=0, audio_format=FORMATS[0], level=8000):
    """The ends of the windows that so much audio makes."""
    ends = []
    for _ in hearing.slices(audio(milliseconds, audio_format, level), at, audio_format):
        ends += [end for end, window in hearing.windows() if len(window) == VAD_WINDOW]
    return ends


@pytest.mark.parametrize("audio_format", FORMATS)
def test_every_32_ms_make_a_window(audio_format):
    hearing = Hearing()
    ends = [end for begin in range(0, 1000, 50) for end in hear(hearing, 50, begin, audio_format)]
    assert ends == list(range(32, ends[-1] + 1, 32))
    assert ends[-1] >= 928, "the resampler holds back too much"


def test_a_stream_that_was_cut_goes_on_where_the_session_is():
    hearing = Hearing()
    hear(hearing, 500)
    hearing.reset()
    assert hear(hearing, 100, at=700)[0] == 732


def test_an_utterance_begins_in_the_past_and_hears_each_sample_once():
    hearing = Hearing()
    hear(hearing, 1000, level=0)
    hear(hearing, 500, at=1000, level=8000)
    listener = Listener()
    hearing.open("item_1", listener, 900)
    for begin in range(1500, 2500, 100):
        hear(hearing, 100, at=begin)
        hearing.feed(whole=False)
    hearing.feed(whole=True)
    length = len(listener.samples) / 16
    assert 1580 <= length <= 1600
    loud = np.abs(listener.samples.astype(int)) > 4000
    assert not loud[: 99 * 16].any(), "the silence before"
    assert loud[102 * 16 :].all(), "a sample is missing or comes twice"
    assert hearing.take("item_1") is listener
    assert hearing.take("item_1") is None


@pytest.mark.parametrize("audio_format", FORMATS)
def test_the_voice_keeps_its_length_in_every_format(audio_format):
    encoder = Encoder(audio_format)
    pieces = [encoder.push(np.full(n, 300, np.int16)) for n in (100, 2400, 1, 4799, 16_700)] + [encoder.flush()]
    size = 48 if isinstance(audio_format, Pcm) else 8
    assert len(b"".join(pieces)) == 1000 * size
