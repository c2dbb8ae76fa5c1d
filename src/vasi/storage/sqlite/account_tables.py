"""The tables of accounts, as a migration."""

from __future__ import annotations

AUDIT_ENTRIES = 50_000
"""The newest that are kept."""

_ENDS_ACCESS = (
    ("users", "DELETE"),
    ("users", "UPDATE OF role, groups, disabled, tokens_per_day, minutes_per_day"),
    ("browser_sessions", "DELETE"),
    ("api_keys", "DELETE"),
)

ACCOUNTS = (
    """CREATE TABLE users (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        email TEXT NOT NULL,
        role TEXT NOT NULL,
        groups TEXT NOT NULL,
        disabled INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        seen_at INTEGER,
        tokens_per_day INTEGER,
        minutes_per_day INTEGER,
        invited INTEGER NOT NULL
    )""",
    """CREATE TABLE identities (
        issuer TEXT NOT NULL,
        subject TEXT NOT NULL,
        tenant TEXT NOT NULL,
        object_id TEXT NOT NULL,
        user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
        PRIMARY KEY (issuer, subject)
    ) WITHOUT ROWID""",
    "CREATE INDEX identities_by_user ON identities (user_id)",
    # Sessions and keys may be of "local" too, which is no account.
    """CREATE TABLE browser_sessions (
        id TEXT PRIMARY KEY,
        digest BLOB NOT NULL UNIQUE,
        user_id TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        used_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        address TEXT NOT NULL,
        agent TEXT NOT NULL,
        issuer TEXT NOT NULL,
        sid TEXT NOT NULL,
        tokens BLOB NOT NULL
    )""",
    "CREATE INDEX browser_sessions_by_user ON browser_sessions (user_id)",
    "CREATE INDEX browser_sessions_by_sid ON browser_sessions (issuer, sid)",
    """CREATE TABLE api_keys (
        id TEXT PRIMARY KEY,
        digest BLOB NOT NULL UNIQUE,
        user_id TEXT NOT NULL,
        name TEXT NOT NULL,
        hint TEXT NOT NULL,
        scopes TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER,
        used_at INTEGER
    )""",
    "CREATE INDEX api_keys_by_user ON api_keys (user_id)",
    """CREATE TABLE ephemeral_secrets (
        digest BLOB PRIMARY KEY,
        owner TEXT NOT NULL,
        session TEXT NOT NULL,
        key TEXT NOT NULL,
        config BLOB NOT NULL,
        expires_at INTEGER NOT NULL,
        sign_in_expires_at INTEGER
    )""",
    "CREATE INDEX ephemeral_secrets_by_owner ON ephemeral_secrets (owner)",
    """CREATE TABLE one_time_tokens (
        kind TEXT NOT NULL,
        digest BLOB NOT NULL,
        content BLOB NOT NULL,
        expires_at INTEGER NOT NULL,
        PRIMARY KEY (kind, digest)
    )""",
    """CREATE TABLE invitations (
        id TEXT PRIMARY KEY,
        digest BLOB NOT NULL UNIQUE,
        email TEXT NOT NULL,
        role TEXT NOT NULL,
        groups TEXT NOT NULL,
        invited_by TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL
    )""",
    """CREATE TABLE audit (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        actor TEXT NOT NULL,
        action TEXT NOT NULL,
        subject TEXT NOT NULL,
        address TEXT NOT NULL,
        detail TEXT NOT NULL
    )""",
    f"""CREATE TRIGGER audit_is_bounded AFTER INSERT ON audit BEGIN
        DELETE FROM audit WHERE seq <= new.seq - {AUDIT_ENTRIES};
    END""",  # noqa: S608
    # Counts what was taken away from somebody, for the caches of all processes.
    "CREATE TABLE access (revision INTEGER NOT NULL)",
    "INSERT INTO access VALUES (1)",
    *(
        f"""CREATE TRIGGER {table}_access_{event.split()[0].lower()} AFTER {event} ON {table} BEGIN
            UPDATE access SET revision = revision + 1;
        END"""  # noqa: S608
        for table, event in _ENDS_ACCESS
    ),
)
