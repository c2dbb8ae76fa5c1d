"""What a client asked for when it connected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vasi.accounts.leases import Lease
from vasi.accounts.principals import Principal
from vasi.gateway.ports import Resumption, TalkingPlace
from vasi.gateway.recorder import Recorder


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """A session that a client is authorised to have.

    Attributes:
        principal: who the client is; its owner's rows are all it can reach.
        config: what the client configured before it connected, in the form of a GA session; its ``model`` is the name
            that the session shows.
        recorder: keeps the conversation; None if it isn't kept.
        resumption: lets the client reconnect; None if it can't.
        lease: tells when the session has to end, since who opened it lost access; None if that can't be.
        place: counts it among the sessions that talk; None where they aren't counted.
        plays: the link plays the answers itself: it's told when to hold them, and tells how much was played.
    """

    principal: Principal
    config: Mapping[str, Any] = field(default_factory=dict[str, Any])
    recorder: Recorder | None = None
    resumption: Resumption | None = None
    lease: Lease | None = None
    place: TalkingPlace | None = None
    plays: bool = False
