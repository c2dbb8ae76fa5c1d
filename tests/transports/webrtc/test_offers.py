"""Offers of browsers, and what they're answered."""

from __future__ import annotations

import pytest

pytest.importorskip("aiortc", reason="WebRTC isn't installed: pip install 'vasi[webrtc]'")

from aioice import Candidate
from aiortc.rtcdtlstransport import RTCDtlsFingerprint, RTCDtlsParameters
from aiortc.sdp import SessionDescription
from hypothesis import given
from hypothesis import strategies as st

from vasi.errors import ClientError
from vasi.transports.webrtc.offer import Offer, answer_text, parse_offer

PRINT = ":".join(["AB"] * 32)
HEAD = "v=0\r\no=- 46117317 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
TRANSPORT = (
    f"a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=fingerprint:sha-256 {PRINT}\r\na=setup:actpass\r\n"
)
AUDIO = (
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 0\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=sendrecv\r\na=rtcp-mux\r\n"
    "a=candidate:1 1 udp 2122260223 9a1b2c3d-0000-4000-8000-123456789abc.local 55555 typ host generation 0\r\n"
    "a=candidate:2 1 tcp 1518280447 192.0.2.7 9 typ host tcptype active\r\n"
    "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\na=rtpmap:63 red/48000/2\r\n"
    f"a=rtpmap:0 PCMU/8000\r\n{TRANSPORT}"
)
VIDEO = f"m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=rtpmap:96 VP8/90000\r\n{TRANSPORT}"
CHANNEL = (
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:2\r\na=sctp-port:5000\r\n"
    f"a=max-message-size:262144\r\n{TRANSPORT}"
)


def offer(*media: str, bundle: str = "0 1 2") -> str:
    return f"{HEAD}a=group:BUNDLE {bundle}\r\n{''.join(media)}"


def answer(offered: Offer) -> SessionDescription:
    text = answer_text(
        offered,
        name="wxyz",
        password="p" * 22,
        candidates=[Candidate("1", 1, "udp", 1, "192.0.2.1", 50_000, "host")],
        dtls=RTCDtlsParameters(fingerprints=[RTCDtlsFingerprint("sha-256", PRINT)]),
        ssrc=7,
        rate=24_000,
        version=1,
    )
    return SessionDescription.parse(text)


def test_opus_and_the_channel_are_taken_and_video_is_not():
    taken = parse_offer(offer(AUDIO, VIDEO, CHANNEL))
    assert (taken.sound.payload_type, taken.sound.mid, taken.channel, taken.largest_message) == (111, "0", "2", 262144)
    described = answer(taken)
    assert [(media.kind, media.port) for media in described.media] == [("audio", 9), ("video", 0), ("application", 9)]
    (bundle,) = described.group
    assert bundle.items == ["0", "2"]
    sound = described.media[0]
    assert [codec.mimeType for codec in sound.rtp.codecs] == ["audio/opus"]
    assert sound.rtp.codecs[0].parameters["useinbandfec"] == 0  # nothing here could use it
    assert [(one.ip, one.port) for one in sound.ice_candidates] == [("192.0.2.1", 50_000)]
    assert sound.dtls is not None
    assert sound.dtls.role == "client"


def test_a_client_that_only_listens_is_only_spoken_to():
    described = answer(parse_offer(offer(AUDIO.replace("sendrecv", "recvonly"), CHANNEL)))
    assert described.media[0].direction == "sendonly"


def test_a_client_that_wants_to_begin_may():
    active = offer(AUDIO.replace("actpass", "active"), CHANNEL.replace("actpass", "active"))
    dtls = answer(parse_offer(active)).media[0].dtls
    assert dtls is not None
    assert dtls.role == "server"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (offer(AUDIO.replace("opus", "G722"), CHANNEL), "no audio with Opus"),
        (offer(AUDIO, CHANNEL, bundle="0"), "doesn't bundle"),
        (offer(AUDIO.replace("a=ice-pwd:0123456789012345678901\r\n", ""), CHANNEL), "lacks ICE"),
        (offer(AUDIO.replace("a=fingerprint", "a=nothing"), CHANNEL), "lacks ICE or DTLS"),
        (offer(AUDIO + "a=x\r\n" * 40_000), "isn't an SDP offer"),
    ],
)
def test_what_cant_be_taken_is_said_in_words(text: str, words: str):
    with pytest.raises(ClientError, match=words):
        parse_offer(text)


@given(st.data())
def test_a_damaged_offer_is_refused_or_taken_but_nothing_else(data: st.DataObject):
    lines = offer(AUDIO, VIDEO, CHANNEL).split("\r\n")
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        lines[place] = data.draw(
            st.one_of(st.just(""), st.text(max_size=20), st.just(lines[place][: len(lines[place]) // 2]))
        )
    try:
        taken = parse_offer("\r\n".join(lines))
    except ClientError:
        return
    answer(taken)
