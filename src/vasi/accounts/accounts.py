"""The accounts of a server: all that has to do with who somebody is, put together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from vasi.accounts.administration import Administration
from vasi.accounts.api_keys import ApiKeys
from vasi.accounts.audit import AuditLog
from vasi.accounts.authenticators import Authenticator, KeyAuthenticator, PersonalKeyAuthenticator, SignInRequired
from vasi.accounts.browser_sessions import BrowserSessions, SessionSettings
from vasi.accounts.ephemeral_keys import EphemeralKeys
from vasi.accounts.leases import LOOK_S, Leases
from vasi.accounts.proxy import IdentityHeaders, ProxyAuthenticator
from vasi.accounts.remembered import RememberedPrincipals
from vasi.accounts.secrets import StaticKeys
from vasi.accounts.sign_ins import SignIns
from vasi.accounts.usage import Usage
from vasi.config import AuthMode
from vasi.errors import StoreError
from vasi.storage.accounts import AccountStore

log = logging.getLogger(__name__)

_TIDY_EVERY = 150
"""Looks between two removals of what has expired."""


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """How people and programs show who they are.

    Attributes:
        mode: which way.
        keys: the server's own, in mode ``keys``.
        sessions: how long browsers stay signed in.
        headers: in mode ``proxy``, which headers say who somebody is.
    """

    mode: AuthMode
    keys: StaticKeys
    sessions: SessionSettings
    headers: IdentityHeaders


class Accounts:
    """The parts, made of the settings.

    Attributes:
        audit: the log of what was done.
        leases: ends what is open of those who lost access.
        sessions: browsers that are signed in.
        sign_ins: makes accounts and sessions.
        keys: personal keys.
        ephemeral: short-lived keys.
        administration: users, roles, invitations.
        remembered: who showed a secret lately.

    Args:
        store: keeps them.
        settings: how people and programs show who they are.
        now: the present time, aware.
    """

    def __init__(
        self,
        store: AccountStore,
        settings: AccountSettings,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._settings = settings
        self._now = now
        self.mode: AuthMode = settings.mode
        self.audit = AuditLog(store, now)
        self.remembered = RememberedPrincipals()
        self.leases = Leases(store, self.remembered, now)
        self._usage = Usage(store, self.audit, now)
        self.sessions = BrowserSessions(store, settings.sessions, settings.keys, self.remembered, self._usage, now)
        self.sign_ins = SignIns(store, self.sessions, self.leases, self.audit, now)
        self.keys = ApiKeys(
            store, self.audit, self.leases, self.remembered, self._usage, local=self.has_local_user, now=now
        )
        self.ephemeral = EphemeralKeys(store, clock=lambda: now().timestamp())
        self.administration = Administration(store, self.leases, self.audit, now)

    @property
    def has_local_user(self) -> bool:
        """Whether there is one user for all, since nobody signs in by name."""
        return self.mode in ("none", "keys")

    @property
    def has_sessions(self) -> bool:
        """Whether browsers are signed in by a cookie: a proxy signs in every request by itself."""
        return self.mode in ("keys", "oidc")

    def authenticator(self, bearer: Authenticator | None = None) -> Authenticator:
        """What tells who a client is, other than by a cookie or an ephemeral key.

        Args:
            bearer: tells it of other tokens than personal keys, and refuses the rest.
        """
        match self.mode:
            case "none":
                return KeyAuthenticator(StaticKeys())
            case "keys":
                return PersonalKeyAuthenticator(self.keys, KeyAuthenticator(self._settings.keys))
            case "oidc":
                return PersonalKeyAuthenticator(self.keys, bearer or SignInRequired())
            case "proxy":
                proxy = ProxyAuthenticator(self._settings.headers, self.sign_ins, self.remembered, SignInRequired())
                return PersonalKeyAuthenticator(self.keys, proxy)

    async def run(self) -> None:
        """Look whether somebody lost access, write what was used, remove what has expired; runs until cancelled."""
        looks = 0
        while True:
            try:
                await self.leases.look()
                await self._usage.write()
                if looks % _TIDY_EVERY == 0:
                    await self.remove_expired()
            except StoreError as error:
                log.warning("Whether somebody lost access isn't known: %s", error)
            except Exception:
                # Nobody would be put out any more if this ended.
                log.exception("Looking whether somebody lost access failed; it's tried again.")
            looks += 1
            await asyncio.sleep(LOOK_S)

    async def remove_expired(self) -> None:
        """Remove what has expired. Raises ``StoreError``."""
        now = self._now()
        await self._store.remove_expired(now, unused_since=now - self._settings.sessions.idle)

    async def close(self) -> None:
        """Write what was used."""
        await self._usage.write()
