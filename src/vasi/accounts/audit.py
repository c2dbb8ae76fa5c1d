"""The log of what was done: who, what, to what, when, from where; never what stood in it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from vasi.errors import StoreError
from vasi.storage.accounts import AuditStore

log = logging.getLogger(__name__)

AuditAction: TypeAlias = Literal[
    "sign_in",
    "sign_in_failed",
    "sign_out",
    "sign_out_everywhere",
    "session_ended",
    "key_made",
    "key_removed",
    "key_used",
    "user_added",
    "user_changed",
    "user_removed",
    "invitation_made",
    "invitation_removed",
    "administrator_claimed",
    "rows_adopted",
    "exported",
    "imported",
    "removed",
]
"""What is logged. ``removed`` is anything that was deleted by the HTTP API; its path is the subject."""
_LONGEST = 300


class AuditLog:
    """Writes the log of a server.

    Args:
        store: keeps it.
        now: the present time, aware.
    """

    def __init__(self, store: AuditStore, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store = store
        self._now = now

    async def write(
        self, action: AuditAction, *, actor: str = "", subject: str = "", address: str = "", detail: str = ""
    ) -> None:
        """Write an entry. What can't be written is told in the server's own log, and what was done is done.

        Args:
            action: what was done.
            actor: id of the user who did it; "" for the command line, or somebody unknown.
            subject: id of what it was done to.
            address: the network address from which it was done.
            detail: a few words more, without contents.
        """
        texts = (_line(text) for text in (actor, action, subject, address, detail))
        try:
            await self._store.add_audit(self._now(), *texts)
        except StoreError as error:
            log.error("%s by %r could not be written into the audit log: %s", action, actor, error)


def _line(text: str) -> str:
    """Without what would break a line or show something else than what stands there."""
    return "".join(character if character.isprintable() else "?" for character in text[:_LONGEST])
