"""Who a client is, and what it may do."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping
from typing import Any

import msgspec
from starlette.requests import HTTPConnection

from vasi.accounts.authenticators import Authenticator, EphemeralAuthenticator, key_of
from vasi.accounts.principals import API, KEYS, Principal
from vasi.accounts.secrets import EphemeralKeys
from vasi.errors import AuthError

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

    async def owner(self, connection: HTTPConnection) -> str:
        """Whose rows the app may show this client. Raises ``AuthError``."""
        principal = await self.authenticate(connection)
        if not principal.may(API):
            raise AuthError("An ephemeral key opens Realtime sessions only; use the key of the server.")
        return principal.owner

    @property
    def wants_key(self) -> bool:
        """Nobody is authorised without a key."""
        return self._authenticator.required

    def client(self, connection: HTTPConnection, principal: Principal) -> Hashable:
        """Which client it is, among those who share what there is: its owner, key and network address.

        A key that the server didn't give out tells nothing, since a client could send another with each request.
        """
        key = key_of(connection) if self.wants_key and principal.may(KEYS) else None
        address = connection.client.host if connection.client else ""
        return principal.owner, "" if key is None else hashlib.sha256(key.encode()).digest(), address

    def mint(self, principal: Principal, config: Mapping[str, Any], seconds: int) -> tuple[str, int]:
        """An ephemeral key that opens ``config``, and when it expires. Raises ``AuthError`` or ``LimitError``."""
        if not principal.may(KEYS):
            raise AuthError("An ephemeral key can't make another; use the key of the server.")
        return self._ephemeral.mint(principal, msgspec.json.encode(config), seconds)
