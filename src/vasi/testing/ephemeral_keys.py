"""Short-lived keys of a server without a store."""

from __future__ import annotations

from datetime import datetime

from vasi.errors import LimitError
from vasi.storage.accounts import EphemeralSecret, User

MOST = 10_000


class EphemeralKeysInMemory:
    """Keeps what ``vasi.accounts.ephemeral_keys.EphemeralStore`` keeps, until it's gone itself.

    Args:
        most: keys alive at a time.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._secrets: dict[bytes, EphemeralSecret] = {}

    async def add_secret(self, digest: bytes, secret: EphemeralSecret, *, at: datetime) -> None:
        """A key was made. Raises ``LimitError``."""
        self._secrets = {key: kept for key, kept in self._secrets.items() if kept.expires_at > at}
        if len(self._secrets) >= self._most:
            text = "Too many ephemeral keys are alive; try again when some have expired."
            raise LimitError(text, code="rate_limit_exceeded")
        self._secrets[digest] = secret

    async def secret_by_digest(self, digest: bytes) -> tuple[EphemeralSecret, User | None] | None:
        """What a key stands for."""
        secret = self._secrets.get(digest)
        return None if secret is None else (secret, None)

    async def is_valid(self, user_id: str, session_id: str, key_id: str, at: datetime) -> tuple[bool, User | None]:
        """Nobody loses access."""
        return True, None
