"""Rows of users, of how they sign in, and of invitations."""

from __future__ import annotations

import json

from vasi.errors import NotFoundError, StoreError
from vasi.storage.accounts import Identity, Invitation, User, UserChanges, UserLimits
from vasi.storage.postgres.database import Row, Transaction
from vasi.storage.postgres.owners import lock_owner, moment, new_owner_number

USER = (
    "users.id, users.name, users.email, users.role, users.groups, users.disabled, users.created_at, users.seen_at,"
    " users.tokens_per_day, users.minutes_per_day, users.invited"
)
"""The columns that ``user_of`` takes."""
_INVITATION = "id, email, role, groups, invited_by, created_at, expires_at"
_CONTENT = ("documents", "notes", "conversations")


def user_of(row: Row) -> User | None:
    """The user of a row of ``USER``; None of one without."""
    user_id, name, email, role, groups, disabled, created_at, seen_at, tokens, minutes, invited = row
    if user_id is None:
        return None
    limits = UserLimits(tokens, minutes)
    return User(user_id, name, email, role, tuple(json.loads(groups)), disabled, created_at, seen_at, limits, invited)


async def find_or_add_user(db: Transaction, identity: Identity, user: User) -> tuple[User, bool]:
    """The user of ``identity``, ``user`` if there was none, and whether it was added."""
    known = await user_by_identity(db, identity.issuer, identity.subject)
    if known is not None:
        return known, False
    await db.execute("LOCK TABLE identities IN SHARE ROW EXCLUSIVE MODE")  # seldom: of two at once one is first
    known = await user_by_identity(db, identity.issuer, identity.subject)
    if known is not None:
        return known, False
    await db.execute(
        "INSERT INTO users (id, name, email, role, groups, disabled, created_at, seen_at, tokens_per_day,"
        " minutes_per_day, invited) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        user.id,
        user.name,
        user.email,
        user.role,
        json.dumps(user.groups),
        user.disabled,
        moment(user.created_at),
        user.seen_at and moment(user.seen_at),
        user.limits.tokens_per_day,
        user.limits.minutes_per_day,
        user.invited,
    )
    await db.execute(
        "INSERT INTO identities (issuer, subject, tenant, object_id, user_id) VALUES ($1, $2, $3, $4, $5)",
        identity.issuer,
        identity.subject,
        identity.tenant,
        identity.object_id,
        user.id,
    )
    return user, True


async def user(db: Transaction, user_id: str) -> User:
    """Raises ``NotFoundError``."""
    row = await db.row(f"SELECT {USER} FROM users WHERE id = $1", user_id)  # noqa: S608
    found = None if row is None else user_of(row)
    if found is None:
        raise NotFoundError(f"There is no user {user_id[:100]!r}.")
    return found


async def user_by_identity(db: Transaction, issuer: str, subject: str) -> User | None:
    """The user who signs in as ``subject`` of ``issuer``; None if there is none."""
    row = await db.row(
        f"SELECT {USER} FROM identities JOIN users ON users.id = user_id WHERE issuer = $1 AND subject = $2",  # noqa: S608
        issuer,
        subject,
    )
    return None if row is None else user_of(row)


async def users(db: Transaction) -> list[User]:
    """All, oldest first."""
    rows = await db.fetch(f"SELECT {USER} FROM users ORDER BY created_at, id")  # noqa: S608
    return [found for row in rows if (found := user_of(row)) is not None]


async def identities(db: Transaction, user_id: str) -> list[Identity]:
    """How a user signs in."""
    rows = await db.fetch(
        "SELECT issuer, subject, tenant, object_id FROM identities WHERE user_id = $1 ORDER BY issuer, subject",
        user_id,
    )
    return [Identity(*row) for row in rows]


async def update_user(db: Transaction, user_id: str, changes: UserChanges) -> User:
    """Change what is given. Raises ``NotFoundError``."""
    columns: dict[str, object] = {
        "name": changes.name,
        "email": changes.email,
        "role": changes.role,
        "groups": None if changes.groups is None else json.dumps(changes.groups),
        "disabled": changes.disabled,
        "seen_at": None if changes.seen_at is None else moment(changes.seen_at),
    }
    columns = {name: value for name, value in columns.items() if value is not None}
    if changes.limits is not None:
        columns["tokens_per_day"] = changes.limits.tokens_per_day
        columns["minutes_per_day"] = changes.limits.minutes_per_day
    if columns:
        assignments = ", ".join(f"{name} = ${place}" for place, name in enumerate(columns, 2))
        await db.execute(f"UPDATE users SET {assignments} WHERE id = $1", user_id, *columns.values())  # noqa: S608
    return await user(db, user_id)


async def remove_user(db: Transaction, user_id: str) -> None:
    """With all that lets them in. Raises ``NotFoundError``."""
    await user(db, user_id)
    for table, column in (("browser_sessions", "user_id"), ("api_keys", "user_id"), ("ephemeral_secrets", "owner")):
        await db.execute(f"DELETE FROM {table} WHERE {column} = $1", user_id)  # noqa: S608
    await db.execute("DELETE FROM users WHERE id = $1", user_id)


async def has_administrator(db: Transaction) -> bool:
    """Whether somebody who isn't disabled may administer the server."""
    return await db.value("SELECT EXISTS (SELECT FROM users WHERE role = 'administrator' AND NOT disabled)")


async def adopt(db: Transaction, owner: str, new_owner: str) -> None:
    """Give all rows of ``owner`` to ``new_owner``. Raises ``NotFoundError``, ``StoreError``."""
    number = await lock_owner(db, owner)
    if number is None or not await _has_content(db, number):
        raise NotFoundError(f"There are no documents, notes or conversations of {owner[:100]!r}.")
    theirs = await new_owner_number(db, new_owner)
    if await _has_content(db, theirs):
        raise StoreError(
            f"{new_owner[:100]!r} has documents, notes or conversations already; they can't be put together.",
            code="not_empty",
        )
    # The number goes on standing in the index, and gets the other's name; the empty one gets the old name.
    for name, of in ((f"{owner} {new_owner}", theirs), (new_owner, number), (owner, theirs)):
        await db.execute("UPDATE owners SET name = $1 WHERE id = $2", name, of)


async def _has_content(db: Transaction, number: int) -> bool:
    for table in _CONTENT:
        if await db.value(f"SELECT EXISTS (SELECT FROM {table} WHERE owner_id = $1)", number):  # noqa: S608
            return True
    return False


# --- invitations ------------------------------------------------------------------------------------------------------
async def add_invitation(db: Transaction, digest: bytes, invitation: Invitation) -> None:
    """Somebody is invited."""
    await db.execute(
        "INSERT INTO invitations (id, digest, email, role, groups, invited_by, created_at, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        invitation.id,
        digest,
        invitation.email,
        invitation.role,
        json.dumps(invitation.groups),
        invitation.invited_by,
        moment(invitation.created_at),
        moment(invitation.expires_at),
    )


async def invitations(db: Transaction) -> list[Invitation]:
    """All that weren't used, oldest first."""
    rows = await db.fetch(f"SELECT {_INVITATION} FROM invitations ORDER BY created_at, id")  # noqa: S608
    return [_invitation_of(row) for row in rows]


async def invitation_by_digest(db: Transaction, digest: bytes) -> Invitation | None:
    """The invitation of a link; None if there is none, or it was used."""
    row = await db.row(f"SELECT {_INVITATION} FROM invitations WHERE digest = $1", digest)  # noqa: S608
    return None if row is None else _invitation_of(row)


async def remove_invitation(db: Transaction, invitation_id: str) -> bool:
    """Whether there was one."""
    return await db.execute("DELETE FROM invitations WHERE id = $1", invitation_id) > 0


def _invitation_of(row: Row) -> Invitation:
    invitation_id, email, role, groups, *rest = row
    return Invitation(invitation_id, email, role, tuple(json.loads(groups)), *rest)
