"""Sound read without a JSON parser is the sound that a JSON parser finds."""

from __future__ import annotations

import base64
import json

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vasi.errors import ClientError
from vasi.protocol.client_events import AudioAppend
from vasi.protocol.codec import decode_client, encode
from vasi.protocol.raw import append_frame, appended_audio

COMPACT = '{"type":"input_audio_buffer.append","audio":"'
SPACED = '{"type": "input_audio_buffer.append", "audio": "'
strict = msgspec.json.Decoder(AudioAppend)


@given(st.binary(max_size=400), st.sampled_from([(",", ":"), (", ", ": ")]))
def test_sound_arrives_as_it_was_sent(audio: bytes, separators: tuple[str, str]) -> None:
    event = {"type": "input_audio_buffer.append", "audio": base64.b64encode(audio).decode()}
    frame = json.dumps(event, separators=separators)
    assert appended_audio(frame) == audio
    assert decode_client(frame) == AudioAppend(audio=audio)


@given(st.sampled_from([COMPACT, SPACED]), st.text(alphabet='AB/+=-_ "\\,:{}\n\tué', max_size=12))
@example(COMPACT, 'AA==","type":"response.create')
@example(COMPACT, 'AA==","event_id":"mine')
@example(COMPACT, "AAAA====")
@example(COMPACT, "AA==AAAA")
@example(COMPACT, "AA\n==")
@example(COMPACT, "AAAA\\u0041AAA")
def test_whatever_is_in_the_frame_it_is_read_as_a_json_parser_does_or_not_at_all(head: str, middle: str) -> None:
    frame = f'{head}{middle}"}}'
    audio = appended_audio(frame)
    if audio is not None:
        assert strict.decode(frame) == AudioAppend(audio=audio)


@pytest.mark.parametrize("frame", [COMPACT, COMPACT + '"', COMPACT + "}", COMPACT[:-1] + '"}', COMPACT + 'A"}'])
def test_a_frame_that_is_cut_short_is_refused(frame: str) -> None:
    assert appended_audio(frame) is None
    with pytest.raises(ClientError):
        decode_client(frame)


def test_a_frame_in_bytes_or_with_an_id_goes_the_long_way() -> None:
    frame = f'{COMPACT}AAA=","event_id":"mine"}}'
    assert decode_client(frame) == AudioAppend(audio=b"\0\0", event_id="mine")
    assert decode_client(f'{COMPACT}AAA="}}'.encode()) == AudioAppend(audio=b"\0\0")


@given(st.binary(max_size=400))
def test_the_frame_of_a_sound_is_what_the_encoder_makes(audio: bytes) -> None:
    assert append_frame(audio) == encode(AudioAppend(audio=audio))
