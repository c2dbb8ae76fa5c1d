"""When sessions and keys were used last, written down rarely: a request isn't to wait for the disk."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from vasi.accounts.audit import AuditLog
from vasi.errors import StoreError
from vasi.storage.accounts import AccountStore

log = logging.getLogger(__name__)

WRITE_EVERY = timedelta(minutes=5)
"""How exactly the time of the last use is known."""
LOG_EVERY = timedelta(hours=1)
"""A key that is used all the time is in the log once in this time."""


class Usage:
    """What was used since the last time it was written.

    Args:
        store: where it's written.
        audit: the log that uses of keys go into.
        now: the present time, aware.
    """

    def __init__(
        self, store: AccountStore, audit: AuditLog, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._store = store
        self._audit = audit
        self._now = now
        self._sessions: dict[str, datetime] = {}
        self._keys: dict[str, tuple[str, str, datetime, bool]] = {}

    def session_used(self, session_id: str, written_at: datetime) -> bool:
        """A session was used, and was last written as used at that time. Whether that will be written now."""
        now = self._now()
        if now - written_at < WRITE_EVERY:
            return False
        self._sessions[session_id] = now
        return True

    def key_used(self, key_id: str, user_id: str, address: str, written_at: datetime | None) -> bool:
        """The same of a key of ``user_id``, from a network address."""
        now = self._now()
        if written_at is not None and now - written_at < WRITE_EVERY:
            return False
        to_log = written_at is None or now - written_at >= LOG_EVERY
        self._keys[key_id] = user_id, address, now, to_log
        return True

    async def write(self) -> None:
        """Write what was used; what can't be written is forgotten."""
        sessions, self._sessions = self._sessions, {}
        keys, self._keys = self._keys, {}
        try:
            for session_id, at in sessions.items():
                await self._store.session_used(session_id, at)
            for key_id, (user_id, address, at, to_log) in keys.items():
                await self._store.key_used(key_id, at)
                if to_log:
                    await self._audit.write("key_used", actor=user_id, subject=key_id, address=address)
        except StoreError as error:
            log.warning("When sessions and keys were used could not be written: %s", error)
