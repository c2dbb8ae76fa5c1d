"""What is set of WebRTC."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

CREDENTIAL_S = 24 * 3600
"""How long the credentials of a TURN server are good that are made of its secret."""


@dataclass(frozen=True, slots=True)
class TurnServer:
    """A relay between clients and this server, or between browsers and it.

    Attributes:
        urls: like ``turn:turn.example.com:3478?transport=udp``; several of one server.
        secret: shared with the server (coturn's ``static-auth-secret``), for credentials that expire; "" for none.
        username: of credentials that stay.
        password: the same.
    """

    urls: tuple[str, ...]
    secret: str = ""
    username: str = ""
    password: str = ""

    def credentials(self, now: float, user: str = "vasi") -> tuple[str, str]:
        """Name and password for a client.

        Args:
            now: unix seconds.
            user: goes into the name.
        """
        if not self.secret:
            return self.username, self.password
        name = f"{int(now) + CREDENTIAL_S}:{user}"
        digest = hmac.new(self.secret.encode(), name.encode(), hashlib.sha1)
        return name, base64.b64encode(digest.digest()).decode()


@dataclass(frozen=True, slots=True)
class WebRtcSettings:
    """How calls reach this server, and how many there may be.

    Attributes:
        bound_to: the address that the server listens on; calls come to the same, or to all addresses of the machine.
        first_port: of the UDP ports that calls may come to, all to the first that is free; 0 for any.
        last_port: the last of them.
        addresses: what clients are told in place of the machine's own addresses, as behind NAT or in a container.
        stun: a STUN server that tells the address under which this one is seen; None if it's known or not needed.
        turn: a relay for clients, and for this server if ``relay`` is set.
        relay: this server itself is reached through the relay.
        most_calls: calls at a time.
    """

    bound_to: str
    first_port: int
    last_port: int
    addresses: tuple[str, ...]
    stun: str | None
    turn: TurnServer | None
    relay: bool
    most_calls: int
