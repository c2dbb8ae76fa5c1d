"""Accounts in the PostgreSQL store."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from vasi.errors import NotFoundError
from vasi.storage.accounts import (
    ApiKey,
    AuditEntry,
    BrowserSession,
    EphemeralSecret,
    Identity,
    Invitation,
    User,
    UserChanges,
)
from vasi.storage.postgres import sign_ins, users
from vasi.storage.postgres.database import Database, Transaction

T = TypeVar("T")


class PostgresAccounts:
    """The part of ``PostgresStore`` that implements ``vasi.storage.accounts.AccountStore``."""

    _database: Database

    async def _write_all(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """``work`` in a write transaction that sees the rows of all owners."""
        raise NotImplementedError

    # --- users --------------------------------------------------------------------------------------------------------
    async def find_or_add_user(self, identity: Identity, user: User) -> tuple[User, bool]:
        """The user of ``identity``, ``user`` if there was none, and whether it was added."""
        return await self._write_all(lambda db: users.find_or_add_user(db, identity, user))

    async def user(self, user_id: str) -> User:
        """Raises ``NotFoundError``."""
        return await self._database.read_all(lambda db: users.user(db, user_id))

    async def user_by_identity(self, issuer: str, subject: str) -> User | None:
        """The user who signs in as ``subject`` of ``issuer``; None if there is none."""
        return await self._database.read_all(lambda db: users.user_by_identity(db, issuer, subject))

    async def users(self) -> list[User]:
        """All, oldest first."""
        return await self._database.read_all(users.users)

    async def identities(self, user_id: str) -> list[Identity]:
        """How a user signs in."""
        return await self._database.read_all(lambda db: users.identities(db, user_id))

    async def update_user(self, user_id: str, changes: UserChanges) -> User:
        """Change what is given. Raises ``NotFoundError``."""
        return await self._write_all(lambda db: users.update_user(db, user_id, changes))

    async def remove_user(self, user_id: str) -> None:
        """With identities, sessions and keys. Raises ``NotFoundError``."""
        await self._write_all(lambda db: users.remove_user(db, user_id))

    async def has_administrator(self) -> bool:
        """Whether somebody who isn't disabled may administer the server."""
        return await self._database.read_all(users.has_administrator)

    async def adopt(self, owner: str, new_owner: str) -> None:
        """Give all rows of ``owner`` to ``new_owner``. Raises ``NotFoundError``, ``StoreError``."""
        await self._write_all(lambda db: users.adopt(db, owner, new_owner))

    # --- browser sessions ---------------------------------------------------------------------------------------------
    async def add_session(self, digest: bytes, session: BrowserSession) -> None:
        """A browser was signed in."""
        await self._write_all(lambda db: sign_ins.add_session(db, digest, session))

    async def session_by_digest(self, digest: bytes) -> tuple[BrowserSession, User | None] | None:
        """A session and its user; None if there is no such session."""
        return await self._database.read_all(lambda db: sign_ins.session_by_digest(db, digest))

    async def sessions(self, user_id: str) -> list[BrowserSession]:
        """Those of a user, latest used first."""
        return await self._database.read_all(lambda db: sign_ins.sessions(db, user_id))

    async def sessions_at_provider(self, issuer: str, sid: str | None, subject: str | None) -> list[BrowserSession]:
        """Those that a provider calls ``sid``, or that ``subject`` of it has opened."""
        return await self._database.read_all(lambda db: sign_ins.sessions_at_provider(db, issuer, sid, subject))

    async def session_used(self, session_id: str, at: datetime, tokens: bytes | None = None) -> None:
        """It was used, and has new ``tokens`` if they are given."""
        await self._write_all(lambda db: sign_ins.session_used(db, session_id, at, tokens))

    async def end_session(self, user_id: str, session_id: str) -> None:
        """Raises ``NotFoundError``."""
        await self._write_all(lambda db: sign_ins.end_session(db, user_id, session_id))

    async def end_sessions(self, user_id: str, *, but: str = "") -> int:
        """End all of a user's sessions ``but`` one; returns how many."""
        return await self._write_all(lambda db: sign_ins.end_sessions(db, user_id, but))

    # --- keys ---------------------------------------------------------------------------------------------------------
    async def add_key(self, digest: bytes, key: ApiKey) -> None:
        """A key was made."""
        await self._write_all(lambda db: sign_ins.add_key(db, digest, key))

    async def key_by_digest(self, digest: bytes) -> tuple[ApiKey, User | None] | None:
        """A key and its user; None if there is no such key."""
        return await self._database.read_all(lambda db: sign_ins.key_by_digest(db, digest))

    async def keys(self, user_id: str) -> list[ApiKey]:
        """Those of a user, oldest first."""
        return await self._database.read_all(lambda db: sign_ins.keys(db, user_id))

    async def key_used(self, key_id: str, at: datetime) -> None:
        """It was used."""
        await self._write_all(lambda db: sign_ins.key_used(db, key_id, at))

    async def remove_key(self, user_id: str, key_id: str) -> None:
        """Raises ``NotFoundError``."""
        await self._write_all(lambda db: sign_ins.remove_key(db, user_id, key_id))

    async def add_secret(self, digest: bytes, secret: EphemeralSecret, *, at: datetime) -> None:
        """A short-lived key was made. Raises ``LimitError``."""
        await self._write_all(lambda db: sign_ins.add_secret(db, digest, secret, at))

    async def secret_by_digest(self, digest: bytes) -> tuple[EphemeralSecret, User | None] | None:
        """What a short-lived key stands for, and its user; None if there is no such key."""
        return await self._database.read_all(lambda db: sign_ins.secret_by_digest(db, digest))

    async def put_token(self, kind: str, digest: bytes, content: bytes, expires_at: datetime) -> None:
        """Keep a token to be taken once."""
        await self._write_all(lambda db: sign_ins.put_token(db, kind, digest, content, expires_at))

    async def add_token(self, kind: str, digest: bytes, content: bytes, expires_at: datetime) -> bool:
        """The same; False if there is one already."""
        return await self._write_all(lambda db: sign_ins.add_token(db, kind, digest, content, expires_at))

    async def take_token(self, kind: str, digest: bytes, at: datetime) -> bytes | None:
        """Its content, for the first who asks."""
        return await self._write_all(lambda db: sign_ins.take_token(db, kind, digest, at))

    async def drop_tokens(self, kind: str) -> None:
        """Drop all of a kind."""
        await self._write_all(lambda db: sign_ins.drop_tokens(db, kind))

    # --- invitations --------------------------------------------------------------------------------------------------
    async def add_invitation(self, digest: bytes, invitation: Invitation) -> None:
        """Somebody is invited."""
        await self._write_all(lambda db: users.add_invitation(db, digest, invitation))

    async def invitations(self) -> list[Invitation]:
        """All that weren't used, oldest first."""
        return await self._database.read_all(users.invitations)

    async def invitation_by_digest(self, digest: bytes) -> Invitation | None:
        """The invitation of a link; None if there is none, or it was used."""
        return await self._database.read_all(lambda db: users.invitation_by_digest(db, digest))

    async def take_invitation(self, invitation_id: str) -> bool:
        """Use it up; False if somebody else was faster."""
        return await self._write_all(lambda db: users.remove_invitation(db, invitation_id))

    async def remove_invitation(self, invitation_id: str) -> None:
        """Raises ``NotFoundError``."""
        if not await self._write_all(lambda db: users.remove_invitation(db, invitation_id)):
            raise NotFoundError("There is no such invitation.")

    # --- the log ------------------------------------------------------------------------------------------------------
    async def add_audit(
        self, at: datetime, actor: str, action: str, subject: str, address: str, detail: str
    ) -> AuditEntry:
        """Write an entry."""
        return await self._write_all(lambda db: sign_ins.add_audit(db, at, actor, action, subject, address, detail))

    async def audit(self, *, before: int | None = None, limit: int = 100, user: str | None = None) -> list[AuditEntry]:
        """Newest first."""
        return await self._database.read_all(lambda db: sign_ins.audit(db, before, limit, user))

    async def is_valid(self, user_id: str, session_id: str, key_id: str, at: datetime) -> tuple[bool, User | None]:
        """Whether what a connection was opened by is still good, and its user."""
        return await self._database.read_all(lambda db: sign_ins.is_valid(db, user_id, session_id, key_id, at))

    async def access_revision(self) -> int:
        """Grows whenever a session, key or user ends, or what a user may do changes."""
        return await self._database.read_all(sign_ins.access_revision)

    async def remove_expired(self, at: datetime, *, unused_since: datetime) -> None:
        """Remove what has expired, and sessions that weren't used since then."""
        await self._write_all(lambda db: sign_ins.remove_expired(db, at, unused_since))
