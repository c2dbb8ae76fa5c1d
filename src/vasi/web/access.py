"""Who a client is, and what it may do."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping
from typing import Any

import msgspec
from starlette.requests import HTTPConnection

from vasi.accounts.authenticators import Authenticator, EphemeralAuthenticator, key_of
from vasi.accounts.principals import READ, REALTIME, WRITE, Principal
from vasi.accounts.secrets import EphemeralKeys
from vasi.errors import AuthError, ForbiddenError

LACKS_SCOPE = "insufficient_scope"
_SAFE = ("GET", "HEAD")
_PRINCIPAL = "vasi.principal"
"""Where a connection keeps who it is, so that it's asked once."""


class Access:
    """Establishes who a client is.

    Args:
        authenticator: tells who brings no ephemeral key.
        ephemeral: the short-lived keys of this server.
    """

    def __init__(self, authenticator: Authenticator, ephemeral: EphemeralKeys) -> None:
        self._authenticator = EphemeralAuthenticator(ephemeral, authenticator)
        self._ephemeral = ephemeral

    async def authenticate(self, connection: HTTPConnection) -> Principal:
        """Who sent this request or handshake. Raises ``AuthError``."""
        known: Principal | None = connection.scope.get(_PRINCIPAL)
        if known is None:
            known = connection.scope[_PRINCIPAL] = await self._authenticator.authenticate(connection)
        return known

    async def authorise(self, connection: HTTPConnection, scope: str | None = None) -> Principal:
        """Who sent a request to the API of the app, if they may.

        Args:
            connection: the request.
            scope: what it takes; by its method if not given: ``READ`` where it changes nothing, else ``WRITE``.

        Raises:
            AuthError: they may not.
        """
        principal = await self.authenticate(connection)
        if principal.ephemeral:
            raise AuthError("An ephemeral key opens Realtime sessions only; use a key of yours or of the server.")
        scope = scope or (READ if connection.scope.get("method") in _SAFE else WRITE)
        if not principal.may(scope):
            raise ForbiddenError(f"This key doesn't allow that: it lacks the scope '{scope}'.", code=LACKS_SCOPE)
        return principal

    @property
    def wants_key(self) -> bool:
        """Nobody is authorised without a key."""
        return self._authenticator.required

    def client(self, connection: HTTPConnection, principal: Principal) -> Hashable:
        """Which client it is, among those who share what there is: its owner, key and network address.

        A key that the server didn't give out tells nothing, since a client could send another with each request.
        """
        key = key_of(connection) if self.wants_key and not principal.ephemeral else None
        address = connection.client.host if connection.client else ""
        return principal.owner, "" if key is None else hashlib.sha256(key.encode()).digest(), address

    def mint(self, principal: Principal, config: Mapping[str, Any], seconds: int) -> tuple[str, int]:
        """An ephemeral key that opens ``config``, and when it expires. Raises ``AuthError`` or ``LimitError``."""
        if principal.ephemeral:
            raise AuthError("An ephemeral key can't make another; use a key of yours or of the server.")
        if not principal.may(REALTIME):
            raise ForbiddenError(f"This key doesn't allow that: it lacks the scope '{REALTIME}'.", code=LACKS_SCOPE)
        return self._ephemeral.mint(principal, msgspec.json.encode(config), seconds)
