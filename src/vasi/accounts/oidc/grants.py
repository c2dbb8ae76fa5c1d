"""What a provider gave a browser session, and whether the provider still stands by it.

Where a provider gives out refresh tokens, a sign-in is renewed as long as its session lasts: who was signed out or
isn't let in any more there isn't here either, and groups that changed there do so here.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import msgspec

from vasi.accounts.oidc.authorization import Tokens
from vasi.storage.accounts import BrowserSession

LATEST = timedelta(hours=1)
"""How long a sign-in goes without being renewed, whatever the provider says of its tokens."""
SOONEST = timedelta(minutes=1)
AGAIN = timedelta(minutes=5)
"""When a provider is asked again that couldn't be reached; and how long one process has to renew a sign-in."""


class Grant(msgspec.Struct, frozen=True):
    """What a session keeps of its provider's tokens.

    Attributes:
        provider: the label.
        subject: who it is there.
        id_token: for signing out there.
        refresh_token: None if there is none, and nothing to renew.
        renew_at: unix seconds.
    """

    provider: str
    subject: str
    id_token: str
    refresh_token: str | None
    renew_at: float

    def __repr__(self) -> str:
        """Without its tokens: it ends up in logs."""
        return f"Grant(provider={self.provider!r}, subject={self.subject!r}, renew_at={self.renew_at})"

    def due(self, now: datetime) -> bool:
        """It's time to renew it."""
        return self.refresh_token is not None and self.renew_at <= now.timestamp()

    @property
    def turn(self) -> bytes:
        """Names this renewal, so that one process alone does it: some providers end a grant used twice."""
        return hashlib.sha256(f"{self.renew_at}\n{self.refresh_token}".encode("utf-8", "surrogatepass")).digest()


def grant_of(provider: str, subject: str, tokens: Tokens, now: datetime, *, before: Grant | None = None) -> Grant:
    """The grant of ``tokens``; what they lack is as ``before``."""
    lasts = LATEST if tokens.expires_in is None else timedelta(seconds=min(tokens.expires_in, LATEST.total_seconds()))
    id_token = tokens.id_token or ("" if before is None else before.id_token)
    return Grant(provider, subject, id_token, tokens.refresh_token, (now + max(lasts, SOONEST)).timestamp())


def encode(grant: Grant) -> bytes:
    """As a browser session keeps it."""
    return msgspec.json.encode(grant)


def kept_by(session: BrowserSession) -> Grant | None:
    """The grant of a session; None if no provider opened it."""
    try:
        return msgspec.json.decode(session.tokens, type=Grant) if session.tokens else None
    except msgspec.DecodeError:
        return None
