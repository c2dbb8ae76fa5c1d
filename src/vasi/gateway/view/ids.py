"""The ids that a view gives to its events and items, which no client may use."""

from __future__ import annotations


class Ids:
    """Ids of one session, never the same twice.

    Args:
        seed: unique among sessions, of other servers as well: the client or the backend may be one.
    """

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self.event_prefix = f"vasi_{seed}_"
        """How the ids of events begin that the gateway sends to the backend."""
        self._hidden = f"item_{seed}v"
        self._shown = f"item_{seed}m"
        self._count = 0

    def event(self) -> str:
        return f"{self.event_prefix}{self._next()}"

    def request(self) -> str:
        """By which a response is known as the answer to a request."""
        return f"{self._seed}{self._next()}"

    def hidden_item(self) -> str:
        return f"{self._hidden}{self._next()}"

    def shown_item(self) -> str:
        """Of an item that only the client knows, not the backend."""
        return f"{self._shown}{self._next()}"

    def conversation(self) -> str:
        """Of the conversation, where the backend doesn't say it."""
        return f"conv_{self._seed}"

    def reserved_prefix(self, item_id: str) -> str | None:
        """How ``item_id`` begins, if only items that are made here may."""
        return next((prefix for prefix in (self._hidden, self._shown) if item_id.startswith(prefix)), None)

    def _next(self) -> str:
        self._count += 1
        return f"{self._count:04x}"
