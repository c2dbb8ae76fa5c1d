"""Renews sign-ins whose provider gives out refresh tokens, and ends those that the provider doesn't stand by."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from vasi.accounts.audit import AuditLog
from vasi.accounts.leases import Leases
from vasi.accounts.oidc.allowed import require_allowed
from vasi.accounts.oidc.authorization import GrantEndedError
from vasi.accounts.oidc.grants import AGAIN, Grant, encode, grant_of, kept_by
from vasi.accounts.oidc.provider import Provider, SignedIn
from vasi.accounts.oidc.providers import Providers
from vasi.accounts.withdrawal import withdraw
from vasi.errors import NotFoundError, SignInError, StoreError
from vasi.storage.accounts import AccountStore, BrowserSession, User, UserChanges

log = logging.getLogger(__name__)

LOOK_S = 60.0
"""How often to look for sign-ins that are due."""
_TURN = "renewal"


class Renewal:
    """Renews the sign-ins of a server. Every process looks; one of them renews each.

    Args:
        store: keeps sessions and accounts.
        providers: those of the server.
        leases: ends what is open of those who lost access.
        audit: the log.
        now: the present time, aware.
    """

    def __init__(
        self,
        store: AccountStore,
        providers: Providers,
        leases: Leases,
        audit: AuditLog,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._providers = providers
        self._leases = leases
        self._audit = audit
        self._now = now

    async def run(self) -> None:
        """Look every minute; runs until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self.renew_due()
            except StoreError as error:
                log.warning("Sign-ins can't be renewed: %s", error)

    async def renew_due(self) -> None:
        """Renew those that are due. Raises ``StoreError``."""
        unreachable: set[str] = set()
        for user in await self._store.users():
            for session in await self._store.sessions(user.id):
                grant = kept_by(session)
                if grant is None or grant.provider in unreachable:
                    continue
                if grant.provider not in self._providers:
                    await self._end(session, "its provider isn't in the settings any more")
                    continue
                if not grant.due(self._now()):
                    continue
                if not await self._store.add_token(_TURN, grant.turn, b"", self._now() + AGAIN):
                    continue
                try:
                    await self._renew(user, session, grant)
                except SignInError as error:
                    unreachable.add(grant.provider)
                    log.warning("Sign-ins at %r can't be renewed now: %s.", grant.provider, error.detail)

    async def _renew(self, user: User, session: BrowserSession, grant: Grant) -> None:
        """Raises ``SignInError`` if the provider can't be asked."""
        provider = self._providers[grant.provider]
        try:
            renewed = await provider.refresh(grant.refresh_token or "", (session.issuer, grant.subject))
        except GrantEndedError:
            await self._end(session, "the provider ended the sign-in")
            return
        tokens = renewed.tokens if isinstance(renewed, SignedIn) else renewed
        kept = encode(grant_of(grant.provider, grant.subject, tokens, self._now(), before=grant))
        await self._store.session_used(session.id, session.used_at, kept)
        if isinstance(renewed, SignedIn):
            await self._compare(user, session, provider, renewed)

    async def _compare(self, user: User, session: BrowserSession, provider: Provider, renewed: SignedIn) -> None:
        profile = renewed.profile
        try:
            require_allowed(provider.settings, profile, invited=user.invited)
        except SignInError as error:
            await withdraw(self._store, self._leases, self._audit, user.id, error.detail)
            return
        changed = UserChanges(
            name=profile.name if profile.name and profile.name != user.name else None,
            email=profile.email if profile.email and profile.email != user.email else None,
            groups=profile.groups if profile.groups is not None and profile.groups != user.groups else None,
        )
        if changed != UserChanges():
            await self._store.update_user(user.id, changed)
            await self._leases.look()

    async def _end(self, session: BrowserSession, why: str) -> None:
        try:
            await self._store.end_session(session.user_id, session.id)
        except NotFoundError:
            return  # it has ended meanwhile
        await self._leases.look()
        await self._audit.write("session_ended", subject=session.id, detail=why)
