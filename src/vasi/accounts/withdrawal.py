"""Ending all access of somebody who has an account and may not come in any more."""

from __future__ import annotations

from vasi.accounts.audit import AuditLog
from vasi.accounts.leases import Leases
from vasi.errors import NotFoundError
from vasi.storage.accounts import AccountStore


async def withdraw(
    store: AccountStore, leases: Leases, audit: AuditLog, user_id: str, why: str, *, address: str = ""
) -> None:
    """End a user's sessions and remove their keys; what they opened ends with them. The account stays as it is.

    Args:
        store: keeps sessions and keys.
        leases: ends what is open.
        audit: the log.
        user_id: whose.
        why: for the log.
        address: where the attempt came from; "" if there was none.
    """
    ended = await store.end_sessions(user_id)
    keys = await store.keys(user_id)
    for key in keys:
        try:
            await store.remove_key(user_id, key.id)
        except NotFoundError:
            continue  # removed meanwhile
    if ended or keys:
        await leases.look()
        await audit.write("user_changed", subject=user_id, address=address, detail=f"sessions and keys ended: {why}")
