"""Rows of users, of how they sign in, and of invitations."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from vasi.errors import NotFoundError, StoreError
from vasi.storage.accounts import Identity, Invitation, User, UserChanges, UserLimits
from vasi.storage.sqlite.passages import microseconds, moment, new_owner_number, owner_number

USER = (
    "users.id, users.name, users.email, users.role, users.groups, users.disabled, users.created_at, users.seen_at,"
    " users.tokens_per_day, users.minutes_per_day, users.invited"
)
"""The columns that ``user_of`` takes."""
_INVITATION = "id, email, role, groups, invited_by, created_at, expires_at"
_CONTENT = ("documents", "notes", "conversations")


def user_of(row: tuple[Any, ...]) -> User | None:
    """The user of a row of ``USER``; None of one without."""
    user_id, name, email, role, groups, disabled, created_at, seen_at, tokens, minutes, invited = row
    if user_id is None:
        return None
    return User(
        user_id,
        name,
        email,
        role,
        tuple(json.loads(groups)),
        bool(disabled),
        moment(created_at),
        None if seen_at is None else moment(seen_at),
        UserLimits(tokens, minutes),
        bool(invited),
    )


def find_or_add_user(db: sqlite3.Connection, identity: Identity, user: User) -> tuple[User, bool]:
    """The user of ``identity``, ``user`` if there was none, and whether it was added."""
    known = user_by_identity(db, identity.issuer, identity.subject)
    if known is not None:
        return known, False
    seen_at = None if user.seen_at is None else microseconds(user.seen_at)
    db.execute(
        "INSERT INTO users VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            user.id,
            user.name,
            user.email,
            user.role,
            json.dumps(user.groups),
            user.disabled,
            microseconds(user.created_at),
            seen_at,
            user.limits.tokens_per_day,
            user.limits.minutes_per_day,
            user.invited,
        ),
    )
    db.execute(
        "INSERT INTO identities VALUES (?, ?, ?, ?, ?)",
        (identity.issuer, identity.subject, identity.tenant, identity.object_id, user.id),
    )
    return user, True


def user(db: sqlite3.Connection, user_id: str) -> User:
    """Raises ``NotFoundError``."""
    row = db.execute(f"SELECT {USER} FROM users WHERE id = ?", (user_id,)).fetchone()  # noqa: S608
    found = None if row is None else user_of(row)
    if found is None:
        raise NotFoundError(f"There is no user {user_id[:100]!r}.")
    return found


def user_by_identity(db: sqlite3.Connection, issuer: str, subject: str) -> User | None:
    """The user who signs in as ``subject`` of ``issuer``; None if there is none."""
    row = db.execute(
        f"SELECT {USER} FROM identities JOIN users ON users.id = user_id WHERE issuer = ? AND subject = ?",  # noqa: S608
        (issuer, subject),
    ).fetchone()
    return None if row is None else user_of(row)


def users(db: sqlite3.Connection) -> list[User]:
    """All, oldest first."""
    rows = db.execute(f"SELECT {USER} FROM users ORDER BY created_at, id")  # noqa: S608
    return [found for row in rows if (found := user_of(row)) is not None]


def identities(db: sqlite3.Connection, user_id: str) -> list[Identity]:
    """How a user signs in."""
    rows = db.execute(
        "SELECT issuer, subject, tenant, object_id FROM identities WHERE user_id = ? ORDER BY issuer, subject",
        (user_id,),
    )
    return [Identity(*row) for row in rows]


def update_user(db: sqlite3.Connection, user_id: str, changes: UserChanges) -> User:
    """Change what is given. Raises ``NotFoundError``."""
    columns: dict[str, object] = {
        "name": changes.name,
        "email": changes.email,
        "role": changes.role,
        "groups": None if changes.groups is None else json.dumps(changes.groups),
        "disabled": changes.disabled,
        "seen_at": None if changes.seen_at is None else microseconds(changes.seen_at),
    }
    columns = {name: value for name, value in columns.items() if value is not None}
    if changes.limits is not None:
        columns["tokens_per_day"] = changes.limits.tokens_per_day
        columns["minutes_per_day"] = changes.limits.minutes_per_day
    if columns:
        assignments = ", ".join(f"{name} = ?" for name in columns)
        db.execute(f"UPDATE users SET {assignments} WHERE id = ?", (*columns.values(), user_id))  # noqa: S608
    return user(db, user_id)


def remove_user(db: sqlite3.Connection, user_id: str) -> None:
    """With all that lets them in. Raises ``NotFoundError``."""
    user(db, user_id)
    for table, column in (("browser_sessions", "user_id"), ("api_keys", "user_id"), ("ephemeral_secrets", "owner")):
        db.execute(f"DELETE FROM {table} WHERE {column} = ?", (user_id,))  # noqa: S608
    db.execute("DELETE FROM users WHERE id = ?", (user_id,))


def has_administrator(db: sqlite3.Connection) -> bool:
    """Whether somebody who isn't disabled may administer the server."""
    row = db.execute("SELECT 1 FROM users WHERE role = 'administrator' AND NOT disabled LIMIT 1").fetchone()
    return row is not None


def adopt(db: sqlite3.Connection, owner: str, new_owner: str) -> None:
    """Give all rows of ``owner`` to ``new_owner``. Raises ``NotFoundError``, ``StoreError``."""
    number = owner_number(db, owner)
    if number is None or not _has_content(db, number):
        raise NotFoundError(f"There are no documents, notes or conversations of {owner[:100]!r}.")
    theirs = new_owner_number(db, new_owner)
    if _has_content(db, theirs):
        raise StoreError(
            f"{new_owner[:100]!r} has documents, notes or conversations already; they can't be put together.",
            code="not_empty",
        )
    # The number goes on standing in the index, and gets the other's name; the empty one gets the old name.
    db.execute("UPDATE owners SET name = ? WHERE id = ?", (f"{owner} {new_owner}", theirs))
    db.execute("UPDATE owners SET name = ? WHERE id = ?", (new_owner, number))
    db.execute("UPDATE owners SET name = ? WHERE id = ?", (owner, theirs))


def _has_content(db: sqlite3.Connection, number: int) -> bool:
    return any(
        db.execute(f"SELECT 1 FROM {table} WHERE owner_id = ? LIMIT 1", (number,)).fetchone()  # noqa: S608
        for table in _CONTENT
    )


# --- invitations ------------------------------------------------------------------------------------------------------
def add_invitation(db: sqlite3.Connection, digest: bytes, invitation: Invitation) -> None:
    """Somebody is invited."""
    db.execute(
        "INSERT INTO invitations VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            invitation.id,
            digest,
            invitation.email,
            invitation.role,
            json.dumps(invitation.groups),
            invitation.invited_by,
            microseconds(invitation.created_at),
            microseconds(invitation.expires_at),
        ),
    )


def invitations(db: sqlite3.Connection) -> list[Invitation]:
    """All that weren't used, oldest first."""
    rows = db.execute(f"SELECT {_INVITATION} FROM invitations ORDER BY created_at, id")  # noqa: S608
    return [_invitation_of(row) for row in rows]


def invitation_by_digest(db: sqlite3.Connection, digest: bytes) -> Invitation | None:
    """The invitation of a link; None if there is none, or it was used."""
    row = db.execute(f"SELECT {_INVITATION} FROM invitations WHERE digest = ?", (digest,)).fetchone()  # noqa: S608
    return None if row is None else _invitation_of(row)


def remove_invitation(db: sqlite3.Connection, invitation_id: str) -> bool:
    """Whether there was one."""
    return db.execute("DELETE FROM invitations WHERE id = ?", (invitation_id,)).rowcount > 0


def _invitation_of(row: tuple[Any, ...]) -> Invitation:
    invitation_id, email, role, groups, invited_by, created_at, expires_at = row
    return Invitation(
        invitation_id, email, role, tuple(json.loads(groups)), invited_by, moment(created_at), moment(expires_at)
    )
