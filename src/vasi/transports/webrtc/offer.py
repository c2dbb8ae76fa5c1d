"""What a client offers, and the answer to it (SDP): one stream of sound as Opus and one data channel."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from aioice import Candidate
from aiortc.rtcdtlstransport import RTCDtlsParameters
from aiortc.rtcicetransport import RTCIceCandidate, RTCIceParameters
from aiortc.rtcsctptransport import RTCSctpCapabilities
from aiortc.sdp import MediaDescription, SessionDescription

from vasi.errors import ClientError

LARGEST_OFFER = 64 * 1024
"""Characters; browsers offer a tenth of it."""
MESSAGE_BYTES = 256 * 1024
"""Largest message that a client may send over the data channel, and that it's taken to take."""
SCTP_PORT = 5000
_INVALID = "invalid_offer"
_TOKEN = re.compile(r"[!-~]{1,256}")


@dataclass(frozen=True, slots=True)
class Sound:
    """The stream of sound.

    Attributes:
        mid: names it.
        payload_type: of Opus.
        listens: the client wants to hear.
        speaks: the client wants to be heard.
    """

    mid: str
    payload_type: int
    listens: bool
    speaks: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A client's offer, as far as it's taken.

    Attributes:
        media: all that is offered, in order: kind, protocol, formats and name.
        sound: the stream of sound that is taken.
        channel: name of the data channel's medium; None if there's none.
        channel_port: its SCTP port.
        channel_limits: what it takes.
        ice: name and password of the client.
        candidates: where it may be reached.
        dtls: fingerprints of its certificate.
    """

    media: tuple[tuple[str, str, str, str], ...]
    sound: Sound
    channel: str | None
    channel_port: int
    channel_limits: RTCSctpCapabilities | None
    ice: RTCIceParameters
    candidates: tuple[RTCIceCandidate, ...]
    dtls: RTCDtlsParameters

    @property
    def largest_message(self) -> int:
        """Bytes of the largest message that the client takes; 0 for any."""
        return 65_536 if self.channel_limits is None else self.channel_limits.maxMessageSize


def parse_offer(text: str) -> Offer:
    """The offer in ``text``. Raises ``ClientError`` if it's none, or can't be taken."""
    if not text.startswith("v=0") or len(text) > LARGEST_OFFER:
        raise ClientError(
            "The request's body isn't an SDP offer; send what 'createOffer' returned, as 'application/sdp'.",
            code=_INVALID,
            param="sdp",
        )
    try:
        description = SessionDescription.parse(text)
    except Exception:  # its parser fails in any way at what it doesn't expect
        raise ClientError("The SDP offer can't be read.", code=_INVALID, param="sdp") from None
    return _taken(description)


def _taken(description: SessionDescription) -> Offer:
    sounds = [media for media in description.media if media.kind == "audio" and media.port]
    sound = next((found for media in sounds if (found := _sound(media)) is not None), None)
    if sound is None:
        text = "The SDP offer has no audio with Opus; add a track of the microphone, or a transceiver of kind 'audio'."
        raise ClientError(text, code=_INVALID, param="sdp")
    channel = next((media for media in description.media if media.kind == "application" and media.port), None)
    names = {name for group in description.group if group.semantic == "BUNDLE" for name in group.items}
    taken = [next(media for media in sounds if _name(media) == sound.mid), *([channel] if channel else [])]
    if len(taken) > 1 and not names.issuperset(_name(media) for media in taken):
        raise ClientError("The SDP offer doesn't bundle its media; use BUNDLE.", code=_INVALID, param="sdp")
    # What is bundled shares the transport of the first.
    first = next((media for media in description.media if media.port and _name(media) in names), taken[0])
    ice, dtls = first.ice, first.dtls
    if ice is None or not ice.usernameFragment or not ice.password or dtls is None or not dtls.fingerprints:
        raise ClientError("The SDP offer lacks ICE or DTLS parameters.", code=_INVALID, param="sdp")
    return Offer(
        tuple((media.kind, media.profile, " ".join(map(str, media.fmt)), _name(media)) for media in description.media),
        sound,
        None if channel is None else _name(channel),
        SCTP_PORT if channel is None or channel.sctp_port is None else channel.sctp_port,
        None if channel is None else channel.sctpCapabilities,
        ice,
        tuple(candidate for media in taken for candidate in media.ice_candidates),
        dtls,
    )


def _sound(media: MediaDescription) -> Sound | None:
    for codec in media.rtp.codecs:
        if codec.mimeType.lower() == "audio/opus" and codec.clockRate == 48_000 and codec.payloadType is not None:
            direction = media.direction or "sendrecv"
            return Sound(
                _name(media),
                codec.payloadType,
                listens=direction in ("sendrecv", "recvonly"),
                speaks=direction in ("sendrecv", "sendonly"),
            )
    return None


def _name(media: MediaDescription) -> str:
    name = media.rtp.muxId
    return name if name and _TOKEN.fullmatch(name) else "0"


def answer_text(
    offer: Offer,
    *,
    name: str,
    password: str,
    candidates: Iterable[Candidate],
    dtls: RTCDtlsParameters,
    ssrc: int,
    rate: int,
    version: int,
) -> str:
    """The answer to ``offer``.

    Args:
        offer: the client's.
        name: this side's ICE user name fragment.
        password: its ICE password.
        candidates: where this server can be reached.
        dtls: fingerprints of its certificate.
        ssrc: source of the sound that it sends.
        rate: samples a second of that.
        version: grows with each answer of a call.
    """
    lines = ["v=0", f"o=- {ssrc} {version} IN IP4 127.0.0.1", "s=-", "t=0 0"]
    taken = [offer.sound.mid, *([offer.channel] if offer.channel is not None else [])]
    lines += [f"a=group:BUNDLE {' '.join(taken)}", "a=msid-semantic: WMS vasi"]
    setup = "passive" if offer.dtls.role == "client" else "active"
    transport = [
        f"a=ice-ufrag:{name}",
        f"a=ice-pwd:{password}",
        *(f"a=fingerprint:{print_.algorithm} {print_.value}" for print_ in dtls.fingerprints),
        f"a=setup:{setup}",
    ]
    found = [*(f"a=candidate:{candidate.to_sdp()}" for candidate in candidates), "a=end-of-candidates"]
    for kind, protocol, formats, mid in offer.media:
        if mid == offer.sound.mid and kind == "audio":
            lines += [f"m=audio 9 {protocol} {offer.sound.payload_type}", "c=IN IP4 0.0.0.0"]
            lines += [*_sound_lines(offer.sound, ssrc, rate), *transport, *found]
        elif kind == "application" and mid == offer.channel:
            lines += [f"m=application 9 {protocol} {formats}", "c=IN IP4 0.0.0.0", f"a=mid:{mid}"]
            lines += [f"a=sctp-port:{SCTP_PORT}", f"a=max-message-size:{MESSAGE_BYTES}", *transport]
        else:
            lines += [f"m={kind} 0 {protocol} {formats}", "c=IN IP4 0.0.0.0", f"a=mid:{mid}", "a=inactive"]
        found = found if mid not in taken else []
    return "\r\n".join(lines) + "\r\n"


def _sound_lines(sound: Sound, ssrc: int, rate: int) -> list[str]:
    match sound.speaks, sound.listens:
        case True, True:
            direction = "sendrecv"
        case True, False:
            direction = "recvonly"
        case False, True:
            direction = "sendonly"
        case _:
            direction = "inactive"
    form = f"minptime=20;maxplaybackrate={rate};sprop-maxcapturerate={rate};stereo=0;sprop-stereo=0;useinbandfec=0"
    return [
        f"a=mid:{sound.mid}",
        f"a={direction}",
        "a=rtcp-mux",
        f"a=rtpmap:{sound.payload_type} opus/48000/2",
        f"a=fmtp:{sound.payload_type} {form}",
        "a=ptime:20",
        "a=msid:vasi voice",
        f"a=ssrc:{ssrc} cname:vasi",
    ]
