"""What administrators do: users, their roles and limits, invitations; and how the first of them becomes one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import choice

from vasi.accounts.audit import AuditLog
from vasi.accounts.leases import Leases
from vasi.accounts.principals import LOCAL_OWNER
from vasi.accounts.secrets import digest_of, new_id, new_secret
from vasi.errors import AuthError, ClientError, LimitError
from vasi.storage.accounts import AccountStore, Invitation, Role, User, UserChanges

CLAIM = "administrator"
"""The kind of token that makes the first administrator."""
CLAIM_LASTS = timedelta(days=7)
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_GROUPS_OF_LETTERS = 5
INVITATIONS = 1_000
"""Invitations that wait to be used."""


@dataclass(frozen=True, slots=True)
class Administrator:
    """Who administers, for the log: their id and network address, both "" on the command line."""

    id: str = ""
    address: str = ""


class Administration:
    """Administers the accounts of a server.

    Args:
        store: keeps them.
        leases: ends what is open of those who lost access.
        audit: the log.
        now: the present time, aware.
    """

    def __init__(
        self,
        store: AccountStore,
        leases: Leases,
        audit: AuditLog,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._leases = leases
        self._audit = audit
        self._now = now
        self._one_at_a_time = asyncio.Lock()
        """So that two administrators of a server can't take the role from each other."""

    # --- the first administrator --------------------------------------------------------------------------------------
    async def first_code(self) -> str | None:
        """A new code that makes one signed-in user an administrator; None if there is one already."""
        if await self._store.has_administrator():
            return None
        parts = ("".join(choice(_LETTERS) for _ in range(5)) for _ in range(_GROUPS_OF_LETTERS))
        code = "-".join(parts)
        await self._store.put_token(CLAIM, _code_digest(code), b"", self._now() + CLAIM_LASTS)
        return code

    async def claim(self, user_id: str, code: str, address: str) -> User:
        """Make a user an administrator by the code. Raises ``AuthError``, ``NotFoundError``."""
        if await self._store.has_administrator():
            raise AuthError("There is an administrator already; ask them.", code="wrong_code")
        if await self._store.take_token(CLAIM, _code_digest(code[:100]), self._now()) is None:
            raise AuthError(
                "The code is wrong or was used; the server prints a new one when it starts.", code="wrong_code"
            )
        user = await self._store.update_user(user_id, UserChanges(role="administrator"))
        await self._store.drop_tokens(CLAIM)
        await self._leases.look()
        await self._audit.write("administrator_claimed", actor=user_id, subject=user_id, address=address)
        return user

    # --- users --------------------------------------------------------------------------------------------------------
    async def change(self, user_id: str, changes: UserChanges, by: Administrator) -> User:
        """Change a user; what they may not do any more ends within seconds, on every process.

        Raises:
            NotFoundError: there is no such user.
            ClientError: there would be no administrator left.
        """
        async with self._one_at_a_time:
            if changes.disabled or changes.role == "user":
                await self._require_another_administrator(user_id)
            if changes.disabled is False and (await self._store.user(user_id)).disabled:
                # As long as they are disabled, their browsers are told so; then they sign in anew.
                await self._store.end_sessions(user_id)
            user = await self._store.update_user(user_id, changes)
        await self._leases.look()
        await self._audit.write(
            "user_changed", actor=by.id, subject=user_id, address=by.address, detail=_described(changes)
        )
        return user

    async def remove(self, user_id: str, by: Administrator, erase: Callable[[str], Awaitable[None]]) -> None:
        """Remove an account with everything; also one's own.

        Args:
            user_id: whose.
            by: who does it.
            erase: removes the account with all that lets it in, and all that it owns.

        Raises:
            NotFoundError: there is no such user.
            ClientError: there would be no administrator left.
            StoreError: something couldn't be removed yet.
        """
        if user_id != LOCAL_OWNER:
            await self._store.user(user_id)
        async with self._one_at_a_time:
            await self._require_another_administrator(user_id)
            await erase(user_id)
        await self._leases.look()
        await self._audit.write("user_removed", actor=by.id, subject=user_id, address=by.address)

    async def adopt(self, user_id: str, by: Administrator, owner: str = LOCAL_OWNER) -> User:
        """Give a user what was kept before anybody signed in. Raises ``NotFoundError``, ``StoreError``."""
        user = await self._store.user(user_id)
        await self._store.adopt(owner, user_id)
        await self._audit.write("rows_adopted", actor=by.id, subject=user_id, address=by.address, detail=owner)
        return user

    async def _require_another_administrator(self, user_id: str) -> None:
        administrators = [
            user.id for user in await self._store.users() if user.role == "administrator" and not user.disabled
        ]
        if administrators == [user_id]:
            text = "This is the only administrator; make somebody else one first."
            raise ClientError(text, code="last_administrator")

    # --- invitations --------------------------------------------------------------------------------------------------
    async def invite(
        self, email: str, role: Role, groups: Sequence[str], expires_at: datetime, by: Administrator
    ) -> tuple[str, Invitation]:
        """A new invitation, and the secret of its link, which is shown once.

        Raises:
            ClientError: it would have expired already.
            LimitError: too many wait to be used.
        """
        now = self._now()
        if expires_at <= now:
            raise ClientError("The invitation would have expired already.", param="expires_at")
        if len(await self._store.invitations()) >= INVITATIONS:
            raise LimitError(f"{INVITATIONS} invitations wait to be used; remove some.", code="too_many_invitations")
        secret = new_secret()
        invitation = Invitation(new_id("inv"), email, role, tuple(groups), by.id, now, expires_at)
        await self._store.add_invitation(digest_of(secret), invitation)
        await self._audit.write(
            "invitation_made", actor=by.id, subject=invitation.id, address=by.address, detail=f"role {role}"
        )
        return secret, invitation

    async def withdraw(self, invitation_id: str, by: Administrator) -> None:
        """Remove an invitation that wasn't used. Raises ``NotFoundError``."""
        await self._store.remove_invitation(invitation_id)
        await self._audit.write("invitation_removed", actor=by.id, subject=invitation_id, address=by.address)


def _code_digest(code: str) -> bytes:
    """Of a code as people type it: in any case, with or without what stands between its groups."""
    return digest_of("".join(character for character in code.upper() if character.isalnum()))


def _described(changes: UserChanges) -> str:
    """What was changed; of limits and groups not what they are."""
    parts = [
        f"role {changes.role}" if changes.role else "",
        "" if changes.disabled is None else "disabled" if changes.disabled else "enabled",
        "groups" if changes.groups is not None else "",
        "limits" if changes.limits is not None else "",
    ]
    return ", ".join(filter(None, parts))
