"""Sign-ins that were begun: kept until their browser comes back, once, soon.

What a browser brings back belongs to a sign-in only if the same browser began it. So each browser has a secret of its
own in a cookie, and a sign-in is found by its state together with that secret: a link that somebody else's browser
brought back, or one that was opened twice, leads nowhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe

import msgspec

from vasi.accounts.oidc.provider import Proof
from vasi.errors import SignInError
from vasi.storage.accounts import SecretStore

KEPT = timedelta(minutes=10)
"""How long somebody may take at the provider."""
_KIND = "sign_in"
_LONGEST_STATE = 200


class Attempt(msgspec.Struct, frozen=True):
    """A sign-in that was begun.

    Attributes:
        provider: the label of where.
        proof: what makes an answer that of this sign-in.
        return_to: the path where the user wants to be afterwards.
        invitation: what stands in the link of an invitation; "" without one.
    """

    provider: str
    proof: Proof
    return_to: str
    invitation: str = ""

    def __repr__(self) -> str:
        """Without its secrets: it ends up in logs."""
        return f"Attempt(provider={self.provider!r}, return_to={self.return_to!r})"


class SignInAttempts:
    """The sign-ins that were begun at a server, on any of its processes.

    Args:
        store: keeps them.
        clock: aware UTC.
    """

    def __init__(self, store: SecretStore, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store = store
        self._clock = clock

    def new_state(self) -> str:
        """A state; it says when the sign-in was begun, to tell later what went wrong."""
        return f"{int(self._clock().timestamp()):x}.{token_urlsafe(32)}"

    async def keep(self, state: str, browser: str, attempt: Attempt) -> None:
        """Keep what was begun as ``state`` by the browser with the secret ``browser``."""
        content = msgspec.json.encode(attempt)
        await self._store.put_token(_KIND, _digest(state, browser), content, self._clock() + KEPT)

    async def take(self, state: str, browser: str, provider: str) -> Attempt:
        """The sign-in that came back from ``provider``, once.

        Raises:
            SignInError: ``expired``, or ``mismatch`` if there is none: this browser didn't begin it, or it came back
                before.
        """
        now = self._clock()
        content = None
        if state and browser and len(state) <= _LONGEST_STATE:
            content = await self._store.take_token(_KIND, _digest(state, browser), now)
        if content is None:
            if self._is_old(state, now):
                raise SignInError("expired", "it took too long")
            raise SignInError("mismatch", "this browser began no such sign-in, or it came back before (state)")
        attempt = msgspec.json.decode(content, type=Attempt)
        if attempt.provider != provider:
            raise SignInError("mismatch", f"the sign-in was begun at {attempt.provider!r}")
        return attempt

    def _is_old(self, state: str, now: datetime) -> bool:
        try:
            return int(state[:_LONGEST_STATE].partition(".")[0], 16) + KEPT.total_seconds() <= now.timestamp()
        except ValueError:
            return False


def _digest(state: str, browser: str) -> bytes:
    return hashlib.sha256(f"{state}\n{browser}".encode("utf-8", "surrogatepass")).digest()
