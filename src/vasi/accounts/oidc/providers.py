"""All providers of a server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator

from vasi.accounts.oidc.attempts import SignInAttempts
from vasi.accounts.oidc.fetching import ProviderTransport
from vasi.accounts.oidc.grants import kept_by
from vasi.accounts.oidc.logout import LogoutTokens
from vasi.accounts.oidc.provider import Provider
from vasi.accounts.oidc.settings import ProviderSettings
from vasi.errors import NotFoundError, SignInError
from vasi.storage.accounts import BrowserSession, SecretStore

log = logging.getLogger(__name__)

SIGN_IN_PAGE = "/sign-in"
"""Where people sign in, and come back to from signing out at a provider."""


class Providers:
    """The providers by their labels.

    Args:
        settings: of each.
        store: remembers sign-ins that were begun, and logout tokens that were used.

    Attributes:
        attempts: sign-ins that were begun.
        logouts: what providers say of who has signed out there.
        transport: carries requests to them.
    """

    def __init__(self, settings: Iterable[ProviderSettings], store: SecretStore) -> None:
        self.attempts = SignInAttempts(store)
        self.logouts = LogoutTokens(store)
        self.transport = ProviderTransport()
        self._by_label = {one.label: Provider(one, self.transport) for one in settings}

    def __getitem__(self, label: str) -> Provider:
        """Raises ``NotFoundError``."""
        provider = self._by_label.get(label)
        if provider is None:
            raise NotFoundError("There is no such provider; GET /api/session lists them.")
        return provider

    def __contains__(self, label: object) -> bool:
        return label in self._by_label

    def __iter__(self) -> Iterator[Provider]:
        return iter(self._by_label.values())

    async def prepare(self) -> None:
        """Ask each who it is and what it signs with, so that nobody waits for that who signs in.

        What is wrong with a provider stands in the log then, and not only when somebody tries to sign in.
        """
        await asyncio.gather(*(self._prepare(provider) for provider in self))

    async def _prepare(self, provider: Provider) -> None:
        try:
            await provider.prepare()
        except SignInError as error:
            label = provider.settings.label
            log.warning("Nobody can sign in at %r now (%s): %s.", label, error.failure, error.detail)

    async def end_at_provider(self, session: BrowserSession, origin: str) -> str | None:
        """Where a browser goes to sign out at its provider, too; None if there is no such place.

        Args:
            session: has just ended here.
            origin: by which the browser reaches this server, and comes back.
        """
        grant = kept_by(session)
        provider = None if grant is None else self._by_label.get(grant.provider)
        if grant is None or provider is None:
            return None
        return await provider.sign_out_url(grant.id_token, origin + SIGN_IN_PAGE)

    async def close(self) -> None:
        """Close the connections to them."""
        await self.transport.aclose()
