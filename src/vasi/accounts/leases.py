"""What ends with the session, key or user that opened it: Realtime sessions, event streams, calls.

The store counts whenever somebody loses access. Every process looks at the count every few seconds; when it has grown,
what is open is checked, and what isn't allowed any more is told to end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime

from vasi.accounts.principals import Principal
from vasi.accounts.remembered import RememberedPrincipals
from vasi.storage.accounts import AccountStore

LOOK_S = 2.0
"""How often to look whether somebody lost access."""


class Lease:
    """The leave of one connection to stay open.

    Attributes:
        principal: whose connection it is.
        ended: set when it has to close.
        checked: access was looked at since it was opened: it may have been lost in between.
    """

    def __init__(self, principal: Principal) -> None:
        self.principal = principal
        self.ended = asyncio.Event()
        self.checked = False


class Leases:
    """Those of one process.

    Args:
        store: knows who has access.
        remembered: forgets what isn't true any more.
        now: the present time, aware.
    """

    def __init__(
        self,
        store: AccountStore,
        remembered: RememberedPrincipals,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._remembered = remembered
        self._now = now
        self._revision: int | None = None
        self._changed: list[Callable[[], Awaitable[None]]] = []
        self._open: set[Lease] = set()

    def on_change(self, changed: Callable[[], Awaitable[None]]) -> None:
        """Have ``changed`` called when somebody's access, role, groups or limits have changed."""
        self._changed.append(changed)

    @contextmanager
    def lease(self, principal: Principal) -> Generator[Lease]:
        """The leave of a connection of ``principal``, until the end of the block."""
        lease = Lease(principal)
        self._open.add(lease)
        try:
            yield lease
        finally:
            self._open.discard(lease)

    async def look(self) -> None:
        """Look whether somebody lost access, and end what they have open. Raises ``StoreError``."""
        revision = await self._store.access_revision()
        changed = revision != self._revision
        self._remembered.confirm(changed=changed)
        await self._check([lease for lease in self._open if changed or not lease.checked])
        if changed:
            for call in self._changed:
                await call()
        self._revision = revision

    async def _check(self, leases: list[Lease]) -> None:
        known: dict[tuple[object, ...], bool] = {}
        for lease in leases:
            principal = lease.principal
            what = (*principal.credential, principal.role, principal.groups)
            if what not in known:
                known[what] = await self._still_allowed(principal)
            if not known[what]:
                lease.ended.set()
            lease.checked = True

    async def _still_allowed(self, principal: Principal) -> bool:
        """Whether it may go on as what it began as: who lost a role or a group has to connect anew."""
        valid, user = await self._store.is_valid(*principal.credential, self._now())
        if not valid or user is None:
            return valid
        return user.role == principal.role and user.groups == principal.groups
