"""Who a client is: the key that its request carries, in any of the places where Realtime clients put one."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from starlette.requests import HTTPConnection

from vasi.accounts.principals import Principal
from vasi.accounts.secrets import PREFIX, EphemeralKeys, StaticKeys
from vasi.errors import AuthError

KEY_SUBPROTOCOL = "openai-insecure-api-key."


@dataclass(frozen=True, slots=True)
class Caller:
    """A client that is authorised.

    Attributes:
        principal: who it is.
        config: the GA session that its ephemeral key opens; empty for other keys.
        ephemeral: it came with a key that was made for it here.
    """

    principal: Principal
    config: Mapping[str, Any] = field(default_factory=dict[str, Any])
    ephemeral: bool = False


class Access:
    """Tells from its key who a client is.

    Without static keys any key, or none, is as good as another; an ephemeral key has to be real all the same, since
    a configuration hangs on it.
    """

    def __init__(self, static: StaticKeys, ephemeral: EphemeralKeys) -> None:
        self._static = static
        self._ephemeral = ephemeral

    def authenticate(self, connection: HTTPConnection) -> Caller:
        """Who sent this request or handshake. Raises ``AuthError``."""
        key = _key(connection)
        if key is not None and key.startswith(PREFIX):
            grant = self._ephemeral.grant(key)
            return Caller(grant.principal, msgspec.json.decode(grant.config, type=dict[str, Any]), ephemeral=True)
        if self._static.wanted:
            if key is None:
                raise AuthError("This server wants an API key; send it as 'Authorization: Bearer KEY'.")
            if key not in self._static:
                raise AuthError("Incorrect API key provided; the server's keys are in its setting 'api_keys'.")
        return Caller(Principal())

    @property
    def wants_key(self) -> bool:
        """Nobody is authorised without a key."""
        return self._static.wanted

    def client(self, connection: HTTPConnection, caller: Caller) -> Hashable:
        """Which client it is, among those who share what there is: its owner, key and network address.

        A key that the server didn't give out tells nothing, since a client could send another with each request.
        """
        key = _key(connection) if self._static.wanted and not caller.ephemeral else None
        address = connection.client.host if connection.client else ""
        return caller.principal.owner, "" if key is None else hashlib.sha256(key.encode()).digest(), address

    def mint(self, caller: Caller, config: Mapping[str, Any], seconds: int) -> tuple[str, int]:
        """An ephemeral key that opens ``config``, and when it expires. Raises ``AuthError`` or ``LimitError``."""
        if caller.ephemeral:
            raise AuthError("An ephemeral key can't make another; use the key of the server.")
        return self._ephemeral.mint(caller.principal, msgspec.json.encode(config), seconds)


def subprotocols(connection: HTTPConnection) -> list[str]:
    """The WebSocket subprotocols that a client offers."""
    offered: list[str] = connection.scope.get("subprotocols", [])
    return offered


def _key(connection: HTTPConnection) -> str | None:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    by_header = connection.headers.get("api-key")
    if by_header:
        return by_header
    for offered in subprotocols(connection):
        if offered.startswith(KEY_SUBPROTOCOL):
            return offered.removeprefix(KEY_SUBPROTOCOL)
    return connection.query_params.get("api-key") or None
