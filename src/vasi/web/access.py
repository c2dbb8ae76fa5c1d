"""Who a client is, and what it may do."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Hashable, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec
from starlette.requests import HTTPConnection

from vasi.accounts.authenticators import Authenticator, EphemeralAuthenticator, key_of
from vasi.accounts.browser_sessions import BrowserSessions
from vasi.accounts.ephemeral_keys import EphemeralKeys
from vasi.accounts.leases import Lease, Leases
from vasi.accounts.principals import READ, REALTIME, WRITE, Principal
from vasi.errors import AuthError, ForbiddenError
from vasi.web.cookies import session_secret
from vasi.web.origin_policy import OriginPolicy

LACKS_SCOPE = "insufficient_scope"
_SAFE = ("GET", "HEAD")
_PRINCIPAL = "vasi.principal"
"""Where a connection keeps who it is, so that it's asked once."""


class Access:
    """Establishes who a client is.

    Args:
        authenticator: tells who brings neither an ephemeral key nor a cookie.
        ephemeral: the short-lived keys of this server.
        policy: tells which pages may use a cookie.
        sessions: browsers that are signed in; None where there are none.
        leases: ends what is open of those who lost access; None where nobody does.
    """

    def __init__(
        self,
        authenticator: Authenticator,
        ephemeral: EphemeralKeys,
        policy: OriginPolicy,
        sessions: BrowserSessions | None = None,
        leases: Leases | None = None,
    ) -> None:
        self._authenticator = EphemeralAuthenticator(ephemeral, authenticator)
        self._ephemeral = ephemeral
        self._policy = policy
        self._sessions = sessions
        self._leases = leases

    async def authenticate(self, connection: HTTPConnection) -> Principal:
        """Who sent this request or handshake.

        A key counts more than a cookie: who sends one says by which they want to be known.

        Raises:
            AuthError: nobody who may use the server.
        """
        known: Principal | None = connection.scope.get(_PRINCIPAL)
        if known is None:
            known = connection.scope[_PRINCIPAL] = await self._established(connection)
        return known

    async def _established(self, connection: HTTPConnection) -> Principal:
        secret = None if key_of(connection) is not None else self.session_secret(connection)
        if secret is None or self._sessions is None:
            return await self._authenticator.authenticate(connection)
        try:
            return await self._sessions.principal(secret)
        except ForbiddenError:
            raise
        except AuthError:
            # A browser goes on sending the cookie of a session that has ended.
            if self._authenticator.required:
                raise
            return await self._authenticator.authenticate(connection)

    def session_secret(self, connection: HTTPConnection) -> str | None:
        """The secret of the browser session that a connection may use; None if it shows none.

        Raises:
            ForbiddenError: it shows one, but a page of another site may have made it do that.
        """
        secret = session_secret(connection, self.public_origin(connection))
        if secret is None or self._sessions is None:
            return None
        scheme, method = connection.scope["scheme"], connection.scope.get("method", "GET")
        refusal = self._policy.cookie_refusal(connection.headers, scheme, method=method)
        if refusal is not None:
            raise ForbiddenError(refusal)
        return secret

    def public_origin(self, connection: HTTPConnection) -> str:
        """The origin by which a client reaches the server."""
        return self._policy.public_origin(connection.headers, connection.scope["scheme"])

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
        require_scope(principal, scope or (READ if connection.scope.get("method") in _SAFE else WRITE))
        return principal

    @property
    def wants_key(self) -> bool:
        """Nobody is authorised without signing in, or a key."""
        return self._authenticator.required

    @contextmanager
    def lease(self, principal: Principal) -> Generator[Lease]:
        """The leave of a connection to stay open, until the end of the block."""
        if self._leases is None:
            yield Lease(principal)
            return
        with self._leases.lease(principal) as lease:
            yield lease

    def client(self, connection: HTTPConnection, principal: Principal) -> Hashable:
        """Which client it is, among those who share what there is: its owner, session or key, and network address.

        A key that the server didn't give out tells nothing, since a client could send another with each request.
        """
        key = key_of(connection) if self.wants_key and not principal.ephemeral else None
        address = connection.client.host if connection.client else ""
        return (
            *principal.credential,
            "" if key is None or principal.key else hashlib.sha256(key.encode()).digest(),
            address,
        )

    async def mint(self, principal: Principal, config: Mapping[str, Any], seconds: int) -> tuple[str, int]:
        """An ephemeral key that opens ``config``, and when it expires. Raises ``AuthError`` or ``LimitError``."""
        if principal.ephemeral:
            raise AuthError("An ephemeral key can't make another; use a key of yours or of the server.")
        require_scope(principal, REALTIME)
        return await self._ephemeral.mint(principal, msgspec.json.encode(config), seconds)


def require_scope(principal: Principal, scope: str) -> None:
    """Raises ``ForbiddenError`` if the key of ``principal`` doesn't allow that."""
    if not principal.may(scope):
        raise ForbiddenError(f"This key doesn't allow that: it lacks the scope '{scope}'.", code=LACKS_SCOPE)
