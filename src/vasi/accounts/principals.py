"""Who a client is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LOCAL_OWNER = "local"
"""The owner of everything as long as nobody signs in."""

SESSIONS, API, KEYS = "sessions", "api", "keys"
"""Scopes: to open Realtime sessions, to use the HTTP API of the app, to make ephemeral keys."""
ALL_SCOPES = frozenset((SESSIONS, API, KEYS))


@dataclass(frozen=True, slots=True)
class Principal:
    """A client whose identity was established.

    Attributes:
        owner: whose rows it may reach.
        name: for people; "" if none is known.
        scopes: what it may do.
        expires_at: when it has to sign in anew (unix seconds), and its sessions end; None for never.
        config: the GA session that its sessions begin with.
    """

    owner: str = LOCAL_OWNER
    name: str = ""
    scopes: frozenset[str] = ALL_SCOPES
    expires_at: float | None = None
    config: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def may(self, scope: str) -> bool:
        """Is ``scope`` among what it may do?"""
        return scope in self.scopes
