"""Who a client is."""

from __future__ import annotations

from dataclasses import dataclass

LOCAL_OWNER = "local"
"""The owner of everything as long as nobody signs in."""


@dataclass(frozen=True, slots=True)
class Principal:
    """A client whose identity was established; ``owner`` is whose rows it may reach."""

    owner: str = LOCAL_OWNER
