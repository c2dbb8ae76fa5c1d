"""Ways to establish who a client is. Another way to sign in is another ``Authenticator``."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any, Protocol

from vasi.accounts import api_keys, ephemeral_keys
from vasi.accounts.api_keys import ApiKeys
from vasi.accounts.ephemeral_keys import EphemeralKeys
from vasi.accounts.principals import LOCAL, Principal
from vasi.accounts.secrets import StaticKeys
from vasi.errors import AuthError

KEY_SUBPROTOCOL = "openai-insecure-api-key."
PEER = "vasi.peer"
"""Where the scope of a connection keeps the address that it really comes from, whatever a proxy says of its client."""


class Connection(Protocol):
    """A request or a handshake, as Starlette has it."""

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def query_params(self) -> Mapping[str, str]: ...

    scope: MutableMapping[str, Any]


class Authenticator(Protocol):
    """Tells who sent a request or a handshake."""

    @property
    def required(self) -> bool:
        """Nobody is authorised without credentials."""
        ...

    async def authenticate(self, connection: Connection) -> Principal:
        """Who it is.

        Raises:
            AuthError: that can't be told, or it isn't authorised; the message says what to do.
        """
        ...


class KeyAuthenticator:
    """By the server's own keys. Without any, any key, or none, is as good as another."""

    def __init__(self, keys: StaticKeys) -> None:
        self._keys = keys

    @property
    def required(self) -> bool:
        """There are keys."""
        return self._keys.wanted

    async def authenticate(self, connection: Connection) -> Principal:
        """Whoever has a key is the same user."""
        if self._keys.wanted:
            key = key_of(connection)
            if key is None:
                raise AuthError("This server wants an API key; send it as 'Authorization: Bearer KEY'.")
            if key not in self._keys:
                raise AuthError("Incorrect API key provided; the server's keys are in its setting 'api_keys'.")
        return LOCAL


class SignInRequired:
    """Authorises nobody: for whom no other way of signing in has let in."""

    required = True

    async def authenticate(self, connection: Connection) -> Principal:
        """Raises ``AuthError``."""
        if key_of(connection) is not None:
            raise AuthError("The key is unknown or has expired; make another one in the app, under Keys.")
        raise AuthError("Sign in first, or send a key as 'Authorization: Bearer KEY'.", code="not_signed_in")


class PersonalKeyAuthenticator:
    """By the personal keys of users; whoever brings none is left to ``otherwise``."""

    def __init__(self, keys: ApiKeys, otherwise: Authenticator) -> None:
        self._keys = keys
        self._otherwise = otherwise

    @property
    def required(self) -> bool:
        """What ``otherwise`` requires."""
        return self._otherwise.required

    async def authenticate(self, connection: Connection) -> Principal:
        """Whose key it is, with what it allows."""
        key = key_of(connection)
        if key is None or not key.startswith(api_keys.PREFIX):
            return await self._otherwise.authenticate(connection)
        return await self._keys.principal(key, address_of(connection))


class EphemeralAuthenticator:
    """By the short-lived keys of this server; whoever brings none is left to ``otherwise``.

    A key that looks like one has to be real, even where none is required: a configuration hangs on it.
    """

    def __init__(self, keys: EphemeralKeys, otherwise: Authenticator) -> None:
        self._keys = keys
        self._otherwise = otherwise

    @property
    def required(self) -> bool:
        """What ``otherwise`` requires."""
        return self._otherwise.required

    async def authenticate(self, connection: Connection) -> Principal:
        """Who made the key, to open sessions with its configuration and for nothing else."""
        key = key_of(connection)
        if key is None or not key.startswith(ephemeral_keys.PREFIX):
            return await self._otherwise.authenticate(connection)
        return await self._keys.principal(key)


def key_of(connection: Connection) -> str | None:
    """The key that a request carries, in any of the places where Realtime clients put one."""
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


def subprotocols(connection: Connection) -> list[str]:
    """The WebSocket subprotocols that a client offers."""
    offered: list[str] = connection.scope.get("subprotocols", [])
    return offered


def address_of(connection: Connection) -> str:
    """The network address of the client, as far as it's known."""
    client = connection.scope.get("client")
    return str(client[0]) if client else ""


def peer_of(connection: Connection) -> str:
    """The network address that a connection really comes from: of a proxy, its own."""
    return str(connection.scope.get(PEER) or address_of(connection))
