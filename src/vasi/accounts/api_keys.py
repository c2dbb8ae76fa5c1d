"""Personal keys for programs: shown once, kept as digests, with scopes and an end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from vasi.accounts.audit import AuditLog
from vasi.accounts.browser_sessions import principal_of
from vasi.accounts.leases import Leases
from vasi.accounts.principals import LOCAL, LOCAL_OWNER, Principal
from vasi.accounts.remembered import Remembered, RememberedPrincipals
from vasi.accounts.secrets import digest_of, new_id, new_secret
from vasi.accounts.usage import Usage
from vasi.errors import AuthError, ClientError, ForbiddenError, LimitError
from vasi.storage.accounts import SCOPES, AccountStore, ApiKey, User

PREFIX = "vasi_"
"""What personal keys begin with, so that scanners of source code recognise them."""
MOST = 100
"""Keys of one user."""
_LONGEST = 200


class ApiKeys:
    """The personal keys of a server.

    Args:
        store: keeps them.
        audit: the log.
        leases: ends what was opened by a key that is removed.
        remembered: who showed a key lately.
        usage: gets told of uses.
        local: whether there is the one user of servers where nobody signs in by name.
        now: the present time, aware.
    """

    def __init__(
        self,
        store: AccountStore,
        audit: AuditLog,
        leases: Leases,
        remembered: RememberedPrincipals,
        usage: Usage,
        *,
        local: bool,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._audit = audit
        self._leases = leases
        self._remembered = remembered
        self._usage = usage
        self._local = local
        self._now = now

    async def make(
        self, principal: Principal, name: str, scopes: Sequence[str], expires_at: datetime | None, address: str = ""
    ) -> tuple[str, ApiKey]:
        """A new key of ``principal``, to be shown once.

        Args:
            principal: whose it is; it allows nothing that they may not.
            name: what its user calls it.
            scopes: what it allows.
            expires_at: when it ends, aware; None for never.
            address: from where it's made, for the log; "" for the command line.

        Raises:
            ClientError: a scope is unknown or missing, or the end has passed.
            ForbiddenError: it would allow more than the principal may.
            LimitError: there are too many.
        """
        allowed = tuple(scope for scope in SCOPES if scope in scopes)
        if not allowed or len(allowed) != len(set(scopes)):
            raise ClientError(f"Scopes are some of: {', '.join(SCOPES)}.", param="scopes")
        missing = [scope for scope in allowed if not principal.may(scope)]
        if missing:
            raise ForbiddenError(f"A key can't allow more than yours does: {', '.join(missing)}.")
        now = self._now()
        if expires_at is not None and expires_at <= now:
            raise ClientError("The key would have expired already.", param="expires_at")
        if principal.expires_at is not None and principal.key:
            # A key that ends can't make one that lasts longer.
            latest = datetime.fromtimestamp(principal.expires_at, UTC)
            expires_at = latest if expires_at is None else min(expires_at, latest)
        if len(await self._store.keys(principal.owner)) >= MOST:
            raise LimitError(f"A user may have {MOST} keys; remove one first.", code="too_many_keys")
        value = new_secret(PREFIX)
        hint = f"{value[: len(PREFIX) + 2]}…{value[-4:]}"
        key = ApiKey(new_id("key"), principal.owner, name, hint, allowed, now, expires_at)
        await self._store.add_key(digest_of(value), key)
        await self._audit.write(
            "key_made", actor=principal.owner, subject=key.id, address=address, detail=" ".join(allowed)
        )
        return value, key

    async def principal(self, value: str, address: str = "") -> Principal:
        """Who shows the key ``value``, from a network address. Raises ``AuthError``."""
        digest = digest_of(value[:_LONGEST])
        entry = self._remembered.get(digest) or await self._read(digest)
        if entry.expires_at is not None and self._now().timestamp() >= entry.expires_at:
            raise _unknown()
        principal = entry.principal
        written_at = datetime.fromtimestamp(entry.used_at, UTC) if entry.used_at else None
        if self._usage.key_used(principal.key, principal.owner, address, written_at):
            entry.used_at = self._now().timestamp()
        return principal

    async def remove(self, user_id: str, key_id: str, *, actor: str, address: str = "") -> None:
        """Remove a key of a user; what it has open ends. Raises ``NotFoundError``."""
        await self._store.remove_key(user_id, key_id)
        await self._leases.look()
        await self._audit.write("key_removed", actor=actor, subject=key_id, address=address)

    async def _read(self, digest: bytes) -> Remembered:
        generation = self._remembered.generation
        found = await self._store.key_by_digest(digest)
        if found is None:
            raise _unknown()
        key, user = found
        expires_at = None if key.expires_at is None else key.expires_at.timestamp()
        principal = replace(self._holder(key, user), scopes=frozenset(key.scopes), key=key.id, expires_at=expires_at)
        entry = Remembered(principal, expires_at, 0 if key.used_at is None else key.used_at.timestamp())
        self._remembered.put(digest, entry, generation)
        return entry

    def _holder(self, key: ApiKey, user: User | None) -> Principal:
        if user is not None:
            return principal_of(user)
        if self._local and key.user_id == LOCAL_OWNER:
            return LOCAL
        raise _unknown()


def _unknown() -> AuthError:
    return AuthError("The key is unknown or has expired; make another one in the app, under Keys.")
