"""The keys that a provider signs with. Providers change them, and announce new ones by using them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, OKPKey, RSAKey

from vasi.accounts.oidc.cached import Cached
from vasi.accounts.oidc.discovery import ProviderMetadata
from vasi.accounts.oidc.fetching import ProviderTransport, fetch_json
from vasi.errors import SignInError

log = logging.getLogger(__name__)

FRESH_S = 3_600.0
"""How long keys are believed: so long may one that was withdrawn still serve, and no longer if we can't ask."""
KEYS = 100
"""More than any provider has."""
_KINDS: Mapping[str, type[RSAKey | ECKey | OKPKey]] = {"RS": RSAKey, "PS": RSAKey, "ES": ECKey, "Ed": OKPKey}


class _KeySet(msgspec.Struct, frozen=True):
    keys: list[dict[str, Any]]


class SigningKeys:
    """The public keys of one provider.

    Args:
        discovery: tells where they are.
        transport: carries the requests.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        discovery: Cached[ProviderMetadata],
        transport: ProviderTransport,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._discovery = discovery
        self._transport = transport
        self._keys = Cached(self._fetch, fresh_s=FRESH_S, stale_s=FRESH_S, clock=clock)

    async def prepare(self) -> None:
        """Fetch the keys. Raises ``SignInError``."""
        await self._keys.get()

    async def candidates(self, algorithm: str, key_id: str | None) -> Sequence[Key]:
        """The keys that may have signed a token.

        Args:
            algorithm: the token's ``alg``, an asymmetric one.
            key_id: its ``kid``; without one every key of the algorithm may have.

        Raises:
            SignInError: there is none, or the provider can't be asked.
        """
        # An unknown key may be a new one; whoever sends tokens with unknown keys mustn't make us ask each time.
        for keys in (self._keys.get, self._keys.renewed):
            if found := _matching(await keys(), algorithm, key_id):
                return found
        raise SignInError("mismatch", "the token is signed with a key that isn't the provider's")

    async def _fetch(self) -> Sequence[Key]:
        metadata = await self._discovery.get()
        answer: _KeySet = await fetch_json(self._transport, metadata.jwks_uri, _KeySet)
        return [key for key in map(_imported, answer.keys[:KEYS]) if key is not None]


def _matching(keys: Sequence[Key], algorithm: str, key_id: str | None) -> list[Key]:
    kind = _KINDS[algorithm[:2]]
    return [
        key
        for key in keys
        if isinstance(key, kind)
        and (key_id is None or key.kid == key_id)
        and key.get("use") in (None, "sig")
        and key.get("alg") in (None, algorithm)
    ]


def _imported(data: dict[str, Any]) -> Key | None:
    """A key, if it is of a kind that is known here and no secret one."""
    if data.get("kty") not in ("RSA", "EC", "OKP"):
        return None
    try:
        return JWKRegistry.import_key(data)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        log.info("A key of an OpenID provider can't be used: %s.", type(error).__name__)
        return None
