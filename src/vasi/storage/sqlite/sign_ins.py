"""Rows of browser sessions, keys and tokens, and of the log of what was done."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from typing import Any

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
from vasi.storage.sqlite.passages import microseconds, moment
from vasi.storage.sqlite.users import USER, user_of

_SESSION = (
    "browser_sessions.id, user_id, browser_sessions.created_at, used_at, expires_at, address, agent, issuer, sid,"
    " tokens"
)
_KEY = "api_keys.id, user_id, api_keys.name, hint, scopes, api_keys.created_at, api_keys.expires_at, api_keys.used_at"


# --- browser sessions -------------------------------------------------------------------------------------------------
def add_session(db: sqlite3.Connection, digest: bytes, session: BrowserSession) -> None:
    """A browser was signed in."""
    db.execute(
        "INSERT INTO browser_sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            session.id,
            digest,
            session.user_id,
            microseconds(session.created_at),
            microseconds(session.used_at),
            microseconds(session.expires_at),
            session.address,
            session.agent,
            session.issuer,
            session.sid,
            session.tokens,
        ),
    )


def session_by_digest(db: sqlite3.Connection, digest: bytes) -> tuple[BrowserSession, User | None] | None:
    """A session and its user."""
    row = db.execute(
        f"SELECT {_SESSION}, {USER} FROM browser_sessions LEFT JOIN users ON users.id = user_id"  # noqa: S608
        " WHERE digest = ?",
        (digest,),
    ).fetchone()
    return None if row is None else (_session_of(row[:10]), user_of(row[10:]))


def sessions(db: sqlite3.Connection, user_id: str) -> list[BrowserSession]:
    """Those of a user, latest used first."""
    rows = db.execute(
        f"SELECT {_SESSION} FROM browser_sessions WHERE user_id = ? ORDER BY used_at DESC, id",  # noqa: S608
        (user_id,),
    )
    return [_session_of(row) for row in rows]


def sessions_at_provider(
    db: sqlite3.Connection, issuer: str, sid: str | None, subject: str | None
) -> list[BrowserSession]:
    """Those that a provider calls ``sid``, or that ``subject`` of it has opened."""
    rows = db.execute(
        f"SELECT {_SESSION} FROM browser_sessions WHERE issuer = ?1 AND ((?2 IS NOT NULL AND sid = ?2)"  # noqa: S608
        " OR (?3 IS NOT NULL AND user_id IN (SELECT user_id FROM identities WHERE issuer = ?1 AND subject = ?3)))",
        (issuer, sid, subject),
    )
    return [_session_of(row) for row in rows]


def session_used(db: sqlite3.Connection, session_id: str, at: datetime, tokens: bytes | None) -> None:
    """It was used."""
    db.execute(
        "UPDATE browser_sessions SET used_at = max(used_at, ?), tokens = coalesce(?, tokens) WHERE id = ?",
        (microseconds(at), tokens, session_id),
    )


def end_session(db: sqlite3.Connection, user_id: str, session_id: str) -> None:
    """Raises ``NotFoundError``."""
    if not db.execute("DELETE FROM browser_sessions WHERE user_id = ? AND id = ?", (user_id, session_id)).rowcount:
        raise NotFoundError("There is no such session of yours.")


def end_sessions(db: sqlite3.Connection, user_id: str, but: str) -> int:
    """End all of a user's sessions but one."""
    return db.execute("DELETE FROM browser_sessions WHERE user_id = ? AND id <> ?", (user_id, but)).rowcount


def _session_of(row: tuple[Any, ...]) -> BrowserSession:
    session_id, user_id, created_at, used_at, expires_at, *rest = row
    return BrowserSession(session_id, user_id, moment(created_at), moment(used_at), moment(expires_at), *rest)


# --- personal keys ----------------------------------------------------------------------------------------------------
def add_key(db: sqlite3.Connection, digest: bytes, key: ApiKey) -> None:
    """A key was made."""
    db.execute(
        "INSERT INTO api_keys VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            key.id,
            digest,
            key.user_id,
            key.name,
            key.hint,
            json.dumps(key.scopes),
            microseconds(key.created_at),
            _optional(key.expires_at),
            _optional(key.used_at),
        ),
    )


def key_by_digest(db: sqlite3.Connection, digest: bytes) -> tuple[ApiKey, User | None] | None:
    """A key and its user."""
    row = db.execute(
        f"SELECT {_KEY}, {USER} FROM api_keys LEFT JOIN users ON users.id = user_id WHERE digest = ?",  # noqa: S608
        (digest,),
    ).fetchone()
    return None if row is None else (_key_of(row[:8]), user_of(row[8:]))


def keys(db: sqlite3.Connection, user_id: str) -> list[ApiKey]:
    """Those of a user, oldest first."""
    rows = db.execute(f"SELECT {_KEY} FROM api_keys WHERE user_id = ? ORDER BY created_at, id", (user_id,))  # noqa: S608
    return [_key_of(row) for row in rows]


def key_used(db: sqlite3.Connection, key_id: str, at: datetime) -> None:
    """It was used."""
    db.execute("UPDATE api_keys SET used_at = max(coalesce(used_at, 0), ?) WHERE id = ?", (microseconds(at), key_id))


def remove_key(db: sqlite3.Connection, user_id: str, key_id: str) -> None:
    """Raises ``NotFoundError``."""
    if not db.execute("DELETE FROM api_keys WHERE user_id = ? AND id = ?", (user_id, key_id)).rowcount:
        raise NotFoundError("There is no such key of yours.")


def _key_of(row: tuple[Any, ...]) -> ApiKey:
    key_id, user_id, name, hint, scopes, created_at, expires_at, used_at = row
    return ApiKey(
        key_id,
        user_id,
        name,
        hint,
        tuple(json.loads(scopes)),
        moment(created_at),
        _moment(expires_at),
        _moment(used_at),
    )


# --- what a connection was opened by ----------------------------------------------------------------------------------
def is_valid(
    db: sqlite3.Connection, user_id: str, session_id: str, key_id: str, at: datetime
) -> tuple[bool, User | None]:
    """Whether it's still good, and its user."""
    row = db.execute(f"SELECT {USER} FROM users WHERE id = ?", (user_id,)).fetchone()  # noqa: S608
    user = None if row is None else user_of(row)
    good = not user_id.startswith(ACCOUNT) if user is None else not user.disabled
    for table, one in (("browser_sessions", session_id), ("api_keys", key_id)):
        if good and one:
            good = bool(
                db.execute(
                    f"SELECT 1 FROM {table} WHERE id = ? AND user_id = ?"  # noqa: S608
                    " AND (expires_at IS NULL OR expires_at > ?)",
                    (one, user_id, microseconds(at)),
                ).fetchone()
            )
    return good, user


# --- short-lived keys -------------------------------------------------------------------------------------------------
def add_secret(db: sqlite3.Connection, digest: bytes, secret: EphemeralSecret, at: datetime) -> None:
    """A short-lived key was made. Raises ``LimitError``."""
    db.execute("DELETE FROM ephemeral_secrets WHERE expires_at <= ?", (microseconds(at),))
    count, size = db.execute("SELECT count(*), total(length(config)) FROM ephemeral_secrets").fetchone()
    (own,) = db.execute("SELECT count(*) FROM ephemeral_secrets WHERE owner = ?", (secret.owner,)).fetchone()
    if count >= SECRETS or own >= SECRETS_OF_OWNER or size + len(secret.config) > SECRET_BYTES:
        text = "Too many ephemeral keys are alive; try again when some have expired."
        raise LimitError(text, code="rate_limit_exceeded")
    db.execute(
        "INSERT INTO ephemeral_secrets VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            digest,
            secret.owner,
            secret.session,
            secret.key,
            secret.config,
            microseconds(secret.expires_at),
            _optional(secret.sign_in_expires_at),
        ),
    )


def secret_by_digest(db: sqlite3.Connection, digest: bytes) -> tuple[EphemeralSecret, User | None] | None:
    """What a key stands for, and its user."""
    row = db.execute(
        f"SELECT owner, session, key, config, expires_at, sign_in_expires_at, {USER}"  # noqa: S608
        " FROM ephemeral_secrets LEFT JOIN users ON users.id = owner WHERE digest = ?",
        (digest,),
    ).fetchone()
    if row is None:
        return None
    owner, session, key, config, expires_at, sign_in_expires_at, *user = row
    secret = EphemeralSecret(owner, session, key, config, moment(expires_at), _moment(sign_in_expires_at))
    return secret, user_of(tuple(user))


# --- tokens that are good once ----------------------------------------------------------------------------------------
def put_token(db: sqlite3.Connection, kind: str, digest: bytes, content: bytes, expires_at: datetime) -> None:
    """Keep a token, in place of one of the same kind and digest."""
    db.execute(
        "INSERT OR REPLACE INTO one_time_tokens VALUES (?, ?, ?, ?)",
        (kind, digest, content, microseconds(expires_at)),
    )


def add_token(db: sqlite3.Connection, kind: str, digest: bytes, content: bytes, expires_at: datetime) -> bool:
    """The same, unless there is one already."""
    done = db.execute(
        "INSERT INTO one_time_tokens VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (kind, digest, content, microseconds(expires_at)),
    )
    return done.rowcount > 0


def take_token(db: sqlite3.Connection, kind: str, digest: bytes, at: datetime) -> bytes | None:
    """Its content, for the first who asks."""
    row = db.execute(
        "DELETE FROM one_time_tokens WHERE kind = ? AND digest = ? RETURNING content, expires_at", (kind, digest)
    ).fetchone()
    return None if row is None or row[1] <= microseconds(at) else row[0]


def drop_tokens(db: sqlite3.Connection, kind: str) -> None:
    """Drop all of a kind."""
    db.execute("DELETE FROM one_time_tokens WHERE kind = ?", (kind,))


def remove_expired(db: sqlite3.Connection, at: datetime, unused_since: datetime) -> None:
    """Remove what has expired, and sessions that weren't used since then."""
    now = microseconds(at)
    for table in ("api_keys", "ephemeral_secrets", "one_time_tokens", "invitations"):
        db.execute(f"DELETE FROM {table} WHERE expires_at <= ?", (now,))  # noqa: S608
    db.execute("DELETE FROM browser_sessions WHERE expires_at <= ? OR used_at <= ?", (now, microseconds(unused_since)))


# --- the log ----------------------------------------------------------------------------------------------------------
def add_audit(
    db: sqlite3.Connection, at: datetime, actor: str, action: str, subject: str, address: str, detail: str
) -> AuditEntry:
    """Write an entry."""
    (seq,) = db.execute(
        "INSERT INTO audit (at, actor, action, subject, address, detail) VALUES (?, ?, ?, ?, ?, ?) RETURNING seq",
        (microseconds(at), actor, action, subject, address, detail),
    ).fetchone()
    return AuditEntry(seq, at, actor, action, subject, address, detail)


def audit(db: sqlite3.Connection, before: int | None, limit: int, user: str | None) -> list[AuditEntry]:
    """Newest first."""
    rows = db.execute(
        "SELECT seq, at, actor, action, subject, address, detail FROM audit"
        " WHERE (?1 IS NULL OR seq < ?1) AND (?2 IS NULL OR actor = ?2 OR subject = ?2) ORDER BY seq DESC LIMIT ?3",
        (before, user, limit),
    )
    return [AuditEntry(seq, moment(at), *rest) for seq, at, *rest in rows]


def access_revision(db: sqlite3.Connection) -> int:
    """Grows whenever somebody's access ends or changes."""
    return db.execute("SELECT revision FROM access").fetchone()[0]


def _optional(at: datetime | None) -> int | None:
    return None if at is None else microseconds(at)


def _moment(stored: int | None) -> datetime | None:
    return None if stored is None else moment(stored)
