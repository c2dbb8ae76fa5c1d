"""Who somebody is, said in headers by a proxy in front of the server that signs people in."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from vasi.accounts.authenticators import Authenticator, Connection, address_of, peer_of
from vasi.accounts.browser_sessions import principal_of
from vasi.accounts.principals import Principal
from vasi.accounts.remembered import Remembered, RememberedPrincipals
from vasi.accounts.secrets import digest_of
from vasi.accounts.sign_ins import Person, SignIns
from vasi.errors import AuthError, SignInError
from vasi.storage.accounts import Identity

log = logging.getLogger(__name__)

_LONGEST = 320
_MOST_GROUPS = 500


@dataclass(frozen=True, slots=True)
class IdentityHeaders:
    """Which headers say who somebody is, and whose are believed.

    Attributes:
        addresses: of the proxy, or networks of it.
        user: the header with the user's unchanging id.
        name, email, groups: further headers; None where there is none.
        issuer: a name for who vouches for these users.
    """

    addresses: tuple[str, ...]
    user: str
    name: str | None
    email: str | None
    groups: str | None
    issuer: str


class ProxyAuthenticator:
    """By headers of a proxy; who isn't named by it is left to ``otherwise``.

    Args:
        headers: which of them say who somebody is.
        sign_ins: makes accounts.
        remembered: who came lately.
        otherwise: tells who comes by another way.
    """

    required = True

    def __init__(
        self,
        headers: IdentityHeaders,
        sign_ins: SignIns,
        remembered: RememberedPrincipals,
        otherwise: Authenticator,
    ) -> None:
        self._headers = headers
        self._networks = [ipaddress.ip_network(address) for address in headers.addresses]
        self._sign_ins = sign_ins
        self._remembered = remembered
        self._otherwise = otherwise

    async def authenticate(self, connection: Connection) -> Principal:
        """Who the proxy says it is. Raises ``AuthError``."""
        headers = self._headers
        subjects = _values(connection, headers.user)
        if not subjects:
            return await self._otherwise.authenticate(connection)
        peer = peer_of(connection)
        if not self._is_proxy(peer):
            log.warning("Somebody at %s, which isn't in auth.proxy.addresses, sent the header %s.", peer, headers.user)
            raise AuthError("Identity headers are believed only if they come from the proxy.", code="not_signed_in")
        if len(subjects) > 1 or not subjects[0].strip() or len(subjects[0]) > _LONGEST:
            raise AuthError("The proxy's identity headers are contradictory.", code="not_signed_in")
        name, email, groups = (_values(connection, one) for one in (headers.name, headers.email, headers.groups))
        key = digest_of("\0".join(("proxy", subjects[0], *name, "\1", *email, "\1", *groups)))
        entry = self._remembered.get(key)
        if entry is None:
            generation = self._remembered.generation
            entry = Remembered(await self._account(connection, subjects[0].strip(), name, email, groups), None, 0)
            self._remembered.put(key, entry, generation)
        return entry.principal

    async def _account(
        self, connection: Connection, subject: str, name: Sequence[str], email: Sequence[str], groups: Sequence[str]
    ) -> Principal:
        named = [group.strip()[:_LONGEST] for value in groups for group in value.split(",")]
        person = Person(
            _text(name),
            _text(email),
            groups=None if self._headers.groups is None else tuple(dict.fromkeys(filter(None, named)))[:_MOST_GROUPS],
        )
        identity = Identity(self._headers.issuer, subject)
        try:
            return principal_of(await self._sign_ins.account(identity, person, address_of(connection)))
        except SignInError as error:
            raise AuthError("Your account is disabled; ask an administrator.", code="account_disabled") from error

    def _is_proxy(self, peer: str) -> bool:
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None) or address
        return any(mapped in network for network in self._networks)


def _values(connection: Connection, header: str | None) -> list[str]:
    """All values of a header: a second one may have been smuggled past the proxy."""
    if header is None:
        return []
    name = header.lower().encode()
    return [value.decode("latin-1") for key, value in connection.scope["headers"] if key.lower() == name]


def _text(values: Sequence[str]) -> str:
    return "".join(filter(str.isprintable, values[0]))[:_LONGEST].strip() if values else ""
