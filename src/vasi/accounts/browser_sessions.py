"""Browsers that are signed in.

A browser shows an opaque secret of 256 bits; all that it stands for is in the store. A session ends when it wasn't used
for a while, when it is old, when its user signs out, and when an administrator says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from vasi.accounts.principals import LOCAL, LOCAL_OWNER, Principal
from vasi.accounts.remembered import Remembered, RememberedPrincipals
from vasi.accounts.secrets import StaticKeys, digest_of, new_id, new_secret
from vasi.accounts.usage import Usage
from vasi.errors import AuthError
from vasi.storage.accounts import AccountStore, BrowserSession, User

BY_KEY = "key"
"""What stands for the issuer of a session that a key of the server opened."""
_LONGEST_AGENT = 300
_LONGEST_SECRET = 200


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """How long browsers stay signed in.

    Attributes:
        idle: without being used.
        lasting: however much they are used.
    """

    idle: timedelta
    lasting: timedelta


@dataclass(frozen=True, slots=True)
class Browser:
    """Where somebody signs in from: the network address, and what the browser calls itself."""

    address: str
    agent: str = ""


class BrowserSessions:
    """The sessions of a server.

    Args:
        store: keeps them.
        settings: how long they last.
        keys: the server's own, which may open sessions.
        remembered: who showed a secret lately.
        usage: gets told of uses.
        now: the present time, aware.
    """

    def __init__(
        self,
        store: AccountStore,
        settings: SessionSettings,
        keys: StaticKeys,
        remembered: RememberedPrincipals,
        usage: Usage,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._settings = settings
        self._keys = keys
        self._remembered = remembered
        self._usage = usage
        self._now = now

    async def begin(
        self, user_id: str, browser: Browser, *, issuer: str = "", sid: str = "", tokens: bytes = b""
    ) -> tuple[str, BrowserSession]:
        """A new session of a user, and the secret that the browser shows from then on."""
        secret, now = new_secret(), self._now()
        agent = "".join(filter(str.isprintable, browser.agent))[:_LONGEST_AGENT]
        session = BrowserSession(
            new_id("sess"),
            user_id,
            now,
            now,
            now + self._settings.lasting,
            browser.address,
            agent,
            issuer,
            sid,
            tokens,
        )
        await self._store.add_session(digest_of(secret), session)
        return secret, session

    async def begin_by_key(self, key: str, browser: Browser) -> tuple[str, BrowserSession]:
        """The same for whoever has a key of the server. Raises ``AuthError``."""
        if key not in self._keys:
            raise AuthError("Incorrect API key provided; the server's keys are in its setting 'api_keys'.")
        return await self.begin(LOCAL_OWNER, browser, issuer=BY_KEY, sid=digest_of(key).hex())

    async def principal(self, secret: str) -> Principal:
        """Who the browser is that shows ``secret``. Raises ``AuthError``."""
        digest = digest_of(secret[:_LONGEST_SECRET])
        now = self._now().timestamp()
        entry = self._remembered.get(digest)
        if entry is None or now - entry.used_at >= self._settings.idle.total_seconds():
            entry = await self._read(digest)
        if entry.expires_at is not None and now >= entry.expires_at:
            raise _ended()
        self._used(entry)
        return entry.principal

    async def find(self, secret: str) -> BrowserSession | None:
        """The session of ``secret``, however it is; None if there is none."""
        found = await self._store.session_by_digest(digest_of(secret[:_LONGEST_SECRET]))
        return None if found is None else found[0]

    @property
    def idle(self) -> timedelta:
        """How long a session may go without being used."""
        return self._settings.idle

    def _used(self, entry: Remembered) -> None:
        written_at = datetime.fromtimestamp(entry.used_at, UTC)
        if self._usage.session_used(entry.principal.session, written_at):
            entry.used_at = self._now().timestamp()

    async def _read(self, digest: bytes) -> Remembered:
        generation = self._remembered.generation
        found = await self._store.session_by_digest(digest)
        if found is None:
            raise _ended()
        session, user = found
        now = self._now()
        if now >= session.expires_at or now - session.used_at >= self._settings.idle:
            raise _ended()
        expires_at = session.expires_at.timestamp()
        principal = replace(self._principal(session, user), session=session.id, expires_at=expires_at)
        entry = Remembered(principal, expires_at, session.used_at.timestamp())
        self._remembered.put(digest, entry, generation)
        return entry

    def _principal(self, session: BrowserSession, user: User | None) -> Principal:
        if session.issuer == BY_KEY:
            if not self._keys.has_digest(bytes.fromhex(session.sid)):
                raise AuthError("The key that you signed in with isn't valid any more.", code="not_signed_in")
            return LOCAL
        if user is None:
            raise _ended()
        return principal_of(user)


def principal_of(user: User) -> Principal:
    """Who a user is when they sign in. Raises ``AuthError`` if they may not."""
    if user.disabled:
        raise AuthError("Your account is disabled; ask an administrator.", code="account_disabled")
    return Principal(user.id, user.name or user.email, role=user.role, groups=user.groups)


def _ended() -> AuthError:
    return AuthError("You aren't signed in, or not any more; sign in again.", code="not_signed_in")
