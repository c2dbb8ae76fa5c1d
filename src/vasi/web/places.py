"""How many clients may use something at a time, and how much of it one of them may take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Hashable
from contextlib import contextmanager

from vasi.errors import LimitError, OverloadedError


class Places:
    """Counts who uses something.

    Args:
        name: what it is, in the plural, for people.
        total: how many there are.
        per_client: how many of them one client may have.
    """

    def __init__(self, name: str, total: int, per_client: int) -> None:
        self._name = name
        self._total = total
        self._per_client = per_client
        self._taken = 0
        self._by_client: Counter[Hashable] = Counter()

    def require(self, client: Hashable) -> None:
        """See that ``client`` may have one more. Raises ``OverloadedError``, ``LimitError``."""
        if self._taken >= self._total:
            raise OverloadedError(f"All {self._total} {self._name} are taken; try again later.")
        if self._by_client[client] >= self._per_client:
            text = f"One client may have {self._per_client} {self._name} at a time; close some."
            raise LimitError(text, code="rate_limit_exceeded")

    @contextmanager
    def taken(self, client: Hashable) -> Generator[None]:
        """``client`` has one until the end of the block. Raises ``OverloadedError``, ``LimitError``."""
        self.require(client)
        self._taken += 1
        self._by_client[client] += 1
        try:
            yield
        finally:
            self._taken -= 1
            self._by_client[client] -= 1
            if not self._by_client[client]:
                del self._by_client[client]
