"""Rows of browser sessions, keys and tokens, and of the log of what was done."""

from __future__ import annotations

import json
from datetime import datetime

from vasi.errors import LimitError, NotFoundError
from vasi.storage.accounts import (
    ACCOUNT,
    SECRET_BYTES,
    SECRETS,
    SECRETS_OF_OWNER,
    ApiKey,
    AuditEntry,
    BrowserSession,
    EphemeralSecret,
    User,
)
from vasi.storage.postgres.database import Row, Transaction
from vasi.storage.postgres.owners import moment
from vasi.storage.postgres.users import USER, user_of

_SESSION = (
    "browser_sessions.id, user_id, browser_sessions.created_at, used_at, expires_at, address, agent, issuer, sid,"
    " tokens"
)
_KEY = "api_keys.id, user_id, api_keys.name, hint, scopes, api_keys.created_at, api_keys.expires_at, api_keys.used_at"


# --- browser sessions -------------------------------------------------------------------------------------------------
async def add_session(db: Transaction, digest: bytes, session: BrowserSession) -> None:
    """A browser was signed in."""
    await db.execute(
        "INSERT INTO browser_sessions (id, digest, user_id, created_at, used_at, expires_at, address, agent, issuer,"
        " sid, tokens) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        session.id,
        digest,
        session.user_id,
        moment(session.created_at),
        moment(session.used_at),
        moment(session.expires_at),
        session.address,
        session.agent,
        session.issuer,
        session.sid,
        session.tokens,
    )


async def session_by_digest(db: Transaction, digest: bytes) -> tuple[BrowserSession, User | None] | None:
    """A session and its user."""
    row = await db.row(
        f"SELECT {_SESSION}, {USER} FROM browser_sessions LEFT JOIN users ON users.id = user_id"  # noqa: S608
        " WHERE digest = $1",
        digest,
    )
    return None if row is None else (BrowserSession(*row[:10]), user_of(row[10:]))


async def sessions(db: Transaction, user_id: str) -> list[BrowserSession]:
    """Those of a user, latest used first."""
    rows = await db.fetch(
        f"SELECT {_SESSION} FROM browser_sessions WHERE user_id = $1 ORDER BY used_at DESC, id",  # noqa: S608
        user_id,
    )
    return [BrowserSession(*row) for row in rows]


async def sessions_at_provider(
    db: Transaction, issuer: str, sid: str | None, subject: str | None
) -> list[BrowserSession]:
    """Those that a provider calls ``sid``, or that ``subject`` of it has opened."""
    rows = await db.fetch(
        f"SELECT {_SESSION} FROM browser_sessions WHERE issuer = $1 AND (sid = $2"  # noqa: S608
        " OR user_id IN (SELECT user_id FROM identities WHERE issuer = $1 AND subject = $3))",
        issuer,
        sid,
        subject,
    )
    return [BrowserSession(*row) for row in rows]


async def session_used(db: Transaction, session_id: str, at: datetime, tokens: bytes | None) -> None:
    """It was used."""
    await db.execute(
        "UPDATE browser_sessions SET used_at = greatest(used_at, $1), tokens = coalesce($2, tokens) WHERE id = $3",
        moment(at),
        tokens,
        session_id,
    )


async def end_session(db: Transaction, user_id: str, session_id: str) -> None:
    """Raises ``NotFoundError``."""
    if not await db.execute("DELETE FROM browser_sessions WHERE user_id = $1 AND id = $2", user_id, session_id):
        raise NotFoundError("There is no such session of yours.")


async def end_sessions(db: Transaction, user_id: str, but: str) -> int:
    """End all of a user's sessions but one."""
    return await db.execute("DELETE FROM browser_sessions WHERE user_id = $1 AND id <> $2", user_id, but)


# --- personal keys ----------------------------------------------------------------------------------------------------
async def add_key(db: Transaction, digest: bytes, key: ApiKey) -> None:
    """A key was made."""
    await db.execute(
        "INSERT INTO api_keys (id, digest, user_id, name, hint, scopes, created_at, expires_at, used_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        key.id,
        digest,
        key.user_id,
        key.name,
        key.hint,
        json.dumps(key.scopes),
        moment(key.created_at),
        key.expires_at and moment(key.expires_at),
        key.used_at and moment(key.used_at),
    )


async def key_by_digest(db: Transaction, digest: bytes) -> tuple[ApiKey, User | None] | None:
    """A key and its user."""
    row = await db.row(
        f"SELECT {_KEY}, {USER} FROM api_keys LEFT JOIN users ON users.id = user_id WHERE digest = $1",  # noqa: S608
        digest,
    )
    return None if row is None else (_key_of(row[:8]), user_of(row[8:]))


async def keys(db: Transaction, user_id: str) -> list[ApiKey]:
    """Those of a user, oldest first."""
    rows = await db.fetch(f"SELECT {_KEY} FROM api_keys WHERE user_id = $1 ORDER BY created_at, id", user_id)  # noqa: S608
    return [_key_of(row) for row in rows]


async def key_used(db: Transaction, key_id: str, at: datetime) -> None:
    """It was used."""
    await db.execute("UPDATE api_keys SET used_at = greatest(used_at, $1) WHERE id = $2", moment(at), key_id)


async def remove_key(db: Transaction, user_id: str, key_id: str) -> None:
    """Raises ``NotFoundError``."""
    if not await db.execute("DELETE FROM api_keys WHERE user_id = $1 AND id = $2", user_id, key_id):
        raise NotFoundError("There is no such key of yours.")


def _key_of(row: Row) -> ApiKey:
    key_id, user_id, name, hint, scopes, *times = row
    return ApiKey(key_id, user_id, name, hint, tuple(json.loads(scopes)), *times)


# --- what a connection was opened by ----------------------------------------------------------------------------------
async def is_valid(
    db: Transaction, user_id: str, session_id: str, key_id: str, at: datetime
) -> tuple[bool, User | None]:
    """Whether it's still good, and its user."""
    row = await db.row(f"SELECT {USER} FROM users WHERE id = $1", user_id)  # noqa: S608
    user = None if row is None else user_of(row)
    good = not user_id.startswith(ACCOUNT) if user is None else not user.disabled
    for table, one in (("browser_sessions", session_id), ("api_keys", key_id)):
        if good and one:
            good = await db.value(
                f"SELECT EXISTS (SELECT FROM {table} WHERE id = $1 AND user_id = $2"  # noqa: S608
                " AND (expires_at IS NULL OR expires_at > $3))",
                one,
                user_id,
                moment(at),
            )
    return good, user


# --- short-lived keys -------------------------------------------------------------------------------------------------
async def add_secret(db: Transaction, digest: bytes, secret: EphemeralSecret, at: datetime) -> None:
    """A short-lived key was made. Raises ``LimitError``."""
    await db.execute("LOCK TABLE ephemeral_secrets IN SHARE ROW EXCLUSIVE MODE")  # one at a time: they are counted
    await db.execute("DELETE FROM ephemeral_secrets WHERE expires_at <= $1", moment(at))
    row = await db.row(
        "SELECT count(*), coalesce(sum(length(config)), 0), count(*) FILTER (WHERE owner = $1) FROM ephemeral_secrets",
        secret.owner,
    )
    count, size, own = row or (0, 0, 0)
    if count >= SECRETS or own >= SECRETS_OF_OWNER or size + len(secret.config) > SECRET_BYTES:
        text = "Too many ephemeral keys are alive; try again when some have expired."
        raise LimitError(text, code="rate_limit_exceeded")
    await db.execute(
        "INSERT INTO ephemeral_secrets (digest, owner, session, key, config, expires_at, sign_in_expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        digest,
        secret.owner,
        secret.session,
        secret.key,
        secret.config,
        moment(secret.expires_at),
        secret.sign_in_expires_at and moment(secret.sign_in_expires_at),
    )


async def secret_by_digest(db: Transaction, digest: bytes) -> tuple[EphemeralSecret, User | None] | None:
    """What a key stands for, and its user."""
    row = await db.row(
        f"SELECT owner, session, key, config, expires_at, sign_in_expires_at, {USER}"  # noqa: S608
        " FROM ephemeral_secrets LEFT JOIN users ON users.id = owner WHERE digest = $1",
        digest,
    )
    return None if row is None else (EphemeralSecret(*row[:6]), user_of(row[6:]))


# --- tokens that are good once ----------------------------------------------------------------------------------------
async def put_token(db: Transaction, kind: str, digest: bytes, content: bytes, expires_at: datetime) -> None:
    """Keep a token, in place of one of the same kind and digest."""
    await db.execute(
        "INSERT INTO one_time_tokens (kind, digest, content, expires_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (kind, digest) DO UPDATE SET content = excluded.content, expires_at = excluded.expires_at",
        kind,
        digest,
        content,
        moment(expires_at),
    )


async def add_token(db: Transaction, kind: str, digest: bytes, content: bytes, expires_at: datetime) -> bool:
    """The same, unless there is one already."""
    return (
        await db.execute(
            "INSERT INTO one_time_tokens (kind, digest, content, expires_at) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT DO NOTHING",
            kind,
            digest,
            content,
            moment(expires_at),
        )
        > 0
    )


async def take_token(db: Transaction, kind: str, digest: bytes, at: datetime) -> bytes | None:
    """Its content, for the first who asks."""
    row = await db.row(
        "DELETE FROM one_time_tokens WHERE kind = $1 AND digest = $2 RETURNING content, expires_at", kind, digest
    )
    return None if row is None or row[1] <= at else row[0]


async def drop_tokens(db: Transaction, kind: str) -> None:
    """Drop all of a kind."""
    await db.execute("DELETE FROM one_time_tokens WHERE kind = $1", kind)


async def remove_expired(db: Transaction, at: datetime, unused_since: datetime) -> None:
    """Remove what has expired, and sessions that weren't used since then."""
    for table in ("api_keys", "ephemeral_secrets", "one_time_tokens", "invitations"):
        await db.execute(f"DELETE FROM {table} WHERE expires_at <= $1", moment(at))  # noqa: S608
    await db.execute(
        "DELETE FROM browser_sessions WHERE expires_at <= $1 OR used_at <= $2", moment(at), moment(unused_since)
    )


# --- the log ----------------------------------------------------------------------------------------------------------
async def add_audit(
    db: Transaction, at: datetime, actor: str, action: str, subject: str, address: str, detail: str
) -> AuditEntry:
    """Write an entry."""
    seq = await db.value(
        "INSERT INTO audit (at, actor, action, subject, address, detail) VALUES ($1, $2, $3, $4, $5, $6) RETURNING seq",
        moment(at),
        actor,
        action,
        subject,
        address,
        detail,
    )
    return AuditEntry(seq, at, actor, action, subject, address, detail)


async def audit(db: Transaction, before: int | None, limit: int, user: str | None) -> list[AuditEntry]:
    """Newest first."""
    rows = await db.fetch(
        "SELECT seq, at, actor, action, subject, address, detail FROM audit WHERE ($1::bigint IS NULL OR seq < $1)"
        " AND ($2::text IS NULL OR actor = $2 OR subject = $2) ORDER BY seq DESC LIMIT $3",
        before,
        user,
        max(limit, 0),
    )
    return [AuditEntry(*row) for row in rows]


async def access_revision(db: Transaction) -> int:
    """Grows whenever somebody's access ends or changes."""
    return await db.value("SELECT revision FROM access")
