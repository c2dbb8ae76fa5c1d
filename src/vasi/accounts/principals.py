"""Who a client is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from vasi.storage.accounts import ADMIN, READ, REALTIME, SCOPES, WRITE, Role

LOCAL_OWNER = "local"
"""The owner of everything as long as nobody signs in."""
ALL_SCOPES = frozenset(SCOPES)

__all__ = ["ADMIN", "ALL_SCOPES", "LOCAL_OWNER", "READ", "REALTIME", "WRITE", "Credential", "Principal"]

Credential: TypeAlias = tuple[str, str, str]
"""What a connection was opened by: the owner, and the ids of the browser session and of the key, "" for none."""


@dataclass(frozen=True, slots=True)
class Principal:
    """A client whose identity was established.

    Attributes:
        owner: whose rows it may reach.
        name: for people; "" if none is known.
        scopes: what it may do: ``REALTIME`` (open Realtime sessions), ``READ`` and ``WRITE`` (use the HTTP API of the
            app), ``ADMIN`` (see to the account and, with the role for it, to the server).
        expires_at: when it has to sign in anew (unix seconds), and its sessions end; None for never.
        config: the GA session that its sessions begin with.
        role: whether it may administer the server.
        groups: those of the user; collections may be shared with them.
        session: id of the browser session that it came by; "" for none.
        key: id of the personal key that it came by; "" for none.
        ephemeral: it came by a short-lived key, which makes no other.
    """

    owner: str = LOCAL_OWNER
    name: str = ""
    scopes: frozenset[str] = ALL_SCOPES
    expires_at: float | None = None
    config: Mapping[str, Any] = field(default_factory=dict[str, Any])
    role: Role = "user"
    groups: tuple[str, ...] = ()
    session: str = ""
    key: str = ""
    ephemeral: bool = False

    def may(self, scope: str) -> bool:
        """Is ``scope`` among what it may do?"""
        return scope in self.scopes

    @property
    def administers(self) -> bool:
        """It may administer the server."""
        return self.role == "administrator" and ADMIN in self.scopes

    @property
    def credential(self) -> Credential:
        """What it came by: what was opened by it ends with it."""
        return self.owner, self.session, self.key


LOCAL = Principal(role="administrator")
"""Whoever reaches a server on which nobody signs in."""
