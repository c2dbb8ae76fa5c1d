"""Who asks: an API key, or a token of Entra ID that is renewed before it expires."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any, Protocol

from vasi.backends.upstream import refusals
from vasi.backends.upstream.address import Address
from vasi.errors import ConfigError

log = logging.getLogger(__name__)

SCOPE = "https://cognitiveservices.azure.com/.default"
RENEW_AHEAD_S = 600
"""A token is renewed so long before it expires, while the old one still serves."""
PATIENCE_S = 20.0
"""How long a first token may take."""


class Credential(Protocol):
    """Says who asks, for each new connection."""

    async def headers(self) -> dict[str, str]:
        """The headers of a handshake. Raises ``UpstreamError``."""
        ...

    def secrets(self) -> tuple[str, ...]:
        """What must never be read in a text."""
        ...

    async def close(self) -> None:
        """Let go of what it holds."""
        ...


class Key:
    """A key that doesn't change."""

    def __init__(self, key: str, address: Address) -> None:
        self._key = key
        self._azure = address.azure

    async def headers(self) -> dict[str, str]:
        if not self._key:
            return {}
        return {"api-key": self._key} if self._azure else {"Authorization": f"Bearer {self._key}"}

    def secrets(self) -> tuple[str, ...]:
        return (self._key,)

    async def close(self) -> None:
        return


class AsyncTokenCredential(Protocol):
    """What ``azure.identity.aio`` makes."""

    async def get_token(self, *scopes: str) -> Any:
        """An object with ``token`` and ``expires_on`` (unix seconds)."""
        ...

    async def close(self) -> None: ...


class EntraToken:
    """Bearer tokens of Entra ID, one for all sessions.

    Args:
        credential: where they come from.
        clock: unix seconds.
    """

    def __init__(self, credential: AsyncTokenCredential, *, clock: Callable[[], float] = time.time) -> None:
        self._credential = credential
        self._clock = clock
        self._token = ""
        self._expires_at = 0.0
        self._renewing: asyncio.Task[None] | None = None

    async def headers(self) -> dict[str, str]:
        left = self._expires_at - self._clock()
        if left < RENEW_AHEAD_S and self._renewing is None:
            self._renewing = asyncio.create_task(self._renew())
        if left <= 0 and self._renewing is not None:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await asyncio.shield(self._renewing)
            except TimeoutError:
                raise refusals.no_token(f"no answer within {PATIENCE_S:g} seconds") from None
        return {"Authorization": f"Bearer {self._token}"}

    async def _renew(self) -> None:
        try:
            got = await self._credential.get_token(SCOPE)
            self._token, self._expires_at = str(got.token), float(got.expires_on)
        except Exception as error:
            why = refusals.scrubbed(str(error).partition("\n")[0], self._token)
            if self._expires_at <= self._clock():
                raise refusals.no_token(why) from None
            log.warning("The Entra ID token could not be renewed yet: %s", why)
        finally:
            self._renewing = None

    def secrets(self) -> tuple[str, ...]:
        return (self._token,)

    async def close(self) -> None:
        if self._renewing is not None:
            self._renewing.cancel()
            await asyncio.gather(self._renewing, return_exceptions=True)
        await self._credential.close()


def entra(tenant_id: str | None) -> EntraToken:
    """Tokens of whoever runs this: managed identity, workload identity, environment, ``az login``.

    Raises:
        ConfigError: the extra isn't installed.
    """
    try:
        from azure.identity.aio import DefaultAzureCredential
    except ImportError:
        raise ConfigError(
            "There is no upstream.api_key (AZURE_OPENAI_API_KEY), and Entra ID isn't installed: set the key, or "
            "pip install 'vasi[azure]'",
            param="upstream.api_key",
        ) from None
    given: dict[str, Any] = {}
    if tenant_id:
        given = {"additionally_allowed_tenants": [tenant_id], "workload_identity_tenant_id": tenant_id}
    credential: Any = DefaultAzureCredential(**given)
    return EntraToken(credential if not tenant_id else _InTenant(credential, tenant_id))


class _InTenant:
    """Asks for the tokens of one tenant."""

    def __init__(self, credential: Any, tenant_id: str) -> None:
        self._credential = credential
        self._tenant_id = tenant_id

    async def get_token(self, *scopes: str) -> Any:
        return await self._credential.get_token(*scopes, tenant_id=self._tenant_id)

    async def close(self) -> None:
        await self._credential.close()
