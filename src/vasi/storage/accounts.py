"""Accounts: users and how they sign in, their browser sessions and keys, invitations, and the log of what was done.

Whoever guards the store would be let in by what it keeps, so secrets are kept as SHA-256 digests alone. Times are aware
UTC. ``access_revision`` grows with every change that takes something away from somebody who was let in already, so that
each process can look cheaply whether what it remembers is still true.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol, TypeAlias

ACCOUNT: Final = "user_"
"""What the ids of accounts begin with."""

Role: TypeAlias = Literal["user", "administrator"]

REALTIME: Final = "realtime"
READ: Final = "read"
WRITE: Final = "write"
ADMIN: Final = "admin"
SCOPES: Final = (REALTIME, READ, WRITE, ADMIN)
"""What a key may allow."""

SECRETS: Final = 10_000
"""Short-lived keys alive at a time."""
SECRETS_OF_OWNER: Final = 2_000
"""Of these, those of one owner."""
SECRET_BYTES: Final = 64 * 1024 * 1024
"""Configuration that they may carry together."""


@dataclass(frozen=True, slots=True)
class UserLimits:
    """What a user may use a day; None for what the settings say."""

    tokens_per_day: int | None = None
    minutes_per_day: int | None = None


@dataclass(frozen=True, slots=True)
class User:
    """An account. Its ``id`` is the owner of its rows.

    Attributes:
        id: ``user_`` and random text.
        name: for people; "" if none is known.
        email: for people: addresses change hands, so nobody is known by one; "" if none is known.
        role: whether they may administer the server.
        groups: collections may be shared with them.
        disabled: they may not sign in, and what they had opened is closed.
        created_at: when the account was made.
        seen_at: when they signed in last; None if they never did.
        limits: what they may use a day.
        invited: by an administrator, whoever else the providers' settings let in.
    """

    id: str
    name: str
    email: str
    role: Role
    groups: tuple[str, ...]
    disabled: bool
    created_at: datetime
    seen_at: datetime | None = None
    limits: UserLimits = UserLimits()
    invited: bool = False


@dataclass(frozen=True, slots=True)
class UserChanges:
    """What is to change of a user; None leaves it as it is."""

    name: str | None = None
    email: str | None = None
    role: Role | None = None
    groups: tuple[str, ...] | None = None
    disabled: bool | None = None
    seen_at: datetime | None = None
    limits: UserLimits | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """How a provider knows somebody: by issuer and subject alone; the others are Entra's, for administrators."""

    issuer: str
    subject: str
    tenant: str = ""
    object_id: str = ""


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """A browser that is signed in.

    Attributes:
        id: to name it by; it opens nothing.
        user_id: whose it is; ``local`` where a key of the server opened it.
        created_at: when it was signed in.
        used_at: when it was used last, as far as that was written down.
        expires_at: when it ends, however much it's used.
        address: from where it was signed in.
        agent: what the browser calls itself.
        issuer: of the provider; ``key`` where a key of the server opened it.
        sid: what the provider calls its own session; of a key its digest in hex.
        tokens: what the provider gave out, as whoever spoke to it wrote it down.
    """

    id: str
    user_id: str
    created_at: datetime
    used_at: datetime
    expires_at: datetime
    address: str = ""
    agent: str = ""
    issuer: str = ""
    sid: str = ""
    tokens: bytes = b""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A personal key for programs.

    Attributes:
        id: to name it by; it opens nothing.
        user_id: whose it is.
        name: what its user calls it.
        hint: how the key begins and ends, to recognise it by.
        scopes: what it allows.
        created_at: when it was made.
        expires_at: when it ends; None for never.
        used_at: when it was used last, as far as that was written down; None if it wasn't.
    """

    id: str
    user_id: str
    name: str
    hint: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None = None
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EphemeralSecret:
    """What a short-lived key stands for.

    Attributes:
        owner: whose rows its holder reaches.
        session: id of the browser session by which it was made; "" for none.
        key: id of the personal key by which it was made; "" for none.
        config: the session that it opens, as JSON.
        expires_at: sessions that began earlier go on.
        sign_in_expires_at: when whoever made it has to sign in anew; None for never.
    """

    owner: str
    session: str
    key: str
    config: bytes
    expires_at: datetime
    sign_in_expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """Lets somebody in once, whoever else the providers' settings let in.

    Attributes:
        id: to name it by; it opens nothing.
        email: only who signs in with this address, as the provider has verified it; "" for anybody who has the link.
        role, groups: of the account that it makes.
        invited_by: id of the administrator; "" for the command line.
        created_at: when it was made.
        expires_at: when it ends.
    """

    id: str
    email: str
    role: Role
    groups: tuple[str, ...]
    invited_by: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Something that was done.

    Attributes:
        seq: grows with time and is never given twice.
        at: when.
        actor: id of the user who did it; "" for the command line or somebody unknown.
        action: what, such as ``sign_in``.
        subject: to what: an id.
        address: from which network address; "" for the command line.
        detail: a few words more, never contents.
    """

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    address: str
    detail: str


class UserStore(Protocol):
    """Users and how they sign in."""

    async def find_or_add_user(self, identity: Identity, user: User) -> tuple[User, bool]:
        """The user of ``identity`` and False; ``user``, whose it is from now on, and True if there was none."""
        ...

    async def user(self, user_id: str) -> User:
        """Raises ``NotFoundError``."""
        ...

    async def user_by_identity(self, issuer: str, subject: str) -> User | None:
        """The user who signs in as ``subject`` of ``issuer``; None if there is none."""
        ...

    async def users(self) -> list[User]:
        """All, oldest first."""
        ...

    async def identities(self, user_id: str) -> list[Identity]:
        """How a user signs in."""
        ...

    async def update_user(self, user_id: str, changes: UserChanges) -> User:
        """Change what is given. Raises ``NotFoundError``."""
        ...

    async def remove_user(self, user_id: str) -> None:
        """With identities, sessions, keys and short-lived keys; what they own stays. Raises ``NotFoundError``."""
        ...

    async def has_administrator(self) -> bool:
        """Whether somebody who isn't disabled may administer the server."""
        ...

    async def adopt(self, owner: str, new_owner: str) -> None:
        """Give all rows of ``owner`` to ``new_owner``.

        Raises:
            NotFoundError: ``owner`` has nothing.
            StoreError: ``new_owner`` has documents, notes or conversations already.
        """
        ...


class SessionStore(Protocol):
    """Browsers that are signed in, and who they are; ``digest`` is of what a browser shows."""

    async def add_session(self, digest: bytes, session: BrowserSession) -> None:
        """A browser was signed in."""
        ...

    async def session_by_digest(self, digest: bytes) -> tuple[BrowserSession, User | None] | None:
        """A session and its user (None for ``local``); None if there is no such session, however it ended."""
        ...

    async def sessions(self, user_id: str) -> list[BrowserSession]:
        """Those of a user, latest used first."""
        ...

    async def sessions_at_provider(self, issuer: str, sid: str | None, subject: str | None) -> list[BrowserSession]:
        """Those that a provider calls ``sid``, or that ``subject`` of it has opened."""
        ...

    async def session_used(self, session_id: str, at: datetime, tokens: bytes | None = None) -> None:
        """It was used, and has new ``tokens`` if they are given; harmless if it's gone."""
        ...

    async def end_session(self, user_id: str, session_id: str) -> None:
        """Raises ``NotFoundError`` if the user has no such session."""
        ...

    async def end_sessions(self, user_id: str, *, but: str = "") -> int:
        """End all of a user's sessions ``but`` one; returns how many."""
        ...


class KeyStore(Protocol):
    """Personal keys; ``digest`` is of the key."""

    async def add_key(self, digest: bytes, key: ApiKey) -> None:
        """A key was made."""
        ...

    async def key_by_digest(self, digest: bytes) -> tuple[ApiKey, User | None] | None:
        """A key and its user (None for ``local``); None if there is no such key."""
        ...

    async def keys(self, user_id: str) -> list[ApiKey]:
        """Those of a user, oldest first."""
        ...

    async def key_used(self, key_id: str, at: datetime) -> None:
        """It was used; harmless if it's gone."""
        ...

    async def remove_key(self, user_id: str, key_id: str) -> None:
        """Raises ``NotFoundError`` if the user has no such key."""
        ...


class SecretStore(Protocol):
    """Short-lived keys, and tokens that are good once."""

    async def add_secret(self, digest: bytes, secret: EphemeralSecret, *, at: datetime) -> None:
        """A short-lived key was made.

        Raises:
            LimitError: too many are alive, or they carry too much configuration together.
        """
        ...

    async def secret_by_digest(self, digest: bytes) -> tuple[EphemeralSecret, User | None] | None:
        """What a key stands for, and its user (None for ``local``); None if there is no such key."""
        ...

    async def put_token(self, kind: str, digest: bytes, content: bytes, expires_at: datetime) -> None:
        """Keep a token to be taken once; one of the same kind and digest is replaced."""
        ...

    async def add_token(self, kind: str, digest: bytes, content: bytes, expires_at: datetime) -> bool:
        """The same, unless there is one already: False then. So that something happens at most once."""
        ...

    async def take_token(self, kind: str, digest: bytes, at: datetime) -> bytes | None:
        """Its content, for the first who asks; None if it's unknown, was taken or has expired."""
        ...

    async def drop_tokens(self, kind: str) -> None:
        """Drop all of a kind."""
        ...


class InvitationStore(Protocol):
    """Invitations; ``digest`` is of what stands in the link."""

    async def add_invitation(self, digest: bytes, invitation: Invitation) -> None:
        """Somebody is invited."""
        ...

    async def invitations(self) -> list[Invitation]:
        """All that weren't used, oldest first."""
        ...

    async def invitation_by_digest(self, digest: bytes) -> Invitation | None:
        """The invitation of a link; None if there is none, or it was used."""
        ...

    async def take_invitation(self, invitation_id: str) -> bool:
        """Use it up; False if somebody else was faster."""
        ...

    async def remove_invitation(self, invitation_id: str) -> None:
        """Raises ``NotFoundError``."""
        ...


class AuditStore(Protocol):
    """What was done: the latest tens of thousands of entries."""

    async def add_audit(
        self, at: datetime, actor: str, action: str, subject: str, address: str, detail: str
    ) -> AuditEntry:
        """Write an entry."""
        ...

    async def audit(self, *, before: int | None = None, limit: int = 100, user: str | None = None) -> list[AuditEntry]:
        """Newest first: entries below ``before``, of what ``user`` did or was done to them."""
        ...


class AccountStore(UserStore, SessionStore, KeyStore, SecretStore, InvitationStore, AuditStore, Protocol):
    """All of it."""

    async def is_valid(self, user_id: str, session_id: str, key_id: str, at: datetime) -> tuple[bool, User | None]:
        """Whether what a connection was opened by is still good, and its user (None for ``local``).

        Args:
            user_id: whose it is.
            session_id: of the browser session; "" for none.
            key_id: of the personal key; "" for none.
            at: now.
        """
        ...

    async def access_revision(self) -> int:
        """Grows whenever a session, key or user ends, or what a user may do changes."""
        ...

    async def remove_expired(self, at: datetime, *, unused_since: datetime) -> None:
        """Remove what has expired, and sessions that weren't used since then."""
        ...
